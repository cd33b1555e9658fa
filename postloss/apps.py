from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostlossConfig(AppConfig):
    name = "postloss"

    def ready(self):
        from core import jobs, menu
        from postloss import tasks
        from postloss.permissions import may_see_warnings
        from postloss.selectors.dashboard import may_see_portfolio
        from postloss.selectors.files import may_see_files

        jobs.register("load_lender_file", tasks.load_lender_file)
        jobs.register("close_month", tasks.close_month)
        menu.register(
            menu.Entry(
                title=_("Lender files"),
                icon="file-import",
                url_name="postloss:files",
                order=40,
                may_open=may_see_files,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Warnings"),
                icon="bell",
                url_name="postloss:warnings",
                order=20,
                may_open=may_see_warnings,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Thresholds"),
                icon="adjustments",
                url_name="postloss:thresholds",
                order=30,
                may_open=may_see_warnings,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Dashboard"),
                icon="layout-dashboard",
                url_name="postloss:dashboard",
                order=10,
                may_open=may_see_portfolio,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Month-ends"),
                icon="calendar-stats",
                url_name="postloss:month_ends",
                order=35,
                may_open=may_see_portfolio,
            )
        )
