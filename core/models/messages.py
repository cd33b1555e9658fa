"""Messages: approved words, what was sent to whom, how it arrived, and what is not wanted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from core.enums import DeliveryOutcome, MessageChannel, MessageStatus, TemplateStatus

OPEN = [MessageStatus.WAITING, MessageStatus.SENDING]


class MessageTemplate(models.Model):
    """A version of the words of a message in one channel and language; in force from a day.

    Only declared placeholders, nothing is evaluated. Words never change after they were proposed
    (database trigger): a correction is a new version. Source: issue 3, A11.
    """

    code = models.CharField(max_length=60)
    channel = models.CharField(max_length=6, choices=MessageChannel)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=120)
    body = models.TextField()
    placeholders = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    valid_from = models.DateField()
    status = models.CharField(
        max_length=10, choices=TemplateStatus, default=TemplateStatus.PROPOSED
    )
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_remark = models.TextField(blank=True)

    data_levels = levels(
        c1="subject body reason decision_remark",
        none="code channel language version placeholders valid_from status proposed_by proposed_at"
        " decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "channel", "language", "version"],
                name="messagetemplate_one_per_version",
                violation_error_message=_("Somebody else proposed this version just now."),
            ),
            models.UniqueConstraint(
                fields=["code", "channel", "language"],
                condition=Q(status=TemplateStatus.PROPOSED),
                name="messagetemplate_one_proposal",
                violation_error_message=_("A proposal waits already; decide on that one first."),
            ),
            models.CheckConstraint(
                condition=Q(status=TemplateStatus.PROPOSED) ^ Q(decided_at__isnull=False),
                name="messagetemplate_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="messagetemplate_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a template does not decide on it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.channel} {self.language} v{self.version}"


class MessageAddress(models.Model):
    """Where a colleague is reached outside the application. Sealed."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="message_addresses"
    )
    channel = models.CharField(max_length=6, choices=MessageChannel)
    sealed_address = models.BinaryField()
    changed_at = models.DateTimeField()

    data_levels = levels(c2="sealed_address", none="person channel changed_at")
    sealed_by = sealed_by(sealed_address="person_id channel")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel"], name="messageaddress_one_per_channel"
            ),
            models.CheckConstraint(
                condition=~Q(channel=MessageChannel.IN_APP), name="messageaddress_is_outside"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class MessageOptOut(models.Model):
    """A kind of message that a person, or an address outside, does not want. Source: CRM-13."""

    code = models.CharField(max_length=60)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="message_opt_outs"
    )
    address_index = models.BinaryField(null=True)
    since = models.DateTimeField()

    data_levels = levels(c2="address_index", none="code person since")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(address_index__isnull=False),
                name="messageoptout_is_of_somebody",
            ),
            models.UniqueConstraint(fields=["code", "person"], name="messageoptout_person_once"),
            models.UniqueConstraint(
                fields=["code", "address_index"], name="messageoptout_address_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Message(models.Model):
    """One message to one recipient: the version of the words, and the sealed values in them.

    The number is made here and not by the database, so that a page may send to whom it cannot see.
    With a key it follows from template, recipient and key: the same is never sent twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=6, choices=MessageChannel)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages"
    )
    sealed_address = models.BinaryField(null=True)
    address_index = models.BinaryField(null=True)
    sealed_values = models.BinaryField()
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=300, blank=True, help_text="a page of ours")
    key = models.CharField(max_length=200, blank=True)
    is_urgent = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=MessageStatus)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    data_levels = levels(
        c2="sealed_address address_index sealed_values",
        c1="subject_id url key",
        none="id template channel to subject_type is_urgent status created_at not_before"
        " settled_at read_at",
    )
    sealed_by = sealed_by(sealed_address="id", sealed_values="id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to__isnull=False) | Q(address_index__isnull=False),
                name="message_is_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(channel=MessageChannel.IN_APP, sealed_address__isnull=True)
                | (~Q(channel=MessageChannel.IN_APP) & Q(sealed_address__isnull=False)),
                name="message_outside_has_address",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN) ^ Q(settled_at__isnull=False),
                name="message_settled_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to", "-created_at"],
                condition=Q(channel=MessageChannel.IN_APP),
                name="message_mine",
            ),
            models.Index(
                fields=["to"],
                condition=Q(
                    channel=MessageChannel.IN_APP,
                    status=MessageStatus.DELIVERED,
                    read_at__isnull=True,
                ),
                name="message_unread",
            ),
            models.Index(fields=["-created_at"], name="message_newest"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Delivery(models.Model):
    """One word about one attempt to deliver a message. Rows are appended only (trigger).

    Each has its audit record, so the receipt of a channel is evidence.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    attempt = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=DeliveryOutcome)
    carrier = models.CharField(max_length=40, blank=True)
    receipt = models.CharField(max_length=200, blank=True, help_text="the channel's own number")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    remark = models.TextField(blank=True)

    data_levels = levels(c1="remark", none="id message attempt outcome carrier receipt by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "attempt", "outcome"], name="delivery_said_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.attempt} {self.outcome}"


class OutboxEntry(models.Model):
    """A thing to be told to the outside, written with what caused it. Numbers alone.

    Source: architecture rule 7; safety.md R4, I6.
    """

    topic = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    data_levels = levels(none="topic subject due_at attempts created_at done_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "subject"],
                condition=Q(done_at__isnull=True),
                name="outbox_one_open_per_subject",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at__isnull=True), name="outbox_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"
