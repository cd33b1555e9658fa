from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from core import menu

        menu.register(
            menu.Entry(
                title=_("Workbench"),
                icon="layout-dashboard",
                url_name="desk:home",
                order=0,
                may_open=lambda person: True,
            )
        )
