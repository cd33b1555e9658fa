"""Quarterly reports: drafts, the month-end versions each was made from, and its files."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.errors import WrongState
from core.models import Job, StoredFile
from core.months import quarter_text
from ledger.models import FinanceBatch
from organization.models import Staff
from postloss.models import MonthEnd
from reporting.enums import PackFile, ReportState
from reporting.states import next_state


def _done(name: str) -> Q:
    return Q(**{f"{name}_by__isnull": False, f"{name}_at__isnull": False})


def _not_done(name: str) -> Q:
    return Q(**{f"{name}_by__isnull": True, f"{name}_at__isnull": True})


class QuarterlyReport(models.Model):
    """Draft N of a quarter: frozen with what it was made from. Source: POST-06d, HQ-45.

    `drafted_by` is empty where a command made the draft; reviewed and released have names.
    """

    quarter = models.DateField(help_text="first day of the quarter")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    month_ends = models.ManyToManyField(MonthEnd, through="ReportMonth", related_name="+")
    finance_batches = models.ManyToManyField(FinanceBatch, related_name="+")
    in_force_since = models.DateField(help_text="first month that was ever closed")
    parameters = models.JSONField(help_text="as they stood")
    figures_sha256 = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    review_remark = models.TextField(blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    release_remark = models.TextField(blank=True)

    data_levels = levels(
        c1=(
            "quarter number month_ends finance_batches in_force_since parameters "
            "figures_sha256 review_remark release_remark"
        ),
        none="state job drafted_by drafted_at reviewed_by reviewed_at released_by released_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "number"], name="quarterlyreport_number"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="quarterlyreport_quarter_is_first_day",
            ),
            models.CheckConstraint(
                condition=(Q(state=ReportState.DRAFT) & _not_done("reviewed"))
                | (~Q(state=ReportState.DRAFT) & _done("reviewed")),
                name="quarterlyreport_reviewed_has_author",
            ),
            models.CheckConstraint(
                condition=(Q(state=ReportState.RELEASED) & _done("released"))
                | (~Q(state=ReportState.RELEASED) & _not_done("released")),
                name="quarterlyreport_released_has_author",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(reviewed_by=F("drafted_by")),
                name="quarterlyreport_drafter_is_not_reviewer",
                violation_error_message=_("Each step is taken by a different person."),
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | (
                    ~Q(released_by=F("reviewed_by"))
                    & (Q(drafted_by__isnull=True) | ~Q(released_by=F("drafted_by")))
                ),
                name="quarterlyreport_releaser_is_another",
                violation_error_message=_("Each step is taken by a different person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{quarter_text(self.quarter)} #{self.number}"

    @property
    def quarter_text(self) -> str:
        return quarter_text(self.quarter)

    def review(self, *, by: Staff, at: dt.datetime, remark: str) -> None:
        self._step("review")
        self.reviewed_by, self.reviewed_at, self.review_remark = by, at, remark

    def release(self, *, by: Staff, at: dt.datetime, remark: str) -> None:
        self._step("release")
        self.released_by, self.released_at, self.release_remark = by, at, remark

    def _step(self, action: str) -> None:
        following = next_state(self.state, action)
        if following is None:
            raise WrongState(
                "report_wrong_state",
                _("This report is %(state)s; the step is not possible now.")
                % {"state": self.get_state_display()},
            )
        self.state = following


class ReportMonth(models.Model):
    """A month-end version that a report was made from: of its quarter, or for comparison."""

    report = models.ForeignKey(QuarterlyReport, models.PROTECT, related_name="months")
    month_end = models.ForeignKey(MonthEnd, models.PROTECT, related_name="+")
    is_of_quarter = models.BooleanField()

    data_levels = levels(c1="report month_end is_of_quarter")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "month_end"], name="reportmonth_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.month_end_id}"


class ReportFile(models.Model):
    """A file of the pack as it stood when the report was drafted or released. Never replaced."""

    report = models.ForeignKey(QuarterlyReport, models.PROTECT, related_name="files")
    state = models.CharField(max_length=10, choices=ReportState)
    name = models.CharField(max_length=20, choices=PackFile)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    data_levels = levels(c1="report state name stored")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "state", "name"], name="reportfile_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.name}"
