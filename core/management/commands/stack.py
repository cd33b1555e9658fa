"""`manage.py stack up|down|status`: one line per service on standard output."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.stack import embedded, supervisor
from core.stack.errors import StackError


class Command(BaseCommand):
    """Start, stop or show the embedded services of this home."""

    help = "Start, stop or show the embedded PostgreSQL and Valkey of XINBAO_HOME."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one word."""
        parser.add_argument("action", choices=["up", "down", "status"])

    def handle(self, *, action: str, **_options: object) -> None:
        """Do it and print how the services stand."""
        try:
            if action == "up":
                embedded.up(services=embedded.wanted_services())
            elif action == "down":
                supervisor.stop_serving()
                embedded.down()
            for line in embedded.status():
                self.stdout.write(str(line))
        except StackError as refusal:
            raise CommandError(str(refusal)) from refusal
