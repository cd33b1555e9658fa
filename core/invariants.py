"""What must hold at any time (I1 to I9 of the safety rules), as far as it exists here.

An app adds what it knows in `ready()`: an effect that has its audit record (`register_effect`), or
a whole invariant of its own (`register`). `check_invariants` runs them all. Source: safety.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Exists, Model, OuterRef, Q
from django.db.models.functions import Cast

from core.chain import verify_chain
from core.enums import JobStatus
from core.masking import holds_personal
from core.models import AuditRecord, EvidencePack, Job, RowChange

SHOWN = 20  # of what is bad


@dataclass
class Finding:
    """How much was checked, and what is bad, in words."""

    checked: int = 0
    bad: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        """Add something bad; only the first twenty are named."""
        if len(self.bad) < SHOWN:
            self.bad.append(words)


Check = Callable[[dt.datetime], Finding]


@dataclass(frozen=True)
class _Effect:
    model: type[Model]
    when: Q
    action: str
    subject: type[Model]
    subject_id: str


_checks: dict[str, list[Check]] = {}
_effects: list[_Effect] = []


def register(code: str, check: Check) -> None:
    """Add a check to an invariant."""
    _checks.setdefault(code, []).append(check)


def register_effect(
    *,
    model: type[Model],
    action: str,
    when: Q | None = None,
    subject: type[Model] | None = None,
    subject_id: str = "pk",
) -> None:
    """Say that each row (that fits `when`) has an audit record of this action on its subject."""
    _effects.append(_Effect(model, when or Q(), action, subject or model, subject_id))


def check_all(*, at: dt.datetime) -> dict[str, Finding]:
    """Run every check; return the findings by invariant."""
    found: dict[str, Finding] = {}
    for code, checks in sorted(_checks.items()):
        total = found.setdefault(code, Finding())
        for check in checks:
            one = check(at)
            total.checked += one.checked
            for words in one.bad:
                total.note(words)
    return found


def _chain_is_whole(_at: dt.datetime) -> Finding:
    report = verify_chain()
    return Finding(report.checked, [str(report.bad)] if report.bad else [])


def _effects_are_recorded(_at: dt.datetime) -> Finding:
    found = Finding()
    for effect in _effects:
        rows = effect.model._base_manager.filter(effect.when)
        record = AuditRecord.objects.filter(
            object_type=effect.subject._meta.label_lower,
            action=effect.action,
            object_id=Cast(OuterRef(effect.subject_id), CharField()),
        )
        found.checked += rows.count()
        lacking = rows.filter(~Exists(record)).values_list("pk", flat=True)
        for pk in lacking[:SHOWN]:
            found.note(f"{effect.model._meta.label_lower} {pk} has no record of {effect.action}")
    return found


def changes_without_record() -> int:
    """Return how many watched row changes have no audit record in their transaction."""
    record = AuditRecord.objects.filter(
        transaction=OuterRef("transaction"), recorded_at=OuterRef("recorded_at")
    )
    return RowChange.objects.filter(~Exists(record)).count()


def _running_jobs_are_held(at: dt.datetime) -> Finding:
    running = Job.objects.filter(status=JobStatus.RUNNING)
    found = Finding(running.count())
    for pk in running.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at)).values_list(
        "pk", flat=True
    )[:SHOWN]:
        found.note(f"job {pk} is running and nobody holds it")
    return found


def _states_are_known(_at: dt.datetime) -> Finding:
    """No column with a list of words holds another word; states are such columns."""
    found = Finding()
    for model in apps.get_models():
        if not (model._meta.managed and Path(apps.get_app_config(model._meta.app_label).path)
                .parent == Path(settings.BASE_DIR)):  # fmt: skip
            continue
        for column in model._meta.local_concrete_fields:
            if isinstance(column, CharField) and column.choices:
                _check_words(model, column, found)
    return found


def _check_words(model: type[Model], column: CharField, found: Finding) -> None:
    known = {value for value, _ in column.flatchoices} | ({""} if column.blank else set())
    strange = model._base_manager.exclude(**{f"{column.name}__in": known}).exclude(
        **{f"{column.name}__isnull": True}
    )
    found.checked += model._base_manager.count()
    for pk in strange.values_list("pk", flat=True)[:SHOWN]:
        found.note(f"{model._meta.label_lower} {pk}: {column.name} is none of its words")


def _logs_show_nobody(_at: dt.datetime) -> Finding:
    found = Finding()
    for path in sorted(Path(settings.XINBAO_HOME, "log").glob("*")):
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                found.checked += 1
                if holds_personal(line):
                    found.note(f"{path.name}:{number} shows a number of a person")
    return found


register("I5", _chain_is_whole)
register("I5", _effects_are_recorded)
register("I6", _running_jobs_are_held)
register("I7", _states_are_known)
register("I9", _logs_show_nobody)
register_effect(model=EvidencePack, when=Q(stored__isnull=False), action="core.evidence_made")
