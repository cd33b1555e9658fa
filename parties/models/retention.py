"""How long originals are kept, what holds them longer, and the proof that they are gone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.models import StoredFile
from parties.enums import ListStatus, RecordKind, RuleStatus
from parties.models.identities import Party

IN_FORCE = [RuleStatus.UNAPPROVED, RuleStatus.APPROVED]


def _one_subject(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(party__isnull=True) ^ Q(stored__isnull=True), name=name
    )


class RetentionRule(models.Model):
    """How many years a kind of record is kept from the end of its contract. Source: PRE-10a-d.

    Proposed by one person, approved by another; what was decided on is never edited (database
    trigger). A change is a new row from a day on.
    """

    kind = models.CharField(max_length=20, choices=RecordKind)
    short_years = models.PositiveIntegerField(help_text="term of at most 12 months")
    long_years = models.PositiveIntegerField(help_text="term over 12 months")
    floor_years = models.PositiveIntegerField(default=0, help_text="another law's longer period")
    dispute_years = models.PositiveIntegerField(help_text="from the end of a dispute")
    valid_from = models.DateField()
    source = models.CharField(max_length=300)
    status = models.CharField(max_length=12, choices=RuleStatus, default=RuleStatus.UNAPPROVED)
    reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True)

    data_levels = levels(
        c1="kind short_years long_years floor_years dispute_years source reason remark",
        none="valid_from status proposed_by proposed_at decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from", "status"],
                condition=Q(status__in=IN_FORCE),
                name="retentionrule_start",
                violation_error_message=_("A rule of this kind begins on this day already."),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(status=RuleStatus.PROPOSED),
                name="retentionrule_one_proposal",
                violation_error_message=_("A proposal for this kind waits for its decision."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=RuleStatus.UNAPPROVED,
                    proposed_by__isnull=True,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    status=RuleStatus.PROPOSED,
                    proposed_by__isnull=False,
                    proposed_at__isnull=False,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    status__in=[RuleStatus.APPROVED, RuleStatus.REJECTED],
                    proposed_by__isnull=False,
                    proposed_at__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="retentionrule_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="retentionrule_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a rule does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(long_years__gte=F("short_years")), name="retentionrule_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.short_years}/{self.long_years}"


class KeptRecord(models.Model):
    """An original whose contract has ended, with the first day on which it may be deleted.

    An original without a row is still in use and stays. Recomputed every night. Source: HQ-23.
    """

    kind = models.CharField(max_length=20, choices=RecordKind)
    party = models.OneToOneField(Party, models.PROTECT, null=True, related_name="kept")
    stored = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(RetentionRule, models.PROTECT, related_name="+")
    ended_on = models.DateField(help_text="end of the last contract")
    term_months = models.PositiveIntegerField(help_text="the longest term of its contracts")
    disputed_until = models.DateField(null=True)
    retain_until = models.DateField(help_text="first day on which it may be deleted")
    computed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    data_levels = levels(
        c2="party",
        c1="kind stored rule ended_on term_months disputed_until retain_until",
        none="computed_at deleted_at",
    )

    class Meta:
        constraints = [
            _one_subject("keptrecord_one_subject"),
            models.CheckConstraint(
                condition=Q(retain_until__gt=F("ended_on")), name="keptrecord_dates_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["retain_until"], condition=Q(deleted_at__isnull=True), name="keptrecord_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class LegalHold(models.Model):
    """A reason to keep one original whatever its time: a dispute, a recovery, an investigation.

    Lifting writes when the dispute ended; the rows are the history. Source: PRE-10c.
    """

    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="holds")
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=300, blank=True)
    dispute_ended_on = models.DateField(null=True)

    data_levels = levels(
        c2="party",
        c1="stored reason lift_reason dispute_ended_on",
        none="opened_by opened_at lifted_by lifted_at",
    )

    class Meta:
        constraints = [
            _one_subject("legalhold_one_subject"),
            models.CheckConstraint(
                condition=Q(
                    lifted_by__isnull=True,
                    lifted_at__isnull=True,
                    lift_reason="",
                    dispute_ended_on__isnull=True,
                )
                | (
                    Q(
                        lifted_by__isnull=False,
                        lifted_at__gte=F("opened_at"),
                        dispute_ended_on__isnull=False,
                    )
                    & ~Q(lift_reason="")
                ),
                name="legalhold_lifted_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="legalhold_has_reason"),
        ]
        indexes = [
            models.Index(
                fields=["party"], condition=Q(lifted_at__isnull=True), name="legalhold_party_live"
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class DeletionList(models.Model):
    """Originals proposed for deletion by one person and deleted by another's approval."""

    status = models.CharField(max_length=10, choices=ListStatus, default=ListStatus.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True)

    data_levels = levels(
        c1="reason remark", none="status proposed_by proposed_at decided_by decided_at"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="deletionlist_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a deletion does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ListStatus.PROPOSED, decided_by__isnull=True, decided_at__isnull=True
                )
                | (
                    ~Q(status=ListStatus.PROPOSED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="deletionlist_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"deletion {self.pk}"


class DeletionLine(models.Model):
    """One original on a list; once deleted, its tombstone: what it was, by which rule, when.

    Appended and closed once; the database refuses any later change.
    """

    deletion = models.ForeignKey(DeletionList, models.PROTECT, related_name="lines")
    record = models.ForeignKey(KeptRecord, models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=20, choices=RecordKind)
    sha256 = models.CharField(
        max_length=64, help_text="of a file's content, or of an identity's sealed columns"
    )
    size = models.PositiveBigIntegerField()
    rule_text = models.CharField(max_length=300)
    ended_on = models.DateField()
    retain_until = models.DateField()
    is_standing = models.BooleanField(default=True, help_text="false once its list was returned")
    shredded_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="record kind sha256 size rule_text ended_on retain_until",
        none="deletion is_standing shredded_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(is_standing=True),
                name="deletionline_one_list",
                violation_error_message=_("This original is on another list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.deletion_id} {self.kind} {self.record_id}"
