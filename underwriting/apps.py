from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnderwritingConfig(AppConfig):
    name = "underwriting"

    def ready(self):
        from core.evidence import register_builder
        from core.history import keep_history
        from ledger.services import register_preparation
        from organization import events
        from organization.selectors.values import register_values
        from organization.services.awaiting import declare
        from parties.enums import RecordKind
        from parties.services import register_maker, register_source
        from underwriting import models, subscribers
        from underwriting.enums import NameKind
        from underwriting.selectors.names import names_of, segment_values
        from underwriting.services import statements
        from underwriting.services.calendar import prepare_month
        from underwriting.services.retention import ended_papers
        from underwriting.services.waiting import WAITING

        declare(*WAITING)
        subscribers.report_to_products()
        register_builder(_builder())
        for kind, maker in statements.MAKERS.items():
            register_maker(kind, maker)
        register_source(
            RecordKind.POLICY_PAPER,
            ended_papers,
            "underwriting.claimtransfer.document",
            "underwriting.endorsement.agreement",
            "underwriting.obligornotice.proof",
            "underwriting.policydocument.stored",
        )
        register_values("product", lambda: names_of(NameKind.PRODUCT))
        register_values("channel", lambda: names_of(NameKind.CHANNEL))
        register_values("grade", lambda: segment_values("grade"))
        register_values("obligor_type", lambda: segment_values("obligor_type"))
        events.unit_asked_about.connect(subscribers.count_loans)
        events.tree_asked_about.connect(subscribers.loans_of_units)
        events.parties_asked_about.connect(subscribers.parties_of_loan)
        events.parties_asked_about.connect(subscribers.partner_of_control)
        for model in (
            models.Reinsurer,
            models.Treaty,
            models.NameMapping,
            models.Control,
            models.Policy,
            models.Quote,
            models.Endorsement,
            models.ObligorNotice,
            models.PremiumCorrection,
        ):
            keep_history(model)
        register_preparation("premiums", prepare_month)
        _register_invariants()
        _register_menu()


def _register_invariants():
    from django.db.models import Q

    from core.invariants import register, register_effect
    from ledger.services import register_subledger
    from underwriting.enums import PremiumStage
    from underwriting.models import (
        Bordereau,
        CoinsuranceShare,
        Control,
        FacultativeCession,
        InclusiveRatio,
        ObligorNotice,
        PremiumCorrection,
        Treaty,
    )
    from underwriting.selectors.subledgers import premium_subledger
    from underwriting.services.invariants import journal_ties

    for model, action, when in (
        (Control, "control_set", Q()),
        (Control, "control_lifted", Q(lifted_by__isnull=False)),
        (Bordereau, "policies_ceded", Q()),
        (FacultativeCession, "facultative_placed", Q()),
        (CoinsuranceShare, "coinsurance_set", Q(replaces__isnull=True)),
        (Treaty, "treaty_proposed", Q()),
        (Treaty, "treaty_approved", Q(status="approved")),
        (ObligorNotice, "notice_demanded", Q()),
        (ObligorNotice, "obligor_notified", Q(notified_on__isnull=False)),
        (PremiumCorrection, "correction_requested", Q()),
        (PremiumCorrection, "correction_approved", Q(status="approved")),
        (InclusiveRatio, "ratio_frozen", Q()),
    ):
        register_effect(model=model, when=when, action=f"underwriting.{action}")
    register("I8", journal_ties)
    for account, stage in (
        ("112201", PremiumStage.NOT_DUE),
        ("112202", PremiumStage.DUE),
        ("112203", PremiumStage.OVERDUE),
    ):
        register_subledger(account_code=account, figures=premium_subledger(stage=stage))


def _register_menu():
    from core import menu
    from organization.enums import Permission
    from organization.permissions import may
    from underwriting.permissions import may_view_cessions

    def may_view(staff):
        return may(staff, Permission.VIEW_PORTFOLIO)

    def may_confirm(staff):
        return may(staff, Permission.CONFIRM_NAMES)

    for order, title, icon, page, may_open in (
        (60, pgettext_lazy("insurance", "Quotes"), "calculator", "quotes", may_view),
        (61, pgettext_lazy("insurance", "Policies"), "shield-check", "policies", may_view),
        (140, _("Controls on new business"), "hand-stop", "controls", may_view),
        (230, _("Names that lenders use"), "map-pin", "names", may_confirm),
        (252, _("Cessions"), "arrows-split", "cessions", may_view_cessions),
        (255, _("Inclusive ratio"), "snowflake", "inclusive", may_view),
    ):
        menu.register(
            menu.Entry(
                title=title,
                icon=icon,
                url_name=f"underwriting:{page}",
                order=order,
                may_open=may_open,
            )
        )


def _builder():
    from django.urls import reverse

    from core.evidence import Builder
    from underwriting.selectors import evidence

    return Builder(
        label="underwriting.policy",
        noun=pgettext_lazy("insurance", "Policy"),
        find=evidence.provable_policy,
        name=evidence.policy_title,
        build=evidence.policy_pack,
        url=lambda policy: reverse("desk:policy", args=[policy.pk]),
    )
