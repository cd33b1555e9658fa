from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.history import keep_history, put_up_triggers
        from core.models import RegulatoryParameter
        from core.row_security import grant_tables

        keep_history(RegulatoryParameter)
        post_migrate.connect(grant_tables, sender=self)
        post_migrate.connect(put_up_triggers, sender=self)
