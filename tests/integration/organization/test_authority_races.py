"""R11 with 50 threads on committed rows: one wins, a revoked right signs nothing.

The rows live in a database of their own, cloned from the one of the tests, so that what is
committed (and cannot be deleted: decisions are appended only) leaves with it.
"""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import DomainError
from core.models import AuditRecord
from organization.enums import UnitKind
from organization.models import AuthorityCase, RecusalEntry, SignedDecision, Staff
from organization.selectors import head_office
from organization.services import appoint_staff, open_unit
from organization.services.authority import revoke_grant
from organization.services.delegations import revoke_delegation
from organization.services.recusal import record_identity
from tests.conftest import AT
from tests.factories.authority import MILLION, OBLIGOR, case, decide, granted, lent

THREADS = 50


@pytest.fixture
def people(scratch, django_db_blocker):
    """A house of its own for every test: a branch, its manager and underwriter, two officers."""
    with django_db_blocker.unblock():
        tag = uuid.uuid4().hex[:6].upper()
        hq = head_office()
        unit = open_unit(code=tag, name=tag, name_en=tag, kind=UnitKind.BRANCH, parent=hq)
        roles = {
            "bai": (hq, "underwriting_chief"),
            "chen": (hq, "chief_risk_officer"),
            "wang": (unit, "branch_manager"),
            "xu": (unit, "underwriter"),
            "yu": (unit, "branch_manager"),
        }
        found = {
            name: appoint_staff(
                username=f"{name}{tag}", name=name, unit=at, roles=[role], password="race-2026!"
            )
            for name, (at, role) in roles.items()
        }
        found["unit"] = unit
        found["grant"] = granted(
            unit, by=found["bai"], checker=found["chen"], at=AT, role="branch_manager"
        )
        yield found
        connection.close()


def at_once(*, tries):
    """Run all tries at the same instant on connections of their own; return their answers."""
    gate = threading.Barrier(len(tries))

    def one(attempt):
        try:
            gate.wait(timeout=60)
            return attempt()
        except DomainError as refusal:
            return (refusal.status, refusal.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(one, tries))


def fresh(person: Staff) -> Staff:
    return Staff.objects.select_related("unit").get(pk=person.pk)


def decisions(row: AuthorityCase):
    return SignedDecision.objects.filter(subject_id=row.pk)


