"""Work that waits for somebody, and every step that it took."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.data_levels import levels
from organization.enums import WorkAction, WorkKind
from organization.models.units import Unit


class WorkItem(models.Model):
    """One thing that waits: for its holder, or for whoever of the unit holds the permission.

    The subject is told by label and id; the title holds no personal data. What was finished never
    changes again (database trigger). Source: architecture.md (who must sign reads that case).
    """

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    permission = models.CharField(max_length=40, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="work"
    )
    initiator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=40, blank=True)

    is_by_another = models.BooleanField(
        default=False, help_text="whoever set it going does not do it"
    )
    is_personal = models.BooleanField(
        default=False, help_text="only its holder can do it; it is not passed on"
    )

    data_levels = levels(
        c1="title",
        none="kind subject_type subject_id url unit permission holder initiator opened_at due_at"
        " finished_at finished_by outcome is_by_another is_personal",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=Q(finished_at__isnull=True, is_personal=False),
                name="workitem_one_open_per_kind",
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "holder"],
                condition=Q(finished_at__isnull=True, is_personal=True),
                name="workitem_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(is_personal=False) | Q(holder__isnull=False),
                name="workitem_personal_has_holder",
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=False) | Q(permission__gt=""),
                name="workitem_waits_for_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder", "due_at"],
                condition=Q(finished_at__isnull=True),
                name="workitem_held",
            ),
            models.Index(
                fields=["permission", "unit"],
                condition=Q(finished_at__isnull=True, holder__isnull=True),
                name="workitem_inbox",
            ),
            models.Index(fields=["initiator", "-opened_at"], name="workitem_initiated"),
            models.Index(fields=["finished_by", "-finished_at"], name="workitem_done"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_word(self) -> str:
        """The word of the kind, or its code where none is listed."""
        return str(WorkKind(self.kind).label) if self.kind in WorkKind.values else self.kind


class WorkStep(models.Model):
    """A step of a work item between its opening and its end; appended only (database trigger)."""

    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=10, choices=WorkAction)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    from_holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    to_holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    remark = models.TextField(blank=True)

    data_levels = levels(c1="remark", none="item action by at from_holder to_holder")

    class Meta:
        indexes = [
            models.Index(fields=["by", "item"], name="workstep_mine"),
            models.Index(fields=["from_holder", "at"], name="workstep_given_away"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.action}"


class WorkCopy(models.Model):
    """Who was told of a work item; a copy shows the title and widens nobody's sight."""

    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="copies")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    data_levels = levels(none="item staff by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "staff"], name="workcopy_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.staff_id}"
