from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.row_security import grant_tables

        post_migrate.connect(grant_tables, sender=self)
