from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from core import menu
        from core.encryption.texts import register_sealed_texts
        from desk import subscribers  # noqa: F401  (connects the receivers)
        from desk.adapters.second_factor_secrets import secrets_sealed
        from desk.permissions import may_rotate_keys, may_see_inventory
        from organization.enums import Permission
        from organization.permissions import may, may_see_sign_in_policies

        register_sealed_texts(secrets_sealed())
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
                title=_("Who is at work"),
                icon="users",
                url_name="desk:activity",
                order=800,
                may_open=lambda person: may(person, Permission.VIEW_ACTIVITY),
            )
        )
        menu.register(
            menu.Entry(
                title=_("Security log"),
                icon="shield-search",
                url_name="desk:security_log",
                order=810,
                may_open=lambda person: may(person, Permission.VIEW_SECURITY_LOG),
            )
        )
        menu.register(
            menu.Entry(
                title=_("Sessions of all"),
                icon="devices",
                url_name="desk:live_sessions",
                order=820,
                may_open=lambda person: may(person, Permission.MANAGE_SIGN_IN),
            )
        )
        menu.register(
            menu.Entry(
                title=_("Limits of signing in"),
                icon="lock-access",
                url_name="desk:policies",
                order=830,
                may_open=may_see_sign_in_policies,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Data inventory"),
                icon="list-details",
                url_name="desk:data_inventory",
                order=780,
                may_open=may_see_inventory,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Keys"),
                icon="key",
                url_name="desk:keys",
                order=840,
                may_open=may_rotate_keys,
            )
        )
