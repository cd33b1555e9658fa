from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from core import menu
        from organization.permissions import may_see_workload

        menu.register(
            menu.Entry(
                title=_("Workbench"),
                icon="layout-dashboard",
                url_name="desk:home",
                order=0,
                may_open=lambda person: True,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Workload"),
                icon="users",
                url_name="desk:workload",
                order=65,
                may_open=may_see_workload,
            )
        )
