from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostlossConfig(AppConfig):
    name = "postloss"

    def ready(self):
        from django.db.models import Q

        from core import jobs, notices
        from core.evidence import register_builder
        from core.history import keep_history
        from core.invariants import register_effect
        from ledger.selectors import ExposureSource, register_exposure
        from organization.events import parties_asked_about, work_handed_over
        from organization.services.awaiting import declare
        from parties.enums import RecordKind
        from parties.services import COPY_KIND, register_maker, register_source
        from partners.models import LenderFile
        from postloss import tasks
        from postloss.models import MonthEnd, RiskWarning, Threshold, ThresholdSet, WarningStep
        from postloss.selectors.insured import (
            balances_of_ceded_loans,
            balances_of_policies_not_told,
            insured_loans_at,
        )
        from postloss.selectors.retained import page_of_retained, retained_of_month
        from postloss.selectors.tracking import overdue_of_version
        from postloss.services import large_exports, retention
        from postloss.services.waiting import WAITING
        from postloss.subscribers import follow_hand_over, partner_of_warning
        from products.selectors import register_tracking
        from underwriting.selectors import register_balances, register_insured_loans

        register_effect(
            model=WarningStep,
            action="postloss.warning_dispose",
            when=Q(action="dispose"),
            subject=RiskWarning,
            subject_id="warning_id",
        )
        register_effect(
            model=RiskWarning, when=Q(closed_by__isnull=False), action="postloss.warning_close"
        )
        register_effect(
            model=ThresholdSet,
            when=Q(approved_by__isnull=False),
            action="postloss.thresholds_approved",
        )
        register_effect(model=MonthEnd, when=Q(state="closed"), action="month_closed")
        register_effect(model=LenderFile, when=Q(state="complete"), action="lender_file_loaded")
        keep_history(ThresholdSet)
        keep_history(Threshold)
        for builder in _builders():
            register_builder(builder)
        declare(*WAITING)
        notices.register(_notice())
        register_balances("loans", balances_of_ceded_loans)
        register_balances("policies", balances_of_policies_not_told)
        register_insured_loans("loans", insured_loans_at)
        register_exposure(ExposureSource(exposure=retained_of_month, url=page_of_retained))
        register_tracking("overdue", overdue_of_version)
        work_handed_over.connect(follow_hand_over)
        parties_asked_about.connect(partner_of_warning)
        jobs.register("load_lender_file", tasks.load_lender_file)
        jobs.register("close_month", tasks.close_month)
        register_maker(large_exports.LOANS_KIND, large_exports.make_loans)
        register_maker(large_exports.DIFFERENCE_KIND, large_exports.make_difference)
        register_maker(large_exports.REJECTS_KIND, large_exports.make_rejects)
        register_maker(COPY_KIND, large_exports.make_person_copy)
        register_source(RecordKind.IDENTITY, retention.ended_identities)
        register_source(
            RecordKind.LENDER_FILE, retention.ended_lender_files, "partners.lenderfile.stored"
        )
        register_source(
            RecordKind.WARNING_EVIDENCE, retention.ended_evidence, "postloss.warningstep.evidence"
        )
        _register_menu()


def _register_menu():
    from core import menu
    from postloss.permissions import may_see_warnings
    from postloss.selectors.files import may_see_files
    from postloss.selectors.scope import may_see_portfolio

    for order, title, icon, page, may_open in (
        (110, _("Dashboard"), "layout-dashboard", "dashboard", may_see_portfolio),
        (120, _("Warnings"), "bell", "warnings", may_see_warnings),
        (130, _("Thresholds"), "adjustments", "thresholds", may_see_warnings),
        (210, _("Month-ends"), "calendar-stats", "month_ends", may_see_portfolio),
        (150, _("Look up"), "search", "look_up", may_see_portfolio),
        (160, _("Daily ageing"), "calendar-time", "ageing", may_see_portfolio),
        (220, _("Lender files"), "file-import", "files", may_see_files),
    ):
        menu.register(
            menu.Entry(
                title=title,
                icon=icon,
                url_name=f"postloss:{page}",
                order=order,
                may_open=may_open,
            )
        )


def _notice():
    from core.notices import Notice
    from postloss.enums import WarningLevel

    samples = {
        "warning": "#7 M1 · 北京分公司 · 2026-02",
        "level": WarningLevel.RED.label,
        "unit": "北京分公司",
        "due": "2026-03-02 09:30",
    }
    return Notice(
        code="warning_overdue",
        title=_("A warning is overdue"),
        samples=samples,
        is_mandatory=True,
    )


def _builders():
    from django.urls import reverse

    from core.evidence import Builder
    from postloss.selectors import evidence

    yield Builder(
        label="postloss.riskwarning",
        noun=_("Warning"),
        find=evidence.provable_warning,
        name=evidence.warning_title,
        build=evidence.warning_pack,
        url=lambda warning: reverse("postloss:warning", args=[warning.pk]),
    )
    yield Builder(
        label="underwriting.loan",
        noun=_("Loan"),
        find=evidence.provable_loan,
        name=evidence.loan_title,
        build=evidence.loan_pack,
        url=lambda loan: reverse("postloss:loan", args=[loan.pk]),
    )
    yield Builder(
        label="partners.lenderfile",
        noun=_("Lender file"),
        find=evidence.provable_file,
        name=evidence.file_title,
        build=evidence.file_pack,
        url=lambda file: reverse("postloss:file", args=[file.pk]),
    )
