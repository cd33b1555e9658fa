"""Relations of staff to cases: declared ones, identities that detect others, and the log."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from core.models import StoredFile
from organization.enums import (
    IdentityKind,
    RecusalStage,
    RelationKind,
    ReleaseGround,
    ReleaseStatus,
)
from organization.models.cases import AuthorityCase
from organization.models.units import Unit


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


class RecusalRelease(models.Model):
    """What somebody asks to be freed of: a relation that ended, or what was recorded wrongly.

    It frees on the day on which another person confirms it. Source: PRE-12e (four eyes).
    """

    data_levels = levels(
        c2="reason remark",
        none="identity relation ground status asked_by asked_at decided_by decided_at",
        clear={
            "reason": _("why a colleague is free again; who it is about is sealed"),
            "remark": _("why it was refused; who it is about is sealed"),
        },
    )

    identity = models.ForeignKey(StaffIdentity, models.PROTECT, null=True, related_name="releases")
    relation = models.ForeignKey(
        DeclaredRelation, models.PROTECT, null=True, related_name="releases"
    )
    ground = models.CharField(max_length=8, choices=ReleaseGround)
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=ReleaseStatus, default=ReleaseStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(identity__isnull=False) ^ Q(relation__isnull=False),
                name="release_of_an_identity_or_a_relation",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="release_maker_is_not_checker",
                violation_error_message=_("Whoever asks for a release does not confirm it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ReleaseStatus.ASKED, decided_by__isnull=True, decided_at__isnull=True
                )
                | (
                    ~Q(status=ReleaseStatus.ASKED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="release_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["identity"],
                condition=Q(status=ReleaseStatus.ASKED, identity__isnull=False),
                name="release_one_open_per_identity",
                violation_error_message=_("A release of it waits already."),
            ),
            models.UniqueConstraint(
                fields=["relation"],
                condition=Q(status=ReleaseStatus.ASKED, relation__isnull=False),
                name="release_one_open_per_relation",
                violation_error_message=_("A release of it waits already."),
            ),
        ]
        indexes = [models.Index(fields=["status", "asked_at"], name="release_waiting")]

    def __str__(self) -> str:
        return f"release {self.pk}"


class RecusalEntry(models.Model):
    """Who was kept out of what, when and why; appended only. Source: PRE-12e.

    `case` is set where the subject is a case for signature; any other is named by table and key,
    with the unit that answers for it.
    """

    data_levels = levels(
        c1="source kind article", none="case subject_type subject_id unit person stage at"
    )

    case = models.ForeignKey(AuthorityCase, models.PROTECT, null=True, related_name="recusals")
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=RecusalStage)
    source = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)
    article = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "person", "stage", "source", "kind"],
                name="recusal_logged_once",
            )
        ]

    def __str__(self) -> str:
        return f"recusal {self.pk}"
