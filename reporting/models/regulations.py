"""The regulations that rules cite, their articles, and when somebody last checked them."""

from django.db import models

from core.data_levels import levels
from reporting.enums import RegulationStanding
from reporting.models.signed import author


class Regulation(models.Model):
    """A text of a regulator or of the law. Source: HQ-46."""

    code = models.SlugField(max_length=40, unique=True, help_text="as code cites it")
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    data_levels = levels(none="code title number issuer issued_on effective_on note")

    def __str__(self) -> str:
        return self.title


class RegulationArticle(models.Model):
    """One article, so that a rule can cite a row."""

    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="articles")
    article = models.CharField(max_length=40)
    about = models.CharField(max_length=300)

    data_levels = levels(none="regulation article about")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["regulation", "article"], name="regulationarticle_once")
        ]

    def __str__(self) -> str:
        return f"{self.regulation_id} {self.article}"


class RegulationCheck(models.Model):
    """Somebody looked whether a regulation still stands as we know it. Rows are appended only."""

    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="checks")
    standing = models.CharField(max_length=10, choices=RegulationStanding)
    looked_at = models.CharField(max_length=300, help_text="where")
    remark = models.TextField(blank=True)
    checked_by = author(null=False)
    checked_at = models.DateTimeField()

    data_levels = levels(c1="remark", none="regulation standing looked_at checked_by checked_at")

    def __str__(self) -> str:
        return f"{self.regulation_id} {self.standing}"
