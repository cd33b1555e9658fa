"""Signed heads of the chain, keys, receipts of anchors, evidence packs and checks by strangers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.enums import AnchorKind
from core.models.files import StoredFile
from core.models.jobs import Job


class SigningKey(models.Model):
    """The public half of a key that has signed heads or packs. Kept for good. Source: EVID-13."""

    key_id = models.CharField(max_length=20, unique=True)
    algorithm = models.CharField(max_length=10, default="ed25519")
    public_key = models.CharField(max_length=64)
    since = models.DateTimeField()

    data_levels = levels(none="key_id algorithm public_key since")

    def __str__(self) -> str:
        return self.key_id


class SignedHead(models.Model):
    """The Merkle root over a stretch of the chain, with its end, signed and kept elsewhere too.

    Appended only (database trigger). `statement` is the canonical text that was signed.
    Source: EVID-05.
    """

    stream = models.CharField(max_length=20)
    serial = models.PositiveIntegerField()
    first_number = models.PositiveBigIntegerField()
    last_number = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    statement = models.TextField()
    signature = models.CharField(max_length=128)
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    data_levels = levels(
        none="stream serial first_number last_number root statement signature key made_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "serial"], name="signedhead_serial"),
            models.UniqueConstraint(fields=["stream", "first_number"], name="signedhead_stretch"),
            models.CheckConstraint(
                condition=Q(last_number__gte=F("first_number")), name="signedhead_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream} #{self.serial}"


class AnchorReceipt(models.Model):
    """What an anchor outside answered to a head's root. Source: EVID-05, EVID-07."""

    head = models.ForeignKey(SignedHead, models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=10, choices=AnchorKind)
    receipt = models.BinaryField()
    attested_at = models.DateTimeField(null=True, help_text="the instant that the anchor states")
    made_at = models.DateTimeField()

    data_levels = levels(none="head kind receipt attested_at made_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["head", "kind"], name="anchorreceipt_one_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.head_id} {self.kind}"


class EvidencePack(models.Model):
    """A pack that proves an object to somebody who has no Xinbao; made by a job.

    `released_until` opens it to regulators, by somebody else than asked for it.
    Source: EVID-03, HQ-47.
    """

    code = models.CharField(max_length=20, unique=True, help_text="what a stranger types in")
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    released_until = models.DateField(null=True)

    data_levels = levels(
        c1="object_id title reason asked_by released_by",
        none="code object_type asked_at job stored made_at released_at released_until",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stored__isnull=True, made_at__isnull=True)
                | Q(stored__isnull=False, made_at__isnull=False),
                name="evidencepack_made_has_file",
            ),
            models.CheckConstraint(
                condition=Q(
                    released_by__isnull=True, released_at__isnull=True, released_until__isnull=True
                )
                | Q(
                    released_by__isnull=False,
                    released_at__isnull=False,
                    released_until__isnull=False,
                    stored__isnull=False,
                ),
                name="evidencepack_released_has_author",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("asked_by")),
                name="evidencepack_asker_is_not_releaser",
                violation_error_message=_("Each step is taken by a different person."),
            ),
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="evidencepack_object"),
            models.Index(fields=["-asked_at"], name="evidencepack_newest"),
        ]

    def __str__(self) -> str:
        return self.code


class PackEntry(models.Model):
    """A file of a pack (or the pack itself) by its hash, for the check by strangers."""

    pack = models.ForeignKey(EvidencePack, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=20, help_text="of the pack, which a stranger cannot read")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    data_levels = levels(c1="name", none="pack code size sha256")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "name"], name="packentry_once")]
        indexes = [models.Index(fields=["code", "sha256"], name="packentry_hash")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.name}"


class PublicCheck(models.Model):
    """A check by a stranger: when, from which address (keyed digest only), and the answer.

    Source: EVID-14, EVID-15.
    """

    at = models.DateTimeField()
    address_digest = models.CharField(max_length=64)
    pack = models.ForeignKey(EvidencePack, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    is_match = models.BooleanField()

    data_levels = levels(c1="address_digest", none="at pack sha256 is_match")

    class Meta:
        indexes = [models.Index(fields=["address_digest", "-at"], name="publiccheck_address")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.is_match}"
