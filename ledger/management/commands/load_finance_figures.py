"""`manage.py load_finance_figures FILE --by USER [--sign-off-by USER]`: what the page does."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.errors import DomainError
from ledger import services
from ledger.models import FinanceBatch
from organization.models import Staff


class Command(BaseCommand):
    help = "Import monthly finance figures (CSV: month,code,amount) as a draft, or signed off too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="USER", help="who imports")
        parser.add_argument("--sign-off-by", metavar="USER", help="who signs off: somebody else")

    def handle(self, *, file: Path, by: str, sign_off_by: str | None, **_options: object) -> None:
        try:
            batch = self._import(file, _person(by))
            if sign_off_by:
                services.sign_off_finance_figures(
                    batch=batch, by=_person(sign_off_by), at=clock.now()
                )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as refusal:
            raise CommandError(f"“{file}” cannot be read: {refusal.strerror}.") from refusal
        self.stdout.write(
            f"batch={batch.pk} rows={batch.rows} accepted={batch.accepted}"
            f" rejected={batch.rejected} signed_off={'yes' if sign_off_by else 'no'}"
        )

    def _import(self, file: Path, by: Staff) -> FinanceBatch:
        with file.open("rb") as stream:
            batch = services.import_finance_figures(
                stream=stream, name=file.name, by=by, at=clock.now()
            )
        for reject in batch.rejects.order_by("line_no"):
            self.stderr.write(f"line {reject.line_no} rejected: {', '.join(reject.faults)}")
        return batch


def _person(username: str) -> Staff:
    try:
        return Staff.objects.get(username=username)
    except Staff.DoesNotExist as missing:
        raise CommandError(f"There is nobody with the user name {username}.") from missing
