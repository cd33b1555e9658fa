"""Two people issue for one contract at the same time: one policy, one sentence, no server error.

The rows live in a database of their own, cloned from the one of the tests, so that what is
committed (and cannot be deleted) leaves with it.
"""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core.errors import RuleBroken
from organization.enums import UnitKind
from organization.selectors import head_office
from organization.services import appoint_staff, open_unit
from tests.conftest import AT
from tests.factories.policies import open_counter
from underwriting.models import Policy
from underwriting.services.issuing import issue_policy

THREADS = 8


@pytest.fixture
def counter(scratch, django_db_blocker):
    with django_db_blocker.unblock():
        hq = head_office()
        unit = open_unit(code="BJ", name="北京分公司", kind=UnitKind.BRANCH, parent=hq, name_en="")
        people = {
            role: appoint_staff(
                username=role, name=role, unit=place, roles=[role], password=f"{role}-2026!"
            )
            for role, place in (
                ("underwriter", unit), ("branch_manager", unit), ("finance_officer", hq),
                ("underwriting_chief", hq), ("chief_risk_officer", hq), ("general_manager", hq),
            )
        }  # fmt: skip
        yield open_counter(
            unit=unit,
            maker=people["underwriter"],
            issuer=people["branch_manager"],
            cashier=people["finance_officer"],
            drafter=people["underwriting_chief"],
            reviewer=people["chief_risk_officer"],
            seller=people["general_manager"],
            at=AT,
        )


def test_an_empty_house_covers_no_contract(db):
    """It asks for the database of the tests, which is then there to be cloned."""
    assert not Policy.objects.exists()


def test_one_contract_is_covered_once_and_the_others_are_told(counter):
    quotes = [counter.quote(contract_no="HT-RACE") for _ in range(THREADS)]
    gate = threading.Barrier(THREADS)

    def issue(quote):
        gate.wait(30)
        try:
            return issue_policy(
                quote=quote, key=uuid.uuid4(), by=counter.issuer, at=counter.at, reason="同意"
            )
        except RuleBroken as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(issue, quotes))
    issued = [each for each in found if isinstance(each, Policy)]
    refused = [each for each in found if isinstance(each, RuleBroken)]
    assert (len(issued), len(refused)) == (1, THREADS - 1)
    assert {each.code for each in refused} == {"quote_refused"}
    assert Policy.objects.filter(contract_no="HT-RACE").count() == 1
