from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self):
        from core import menu
        from ledger.permissions import may_see_finance
        from ledger.services import WAITING, ended_finance_files
        from organization.services.awaiting import declare
        from parties.enums import RecordKind
        from parties.services import register_source

        declare(*WAITING)
        register_source(RecordKind.FINANCE_FILE, ended_finance_files, "ledger.financebatch.stored")

        menu.register(
            menu.Entry(
                title=_("Finance figures"),
                icon="calculator",
                url_name="ledger:batches",
                order=240,
                may_open=may_see_finance,
            )
        )
