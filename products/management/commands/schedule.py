"""`schedule`: print the repayment schedule of a loan. Needs no database."""

import argparse
import csv
import datetime as dt
import io
from decimal import Decimal, InvalidOperation

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from products.selectors import (
    Convention,
    DayCount,
    Method,
    Rounding,
    Terms,
    repayment_schedule,
)

COLUMNS = ("n", "due_on", "principal", "interest", "instalment", "balance")
METHODS = [method.value for method in Method if method != Method.IRREGULAR]
ROUNDINGS = [Rounding.UP.value, Rounding.HALF_UP.value]
UNITS = {"0.01": Decimal("0.01"), "1": Decimal(1)}


class Command(BaseCommand):
    help = "Print a repayment schedule; amounts in yuan, the rate a fraction per year."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--principal", type=_number, required=True, metavar="P")
        parser.add_argument("--rate", type=_number, required=True, metavar="R", help="per year")
        parser.add_argument("--periods", type=int, required=True, metavar="N", help="months")
        parser.add_argument("--method", choices=METHODS, required=True)
        parser.add_argument("--instalment", type=_number, metavar="A")
        parser.add_argument("--start", type=_day, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--first-due", type=_day, metavar="YYYY-MM-DD")
        parser.add_argument("--day-count", choices=list(DayCount), default=DayCount.THIRTY_360)
        parser.add_argument("--rounding", choices=ROUNDINGS, default=Rounding.HALF_UP.value)
        parser.add_argument("--unit", choices=list(UNITS), default="0.01")
        parser.add_argument("--format", choices=["csv"], default="csv")

    def handle(self, **options):
        is_fixed = options["method"] == Method.FIXED_INSTALMENT
        if is_fixed != (options["instalment"] is not None):
            raise CommandError("--instalment goes with fixed_instalment.", returncode=2)
        try:
            schedule = repayment_schedule(_terms(options))
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        if is_fixed and len(schedule.rows) != options["periods"]:
            self.stderr.write(f"The instalment repays in {len(schedule.rows)} periods.")
        self.stdout.write(_csv(schedule), ending="")


def _terms(options) -> Terms:
    unit = UNITS[options["unit"]]
    return Terms(
        principal=options["principal"],
        annual_rate=options["rate"],
        periods=options["periods"],
        method=Method(options["method"]),
        instalment=options["instalment"],
        start=options["start"],
        first_due=options["first_due"],
        convention=Convention(
            day_count=DayCount(options["day_count"]),
            rounding=Rounding(options["rounding"]),
            unit=unit,
            interest_unit=unit,
        ),
    )


def _csv(schedule) -> str:
    sink = io.StringIO()
    lines = csv.writer(sink, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows([getattr(row, name) for name in COLUMNS] for row in schedule.rows)
    return sink.getvalue()


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as refusal:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number.") from refusal
    if not number.is_finite():
        raise argparse.ArgumentTypeError(f"“{text}” is not a number.")
    return number


def _day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError as refusal:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day; write YYYY-MM-DD.") from refusal
