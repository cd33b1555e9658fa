"""Signing in: sessions, the places people come from, passwords, limits of roles."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from core.enums import ApprovalStatus
from organization.enums import DeviceClass
from organization.models.staff import Role, Staff


class StaffSession(models.Model):
    """A browser at the door or within; its key stands here only as a hash, its content sealed.

    Deleting the row ends the session at the next request.
    """

    key_digest = models.CharField(max_length=64, unique=True)
    sealed_data = models.BinaryField()
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="sessions")
    device = models.CharField(max_length=3, choices=DeviceClass, blank=True)
    device_name = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    limits = models.JSONField(default=list)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    data_levels = levels(
        c3="key_digest sealed_data",
        c1="staff device device_name fingerprint address limits",
        none="created_at seen_at ends_at expires_at",
        clear={"key_digest": _("a hash of a random key")},
    )
    sealed_by = sealed_by(sealed_data="key_digest")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("ends_at")), name="session_ends_in_time"
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-seen_at"], name="session_staff"),
            models.Index(fields=["expires_at"], name="session_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.device_name} {self.created_at:%Y-%m-%d %H:%M}"


class KnownPlace(models.Model):
    """A device and network that a person has signed in from."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="known_places")
    device_name = models.CharField(max_length=60)
    network = models.CharField(max_length=50)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    data_levels = levels(c1="staff device_name network", none="first_seen_at last_seen_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "device_name", "network"], name="known_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_name} {self.network}"


class PasswordRecord(models.Model):
    """A password that a person had: its hash, when it was set and whether only for the way in."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="passwords")
    digest = models.CharField(max_length=128)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    is_temporary = models.BooleanField(default=False)

    data_levels = levels(
        c3="digest",
        c1="staff set_by",
        none="set_at is_temporary",
        clear={"digest": _("a salted, slow hash")},
    )

    class Meta:
        indexes = [models.Index(fields=["staff", "-set_at"], name="password_latest")]

    def __str__(self) -> str:
        return f"{self.set_at:%Y-%m-%d}"


class SignInPolicy(models.Model):
    """With what, when and from where the holders of a role may sign in; dated, decided by two."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="sign_in_policies")
    devices = ArrayField(models.CharField(max_length=3, choices=DeviceClass))
    opens_at = models.TimeField(null=True)
    closes_at = models.TimeField(null=True)
    networks = ArrayField(models.CharField(max_length=120), default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    status = models.CharField(
        max_length=12, choices=ApprovalStatus, default=ApprovalStatus.UNAPPROVED
    )
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="role devices opens_at closes_at networks reason proposed_by approved_by",
        none="valid_from valid_to status proposed_at approved_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="sign_in_policy_two_people",
                violation_error_message=_("Whoever proposes limits does not approve them."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ApprovalStatus.APPROVED,
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | Q(
                    status=ApprovalStatus.UNAPPROVED,
                    approved_by__isnull=True,
                    approved_at__isnull=True,
                ),
                name="sign_in_policy_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | (
                    Q(opens_at__isnull=False, closes_at__isnull=False) & ~Q(opens_at=F("closes_at"))
                ),
                name="sign_in_policy_hours_whole",
                violation_error_message=_("Give both ends of the hours, and different ones."),
            ),
            models.CheckConstraint(
                condition=Q(devices__len__gt=0),
                name="sign_in_policy_some_device",
                violation_error_message=_("Allow one kind of device at least."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="sign_in_policy_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["role", "valid_from"],
                condition=Q(status=ApprovalStatus.APPROVED),
                name="sign_in_policy_one_per_start",
                violation_error_message=_("Limits of this role from this day are approved."),
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(status=ApprovalStatus.APPROVED, valid_to__isnull=True),
                name="sign_in_policy_one_open_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.valid_from}"
