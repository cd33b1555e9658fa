"""Conflicts of interest, shown before anybody takes a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Model

from organization.models import AuthorityCase, Staff, WorkItem
from organization.selectors.reasons import recusal_sentence
from organization.selectors.recusal import conflicts_with, recusals, traits_of


def kept_out(
    *, item: WorkItem, people: Iterable[Staff], as_of: dt.date
) -> list[tuple[Staff, list[str]]]:
    """Return who of these people must stay out of what an item is about, with every reason.

    A fixed number of queries, however many people. Source: PRE-12e.
    """
    known = {person.pk: person for person in people}
    found = conflicts_with(person_ids=list(known), item=item, as_of=as_of)
    return [(known[pk], [recusal_sentence(each) for each in why]) for pk, why in found.items()]


def conflict_of(*, person: Staff, subject: Model, as_of: dt.date) -> list[str]:
    """Return why the person must stay out of a subject; nothing where they need not."""
    found = recusals(
        person_ids=[person.pk],
        case=traits_of(subject=subject),
        maker_id=subject.maker_id if isinstance(subject, AuthorityCase) else None,
        as_of=as_of,
    )
    return [recusal_sentence(each) for each in found.get(person.pk, ())]
