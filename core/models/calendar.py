"""The working-day calendar: notices that open a year or change days, and the days they name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.enums import DayKind, NoticeStatus


class CalendarNotice(models.Model):
    """What says which days are worked: a yearly notice, or a later change; needs a second person.

    A year without a notice that opens it is not maintained, and nothing is counted in it.
    """

    title = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    opens_year = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=NoticeStatus, default=NoticeStatus.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="reason",
        none="title source opens_year status proposed_by proposed_at decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=NoticeStatus.SEEDED)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="calendarnotice_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[NoticeStatus.APPROVED, NoticeStatus.REJECTED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(
                    status__in=[NoticeStatus.SEEDED, NoticeStatus.PROPOSED],
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                ),
                name="calendarnotice_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=NoticeStatus.APPROVED) | ~Q(decided_by=F("proposed_by")),
                name="calendarnotice_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a calendar does not approve it."),
            ),
            models.UniqueConstraint(
                fields=["opens_year"],
                condition=Q(status__in=[NoticeStatus.SEEDED, NoticeStatus.APPROVED]),
                name="calendarnotice_year_opened_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarDay(models.Model):
    """A day that is not what its weekday says. The latest notice in force wins; rows only grow."""

    notice = models.ForeignKey(CalendarNotice, models.PROTECT, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=DayKind)
    name = models.CharField(max_length=40, blank=True)

    data_levels = levels(none="notice day kind name")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "day"], name="calendarday_once_per_notice")
        ]
        indexes = [models.Index(fields=["day"], name="calendarday_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
