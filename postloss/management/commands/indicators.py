"""`indicators`: the figures of a closed month."""

import csv
import io
import json

from django.core.management.base import BaseCommand, CommandError

from core import arguments
from core.errors import DomainError
from core.money import plain_ratio, round_fen
from core.months import month_text
from partners.selectors import lender_by_code
from postloss.enums import Dimension
from postloss.selectors.month_ends import figures_of, month_end_of

AMOUNTS = ("outstanding", "m0", "m1", "m2", "m3", "tail_over_180")
COUNTS = ("n_m0", "n_m1", "n_m2", "n_m3", "n_tail")
RATIOS = ("roll_m0_1", "roll_m0_2", "overdue_rate")
FURTHER_AMOUNTS = ("disbursed_amount", "retained_exposure", "not_reported_balance")
FURTHER_COUNTS = ("n_not_reported", "n_basis_differs")
BY = [dimension.value for dimension in Dimension if dimension != Dimension.TOTAL]


class Command(BaseCommand):
    help = "Print the figures of a closed month: of its latest version unless --version."

    def create_parser(self, prog_name, subcommand, **kwargs):
        # Django gives every command a --version of its own; here it is the month-end's.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("month", metavar="YYYY-MM", type=arguments.month)
        parser.add_argument("--by", choices=BY)
        parser.add_argument("--lender", metavar="CODE")
        parser.add_argument("--version", type=int, dest="month_version")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *, month, by, lender, month_version, **options):
        try:
            row = month_end_of(month=month, version=month_version)
            figures = figures_of(
                month_end=row,
                dimension=Dimension(by or Dimension.TOTAL),
                lender=lender_by_code(code=lender) if lender else None,
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        lines = [_line(row, figure, by) for figure in figures]
        if by == Dimension.MOB:
            lines.sort(key=lambda line: int(line[by]))
        if options["format"] == "json":
            self.stdout.write(json.dumps(lines, ensure_ascii=False))
        else:
            self.stdout.write(_csv(lines, by), ending="")


def _line(row, figure, by: str | None) -> dict:
    line = {"month": month_text(row.month)}
    if by:
        line[by] = figure.value
    line |= {name: f"{getattr(figure, name):.2f}" for name in AMOUNTS}
    line |= {name: getattr(figure, name) for name in COUNTS}
    line |= {name: plain_ratio(getattr(figure, name)) for name in RATIOS}
    line |= {name: f"{round_fen(getattr(figure, name)):.2f}" for name in FURTHER_AMOUNTS}
    line |= {name: getattr(figure, name) for name in FURTHER_COUNTS}
    return line | {"version": row.version}


def _csv(lines: list[dict], by: str | None) -> str:
    names = ["month", *([by] if by else []), *AMOUNTS, *COUNTS, *RATIOS, *FURTHER_AMOUNTS]
    names += [*FURTHER_COUNTS, "version"]
    sink = io.StringIO()
    writer = csv.DictWriter(sink, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return sink.getvalue()
