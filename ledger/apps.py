from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self):
        from core import menu
        from ledger.permissions import may_see_finance

        menu.register(
            menu.Entry(
                title=_("Finance figures"),
                icon="calculator",
                url_name="ledger:batches",
                order=60,
                may_open=may_see_finance,
            )
        )
