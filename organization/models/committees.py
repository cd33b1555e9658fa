"""Committees, their members, what is put to them, and their votes."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.enums import ApprovalStatus
from core.models import StoredFile
from organization.enums import CommitteeKind, ResolutionOutcome, VoteChoice
from organization.models.cases import AuthorityCase
from organization.models.units import Unit

HALF = Decimal("0.5")


class Committee(models.Model):
    """A committee with its terms as data; it binds once another person has approved it.

    Source: PRE-12a, PRE-12d.
    """

    data_levels = levels(
        c1="quorum_share majority_share is_majority_of_members has_chair_veto source",
        none=(
            "code name kind unit status valid_from valid_to proposed_by proposed_at"
            " approved_by approved_at"
        ),
    )

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=CommitteeKind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    quorum_share = models.DecimalField(max_digits=7, decimal_places=6)
    majority_share = models.DecimalField(max_digits=7, decimal_places=6)
    is_majority_of_members = models.BooleanField(default=False)
    has_chair_veto = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    status = models.CharField(
        max_length=12, choices=ApprovalStatus, default=ApprovalStatus.UNAPPROVED
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="committee_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a committee does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status=ApprovalStatus.APPROVED) ^ Q(approved_by__isnull=True),
                name="committee_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(quorum_share__gt=0, quorum_share__lte=1)
                & Q(majority_share__gt=0, majority_share__lte=1),
                name="committee_shares_are_fractions",
                violation_error_message=_("Quorum and majority lie above 0 and up to 1."),
            ),
            models.CheckConstraint(
                condition=Q(majority_share__gte=HALF),
                name="committee_majority_is_half_or_more",
                violation_error_message=_("A majority is one half or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CommitteeMember(models.Model):
    """A seat in a committee from a day to a day."""

    data_levels = levels(none="committee person is_chair valid_from valid_to appointed_by")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    is_chair = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(valid_to__isnull=True),
                name="member_one_open_seat",
                violation_error_message=_("This person has a seat already."),
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(valid_to__isnull=True, is_chair=True),
                name="member_one_chair",
                violation_error_message=_("The committee has a chair already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="member_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"


class Resolution(models.Model):
    """A case or another matter put to a committee at a meeting, and what the votes came to.

    It speaks of one version; what was changed since is not authorised by it. A matter of an app
    above is named by its table, key and title, with who made it: no key points downstream.
    """

    data_levels = levels(
        c1="meeting tally title",
        none=(
            "committee case case_version subject_type subject_id maker_ids held_on convened_by"
            " convened_at outcome resolved_by resolved_at"
        ),
    )

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="resolutions")
    case = models.ForeignKey(AuthorityCase, models.PROTECT, null=True, related_name="resolutions")
    subject_type = models.CharField(max_length=80, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200, blank=True, default="")
    maker_ids = ArrayField(models.BigIntegerField(), default=list)
    case_version = models.PositiveIntegerField()
    meeting = models.CharField(max_length=120)
    held_on = models.DateField()
    convened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=ResolutionOutcome, default=ResolutionOutcome.OPEN
    )
    tally = models.JSONField(default=dict)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(outcome=ResolutionOutcome.OPEN),
                name="resolution_one_open_per_case",
                violation_error_message=_("The case is before a committee already."),
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"],
                condition=Q(outcome=ResolutionOutcome.OPEN, case__isnull=True),
                name="resolution_one_open_per_matter",
                violation_error_message=_("It is before a committee already."),
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, subject_type="", subject_id__isnull=True)
                | (Q(case__isnull=True, subject_id__isnull=False) & ~Q(subject_type="")),
                name="resolution_on_case_or_matter",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ResolutionOutcome.OPEN) ^ Q(resolved_at__isnull=False),
                name="resolution_resolved_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"resolution {self.pk}"


class ResolutionFile(models.Model):
    """Material or minutes of what is put to a committee."""

    data_levels = levels(none="resolution stored")

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"resolution file {self.pk}"


class CommitteeVote(models.Model):
    """One member's own vote; appended only, no proxy."""

    data_levels = levels(c1="choice remark", none="resolution member at")

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="votes")
    member = models.ForeignKey(CommitteeMember, models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=8, choices=VoteChoice)
    remark = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "member"],
                name="vote_one_per_member",
                violation_error_message=_("This member has voted already."),
            )
        ]

    def __str__(self) -> str:
        return f"vote {self.pk}"
