"""What the database itself knows of a row's making."""

from __future__ import annotations

from django.db.models import BigIntegerField, Func


class TransactionNumber(Func):
    """The number of the transaction that writes the row."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = BigIntegerField()
