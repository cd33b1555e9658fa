from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnderwritingConfig(AppConfig):
    name = "underwriting"

    def ready(self):
        from django.db.models import Q

        from core import menu
        from core.history import keep_history
        from core.invariants import register_effect
        from ledger.services import register_subledger
        from organization.enums import Permission
        from organization.events import (
            parties_asked_about,
            tree_asked_about,
            unit_asked_about,
        )
        from organization.permissions import may
        from organization.selectors.values import register_values
        from organization.services.awaiting import declare
        from parties.services import keep_for_good
        from underwriting.enums import NameKind, PremiumStage
        from underwriting.models import (
            Bordereau,
            CoinsuranceShare,
            Control,
            Endorsement,
            FacultativeCession,
            InclusiveRatio,
            NameMapping,
            Policy,
            Quote,
            Reinsurer,
            Treaty,
        )
        from underwriting.permissions import may_view_cessions
        from underwriting.selectors.names import names_of, segment_values
        from underwriting.selectors.subledgers import premium_subledger
        from underwriting.services.waiting import WAITING
        from underwriting.subscribers import (
            count_loans,
            loans_of_units,
            parties_of_loan,
            partner_of_control,
            report_to_products,
        )

        declare(*WAITING)
        report_to_products()
        keep_for_good(  # papers of policies, until a rule for them is named
            "underwriting.claimtransfer.document",
            "underwriting.endorsement.agreement",
            "underwriting.policydocument.stored",
        )
        register_values("product", lambda: names_of(NameKind.PRODUCT))
        register_values("channel", lambda: names_of(NameKind.CHANNEL))
        register_values("grade", lambda: segment_values("grade"))
        register_values("obligor_type", lambda: segment_values("obligor_type"))
        unit_asked_about.connect(count_loans)
        tree_asked_about.connect(loans_of_units)
        parties_asked_about.connect(parties_of_loan)
        parties_asked_about.connect(partner_of_control)

        register_effect(model=Control, action="underwriting.control_set")
        register_effect(
            model=Control, when=Q(lifted_by__isnull=False), action="underwriting.control_lifted"
        )
        register_effect(model=Bordereau, action="underwriting.policies_ceded")
        register_effect(model=FacultativeCession, action="underwriting.facultative_placed")
        register_effect(
            model=CoinsuranceShare,
            when=Q(replaces__isnull=True),
            action="underwriting.coinsurance_set",
        )
        register_effect(model=Treaty, action="underwriting.treaty_proposed")
        register_effect(
            model=Treaty, when=Q(status="approved"), action="underwriting.treaty_approved"
        )
        register_effect(model=InclusiveRatio, action="underwriting.ratio_frozen")
        keep_history(Reinsurer)
        keep_history(Treaty)
        keep_history(NameMapping)
        keep_history(Control)
        keep_history(Policy)
        keep_history(Quote)
        keep_history(Endorsement)
        for place, title, icon, page in (
            (60, pgettext_lazy("insurance", "Quotes"), "calculator", "quotes"),
            (61, pgettext_lazy("insurance", "Policies"), "shield-check", "policies"),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"underwriting:{page}",
                    order=place,
                    may_open=lambda staff: may(staff, Permission.VIEW_PORTFOLIO),
                )
            )
        for account, stage in (
            ("112201", PremiumStage.NOT_DUE),
            ("112202", PremiumStage.DUE),
            ("112203", PremiumStage.OVERDUE),
        ):
            register_subledger(
                account_code=account, figures=premium_subledger(stage=stage, account=account)
            )
        menu.register(
            menu.Entry(
                title=_("Names that lenders use"),
                icon="map-pin",
                url_name="underwriting:names",
                order=230,
                may_open=lambda staff: may(staff, Permission.CONFIRM_NAMES),
            )
        )
        menu.register(
            menu.Entry(
                title=_("Controls on new business"),
                icon="hand-stop",
                url_name="underwriting:controls",
                order=140,
                may_open=lambda staff: may(staff, Permission.VIEW_PORTFOLIO),
            )
        )
        menu.register(
            menu.Entry(
                title=_("Cessions"),
                icon="arrows-split",
                url_name="underwriting:cessions",
                order=252,
                may_open=may_view_cessions,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Inclusive ratio"),
                icon="snowflake",
                url_name="underwriting:inclusive",
                order=255,
                may_open=lambda staff: may(staff, Permission.VIEW_PORTFOLIO),
            )
        )
