"""Relations of staff to cases: declared ones, identities that detect others, and the log."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from core.models import StoredFile
from organization.enums import IdentityKind, RecusalStage, RelationKind
from organization.models.cases import AuthorityCase


class StaffIdentity(models.Model):
    """By what a person of the house is recognised in a case: sealed, with its blind index.

    Source: PRE-12e.
    """

    data_levels = levels(
        c2="sealed_value index", none="person kind recorded_by recorded_at ended_at"
    )
    sealed_by = sealed_by(sealed_value="person_id index")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind)
    sealed_value = models.BinaryField()
    index = models.BinaryField(max_length=32, db_index=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "index"],
                condition=Q(ended_at__isnull=True),
                name="staffidentity_once",
                violation_error_message=_("This is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"staff identity {self.pk}"


class DeclaredRelation(models.Model):
    """What a person of the house said of a relation to a party, a partner or a colleague.

    Source: PRE-12e.
    """

    data_levels = levels(
        c2="sealed_name sealed_value index remark",
        none="person kind colleague identity_kind valid_from valid_to evidence declared_at",
        clear={"remark": _("how a colleague stands to a case; who it is about is sealed")},
    )
    sealed_by = sealed_by(sealed_name="index", sealed_value="index")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="declared_relations"
    )
    kind = models.CharField(max_length=12, choices=RelationKind)
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sealed_name = models.BinaryField(null=True)
    identity_kind = models.CharField(max_length=10, choices=IdentityKind, blank=True)
    sealed_value = models.BinaryField(null=True)
    index = models.BinaryField(max_length=32, null=True, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    remark = models.CharField(max_length=500, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(colleague__isnull=False) ^ Q(index__isnull=False),
                name="relation_to_a_colleague_or_an_identity",
                violation_error_message=_("Name a colleague, or an identity, not both."),
            ),
            models.CheckConstraint(
                condition=Q(colleague__isnull=True) | ~Q(colleague=F("person")),
                name="relation_to_somebody_else",
                violation_error_message=_("A relation is to somebody else."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="relation_dates_in_order",
                violation_error_message=_("The end lies after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"relation {self.pk}"


class RecusalEntry(models.Model):
    """Who was kept out of which case, when and why; appended only. Source: PRE-12e."""

    data_levels = levels(c1="source kind article", none="case person stage at")

    case = models.ForeignKey(AuthorityCase, models.PROTECT, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=RecusalStage)
    source = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)
    article = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "stage", "source", "kind"], name="recusal_logged_once"
            )
        ]

    def __str__(self) -> str:
        return f"recusal {self.pk}"
