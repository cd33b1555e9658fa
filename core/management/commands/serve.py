"""`manage.py serve`: the web server, the worker and the beat, kept alive until Ctrl-C."""

import os

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from core.stack import embedded, supervisor
from core.stack.errors import StackError


class Command(BaseCommand):
    """Serve on 127.0.0.1 until Ctrl-C."""

    help = "Serve the pages and run the jobs on this machine; prints the URL once it answers."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port, and whether the services end with us."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument(
            "--stop-stack", action="store_true", help="stop the embedded services at the end too"
        )

    def handle(self, *, port: int, stop_stack: bool, **_options: object) -> None:
        """Serve; return when asked to stop."""
        connections.close_all()
        try:
            supervisor.serve(port=port, announce=self.stdout.write)
        except StackError as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            if stop_stack:
                embedded.down()
