"""`check_invariants [--json]`: what must hold at any time, checked now."""

from __future__ import annotations

import json as text

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock, invariants


class Command(BaseCommand):
    """Print each invariant with how much was checked and what is bad; exit 1 where one fails."""

    help = "Check the invariants I1-I9 as far as they exist."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one switch."""
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, json: bool, **_options: object) -> None:
        """Run them all."""
        found = invariants.check_all(at=clock.now())
        self._print_json(found) if json else self._print_words(found)
        unexplained = invariants.changes_without_record()
        if unexplained:
            self.stderr.write(f"{unexplained} watched row changes have no audit record beside them")
        failed = [code for code, one in found.items() if one.bad]
        if failed:
            raise CommandError(f"Broken: {', '.join(failed)}.")

    def _print_json(self, found: dict[str, invariants.Finding]) -> None:
        says = {
            code: {"ok": not one.bad, "checked": one.checked, "bad": one.bad}
            for code, one in found.items()
        }
        self.stdout.write(text.dumps(says, ensure_ascii=False))

    def _print_words(self, found: dict[str, invariants.Finding]) -> None:
        for code, one in found.items():
            self.stdout.write(f"{code} {'BAD' if one.bad else 'ok'} ({one.checked} checked)")
            for words in one.bad:
                self.stdout.write(f"  {words}")
