from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "organization"

    def ready(self) -> None:
        from core.history import keep_history
        from organization import subscribers  # noqa: F401  (connects the receivers)
        from organization.models import Role, Staff, Unit

        keep_history(Unit)
        keep_history(Role)
        keep_history(Staff, without=["password", "last_login", "name"])
        keep_history(Staff.roles.through)
