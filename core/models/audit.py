"""Who did what, and its place in the chain."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models

from core.data_levels import levels
from core.models.functions import TransactionNumber


class AuditRecord(models.Model):
    """Who did what to which object, when and why. Rows are appended only (database trigger).

    `digest` is the hash of the canonical content; a deferred trigger gives the record its place in
    the chain when the transaction commits. Source: CRM-34, EVID-02, EVID-04, EVID-08.
    """

    stream = models.CharField(max_length=20, default="audit")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    request = models.CharField(max_length=64, blank=True, help_text="id of the request or job")
    source = models.CharField(max_length=200, blank=True, help_text="method, path and device")
    algorithm = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=TransactionNow(), help_text="by the database")
    transaction = models.BigIntegerField(db_default=TransactionNumber())

    data_levels = levels(
        c1="by object_id reason detail source",
        none="stream at action object_type request algorithm digest recorded_at transaction",
    )

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_object"),
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["by", "-at"], name="audit_by"),
            models.Index(fields=["request"], condition=~models.Q(request=""), name="audit_request"),
            models.Index(fields=["transaction"], name="audit_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class ChainLink(models.Model):
    """The place of an audit record in the chain: number without gaps, hash over the one before."""

    stream = models.CharField(max_length=20)
    number = models.PositiveBigIntegerField()
    record = models.OneToOneField(AuditRecord, models.PROTECT, related_name="link")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    data_levels = levels(none="stream number record previous hash")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="chainlink_one_per_number"),
            models.UniqueConstraint(fields=["stream", "previous"], name="chainlink_no_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.number}"


class RowChange(models.Model):
    """A row before and after one change, written by a trigger of the watched table.

    Who, why and by which request stand in the audit record of the same transaction. Columns that
    hold secrets, sealed values or personal data are left out. Source: CRM-34.
    """

    table = models.CharField(max_length=80)
    row_id = models.CharField(max_length=80)
    verb = models.CharField(max_length=6)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    transaction = models.BigIntegerField(db_default=TransactionNumber())

    data_levels = levels(c1="row_id before after", none="table verb recorded_at transaction")

    class Meta:
        indexes = [
            models.Index(fields=["table", "row_id", "-id"], name="rowchange_row"),
            models.Index(fields=["transaction"], name="rowchange_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.table} {self.row_id}"
