"""`load_lender_files`: import loans and repayment files of a lender."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import DomainError
from core.jobs import run_here
from partners.models import LenderFile
from partners.selectors import lender_by_code
from partners.services import admit_lender
from postloss.adapters.rejects_workbook import workbook_name, write_rejects
from postloss.errors import FileRefused
from postloss.rules.lender_files import identify
from postloss.services.importing import receive_file


class Command(BaseCommand):
    help = "Import loans and repayment files: a folder, files, or a corrected rejects workbook."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path)
        parser.add_argument("--lender", required=True, metavar="CODE")
        parser.add_argument("--create-lender", metavar="NAME")
        parser.add_argument("--replace", action="store_true", help="a correction of whole dates")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, paths, lender, create_lender, replace, **options):
        try:
            if create_lender:
                admit_lender(code=lender, name=create_lender)
            self.lender = lender_by_code(code=lender)
            outcomes = [self._load(path, replace) for path in self._in_order(paths)]
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._report(outcomes, as_json=options["json"])
        refused = [outcome for outcome in outcomes if outcome["refused"]]
        if refused:
            reasons = "\n".join(f"{outcome['file']}: {outcome['refused']}" for outcome in refused)
            raise CommandError(
                f"{len(refused)} of {len(outcomes)} files were refused:\n{reasons}"
                if len(outcomes) > 1
                else reasons
            )

    def _in_order(self, paths: list[Path]) -> list[Path]:
        """Return the files, loans first, then by month; within a month as they were named."""
        found: list[Path] = []
        for path in paths:
            if path.is_dir():
                named = sorted(entry for entry in path.iterdir() if entry.is_file())
                known = [entry for entry in named if identify(entry.name)]
                for entry in {*named} - {*known}:
                    self.stderr.write(f"left alone: {entry.name}")
                found += known
            else:
                found.append(path)
        return sorted(found, key=_place)

    def _load(self, path: Path, replace: bool) -> dict:
        self.stderr.write(f"loading {path.name}")
        try:
            with path.open("rb") as stream:
                file = receive_file(
                    lender=self.lender,
                    name=path.name,
                    stream=stream,
                    by=None,
                    at=clock.now(),
                    is_replacement=replace,
                )
        except FileRefused as refusal:
            return _outcome(path.name, refused=refusal.message)
        except OSError as failure:
            return _outcome(path.name, refused=f"“{path.name}” cannot be read: {failure.strerror}.")
        run_here(
            kind="load_lender_file",
            key=str(file.pk),
            title=f"{self.lender.code} {file.name}",
            payload={"file_id": file.pk},
            by=None,
            at=clock.now(),
        )
        file.refresh_from_db()
        return outcome_of(file)

    def _report(self, outcomes: list[dict], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"batches": outcomes}, ensure_ascii=False))
            return
        for outcome in outcomes:
            words = outcome["refused"] or ", ".join(
                f"{name} {outcome[name]}"
                for name in ("rows", "accepted", "rejected", "unchanged", "flagged")
            )
            self.stdout.write(f"{outcome['file']}: {words}")


def _place(path: Path) -> tuple[int, str]:
    identity = identify(path.name)
    if identity is None:
        return (2, "")
    return (0, "") if identity.month is None else (1, identity.month.isoformat())


def _outcome(name: str, *, refused: str) -> dict:
    identity = identify(name)
    kind = None if identity is None else "repayments" if identity.month else "loans"
    counts = dict.fromkeys(("rows", "accepted", "rejected", "unchanged", "flagged"), 0)
    head = {"file": name, "kind": kind, "as_of": None}
    return head | counts | {"refused": refused, "rejects_file": None}


def outcome_of(file: LenderFile) -> dict:
    """Say what became of a file, with the path of its rejects workbook where it has rejects."""
    if file.refusal:
        return _outcome(file.name, refused=file.refusal)
    return {
        "file": file.name,
        "kind": file.kind,
        "as_of": file.as_of and file.as_of.isoformat(),
        "rows": file.rows,
        "accepted": file.accepted,
        "rejected": file.rejected,
        "unchanged": file.unchanged,
        "flagged": file.flagged,
        "refused": None,
        "rejects_file": str(_rejects_path(file)) if file.rejected else None,
    }


def _rejects_path(file: LenderFile) -> Path:
    path = settings.XINBAO_HOME / "rejects" / str(file.pk) / workbook_name(file.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_rejects(file, path)
    return path
