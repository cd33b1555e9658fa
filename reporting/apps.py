from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self):
        from django.db.models import Q

        from core import jobs, menu
        from core.evidence import register_builder
        from core.history import keep_history
        from core.invariants import register_effect
        from ledger.enums import FigureSource
        from ledger.models import FinanceBatch
        from organization.services.awaiting import declare
        from parties.enums import RecordKind
        from parties.services import keep_for_good, register_source
        from reporting import subscribers  # noqa: F401 (connects)
        from reporting.models import QuarterlyReport
        from reporting.permissions import may_see_reports
        from reporting.services.drafting import KIND
        from reporting.services.packs import ended_report_files
        from reporting.services.release import FILES_KIND
        from reporting.services.waiting import WAITING
        from reporting.tasks import draft_quarterly_report, keep_released_files

        declare(*WAITING)
        keep_for_good(  # registers of the house, until a rule for them is named
            "reporting.answer.evidence",
            "reporting.finding.evidence",
            "reporting.incidentstep.evidence",
            "reporting.inspection.report",
            "reporting.policyversion.stored",
        )
        register_source(RecordKind.REPORT_FILE, ended_report_files, "reporting.reportfile.stored")
        keep_history(QuarterlyReport)
        register_effect(
            model=QuarterlyReport, when=Q(reviewed_by__isnull=False), action="review_report"
        )
        register_effect(
            model=QuarterlyReport, when=Q(released_by__isnull=False), action="release_report"
        )
        register_effect(
            model=FinanceBatch,
            when=Q(signed_off_by__isnull=False, source=FigureSource.IMPORTED),
            action="sign_off_finance_figures",
        )
        for builder in _builders():
            register_builder(builder)
        jobs.register(KIND, draft_quarterly_report)
        jobs.register(FILES_KIND, keep_released_files)
        menu.register(
            menu.Entry(
                title=_("Quarterly reports"),
                icon="report-analytics",
                url_name="reporting:reports",
                order=250,
                may_open=may_see_reports,
            )
        )
        self._register_governance()

    def _register_governance(self):
        from core import menu, notices
        from reporting import permissions

        reads_registers = permissions.may_see_governance
        for notice in _notices():
            notices.register(notice)
        for order, (title, icon, url_name, may_open) in enumerate(
            (
                (_("Parameters"), "adjustments", "parameters", reads_registers),
                (_("Working days"), "calendar", "calendar", reads_registers),
                (_("Regulations"), "gavel", "regulations", reads_registers),
                (_("Policies"), "file-certificate", "policies", reads_registers),
                (_("Self-checks"), "checklist", "self_checks", permissions.may_see_self_checks),
                (_("Incidents"), "urgent", "incidents", permissions.may_see_incidents),
                (_("Internal controls"), "shield-check", "controls", reads_registers),
            ),
            310,
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"governance:{url_name}",
                    order=order,
                    may_open=may_open,
                )
            )


def _builders():
    from django.urls import reverse

    from core.evidence import Builder
    from reporting.selectors import evidence, register_evidence

    yield Builder(
        label="reporting.quarterlyreport",
        noun=_("Quarterly report"),
        find=evidence.provable_report,
        name=evidence.report_title,
        build=evidence.report_pack,
        url=lambda report: reverse("reporting:report", args=[report.quarter_text, report.number]),
    )
    yield Builder(
        label="ledger.financebatch",
        noun=_("Finance figures"),
        find=evidence.provable_batch,
        name=evidence.batch_title,
        build=evidence.batch_pack,
        url=lambda batch: reverse("ledger:batch", args=[batch.pk]),
    )
    for label, noun, what, page in (
        ("reporting.incident", _("Incident"), "incident", "incident"),
        ("reporting.selfcheck", _("Self-check"), "self_check", "self_check"),
        ("reporting.finding", _("Finding"), "finding", "finding"),
        ("reporting.inspection", _("Inspection"), "inspection", "inspection"),
        ("reporting.policydocument", _("Policy"), "policy", "policy"),
    ):
        yield Builder(
            label=label,
            noun=noun,
            find=getattr(register_evidence, f"provable_{what}"),
            name=getattr(register_evidence, f"{what}_title"),
            build=getattr(register_evidence, f"{what}_pack"),
            url=lambda thing, page=page: reverse(f"governance:{page}", args=[thing.pk]),
        )
    yield Builder(
        label="core.regulatoryparameter",
        noun=_("Parameter"),
        find=register_evidence.provable_parameter,
        name=register_evidence.parameter_title,
        build=register_evidence.parameter_pack,
        url=lambda row: reverse("governance:parameter", args=[row.name]),
    )


def _notices():
    from core.notices import Notice
    from reporting.enums import IncidentClockKind, IncidentGrade, IncidentKind

    kind, grade = IncidentKind.SYSTEM.label, IncidentGrade.LARGER.label
    clock = IncidentClockKind.FIRST_REPORT.label
    for code, title, samples in (
        (
            "incident_opened",
            _("An incident was opened"),
            {"number": "#5", "kind": kind, "grade": grade, "unit": "北京分公司"},
        ),
        (
            "incident_clock",
            _("A clock of an incident runs out soon"),
            {"number": "#5", "clock": clock, "due": "2026-03-02 09:30"},
        ),
    ):
        yield Notice(code=code, title=title, samples=samples, is_mandatory=True, is_urgent=True)
