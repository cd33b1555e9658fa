from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self):
        from core import jobs, menu
        from parties.enums import RecordKind
        from parties.services import register_source
        from reporting.permissions import may_see_reports
        from reporting.services.drafting import KIND
        from reporting.services.packs import ended_report_files
        from reporting.services.release import FILES_KIND
        from reporting.tasks import draft_quarterly_report, keep_released_files

        register_source(RecordKind.REPORT_FILE, ended_report_files, "reporting.reportfile.stored")
        jobs.register(KIND, draft_quarterly_report)
        jobs.register(FILES_KIND, keep_released_files)
        menu.register(
            menu.Entry(
                title=_("Quarterly reports"),
                icon="report-analytics",
                url_name="reporting:reports",
                order=50,
                may_open=may_see_reports,
            )
        )
