from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from django.db.models import Q

        from core import jobs, outbox, tasks
        from core.checks import check_data_levels
        from core.history import keep_history, put_up_triggers
        from core.invariants import register_effect
        from core.models import Delivery, Message, RegulatoryParameter
        from core.row_security import grant_tables
        from core.services import messages
        from core.services.keys import COUNT, ROTATE

        keep_history(RegulatoryParameter)
        post_migrate.connect(grant_tables, sender=self)
        post_migrate.connect(put_up_triggers, sender=self)
        register(check_data_levels, "xinbao")
        register_effect(
            model=Delivery,
            when=Q(outcome="delivered"),
            action="core.message_delivered",
            subject=Message,
            subject_id="message_id",
        )
        outbox.register(messages.TOPIC, messages.deliver)
        jobs.register(ROTATE, tasks.rotate_field_keys)
        jobs.register(COUNT, tasks.count_sealed_values)
