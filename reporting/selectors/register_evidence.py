"""What evidence packs of the registers hold. Source: EVID-03, POST-34, PRE-45b, section 4.

What people wrote goes through the sieve first: numbers of persons leave masked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import Missing
from core.evidence import PackContent, Section
from core.evidence.parts import copy_of, instant_text, table
from core.masking import scrub
from core.models import RegulatoryParameter, StoredFile
from core.selectors.parameters import parameter_history
from core.shipped import shipped, value_words
from organization.models import Staff
from reporting.models import Finding, Incident, Inspection, PolicyDocument, SelfCheck
from reporting.permissions import check_see_governance
from reporting.selectors.incidents import incident_of
from reporting.selectors.policies import policy_of
from reporting.selectors.self_checks import finding_of, inspection_of, self_check_of


def provable_incident(person: Staff, pk: int, _as_of: dt.date) -> Incident:
    """Return an incident of the person's scope. Raises `Missing` as `incident_of` does."""
    return incident_of(staff=person, pk=pk)


def provable_self_check(person: Staff, pk: int, _as_of: dt.date) -> SelfCheck:
    """Return a self-check of the person's scope. Raises `Missing` as `self_check_of` does."""
    return self_check_of(staff=person, pk=pk)


def provable_finding(person: Staff, pk: int, _as_of: dt.date) -> Finding:
    """Return a finding of the person's scope. Raises `Missing` as `finding_of` does."""
    return finding_of(staff=person, pk=pk)


def provable_inspection(person: Staff, pk: int, _as_of: dt.date) -> Inspection:
    """Return an inspection of the person's scope. Raises `Missing` as `inspection_of` does."""
    return inspection_of(staff=person, pk=pk)


def provable_policy(person: Staff, pk: int, _as_of: dt.date) -> PolicyDocument:
    """Return a policy. Raises `Missing` as `policy_of` does."""
    return policy_of(staff=person, pk=pk)


def provable_parameter(person: Staff, pk: int, _as_of: dt.date) -> RegulatoryParameter:
    """Return one value of a parameter.

    Raises:
        Missing: there is none.
    """
    check_see_governance(person)
    found = RegulatoryParameter.objects.filter(pk=pk).first()
    if found is None:
        raise Missing("parameter_missing", _("There is no such parameter."))
    return found


def incident_title(incident: Incident) -> str:
    """Name an incident in one line."""
    return f"{_('Incident')} #{incident.pk} · {incident.get_kind_display()}"


def incident_pack(incident: Incident) -> PackContent:
    """Return an incident with its story, its clocks and the files that show its steps."""
    steps = incident.steps.select_related("evidence").order_by("at", "pk")
    story = [
        (
            instant_text(step.at),
            str(step.get_action_display()),
            str(step.by_id or ""),
            scrub(step.text),
            step.evidence.sha256 if step.evidence else "",
        )
        for step in steps
    ]
    header = [_("Time"), _("Action"), _("Staff no."), _("Remark"), "SHA-256"]
    clocks = [
        (str(each.get_kind_display()), instant_text(each.due_at), instant_text(each.stopped_at))
        for each in incident.clocks.order_by("due_at")
    ]
    return PackContent(
        title=incident_title(incident),
        facts=[
            (_("Kind"), incident.get_kind_display()),
            (_("Grade of the incident"), incident.get_grade_display()),
            (_("Unit"), incident.unit.name),
            (_("Found at"), instant_text(incident.found_at)),
            (_("What happened"), scrub(incident.account)),
            (_("Contained"), instant_text(incident.contained_at)),
            (_("Closed"), instant_text(incident.closed_at)),
            (_("Lessons"), scrub(incident.lessons)),
        ],
        subjects=[incident],
        sections=[
            Section(_("Story"), header, story),
            Section(_("Clocks"), [_("Kind"), _("Due"), _("Reported")], clocks),
        ],
        artefacts=[
            table("steps.csv", header, story),
            *_copies((step.pk, step.evidence) for step in steps),
        ],
    )


def self_check_title(check: SelfCheck) -> str:
    """Name a self-check in one line."""
    return f"{_('Self-check')} {check.questionnaire.period} · {check.unit.name}"


def self_check_pack(check: SelfCheck) -> PackContent:
    """Return a self-check with its answers and the files behind them."""
    answers = check.answers.select_related("question", "evidence").order_by("question__number")
    header = [_("No."), _("Question"), _("Answer"), _("Remark"), "SHA-256"]
    rows = [
        (
            str(each.question.number),
            each.question.text,
            str(each.get_answer_display()),
            scrub(each.remark),
            each.evidence.sha256 if each.evidence else "",
        )
        for each in answers
    ]
    return PackContent(
        title=self_check_title(check),
        facts=[
            (_("Questionnaire"), check.questionnaire.title),
            (_("Period"), check.questionnaire.period),
            (_("Unit"), check.unit.name),
            (_("Due"), check.due_on.isoformat()),
            (_("Submitted"), _signature(check.submitted_by_id, check.submitted_at)),
            (_("Signed off"), _signature(check.signed_by_id, check.signed_at)),
        ],
        subjects=[check, check.questionnaire, *check.findings.order_by("pk")],
        sections=[Section(_("Answers"), header, rows)],
        artefacts=[
            table("answers.csv", header, rows),
            *_copies((each.pk, each.evidence) for each in answers),
        ],
    )


