"""`load_shares`: load a dated file of own and ceded shares."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import DomainError
from underwriting.services.shares import load_shares


class Command(BaseCommand):
    help = "Load own and ceded shares: lender,product,from,to,own_share,ceded_share."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)

    def handle(self, *, path, **options):
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                count = load_shares(lines=lines, source=path.name, at=clock.now())
        except OSError as failure:
            raise CommandError(f"{path} cannot be read: {failure.strerror}.") from failure
        except UnicodeDecodeError as failure:
            raise CommandError(f"{path.name} is not UTF-8; save it as CSV UTF-8.") from failure
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{count} lines")
