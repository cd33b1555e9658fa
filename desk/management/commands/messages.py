"""`manage.py messages`: keep the Chinese catalogue complete.

Run it after adding strings: it adds every new message id to `locale/zh_Hans/LC_MESSAGES/django.po`
as an empty entry (sorted, so that two people's entries merge), compiles the `.mo` file that Django
reads, and lists what still wants a translation. Fill those entries and run it again.

`--check` writes nothing and fails where an entry is missing, empty or fuzzy; `--prune` also drops
entries that nothing asks for any more; `--compile` does nothing but compile (for set-up).
"""

from babel.messages.pofile import PoFileError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from desk.management import catalog


class Command(BaseCommand):
    help = "Add new message ids to the Chinese catalogue, compile it, list what is untranslated."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail on a gap")
        parser.add_argument("--prune", action="store_true", help="drop entries out of use")
        parser.add_argument("--compile", action="store_true", help="compile only")

    def handle(self, *, check: bool, prune: bool, compile: bool, **_options: object) -> None:  # noqa: A002
        try:
            if compile:
                catalog.compile_to_mo()
                return
            self._update(check=check, prune=prune)
        except (OSError, PoFileError) as failure:
            raise CommandError(f"{catalog.PATH}: {failure}") from failure

    def _update(self, *, check: bool, prune: bool) -> None:
        wanted, known = catalog.found(), catalog.read()
        gaps = catalog.gaps(known, wanted)
        for context, message_id in gaps:
            self.stdout.write(f"untranslated: {context + ' | ' if context else ''}{message_id}")
        if check:
            if gaps:
                raise CommandError(f"{len(gaps)} of {len(wanted)} messages want a translation.")
            return
        added = catalog.add_missing(known, wanted)
        dropped = catalog.drop_unused(known, wanted) if prune else 0
        catalog.write(known)
        catalog.compile_to_mo()
        self.stdout.write(f"{len(wanted)} messages, {added} added, {dropped} dropped.")
