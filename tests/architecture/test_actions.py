"""Every action of the audit trail has words: the code names it, one list says it in words."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps

from core.audit_words import ACTIONS, OBJECTS
from core.enums import DeliveryOutcome, NoticeStatus, TemplateStatus
from core.evidence import nouns
from core.history import watched
from desk.views import second_factor
from organization.enums import (
    CertificationDecision,
    DecisionOutcome,
    DefinitionStatus,
    GrantStatus,
    PersonnelKind,
    ReleaseStatus,
    ResolutionOutcome,
    UnitChangeKind,
)
from postloss.enums import WarningAction
from products.enums import ClauseStatus, ReviewStatus
from reporting.enums import IncidentAction
from tests.architecture.house import named, sources, tree
from underwriting.enums import CorrectionStatus, PolicyState

# what stands behind the beginning of an action where the code takes it from a column
FOLLOWS = {
    "products.clause_": {*ClauseStatus} - {ClauseStatus.PROPOSED},
    "products.review_": {ReviewStatus.CONFIRMED, ReviewStatus.REFUSED},
    "core.calendar_": {NoticeStatus.APPROVED, NoticeStatus.REJECTED},
    "core.template_": {*TemplateStatus},
    "underwriting.correction_": {CorrectionStatus.APPROVED, CorrectionStatus.REFUSED},
    "organization.access_": {*CertificationDecision} - {CertificationDecision.PENDING},
    "organization.decision_": {*DecisionOutcome},
    "core.message_": {*DeliveryOutcome},
    "organization.grant_": {GrantStatus.APPROVED, GrantStatus.REFUSED},
    "organization.release_": {ReleaseStatus.CONFIRMED, ReleaseStatus.REFUSED},
    "organization.resolution_": {*ResolutionOutcome} - {ResolutionOutcome.OPEN},
    "organization.role_": {DefinitionStatus.APPROVED, DefinitionStatus.REFUSED},
    "organization.staff_": {*PersonnelKind},
    "organization.unit_": {*UnitChangeKind},
    "postloss.warning_": {*WarningAction},
    "reporting.incident_": {*IncidentAction},
    "underwriting.policy_": {*PolicyState} - {PolicyState.IN_FORCE},
    "sign_in.factor_": {"forgotten"}
    | {
        view.change[0] for view in vars(second_factor).values() if getattr(view, "change", ("",))[0]
    },
}


@dataclass(frozen=True)
class Place:
    """A call that records: its module, the function around it, and what it gives as action."""

    module: ast.Module
    around: ast.FunctionDef
    given: ast.expr


Caller = tuple[ast.Module, ast.FunctionDef, ast.Call]


@cache
def calls() -> dict[str, list[Caller]]:
    """Return every call of the house by the name that is called, with the function around it."""
    found: dict[str, list[Caller]] = defaultdict(list)
    for path in sources():
        if named(path) == "core/services/audit.py":
            continue  # passes on what it was given
        for around in ast.walk(tree(path)):
            if isinstance(around, ast.FunctionDef):
                for call in ast.walk(around):
                    if isinstance(call, ast.Call):
                        name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
                        found[name].append((tree(path), around, call))
    return found


def recorded() -> Iterator[Place]:
    for module, around, call in calls()["record_audit"] + calls()["audit_record"]:
        for word in call.keywords:
            if word.arg == "action":
                yield Place(module, around, word.value)


def words_of(place: Place) -> set[str]:
    """Return every action that a call can record."""
    match place.given:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return {a for each in (one, other) for a in words_of(Place(*_of(place), each))}
        case ast.Name(id=name):
            return _named(place, name)
        case ast.JoinedStr(values=[ast.Constant(value=start), ast.FormattedValue(value=tail)]):
            if start in FOLLOWS:
                return {start + each for each in FOLLOWS[start]}
            return {start + each for each in words_of(Place(*_of(place), tail))}
    return set()


def _of(place: Place) -> tuple[ast.Module, ast.FunctionDef]:
    return place.module, place.around


def _named(place: Place, name: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(place.around):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            found |= words_of(Place(*_of(place), node.value))
    parameters = [each.arg for each in place.around.args.args]
    if name not in parameters + [each.arg for each in place.around.args.kwonlyargs]:
        return found
    for module, caller, call in calls()[place.around.name]:
        if module is place.module or place.around.name[0] != "_":
            given = {word.arg: word.value for word in call.keywords}
            given |= dict(zip(parameters, call.args, strict=False))
            found |= words_of(Place(module, caller, given[name]))
    return found


def all_actions() -> set[str]:
    return {action for place in recorded() for action in words_of(place)}


def test_every_call_that_records_can_be_read():
    assert [ast.unparse(each.given) for each in recorded() if not words_of(each)] == []


def test_every_action_of_the_audit_trail_has_words():
    assert sorted(all_actions() - set(ACTIONS)) == []


def test_every_action_with_words_is_recorded_somewhere():
    assert sorted(set(ACTIONS) - all_actions()) == []


def test_every_kind_of_object_that_is_proven_or_watched_has_a_word():
    known = {model._meta.label_lower for model in apps.get_models()}
    wanted = {model._meta.label_lower for model in watched() if not model._meta.auto_created}
    wanted |= set(nouns())
    assert sorted(set(OBJECTS) - known) == []
    assert sorted(wanted - set(OBJECTS)) == []
