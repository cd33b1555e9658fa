from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostlossConfig(AppConfig):
    name = "postloss"

    def ready(self):
        from core import jobs, menu
        from organization.events import work_handed_over
        from postloss import tasks
        from postloss.permissions import may_see_warnings
        from postloss.selectors.files import may_see_files
        from postloss.selectors.scope import may_see_portfolio
        from postloss.subscribers import follow_hand_over

        work_handed_over.connect(follow_hand_over)
        jobs.register("load_lender_file", tasks.load_lender_file)
        jobs.register("close_month", tasks.close_month)
        for order, title, icon, page, may_open in (
            (10, _("Dashboard"), "layout-dashboard", "dashboard", may_see_portfolio),
            (20, _("Warnings"), "bell", "warnings", may_see_warnings),
            (30, _("Thresholds"), "adjustments", "thresholds", may_see_warnings),
            (35, _("Month-ends"), "calendar-stats", "month_ends", may_see_portfolio),
            (38, _("Daily ageing"), "calendar-time", "ageing", may_see_portfolio),
            (40, _("Lender files"), "file-import", "files", may_see_files),
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
