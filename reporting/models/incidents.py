"""Incidents: graded, contained, notified and reported against clocks, closed with lessons."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.models import StoredFile
from organization.models import Unit
from reporting.enums import IncidentAction, IncidentClockKind, IncidentGrade, IncidentKind
from reporting.models.signed import author, signed_together


class Incident(models.Model):
    """Something went wrong that must be contained and may have to be reported. Source: PRE-45b.

    `opened_by` is empty where the system found it (a broken chain of evidence, EVID-04).
    """

    kind = models.CharField(max_length=20, choices=IncidentKind)
    grade = models.CharField(max_length=14, choices=IncidentGrade)
    title = models.CharField(max_length=200)
    account = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    same_cause = models.CharField(
        max_length=120, blank=True, help_text="what the system found; one open incident each"
    )
    opened_by = author()
    opened_at = models.DateTimeField()
    contained_by = author()
    contained_at = models.DateTimeField(null=True)
    closed_by = author()
    closed_at = models.DateTimeField(null=True)
    lessons = models.TextField(blank=True)

    data_levels = levels(
        c1="title account lessons",
        none="kind grade unit found_at same_cause opened_by opened_at contained_by contained_at"
        " closed_by closed_at",
    )

    class Meta:
        constraints = [
            signed_together(model="incident", name="contained"),
            signed_together(model="incident", name="closed"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | (Q(contained_at__isnull=False) & ~Q(lessons="")),
                name="incident_closed_with_lessons",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("contained_by")),
                name="incident_maker_is_not_checker",
                violation_error_message=_("Whoever contained an incident does not close it."),
            ),
            models.UniqueConstraint(
                fields=["same_cause"],
                condition=Q(closed_at__isnull=True) & ~Q(same_cause=""),
                name="incident_one_open_per_cause",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class IncidentClock(models.Model):
    """A time within which an incident must be reported; it may stand still for a reason."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=14, choices=IncidentClockKind)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    stopped_by = author()
    stopped_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    data_levels = levels(none="incident kind due_at paused_at stopped_by stopped_at escalated_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "kind"], name="incidentclock_once"),
            signed_together(model="incidentclock", name="stopped"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(paused_at__isnull=True),
                name="incidentclock_not_paused_when_stopped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}"


class IncidentStep(models.Model):
    """What was done about an incident, by whom and when. Rows are appended only."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=10, choices=IncidentAction)
    text = models.TextField(blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    by = author()
    at = models.DateTimeField()

    data_levels = levels(c1="text evidence", none="incident action by at")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.action}"
