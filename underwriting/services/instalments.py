"""The instalments of premiums: read under lock, written and changed many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import polars as pl
from django.db import connection
from django.db.models import F
from psycopg2.extras import execute_values

from core.bulk import copy_in
from core.row_security import past_the_wall
from products.selectors import PremiumPart
from underwriting.enums import PremiumMove, PremiumStage
from underwriting.models import PremiumInstalment, PremiumMovement
from underwriting.rules.premiums import Instalment, vat_in

FIELDS = (
    "n", "covers_from", "covers_to", "due_on", "amount", "vat", "paid", "cancelled", "refunded",
    "written_off", "stage",
)  # fmt: skip
COLUMNS = {
    PremiumMove.PAID: ("paid", "+"),
    PremiumMove.RETURNED: ("paid", "-"),
    PremiumMove.CANCELLED: ("cancelled", "+"),
    PremiumMove.REFUNDED: ("refunded", "+"),
    PremiumMove.WRITTEN_OFF: ("written_off", "+"),
}


def taxed(parts: Sequence[PremiumPart], rate: Decimal, first_n: int = 1) -> list[Instalment]:
    """Return premium parts as instalments with the tax that each contains; zero parts are none."""
    return [
        Instalment(
            n=n,
            covers_from=part.covers_from,
            covers_to=part.covers_to,
            due_on=part.due_on,
            amount=part.amount,
            vat=vat_in(part.amount, rate),
        )
        for n, part in enumerate((part for part in parts if part.amount > 0), first_n)
    ]


def write_instalments(
    *, lines: Mapping[int, Sequence[Instalment]], on: dt.date, terms_number: int = 0
) -> None:
    """Append instalments by policy id, written on a day, in a fixed number of statements."""
    rows = [
        (
            pk, line.n, terms_number, line.covers_from, line.covers_to, line.due_on,
            f"{line.amount:.2f}", f"{line.vat:.2f}", "0", "0", "0", "0", line.stage.value,
        )
        for pk, each in lines.items()
        for line in each
    ]  # fmt: skip
    columns = (
        "policy_id", "n", "terms_number", "covers_from", "covers_to", "due_on", "amount", "vat",
        "paid", "cancelled", "refunded", "written_off", "stage",
    )  # fmt: skip
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    journal = frame.select(
        "policy_id",
        "n",
        pl.lit(on).alias("on"),
        pl.lit(PremiumMove.WRITTEN.value).alias("move"),
        "stage",
        "amount",
    )
    with past_the_wall():  # COPY does not go through it
        copy_in(table=PremiumInstalment._meta.db_table, frame=frame)
        copy_in(table=PremiumMovement._meta.db_table, frame=journal)


def held_instalments(
    *, policy_ids: Iterable[int], is_due: bool = False
) -> dict[int, list[Instalment]]:
    """Lock the instalments of policies and return them by policy id, in order.

    With `is_due` those alone that fell due and are still to be paid.
    """
    rows = PremiumInstalment.objects.select_for_update(of=("self",)).filter(
        policy_id__in=list(policy_ids)
    )
    if is_due:
        rows = rows.exclude(stage=PremiumStage.NOT_DUE).filter(
            amount__gt=F("paid") + F("cancelled") + F("written_off")
        )
    rows = rows.order_by("policy_id", "n").values_list("policy_id", *FIELDS)
    found: dict[int, list[Instalment]] = {}
    for pk, *words in rows:
        found.setdefault(pk, []).append(Instalment(**dict(zip(FIELDS, words, strict=True))))
    return found


def move_instalments(
    *,
    move: PremiumMove,
    on: dt.date,
    amounts: Mapping[tuple[int, int], Decimal],
    receipts: Mapping[int, int] | None = None,
) -> None:
    """Move yuan of instalments by (policy id, n) on a day, and keep it in the journal.

    `receipts`: the receipt by policy id, of what is paid or taken back. One statement. Stages move
    with `premiums.move_premiums`.
    """
    column, sign = COLUMNS[move]
    receipts = receipts or {}
    rows = [(pk, n, amount, receipts.get(pk)) for (pk, n), amount in amounts.items() if amount]
    if rows:
        with connection.cursor() as cursor:
            execute_values(
                cursor,
                f"""
WITH moved AS (
    UPDATE underwriting_premiuminstalment i SET {column} = i.{column} {sign} v.amount
    FROM (VALUES %s) AS v (policy, n, amount, receipt)
    WHERE i.policy_id = v.policy AND i.n = v.n
    RETURNING i.policy_id, i.n, i.stage, v.amount, v.receipt::bigint
)
INSERT INTO underwriting_premiummovement (policy_id, n, "on", move, stage, amount, receipt_id)
SELECT policy_id, n, '{on:%Y-%m-%d}', '{move.value}', stage, amount, receipt FROM moved""",
                rows,
                page_size=10_000,
            )
