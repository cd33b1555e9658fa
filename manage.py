#!/usr/bin/env python3
"""Run a command of Xinbao: bring up what it needs, then hand over to Django."""

import os
import sys
from types import ModuleType

from core.stack import embedded
from core.stack.errors import StackError

WITHOUT_SERVICES = {
    "stack",
    "help",
    "version",
    "--version",
    "makemessages",
    "messages",
    "compilemessages",
    "collectstatic",
    "schedule",
}
WITHOUT_TABLES = {"migrate", "makemigrations", "test"}
ASKS_FOR_HELP = {"-h", "--help"}
REFUSED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: list[str]) -> int:
    """Run the command and return the exit code: 0 done, 1 refused, 2 wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        return _run(arguments)
    except StackError as refusal:
        return _say(str(refusal), REFUSED)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: list[str]) -> int:
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in WITHOUT_SERVICES or ASKS_FOR_HELP.intersection(arguments):
        ours = ()
    else:
        ours = embedded.attach()

    import django  # after the services are up
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, get_commands
    from django.db.utils import OperationalError

    try:
        if ours or command == "stack":
            _set_up(django)
            if command not in get_commands():
                return _say(f"There is no command {command}; see manage.py help.", WRONG_USAGE)
        if embedded.POSTGRES in ours and command not in WITHOUT_TABLES:
            from core.stack import schema

            schema.bring_up_to_date()
        execute_from_command_line(arguments)
    except ImproperlyConfigured as refusal:
        return _say(str(refusal), REFUSED)
    except OperationalError as refusal:
        if "--traceback" in arguments:
            raise
        return _say(f"The database refuses: {' '.join(str(refusal).split())}", REFUSED)
    return 0


def _set_up(django: ModuleType) -> None:
    try:
        django.setup()
    except PermissionError as refusal:
        raise StackError(
            f"No permission for {refusal.filename}: the home is another's."
        ) from refusal


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
