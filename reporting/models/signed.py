"""Who did a step and when: both are known, or neither."""

from django.conf import settings
from django.db import models
from django.db.models import Q


def done(name: str) -> Q:
    return Q(**{f"{name}_by__isnull": False, f"{name}_at__isnull": False})


def not_done(name: str) -> Q:
    return Q(**{f"{name}_by__isnull": True, f"{name}_at__isnull": True})


def signed_together(*, model: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=done(name) | not_done(name), name=f"{model}_{name}_has_author"
    )


def author(*, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name="+")
