"""`manage.py quarterly_report YYYYQn --out DIR [--reissue N] [--json]`: the regulator's pack."""

import argparse
import datetime as dt
import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock, files, jobs
from core.errors import DomainError
from core.months import parse_quarter, quarter_text
from reporting import services
from reporting.enums import PackFile
from reporting.models import QuarterlyReport
from reporting.selectors import numbered_report, versions_of
from reporting.services.drafting import KIND


def _quarter(text: str) -> dt.date:
    try:
        return parse_quarter(text)[0]
    except (DomainError, ValueError) as refusal:
        raise argparse.ArgumentTypeError(f"“{text}” is not a quarter; write YYYYQn.") from refusal


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"“{text}” is not the number of a draft.")
    return int(text)


class Command(BaseCommand):
    help = "Make the quarterly report as the next draft, or make a draft again from its versions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", type=_quarter, metavar="YYYYQn")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--reissue", type=_number, metavar="N", help="make draft N again")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, quarter: dt.date, out: Path, reissue: int | None, as_json: bool, **_options: object
    ) -> None:
        try:
            report = self._report(quarter, reissue)
            pack = services.make_pack(report=report).files if reissue else _kept(report)
            self._write(pack, out)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as refusal:
            raise CommandError(f"“{out}” cannot be written: {refusal.strerror}.") from refusal
        if as_json:
            answer = {"draft": report.number, "versions": versions_of(report)}
            self.stdout.write(json.dumps(answer))
        else:
            for name in pack:
                self.stdout.write(str(out / name))

    def _report(self, quarter: dt.date, reissue: int | None) -> QuarterlyReport:
        if reissue:
            return numbered_report(quarter=quarter, number=reissue)
        text = quarter_text(quarter)
        job = jobs.run_here(
            kind=KIND,
            key=text,
            title=f"Quarterly report {text}",
            payload={"quarter": text},
            by=None,
            at=clock.now(),
        )
        return numbered_report(quarter=quarter, number=job.result["draft"])

    def _write(self, pack: dict[str, bytes], out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        for name in PackFile.values:
            if name in pack:
                part = out / f".{name}.part"
                part.write_bytes(pack[name])
                part.replace(out / name)
            else:
                (out / name).unlink(missing_ok=True)
                reason = json.loads(pack[PackFile.MANIFEST])["missing"][name]
                self.stderr.write(f"{name} is not in the pack: {reason}")


def _kept(report: QuarterlyReport) -> dict[str, bytes]:
    """Read the files that the job has just stored, in the order of the pack."""
    stored = {file.name: file.stored for file in report.files.select_related("stored")}
    return {
        name: b"".join(files.pieces(stored[name])) for name in PackFile.values if name in stored
    }
