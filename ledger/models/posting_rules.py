"""Posting rules: which event goes to which accounts, version by version."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.errors import WrongState
from ledger.enums import LedgerEvent, RuleStatus


class PostingRule(models.Model):
    """A version of the rule of an event, in force from a business date once another approved it.

    `lines` is a list of {side, account, amount}, where `amount` names an amount of the event.
    """

    event = models.CharField(max_length=30, choices=LedgerEvent)
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    lines = models.JSONField()
    status = models.CharField(max_length=10, choices=RuleStatus, default=RuleStatus.PROPOSED)
    reason = models.TextField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, default="")

    data_levels = levels(
        c1="lines reason remark",
        none="event version valid_from status proposed_by proposed_at decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "version"], name="postingrule_version_once"),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(status=RuleStatus.PROPOSED),
                name="postingrule_one_proposal_per_event",
                violation_error_message=_("A rule of this event awaits approval already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="postingrule_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a posting rule does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status=RuleStatus.PROPOSED, decided_at__isnull=True)
                | (~Q(status=RuleStatus.PROPOSED) & Q(decided_at__isnull=False)),
                name="postingrule_decided_has_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["event", "-valid_from", "-version"],
                condition=Q(status=RuleStatus.APPROVED),
                name="postingrule_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.version}"

    def decide(self, status: RuleStatus, *, by, at, remark: str) -> None:
        if self.status != RuleStatus.PROPOSED:
            raise WrongState("rule_decided", _("This posting rule no longer awaits approval."))
        self.status, self.remark = status, remark
        self.decided_by, self.decided_at = by, at
