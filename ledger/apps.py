from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self):
        from core import menu
        from core.history import keep_history
        from core.invariants import register, register_effect
        from ledger.models import Entry, LedgerPeriod, PostingRule, Voucher
        from ledger.permissions import may_see_finance
        from ledger.services import (
            WAITING,
            ended_finance_files,
            subledgers_tie,
            the_book_balances,
        )
        from organization.services.awaiting import declare
        from parties.enums import RecordKind
        from parties.services import register_source

        declare(*WAITING)
        register("I1", the_book_balances)
        register("I8", subledgers_tie)
        register_effect(model=Entry, action="ledger.entry_posted")
        for model in (PostingRule, Voucher, LedgerPeriod):
            keep_history(model)
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
