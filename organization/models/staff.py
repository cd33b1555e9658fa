"""Roles and staff."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from organization.enums import Permission, RoleKind
from organization.models.units import Unit


class Role(models.Model):
    """A named set of permissions: data, not code."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=RoleKind, default=RoleKind.BUSINESS)
    permissions = ArrayField(models.CharField(max_length=40, choices=Permission), default=list)

    data_levels = levels(c1="permissions", none="code name kind")

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> Staff:
        staff = self.model(username=username, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


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

    data_levels = levels(
        c3="password",
        c2="username name",
        c1="unit roles",
        none="is_active language last_login",
        clear={
            "password": _("a salted, slow hash"),
            "username": _("colleagues know each other by it, and it names who did what"),
            "name": _("colleagues know each other by it, and it names who did what"),
        },
    )

    objects = StaffManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name
