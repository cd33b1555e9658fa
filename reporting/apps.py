from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self):
        from core import jobs, menu
        from reporting.permissions import may_see_reports
        from reporting.services.drafting import KIND
        from reporting.tasks import draft_quarterly_report

        jobs.register(KIND, draft_quarterly_report)
        menu.register(
            menu.Entry(
                title=_("Quarterly reports"),
                icon="report-analytics",
                url_name="reporting:reports",
                order=50,
                may_open=may_see_reports,
            )
        )
