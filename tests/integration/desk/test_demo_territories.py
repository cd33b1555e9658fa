"""The demo's branches issue in the province that each of them serves: PRE-24a."""

import pytest

from core import clock
from core.models import RegulatoryParameter
from desk.services.demo import _rows
from desk.services.demo_policies import set_territories
from underwriting.selectors.territory import SERVED, territory_of

pytestmark = pytest.mark.django_db


def test_territories_are_set_once_by_two_people(officer_qian, chief_zheng, beijing, shanghai):
    people = {"qian": officer_qian, "zheng": chief_zheng}
    regions = {row["unit_code"]: row["region_code"] for row in _rows("branches.csv")}
    for _ in range(2):
        set_territories(people, regions)
    row = RegulatoryParameter.objects.get(name=SERVED, status="approved")
    assert (row.proposed_by, row.approved_by) == (officer_qian, chief_zheng)
    assert len(row.value) == 31
    today = clock.today()
    assert territory_of(unit=beijing, region="110105", as_of=today).basis == "own"
    assert "上海分公司" in territory_of(unit=beijing, region="31", as_of=today).sentence
