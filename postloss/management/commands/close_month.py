"""`close_month`: snapshot, indicators and warnings of a month, or of each up to another."""

import json

from django.core.management.base import BaseCommand, CommandError

from core import arguments, clock
from core.errors import DomainError
from core.jobs import run_here
from core.months import month_text
from postloss.models import MonthEnd
from postloss.selectors.month_ends import latest_closed
from postloss.services.month_end import months_to_close


class Command(BaseCommand):
    help = "Close a month; a closed one is left as it is unless --restate gives the reason."

    def add_arguments(self, parser):
        parser.add_argument("month", metavar="YYYY-MM", type=arguments.month)
        parser.add_argument(
            "--through", metavar="YYYY-MM", type=arguments.month, help="close each month up to it"
        )
        parser.add_argument("--restate", metavar="REASON", type=arguments.reason)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, month, through, restate, **options):
        if through and through < month:
            raise CommandError(
                f"{month_text(through)} is before {month_text(month)}.", returncode=2
            )
        try:
            months = months_to_close(first=month, last=through or month)
            outcomes = [self._close(each, restate or "", month) for each in months]
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self.stdout.write(json.dumps({"months": outcomes}))
            return
        for outcome in outcomes:
            self.stdout.write(
                f"{outcome['month']} v{outcome['version']}: {outcome['loans']} loans,"
                f" {outcome['not_reported']} not reported, warnings {outcome['warnings']}"
            )

    def _close(self, month, reason: str, first) -> dict:
        text = month_text(month)
        self.stderr.write(f"closing {text}")
        if month != first and latest_closed(month=month) is None:
            reason = ""  # a later month that was never closed is closed, not restated
        job = run_here(
            kind="close_month",
            key=text,
            title=f"{text}",
            payload={"month": text, "reason": reason},
            by=None,
            at=clock.now(),
        )
        row = MonthEnd.objects.get(pk=job.result["month_end_id"])
        return {
            "month": text,
            "version": row.version,
            "loans": row.loans,
            "not_reported": row.not_reported,
            "warnings": job.result["warnings"],
        }