def test_of_fifty_approvers_at_once_one_wins_and_the_others_are_told_409(people):
    row = case(people["unit"], by=people["xu"], at=AT)
    signers = [people["wang"], people["yu"]] * (THREADS // 2)
    answers = at_once(tries=[lambda by=by: decide(row, by=by, at=AT) for by in signers])
    assert [each for each in answers if isinstance(each, SignedDecision)] == [decisions(row).get()]
    refused = [each for each in answers if not isinstance(each, SignedDecision)]
    assert refused == [(409, "stale_version")] * (THREADS - 1)


def test_fifty_times_one_key_is_one_effect_and_fifty_equal_answers(people):
    row, key = case(people["unit"], by=people["xu"], at=AT), uuid.uuid4()
    answers = at_once(tries=[lambda: decide(row, by=people["wang"], at=AT, key=key)] * THREADS)
    assert answers == [decisions(row).get()] * THREADS
    records = AuditRecord.objects.filter(
        action="organization.decision_sign", object_id=str(answers[0].pk)
    )
    assert records.count() == 1


def test_a_right_revoked_before_signs_nothing_fifty_times(people):
    rows = [case(people["unit"], by=people["xu"], at=AT) for _ in range(THREADS)]
    revoke_grant(grant=people["grant"], by=people["chen"], at=AT, reason="misuse")
    answers = at_once(tries=[lambda row=row: decide(row, by=people["wang"], at=AT) for row in rows])
    assert answers == [(403, "no_authority")] * THREADS


def test_a_revocation_in_the_middle_splits_what_was_signed_before_from_what_was_not(people):
    """No decision whose record comes after that of the revocation rests on the grant."""
    rows = [case(people["unit"], by=people["xu"], at=AT) for _ in range(THREADS)]

    def revoke():
        return revoke_grant(grant=people["grant"], by=people["chen"], at=AT, reason="misuse")

    tries = [lambda row=row: decide(row, by=people["wang"], at=AT) for row in rows]
    answers = at_once(tries=[*tries[:25], revoke, *tries[25:]])
    signed = [each for each in answers if isinstance(each, SignedDecision)]
    refused = [each for each in answers if isinstance(each, tuple)]
    assert len(signed) + len(refused) == THREADS
    assert set(refused) <= {(403, "no_authority")}
    assert people["grant"].decisions.count() == len(signed)
    late = case(people["unit"], by=people["xu"], at=AT)
    assert at_once(tries=[lambda: decide(late, by=people["wang"], at=AT)]) == [
        (403, "no_authority")
    ]


def test_a_revocation_waits_for_a_decision_under_way_and_the_decision_stands(people):
    row = case(people["unit"], by=people["xu"], at=AT)
    done = threading.Event()

    def revoke():
        try:
            revoke_grant(grant=people["grant"], by=people["chen"], at=AT, reason="misuse")
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        decide(row, by=people["wang"], at=AT)
        revoker = threading.Thread(target=revoke)
        revoker.start()
        assert not done.wait(0.5)
    revoker.join()
    assert done.is_set()
    assert decisions(row).get().authority["grant"]["status"] == "approved"


def test_the_maker_never_signs_fifty_times_nor_by_raw_sql(people):
    row = case(people["unit"], by=people["wang"], at=AT)
    answers = at_once(tries=[lambda: decide(row, by=people["wang"], at=AT)] * THREADS)
    assert answers == [(403, "maker_is_checker")] * THREADS
    good = decide(row, by=people["yu"], at=AT)
    with pytest.raises(IntegrityError, match="decision_maker_is_not_signer"), transaction.atomic():
        SignedDecision.objects.bulk_create(
            [
                SignedDecision(
                    **{
                        field.attname: getattr(good, field.attname)
                        for field in SignedDecision._meta.concrete_fields
                        if field.name not in {"id", "key", "step", "signer"}
                    },
                    key=uuid.uuid4(),
                    step=2,
                    signer_id=good.maker_id,
                )
            ]
        )


def test_a_stale_page_is_told_409_fifty_times(people):
    row = case(people["unit"], by=people["xu"], at=AT)
    answers = at_once(tries=[lambda: decide(row, by=people["wang"], at=AT, version=9)] * THREADS)
    assert answers == [(409, "stale_version")] * THREADS


def test_a_recused_person_is_refused_fifty_times_and_logged_once(people):
    record_identity(
        person=people["wang"], kind="document", value=OBLIGOR, by=fresh(people["wang"]), at=AT
    )
    row = case(people["unit"], by=people["xu"], at=AT)
    answers = at_once(tries=[lambda: decide(row, by=people["wang"], at=AT)] * THREADS)
    assert answers == [(403, "recused")] * THREADS
    assert RecusalEntry.objects.filter(case=row, stage="signing").count() == 1


def test_a_delegate_signs_once_and_not_after_the_end_or_the_revocation(people):
    made = lent(people["grant"], by=people["wang"], to=people["xu"], at=AT, max_amount=MILLION)
    row = case(people["unit"], by=people["yu"], at=AT)
    answers = at_once(tries=[lambda: decide(row, by=people["xu"], at=AT)] * THREADS)
    assert [each.delegation for each in answers if isinstance(each, SignedDecision)] == [made]
    assert answers.count((409, "stale_version")) == THREADS - 1
    later = case(people["unit"], by=people["yu"], at=AT)
    end = AT.replace(month=5)
    answers = at_once(tries=[lambda: decide(later, by=people["xu"], at=end)] * THREADS)
    assert answers == [(403, "no_authority")] * THREADS
    revoke_delegation(delegation=made, by=people["wang"], at=AT, reason="back")
    answers = at_once(tries=[lambda: decide(later, by=people["xu"], at=AT)] * THREADS)
    assert answers == [(403, "no_authority")] * THREADS


@pytest.mark.django_db
def test_whatever_raced_every_decision_is_somebody_elses_and_rests_on_authority(scratch):
    """Also what makes the database of the tests exist, before it is cloned."""
    for each in SignedDecision.objects.all():
        assert each.maker_id != each.signer_id
        assert each.grant_id is not None
        assert each.authority["grant"]["status"] == "approved"
