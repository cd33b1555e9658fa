"""Staff, what was ordered about them, their posts and certificates."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.management import CommandError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from organization.enums import PersonnelKind, Standing, UnitKind
from organization.models.roles import Role
from organization.models.units import Unit


class StaffManager(BaseUserManager["Staff"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> Staff:
        staff = self.model(username=username, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(self, **_fields: object) -> Staff:
        raise CommandError(
            "There is no superuser: the system administrator appoints people, the security"
            " administrator gives them roles."
        )


class Staff(AbstractBaseUser):
    """A person who works here. There is no superuser at run time."""

    username = models.CharField(
        max_length=60, unique=True, error_messages={"unique": _("This user name is taken.")}
    )
    name = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="staff")
    roles = models.ManyToManyField(Role, related_name="staff")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.WORKING)
    access_until = models.DateTimeField(null=True, help_text="a visitor's account ends then")

    data_levels = levels(
        c3="password",
        c2="username name",
        c1="unit roles",
        none="is_active language last_login standing access_until",
        clear={
            "password": _("a salted, slow hash"),
            "username": _("colleagues know each other by it, and it names who did what"),
            "name": _("colleagues know each other by it, and it names who did what"),
        },
    )

    objects = StaffManager()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(standing=Standing.WORKING),
                name="staff_only_who_works_is_active",
                violation_error_message=_("Whoever is away or left may not sign in."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PersonnelOrder(models.Model):
    """A step in a person's life here: appointed, moved, away, back, gone, again. Appended only.

    An order of a day ahead waits for the beat. Nobody orders about themselves. Source: PRE-38c.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=8, choices=PersonnelKind)
    effective_on = models.DateField()
    unit_before = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    unit_after = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    keeps_roles = models.BooleanField(default=False)
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField()
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ordered_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True, help_text="why it could not be done when its day came")

    data_levels = levels(
        c1="reason refusal",
        none="staff kind effective_on unit_before unit_after keeps_roles successor ordered_by"
        " ordered_at applied_at withdrawn_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ordered_by__isnull=True) | ~Q(ordered_by=F("staff")),
                name="personnelorder_not_of_oneself",
                violation_error_message=_("Nobody orders about themselves."),
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="personnelorder_not_both",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on"],
                condition=Q(applied_at__isnull=True, withdrawn_at__isnull=True),
                name="personnelorder_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.staff_id} {self.effective_on}"


class Post(models.Model):
    """A post with what it asks of its holder. Source: PRE-12d."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    unit_kind = models.CharField(max_length=12, choices=UnitKind, blank=True)
    competencies = ArrayField(models.CharField(max_length=200), default=list)
    certificates = ArrayField(models.CharField(max_length=80), default=list)

    data_levels = levels(none="code name unit_kind competencies certificates")

    def __str__(self) -> str:
        return self.name


class PostHolding(models.Model):
    """Who holds a post, from a day to a day. Source: PRE-12d."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()

    data_levels = levels(none="staff post valid_from valid_to entered_by entered_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "post"],
                condition=Q(valid_to__isnull=True),
                name="postholding_one_open",
                violation_error_message=_("The person holds this post already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="postholding_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.post_id}"


class Certificate(models.Model):
    """A certificate of a person, its number sealed, with the day on which it runs out. PRE-12d."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    name = models.CharField(max_length=80)
    sealed_number = models.BinaryField()
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, help_text="first day on which it no longer counts")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()

    data_levels = levels(
        c2="sealed_number", c1="name issued_on expires_on", none="staff entered_by entered_at"
    )
    sealed_by = sealed_by(sealed_number="staff_id name")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
                name="certificate_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.name}"
