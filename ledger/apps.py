from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self):
        from core import menu
        from core.history import keep_history
        from core.invariants import register, register_effect
        from ledger.models import Entry, LedgerPeriod, PostingRule, Voucher
        from ledger.permissions import may_see_finance, may_view_books
        from ledger.services import (
            VOUCHERS,
            WAITING,
            ended_finance_files,
            make_vouchers,
            subledgers_tie,
            the_book_balances,
        )
        from organization.services.awaiting import declare
        from parties.enums import RecordKind
        from parties.services import register_maker, register_source

        declare(*WAITING)
        register_maker(VOUCHERS, make_vouchers)
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
        menu.register(
            menu.Entry(
                title=_("Books"),
                icon="book-2",
                url_name="ledger:books",
                order=242,
                may_open=may_view_books,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Manual vouchers"),
                icon="file-plus",
                url_name="ledger:vouchers",
                order=244,
                may_open=may_view_books,
            )
        )
        menu.register(
            menu.Entry(
                title=_("Posting rules"),
                icon="arrows-exchange",
                url_name="ledger:posting_rules",
                order=246,
                may_open=may_view_books,
            )
        )
