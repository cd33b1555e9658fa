"""What persons ask of their data."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from core.data_levels import levels
from organization.models import Staff
from parties.enums import AnswerKind, PersonRequestState, RequestKind
from parties.errors import WrongState
from parties.models.exports import Export
from parties.models.identities import Party
from parties.states import next_state


class PersonRequest(models.Model):
    """A person's request about their own data, with a clock. Source: PIPL 44-50, HQ-25."""

    kind = models.CharField(max_length=10, choices=RequestKind)
    state = models.CharField(
        max_length=12, choices=PersonRequestState, default=PersonRequestState.RECEIVED
    )
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="requests")
    document_index = models.BinaryField(max_length=32, help_text="finds the person again")
    channel = models.CharField(max_length=80, help_text="how it came in")
    received_on = models.DateField()
    due_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    identity_note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=AnswerKind, blank=True)
    answer_reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    copy = models.ForeignKey(Export, models.PROTECT, null=True, related_name="+")

    data_levels = levels(
        c2="party document_index",
        c1="kind channel identity_note answer answer_reason copy",
        none="state received_on due_on entered_by entered_at checked_by checked_at answered_by"
        " answered_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=PersonRequestState.ANSWERED,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    answer__gt="",
                    answer_reason__gt="",
                )
                | (
                    ~Q(state=PersonRequestState.ANSWERED)
                    & Q(answered_by__isnull=True, answered_at__isnull=True, answer="")
                ),
                name="personrequest_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=PersonRequestState.RECEIVED,
                    checked_by__isnull=True,
                    checked_at__isnull=True,
                )
                | (
                    ~Q(state=PersonRequestState.RECEIVED)
                    & Q(checked_by__isnull=False, checked_at__isnull=False, identity_note__gt="")
                ),
                name="personrequest_identity_checked",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("received_on")),
                name="personrequest_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="personrequest_due")]

    def __str__(self) -> str:
        return f"request {self.pk}"

    def verify(self, *, by: Staff, at: dt.datetime, note: str) -> None:
        self._step("verify")
        self.checked_by, self.checked_at, self.identity_note = by, at, note

    def turn_away(self, *, by: Staff, at: dt.datetime, note: str) -> None:
        self._step("turn_away")
        self.checked_by, self.checked_at, self.identity_note = by, at, note

    def give_answer(self, *, by: Staff, at: dt.datetime, answer: str, reason: str) -> None:
        self._step("answer")
        self.answered_by, self.answered_at = by, at
        self.answer, self.answer_reason = answer, reason

    def _step(self, action: str) -> None:
        following = next_state(self.state, action)
        if following is None:
            raise WrongState(
                "request_wrong_state",
                _("This request is %(state)s; the step is not possible now.")
                % {"state": self.get_state_display()},
            )
        self.state = following
