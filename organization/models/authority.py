"""Authority grants and their delegations."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from organization.enums import ExceptionKind, GrantKind, GrantStatus
from organization.models.staff import Role
from organization.models.units import Unit
from organization.rules.authority import ANY, LIFTS

EXTENT = (
    "unit products obligor_types channels grades exceptions max_amount min_rate max_ltv max_term"
)


def any_code() -> list[str]:
    """Return the set that holds every code."""
    return [ANY]


class Reach(models.Model):
    """How far an authority reaches: branch subtree and codes of what lies downstream."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    products = ArrayField(models.CharField(max_length=120), default=any_code)
    obligor_types = ArrayField(models.CharField(max_length=120), default=any_code)
    channels = ArrayField(models.CharField(max_length=120), default=any_code)
    grades = ArrayField(models.CharField(max_length=120), default=any_code)
    exceptions = ArrayField(models.CharField(max_length=40), default=list)
    max_amount = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, help_text="yuan; none where it lifts controls"
    )
    min_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    max_ltv = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    max_term = models.PositiveIntegerField(null=True, help_text="months")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(exceptions=list(LIFTS), max_amount__isnull=True)
                | (~Q(exceptions__contains=list(LIFTS)) & Q(max_amount__gt=0)),
                name="%(class)s_amount_unless_it_lifts",
                violation_error_message=_(
                    "Authority over cases names an amount; lifting controls is granted alone,"
                    " without one."
                ),
            )
        ]

    @property
    def limit_words(self) -> str:
        """The highest amount, or that it lifts controls."""
        if self.max_amount is None:
            return str(ExceptionKind.CONTROL_LIFT.label)
        return f"≤ {self.max_amount:,.2f}"

    @property
    def exception_words(self) -> list[str]:
        """The words of the exceptions; a code that is none, and the star, as they are."""
        known = ExceptionKind.values
        return [
            str(ExceptionKind(each).label) if each in known else each for each in self.exceptions
        ]


class AuthorityGrant(Reach):
    """Who may decide cases how far, and from when to when; one proposes, another approves.

    Source: PRE-11c, PRE-12d, COMMENT-07; emergency grants HQ-43.
    """

    data_levels = levels(
        c1=f"{EXTENT} level reason refusal revocation review",
        none=(
            "kind status role person valid_from valid_to ends_at proposed_by proposed_at"
            " decided_by decided_at revoked_by revoked_at reviewed_by reviewed_at"
            " review_due_at escalated_at"
        ),
    )

    kind = models.CharField(max_length=10, choices=GrantKind, default=GrantKind.STANDING)
    status = models.CharField(max_length=10, choices=GrantStatus, default=GrantStatus.PROPOSED)
    level = models.PositiveSmallIntegerField(help_text="1 is the lowest; escalation goes up")
    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="grants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="grants"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=500, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revocation = models.CharField(max_length=500, blank=True)
    review_due_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=500, blank=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            *Reach.Meta.constraints,
            models.CheckConstraint(
                condition=Q(role__isnull=False) ^ Q(person__isnull=False),
                name="grant_to_a_role_or_a_person",
                violation_error_message=_("A grant is given to a role or to a person."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="grant_maker_is_not_checker",
                violation_error_message=_("Whoever proposes authority does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(person__isnull=True)
                | (~Q(decided_by=F("person")) & ~Q(proposed_by=F("person"))),
                name="grant_nobody_grants_to_oneself",
                violation_error_message=_("Nobody proposes or approves authority of their own."),
            ),
            models.CheckConstraint(
                condition=Q(status=GrantStatus.PROPOSED, decided_at=None, decided_by=None)
                | (
                    ~Q(status=GrantStatus.PROPOSED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="grant_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status=GrantStatus.REVOKED, revoked_at__isnull=False)
                | (~Q(status=GrantStatus.REVOKED) & Q(revoked_at__isnull=True)),
                name="grant_revoked_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind=GrantKind.STANDING)
                | Q(person__isnull=False, ends_at__isnull=False),
                name="grant_emergency_names_person_and_end",
                violation_error_message=_("An emergency grant names a person and an end."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | (
                    ~Q(reviewed_by=F("proposed_by"))
                    & ~Q(reviewed_by=F("decided_by"))
                    & ~Q(reviewed_by=F("person"))
                ),
                name="grant_reviewer_is_a_fourth_person",
                violation_error_message=_("Whoever had a part in it does not review it."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="grant_dates_in_order",
                violation_error_message=_("The end lies after the start."),
            ),
        ]
        indexes = [models.Index(fields=["status", "valid_from"], name="grant_in_force")]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Delegation(Reach):
    """A part of a holder's own authority, lent to a colleague until a day; never lent on.

    Source: PRE-11c, PRE-12d.
    """

    data_levels = levels(
        c1=f"{EXTENT} reason revocation",
        none="grant delegator delegate valid_from valid_to made_at revoked_by revoked_at",
    )

    grant = models.ForeignKey(AuthorityGrant, models.PROTECT, related_name="delegations")
    delegator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_held"
    )
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revocation = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *Reach.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(delegate=F("delegator")),
                name="delegation_to_somebody_else",
                violation_error_message=_("Nobody delegates to oneself."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="delegation_dates_in_order",
                violation_error_message=_("The end lies after the start."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="delegation_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"delegation {self.pk}"
