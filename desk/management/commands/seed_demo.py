"""`seed_demo`: build the demo book and say how to look at it."""

import os

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import DomainError
from core.months import month_text
from desk.services.demo import build_demo
from organization.models import Staff
from organization.selectors import head_office
from postloss.enums import WarningState
from postloss.models import RiskWarning
from postloss.selectors.month_ends import latest_month_end, total_of


class Command(BaseCommand):
    help = "Build the demo from a real loan panel; run again, it builds what is missing."

    def handle(self, **options):
        started = clock.now()
        try:
            keys = build_demo(say=self.stderr.write)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._say_figures()
        self._say_people(keys)
        self.stdout.write(f"\nBuilt in {(clock.now() - started).total_seconds():.0f} s.")
        self.stdout.write(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/")

    def _say_figures(self):
        row = latest_month_end()
        standing = RiskWarning.objects.exclude(state=WarningState.CLOSED).count()
        total = total_of(month_end=row, unit=head_office())
        self.stdout.write(f"The demo book at {month_text(row.month)} (version {row.version})")
        self.stdout.write(f"  loans               {row.loans}, not reported {row.not_reported}")
        self.stdout.write(f"  outstanding         {total.outstanding:,.2f}")
        for name in ("roll_m0_1", "roll_m0_2", "overdue_rate"):
            self.stdout.write(f"  {name:<19} {getattr(total, name):.4%}")
        self.stdout.write(f"  warnings standing   {standing}")

    def _say_people(self, keys):
        self.stdout.write("\nSign in as (user name, password, TOTP secret for an app)")
        for staff in Staff.objects.filter(username__in=keys).select_related("unit"):
            roles = "、".join(staff.roles.values_list("name", flat=True))
            own = keys[staff.username]
            self.stdout.write(
                f"  {staff.username:<6} {own.password:<16} {own.totp_secret}"
                f" {staff.name} {staff.unit} {roles}"
            )
