"""Self-checks of the branches, inspections by the head office, and the findings of both."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.models import StoredFile
from organization.models import Unit
from reporting.enums import AnswerKind, FindingSeverity
from reporting.models.signed import author, signed_together


class Questionnaire(models.Model):
    """The questions of one period, put to units until a day. Source: POST-34d."""

    title = models.CharField(max_length=200)
    period = models.CharField(max_length=20)
    due_on = models.DateField()
    opened_by = author(null=False)
    opened_at = models.DateTimeField()

    data_levels = levels(none="title period due_on opened_by opened_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "period"], name="questionnaire_once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.period}"


class Question(models.Model):
    """One question, with the requirement or article behind it."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=120, blank=True)

    data_levels = levels(none="questionnaire number text source")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="question_number")
        ]

    def __str__(self) -> str:
        return self.text


class SelfCheck(models.Model):
    """The questionnaire of one unit: submitted by one person, signed off by another."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="self_checks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    due_on = models.DateField()
    submitted_by = author()
    submitted_at = models.DateTimeField(null=True)
    signed_by = author()
    signed_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    data_levels = levels(
        none="questionnaire unit due_on submitted_by submitted_at signed_by signed_at escalated_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "unit"], name="selfcheck_once"),
            signed_together(model="selfcheck", name="submitted"),
            signed_together(model="selfcheck", name="signed"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(submitted_at__isnull=False),
                name="selfcheck_signed_after_submitted",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("submitted_by")),
                name="selfcheck_maker_is_not_checker",
                violation_error_message=_("Whoever answers a self-check does not sign it off."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.unit_id}"


class Answer(models.Model):
    """One answer with what proves it."""

    self_check = models.ForeignKey(SelfCheck, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=16, choices=AnswerKind)
    remark = models.TextField(blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    answered_by = author(null=False)
    answered_at = models.DateTimeField()

    data_levels = levels(
        c1="answer remark evidence", none="self_check question answered_by answered_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["self_check", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.answer}"


class Inspection(models.Model):
    """A planned inspection of a unit by the head office, and what came of it.

    Source: POST-34b, POST-34c.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    planned_on = models.DateField()
    lead = author(null=False)
    planned_by = author(null=False)
    planned_at = models.DateTimeField()
    done_on = models.DateField(null=True)
    conclusion = models.TextField(blank=True)
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    recorded_by = author()
    recorded_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="conclusion report",
        none="unit title planned_on lead planned_by planned_at done_on recorded_by recorded_at",
    )

    class Meta:
        constraints = [
            signed_together(model="inspection", name="recorded"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, recorded_at__isnull=True)
                | (Q(done_on__isnull=False, recorded_at__isnull=False) & ~Q(conclusion="")),
                name="inspection_done_has_conclusion",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """What a self-check or an inspection found: owner, due day, rectification, verification."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    self_check = models.ForeignKey(SelfCheck, models.PROTECT, null=True, related_name="findings")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="findings")
    title = models.CharField(max_length=500)
    severity = models.CharField(max_length=8, choices=FindingSeverity)
    owner = author(null=False)
    due_on = models.DateField()
    raised_by = author(null=False)
    raised_at = models.DateTimeField()
    rectified_by = author()
    rectified_at = models.DateTimeField(null=True)
    rectification = models.TextField(blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    verified_by = author()
    verified_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="title rectification evidence",
        none="unit self_check inspection severity owner due_on raised_by raised_at rectified_by"
        " rectified_at verified_by verified_at escalated_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(self_check__isnull=False) ^ Q(inspection__isnull=False),
                name="finding_has_one_source",
            ),
            signed_together(model="finding", name="rectified"),
            signed_together(model="finding", name="verified"),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(rectified_at__isnull=False),
                name="finding_verified_after_rectified",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("rectified_by")),
                name="finding_maker_is_not_checker",
                violation_error_message=_("Whoever rectifies a finding does not verify it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
