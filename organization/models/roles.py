"""Roles: what they hold, who holds them and since when, and who certified that."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from organization.enums import (
    ADMINISTRATION,
    CertificationDecision,
    DefinitionStatus,
    Permission,
    RoleKind,
)
from organization.models.units import Unit

_OF_NO_BUSINESS = sorted(frozenset().union(*ADMINISTRATION.values()))


def _permissions_of_kind() -> Q:
    fits = Q(kind=RoleKind.BUSINESS) & ~Q(permissions__overlap=_OF_NO_BUSINESS)
    for kind, permissions in ADMINISTRATION.items():
        fits |= Q(kind=kind, permissions__contained_by=sorted(permissions))
    return fits


class Role(models.Model):
    """A named set of permissions: data, not code. A role holds permissions of its kind alone."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=RoleKind, default=RoleKind.BUSINESS)
    permissions = ArrayField(models.CharField(max_length=40, choices=Permission), default=list)

    data_levels = levels(c1="permissions", none="code name kind")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_permissions_of_kind(),
                name="role_permissions_of_its_kind",
                violation_error_message=_("A role holds only permissions of its kind."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class RoleDefinition(models.Model):
    """A version of a role's definition, proposed by one person and approved by another."""

    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="definitions")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=RoleKind)
    permissions = ArrayField(models.CharField(max_length=40, choices=Permission), default=list)
    version = models.PositiveIntegerField(null=True, help_text="counted when approved")
    status = models.CharField(
        max_length=10, choices=DefinitionStatus, default=DefinitionStatus.PROPOSED
    )
    reason = models.TextField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)

    data_levels = levels(
        c1="reason remark",
        none="role code name kind permissions version status proposed_by proposed_at decided_by"
        " decided_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="roledefinition_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a role does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status=DefinitionStatus.PROPOSED, decided_at__isnull=True)
                | (~Q(status=DefinitionStatus.PROPOSED) & Q(decided_at__isnull=False)),
                name="roledefinition_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=DefinitionStatus.APPROVED) ^ Q(version__isnull=True),
                name="roledefinition_approved_has_version",
            ),
            models.CheckConstraint(
                condition=_permissions_of_kind(),
                name="roledefinition_permissions_of_its_kind",
                violation_error_message=_("A role holds only permissions of its kind."),
            ),
            models.UniqueConstraint(
                fields=["code", "version"], name="roledefinition_one_per_version"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(status=DefinitionStatus.PROPOSED),
                name="roledefinition_one_open_proposal",
                violation_error_message=_("A proposal for this role already waits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version or '?'}"


class DutyConflict(models.Model):
    """Two permissions that one person may not hold together: segregation of duties. PRE-38c."""

    first = models.CharField(max_length=40, choices=Permission)
    second = models.CharField(max_length=40, choices=Permission)
    reason = models.CharField(max_length=200)

    data_levels = levels(none="first second reason")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="dutyconflict_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="dutyconflict_in_one_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"


class RoleAssignment(models.Model):
    """A role given to a person from a day, to a day or until it is ended; nobody's own gift.

    In force are the rows that began, did not end and are not suspended; `Staff.roles` mirrors them.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_assignments"
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day on which it no longer counts")
    reason = models.TextField(blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField(null=True, help_text="empty: since the house was set up")
    began_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    end_reason = models.TextField(blank=True)

    data_levels = levels(
        c1="reason end_reason",
        none="staff role valid_from valid_to assigned_by assigned_at began_at suspended_at"
        " ended_at ended_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "role"],
                condition=Q(ended_at__isnull=True),
                name="roleassignment_one_open",
                violation_error_message=_("The person has this role already."),
            ),
            models.CheckConstraint(
                condition=Q(assigned_by__isnull=True) | ~Q(assigned_by=F("staff")),
                name="roleassignment_maker_is_not_beneficiary",
                violation_error_message=_("Nobody gives a role to themselves."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="roleassignment_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_to"],
                condition=Q(ended_at__isnull=True, valid_to__isnull=False),
                name="roleassignment_ending",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.role_id}"


class Recertification(models.Model):
    """A campaign in which managers confirm or revoke every role of their people. PRE-38c."""

    title = models.CharField(max_length=40, unique=True, help_text="2026Q4")
    due_on = models.DateField(help_text="last day; what is not certified then is suspended")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    data_levels = levels(none="title due_on opened_by opened_at closed_at")

    def __str__(self) -> str:
        return self.title


class RecertificationLine(models.Model):
    """One role of one person in a campaign, and what was decided of it by another."""

    campaign = models.ForeignKey(Recertification, models.PROTECT, related_name="lines")
    assignment = models.ForeignKey(RoleAssignment, models.PROTECT, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    decision = models.CharField(
        max_length=10, choices=CertificationDecision, default=CertificationDecision.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    data_levels = levels(
        c1="reason", none="campaign assignment staff unit decision decided_by decided_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "assignment"], name="recertificationline_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("staff")),
                name="recertificationline_not_of_oneself",
                violation_error_message=_("Nobody certifies their own access."),
            ),
            models.CheckConstraint(
                condition=Q(
                    decision=CertificationDecision.PENDING,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    decision=CertificationDecision.SUSPENDED,
                    decided_by__isnull=True,
                    decided_at__isnull=False,
                )
                | Q(
                    decision__in=[
                        CertificationDecision.CONFIRMED,
                        CertificationDecision.REVOKED,
                    ],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="recertificationline_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.assignment_id} {self.decision}"
