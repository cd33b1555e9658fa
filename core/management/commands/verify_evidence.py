"""`verify_evidence FILE|--chain`: check an evidence pack, or the whole chain."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.chain import verify_chain
from core.evidence import verify_pack


class Command(BaseCommand):
    """Say what was checked; exit 1 and name the first bad record where something is wrong."""

    help = "Verify an evidence pack, or the audit chain with its signed heads."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a pack, or --chain with a copy of the audit administrator's folder."""
        parser.add_argument("file", nargs="?", type=Path, help="an evidence pack (.zip)")
        parser.add_argument("--chain", action="store_true", help="verify the chain")
        parser.add_argument("--heads", type=Path, help="folder of signed heads (default: setting)")

    def handle(
        self, *, file: Path | None, chain: bool, heads: Path | None, **_options: object
    ) -> None:
        """Check one of the two."""
        if chain == (file is not None):
            raise CommandError("Name a pack, or give --chain; not both.", returncode=2)
        if heads is not None and not heads.is_dir():
            raise CommandError(f"{heads} is no folder.", returncode=2)
        if chain:
            self._chain(heads)
        else:
            self._pack(file)

    def _chain(self, heads: Path | None) -> None:
        report = verify_chain(root=heads, say=lambda number: self.stderr.write(f"… {number}"))
        for note in report.notes:
            self.stderr.write(note)
        if report.bad:
            self.stdout.write(f"BAD {report.bad}")
            raise CommandError("The chain is not whole.")
        self.stdout.write(f"OK {report.checked} records, {report.heads} signed heads")

    def _pack(self, file: Path) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        lines, is_good = verify_pack(path=file)
        for line in lines:
            self.stdout.write(line)
        if not is_good:
            raise CommandError("The pack does not verify.")
