"""What an evidence pack of a warning, a loan or a lender's file holds. Source: EVID-03, EVID-15.

A lender's file holds everybody's names and numbers: of it the hash leaves, never the bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import Missing
from core.evidence import PackContent, Section
from core.evidence.parts import copy_of, instant_text, table
from core.money import from_fen
from core.months import month_text
from organization.enums import UnitKind
from organization.models import Staff
from partners.models import LenderFile
from postloss.enums import WarningAction, WarningState
from postloss.models import RiskWarning
from postloss.selectors.files import findings_by_code
from postloss.selectors.loan_story import loan_of, month_ends_of, statuses_of, terms_of
from postloss.selectors.warnings import observations_of, steps_of, warning_of
from underwriting.models import Loan


def provable_warning(person: Staff, pk: int, _as_of: dt.date) -> RiskWarning:
    """Return a warning of the person's scope. Raises `Missing` as `warning_of` does."""
    return warning_of(staff=person, pk=pk)


def provable_loan(person: Staff, pk: int, as_of: dt.date) -> Loan:
    """Return a loan of the person's scope. Raises `Missing` as `loan_of` does."""
    return loan_of(staff=person, pk=pk, as_of=as_of)


def provable_file(person: Staff, pk: int, _as_of: dt.date) -> LenderFile:
    """Return a lender's file, for somebody of the head office.

    Raises:
        Missing: there is none, or the person is of a branch.
    """
    file = LenderFile.objects.select_related("lender", "stored", "received_by").filter(pk=pk)
    found = file.first() if person.unit.kind == UnitKind.HEAD_OFFICE else None
    if found is None:
        raise Missing("file_missing", _("There is no such file."))
    return found


def warning_title(warning: RiskWarning) -> str:
    """Name a warning in one line."""
    what = warning.get_indicator_display() or warning.get_kind_display()
    return f"{_('Warning')} #{warning.pk} · {what} · {warning.unit.name}"


def warning_pack(warning: RiskWarning) -> PackContent:
    """Return a warning with what each month-end said, its steps and their files."""
    steps = list(steps_of(warning=warning))
    with_file = [step for step in steps if step.evidence_id]
    rows = [
        (
            instant_text(step.at),
            WarningAction(step.action).label,
            WarningState(step.state).label,
            str(step.by_id or ""),
            step.remark,
            step.evidence.sha256 if step.evidence_id else "",
        )
        for step in steps
    ]
    seen = [
        (
            month_text(each.month_end.month),
            str(each.month_end.version),
            each.get_level_display(),
            "" if each.figure_value is None else f"{each.figure_value:.8f}",
            str(each.sample or ""),
        )
        for each in observations_of(warning=warning)
    ]
    header = [_("Time"), _("Action"), _("State"), _("Staff no."), _("Remark"), "SHA-256"]
    months = [_("Month"), _("Version"), _("Level"), _("Figure"), _("Sample")]
    return PackContent(
        title=warning_title(warning),
        facts=[
            (_("Level"), warning.get_level_display()),
            (_("State"), warning.get_state_display()),
            (_("Dimension"), f"{warning.get_dimension_display()} {warning.value}".strip()),
            (_("Responsible"), warning.unit.name),
            (_("Month"), month_text(warning.month)),
            (_("Raised at"), instant_text(warning.raised_at)),
        ],
        subjects=[warning],
        sections=[
            Section(_("Story"), header, rows),
            Section(_("What each month-end said"), months, seen),
        ],
        artefacts=[
            table("steps.csv", header, rows),
            table("observations.csv", months, seen),
            *(copy_of(step.evidence, of=step.pk) for step in with_file),
        ],
    )


def loan_title(loan: Loan) -> str:
    """Name a loan in one line."""
    return f"{_('Loan')} {loan.loan_no} · {loan.lender.name}"


def loan_pack(loan: Loan) -> PackContent:
    """Return a loan's terms, every status with both times and its file and line, and month-ends.

    The obligor is not named: the loan's number is enough to prove what was known when.
    """
    lines, terms = statuses_of(loan=loan), list(terms_of(loan=loan))
    statuses = [
        (
            line.status.as_of.isoformat(),
            line.label,
            str(line.status.days_overdue),
            str(line.status.instalments_overdue),
            str(from_fen(line.status.outstanding_fen)),
            instant_text(line.status.file.recorded_at),
            line.status.file.name,
            str(line.status.line_no),
        )
        for line in lines
    ]
    ends = [
        (
            month_text(row.month_end.month),
            str(row.month_end.version),
            str(from_fen(row.balance_fen)),
        )
        for row in month_ends_of(loan=loan)
    ]
    facts = [
        (
            str(each.principal),
            f"{each.rate:f}",
            str(each.term),
            each.disbursed_on.isoformat(),
            each.maturity_on.isoformat(),
            instant_text(each.file.recorded_at),
            each.file.name,
            str(each.line_no),
        )
        for each in terms
    ]
    known = [_("Known since"), _("File"), _("Line")]
    of_status = [_("As of"), _("Status"), _("Days overdue"), _("Instalments overdue"),
                 _("Outstanding (yuan)"), *known]  # fmt: skip
    of_terms = [_("Principal"), _("Rate"), _("Term"), _("Disbursed on"), _("Maturity"), *known]
    of_month = [_("Month"), _("Version"), _("Outstanding (yuan)")]
    sources = {line.status.file for line in lines} | {each.file for each in terms}
    return PackContent(
        title=loan_title(loan),
        facts=[
            (_("Loan"), loan.loan_no),
            (_("Lender"), loan.lender.name),
            (_("Principal"), str(loan.principal)),
            (_("Disbursed on"), loan.disbursed_on.isoformat()),
            (_("Maturity"), loan.maturity_on.isoformat()),
        ],
        subjects=[loan, *sorted(sources, key=lambda file: file.pk)],
        sections=[
            Section(_("Terms"), of_terms, facts),
            Section(_("Statuses"), of_status, statuses),
        ],
        artefacts=[
            table("statuses.csv", of_status, statuses),
            table("terms.csv", of_terms, facts),
            table("month-ends.csv", of_month, ends),
        ],
        outside=_hashes(sources),
    )


def file_title(file: LenderFile) -> str:
    """Name a lender's file in one line."""
    return f"{_('Lender file')} {file.name} · {file.lender.name}"


def file_pack(file: LenderFile) -> PackContent:
    """Return the counts, findings and hash of a lender's file."""
    header = [_("Level"), _("Finding"), _("Column"), _("Lines")]
    findings = [
        (str(each["level_text"]), str(each["text"]), each["column"] or "", str(each["lines"]))
        for each in findings_by_code(file=file)
    ]
    return PackContent(
        title=file_title(file),
        facts=[
            (_("Lender"), file.lender.name),
            (_("File"), file.name),
            ("SHA-256", file.stored.sha256),
            (_("State"), file.get_state_display()),
            (_("Received at"), instant_text(file.received_at)),
            (_("Known since"), instant_text(file.recorded_at)),
            (_("Lines"), str(file.rows)),
            (_("Accepted"), str(file.accepted)),
            (_("Rejected"), str(file.rejected)),
            (_("Unchanged"), str(file.unchanged)),
        ],
        subjects=[file],
        sections=[Section(_("Findings"), header, findings)],
        artefacts=[table("findings.csv", header, findings)],
        outside=_hashes([file]),
    )


def _hashes(found: Iterable[LenderFile]) -> dict[str, str]:
    ordered = sorted(found, key=lambda file: file.pk)
    return {f"{file.pk}-{file.name}": file.stored.sha256 for file in ordered}
