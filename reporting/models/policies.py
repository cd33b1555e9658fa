"""Policies of the house: owner, division of duties, and versions that two people make."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.models import StoredFile
from reporting.enums import PolicyKind, VersionStatus
from reporting.models.signed import author, done, not_done, signed_together


class PolicyDocument(models.Model):
    """A policy by kind, with its owner department. Source: PRE-26a, PRE-33a, PRE-38b, PRE-45a."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=PolicyKind)
    owner_department = models.CharField(max_length=120)
    division_of_duties = models.TextField()
    created_by = author(null=False)
    created_at = models.DateTimeField()

    data_levels = levels(
        c1="division_of_duties",
        none="code title kind owner_department created_by created_at",
    )

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """One version of a policy: its file, its dates, and where each mandatory clause stands.

    `clauses` maps the code of a mandatory clause to the place where the text says it. In force, it
    is looked over again at a rhythm (parameters `policy.review_…`).
    """

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    clauses = models.JSONField(default=dict)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    drafted_by = author(null=False)
    drafted_at = models.DateTimeField()
    published_by = author()
    published_at = models.DateTimeField(null=True)
    review_due_on = models.DateField(null=True, help_text="looked over again by this day")
    review_asked_at = models.DateTimeField(null=True, help_text="asked, and not yet answered")

    data_levels = levels(
        c1="stored clauses",
        none="document number effective_from effective_to status drafted_by drafted_at"
        " published_by published_at review_due_on review_asked_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="policyversion_number"),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(status=VersionStatus.PUBLISHED),
                name="policyversion_one_published",
            ),
            signed_together(model="policyversion", name="published"),
            models.CheckConstraint(
                condition=(Q(status=VersionStatus.DRAFT) & not_done("published"))
                | (~Q(status=VersionStatus.DRAFT) & done("published")),
                name="policyversion_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
                name="policyversion_maker_is_not_checker",
                violation_error_message=_("Whoever drafts a policy does not publish it."),
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="policyversion_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"