def finding_title(finding: Finding) -> str:
    """Name a finding in one line."""
    return f"{_('Finding')} #{finding.pk} · {finding.unit.name}"


def finding_pack(finding: Finding) -> PackContent:
    """Return a finding, how it was put right, and the file that shows it."""
    return PackContent(
        title=finding_title(finding),
        facts=[
            (_("Finding"), scrub(finding.title)),
            (_("Severity"), finding.get_severity_display()),
            (_("Unit"), finding.unit.name),
            (_("Due"), finding.due_on.isoformat()),
            (_("How it was put right"), scrub(finding.rectification)),
            (_("Put right"), _signature(finding.rectified_by_id, finding.rectified_at)),
            (_("Verified"), _signature(finding.verified_by_id, finding.verified_at)),
        ],
        subjects=[finding],
        artefacts=_copies([(finding.pk, finding.evidence)]),
    )


def inspection_title(inspection: Inspection) -> str:
    """Name an inspection in one line."""
    return f"{_('Inspection')} #{inspection.pk} · {inspection.unit.name}"


def inspection_pack(inspection: Inspection) -> PackContent:
    """Return an inspection with its report and its findings."""
    found = list(inspection.findings.order_by("pk"))
    rows = [
        (
            str(each.pk),
            str(each.get_severity_display()),
            scrub(each.title),
            each.due_on.isoformat(),
            instant_text(each.verified_at),
        )
        for each in found
    ]
    header = [_("No."), _("Severity"), _("Finding"), _("Due"), _("Verified")]
    return PackContent(
        title=inspection_title(inspection),
        facts=[
            (_("Title"), inspection.title),
            (_("Unit"), inspection.unit.name),
            (_("Planned"), inspection.planned_on.isoformat()),
            (_("Done"), inspection.done_on.isoformat() if inspection.done_on else ""),
            (_("Conclusion"), scrub(inspection.conclusion)),
        ],
        subjects=[inspection, *found],
        sections=[Section(_("Findings"), header, rows)],
        artefacts=[
            table("findings.csv", header, rows),
            *_copies([(inspection.pk, inspection.report)]),
        ],
    )


def policy_title(policy: PolicyDocument) -> str:
    """Name a policy in one line."""
    return f"{_('Policy')} {policy.code} · {policy.title}"


def policy_pack(policy: PolicyDocument) -> PackContent:
    """Return a policy with every version: its file, its days, who drafted and who published it."""
    versions = list(policy.versions.select_related("stored").order_by("number"))
    header = [_("Version"), _("State"), _("Valid from"), _("Drafted"), _("Published"), "SHA-256"]
    rows = [
        (
            str(each.number),
            str(each.get_status_display()),
            each.effective_from.isoformat(),
            _signature(each.drafted_by_id, each.drafted_at),
            _signature(each.published_by_id, each.published_at),
            each.stored.sha256,
        )
        for each in versions
    ]
    return PackContent(
        title=policy_title(policy),
        facts=[
            (_("Code"), policy.code),
            (_("Title"), policy.title),
            (_("Kind"), policy.get_kind_display()),
            (_("Owner department"), policy.owner_department),
        ],
        subjects=[policy, *versions],
        sections=[Section(_("Versions"), header, rows)],
        artefacts=[
            table("versions.csv", header, rows),
            *_copies((f"v{each.number}", each.stored) for each in versions),
        ],
    )


def parameter_title(row: RegulatoryParameter) -> str:
    """Name a value of a parameter in one line."""
    return f"{_('Parameter')} {row.name} · {row.valid_from.isoformat()}"


def parameter_pack(row: RegulatoryParameter) -> PackContent:
    """Return a value with every other that its name had: who proposed and who approved each."""
    history = list(parameter_history(name=row.name))
    header = [_("No."), _("Value"), _("Valid from"), _("State"), _("Source"), _("Proposed"),
              _("Approved")]  # fmt: skip
    rows = [
        (
            str(each.pk),
            f"{value_words(each.value)} {shipped(each.unit)}".strip(),
            each.valid_from.isoformat(),
            str(each.get_status_display()),
            shipped(each.source),
            _signature(each.proposed_by_id, each.proposed_at),
            _signature(each.approved_by_id, each.approved_at),
        )
        for each in history
    ]
    return PackContent(
        title=parameter_title(row),
        facts=[
            (_("Name"), row.name),
            (_("Value"), f"{value_words(row.value)} {shipped(row.unit)}".strip()),
            (_("Valid from"), row.valid_from.isoformat()),
            (_("State"), row.get_status_display()),
            (_("Source"), shipped(row.source)),
            (_("Reason"), scrub(row.reason)),
        ],
        subjects=[row, *(each for each in history if each.pk != row.pk)],
        sections=[Section(_("Values so far"), header, rows)],
        artefacts=[table("history.csv", header, rows)],
    )


def _copies(found: Iterable[tuple[object, StoredFile | None]]) -> list:
    return [copy_of(stored, of=of) for of, stored in found if stored is not None]


def _signature(person: int | None, at: dt.datetime | None) -> str:
    return f"{_('Staff no.')} {person} · {instant_text(at)}" if person else ""
