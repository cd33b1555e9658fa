"""Dated figures: what is seeded, what is in force, and who may change it."""

import csv
import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from core.enums import ParameterKind, ParameterStatus, Verification
from core.errors import Conflict, Missing, NotPermitted, RuleBroken, WrongState
from core.models import AuditRecord, RegulatoryParameter
from core.parameters import read_value, value_text
from core.selectors import figure, parameter
from core.selectors.parameters import parameters_in_force, unapproved_count
from core.services import approve_parameter, propose_parameter, reject_parameter

TODAY = dt.date(2026, 3, 2)
DATA = Path(settings.BASE_DIR, "core", "data", "regulatory_parameters.csv")


def propose(by, at, value="12", since=TODAY, name="complaint.simple_days"):
    return propose_parameter(
        name=name,
        value_text=value,
        valid_from=since,
        source="2026 年修订",
        reason="修订生效",
        by=by,
        at=at,
    )


def value_on(day, name="complaint.simple_days"):
    return parameter(name=name, as_of=day).value


@pytest.mark.django_db
def test_all_134_rows_of_section_4_are_seeded_and_those_from_memory_serve_unapproved():
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {int(row["row"]) for row in rows} == set(range(1, 135))
    assert len(rows) == 148
    names = {row["name"] for row in rows}
    stored = {each.name: each for each in RegulatoryParameter.objects.filter(name__in=names)}
    assert set(stored) == names
    assert Counter(each.verification for each in stored.values()) == {
        Verification.VERIFIED: 117,
        Verification.MEMORY_HIGH: 16,
        Verification.MEMORY_LOW: 12,
        Verification.COMPANY: 3,
    }
    for each in stored.values():
        is_read = each.verification == Verification.VERIFIED
        expected = ParameterStatus.VERIFIED if is_read else ParameterStatus.UNAPPROVED
        assert each.status == expected, each.name
        assert each.source
        assert each.approved_by is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "unit", "since"),
    [
        ("measures.min_core_solvency", 75, "%", "2020-05-08"),
        ("measures.financing_retained_multiple", 4, "×", "2020-05-08"),
        ("measures.internet_person_cap", 200000, "CNY", "2020-05-08"),
        ("rate.internet_aid_loan_all_in", 24, "%/y", "2025-10-01"),
        ("rate.lpr_1y", "3.00", "%/y", "2025-05-20"),
        ("claim.assess_days", 30, "natural days", "2009-10-01"),
        ("complaint.transfer_by_regulator", 7, "working days", "2020-03-01"),
        ("complaint.review_decide_days", 30, "natural days", "2020-03-01"),
        ("recording.qc_ratio", 30, "%", "2017-11-01"),
        (
            "collect.quiet_hours",
            {"from": "22:00", "to": "08:00", "unless": "agreed"},
            "local time",
            "2025-02-28",
        ),
        ("credit.objection_days", 20, "days", "2013-03-15"),
        (
            "data.incident_report_hours",
            {"first_report": 2, "formal_report": 24},
            "hours",
            "2024-12-27",
        ),
        ("stress.annual_loss_rate", [10, 15, 20], "%", "2020-09-14"),
        (
            "sme.industry",
            {
                "medium_from": {"headcount": 300, "revenue": 2000},
                "small_from": {"headcount": 20, "revenue": 300},
            },
            "10k yuan; headcount in persons",
            "2011-06-18",
        ),
        ("related_party.quarterly_report_days", 30, "days", "2022-03-01"),
    ],
)
def test_a_seeded_figure_reads_as_in_section_4(name, value, unit, since):
    row = parameter(name=name, as_of=dt.date(2026, 9, 1))
    assert (row.value, row.unit, row.valid_from.isoformat()) == (value, unit, since)


@pytest.mark.django_db
def test_a_percentage_counts_as_a_fraction_and_a_rule_is_no_number():
    assert figure(name="recording.qc_ratio", as_of=TODAY) == Decimal("0.3")
    assert figure(name="rate.lpr_1y", as_of=TODAY) == Decimal("0.03")
    assert figure(name="claim.pay_days", as_of=TODAY) == 10
    with pytest.raises(Missing):
        figure(name="complaint.recusal", as_of=TODAY)


def test_a_figure_is_not_in_force_before_its_first_day(db):
    with pytest.raises(Missing):
        parameter(name="rate.internet_aid_loan_all_in", as_of=dt.date(2025, 9, 30))


def test_a_proposal_changes_nothing_until_another_person_approves_it(officer_qian, chief_zheng, at):
    proposed = propose(officer_qian, at)
    assert value_on(TODAY) == 15
    approve_parameter(row=proposed, by=chief_zheng, at=at)
    assert value_on(TODAY) == 12
    assert value_on(TODAY - dt.timedelta(days=1)) == 15
    actions = AuditRecord.objects.filter(object_id=str(proposed.pk)).order_by("pk")
    assert [(each.action, each.by) for each in actions] == [
        ("core.parameter_proposed", officer_qian),
        ("core.parameter_approved", chief_zheng),
    ]


def test_whoever_proposes_a_value_does_not_approve_it_nor_does_the_database_let_them(
    officer_qian, at
):
    proposed = propose(officer_qian, at)
    with pytest.raises(NotPermitted):
        approve_parameter(row=proposed, by=officer_qian, at=at)
    with pytest.raises(NotPermitted):
        reject_parameter(row=proposed, by=officer_qian, at=at, remark="nein")
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        RegulatoryParameter.objects.filter(pk=proposed.pk).update(
            status=ParameterStatus.APPROVED, approved_by=officer_qian, approved_at=at
        )


def test_approved_values_follow_each_other_without_a_gap_or_an_overlap(
    officer_qian, chief_zheng, at
):
    days = [dt.date(2026, 3, 2), dt.date(2026, 9, 1), dt.date(2026, 6, 1)]
    for number, day in enumerate(days):
        approve_parameter(
            row=propose(officer_qian, at, str(10 + number), day), by=chief_zheng, at=at
        )
    assert [value_on(day) for day in sorted(days)] == [10, 12, 11]
    assert value_on(dt.date(2026, 5, 31)) == 10
    assert value_on(dt.date(2026, 8, 31)) == 12
    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        RegulatoryParameter.objects.create(
            name="complaint.simple_days",
            value=1,
            valid_from=dt.date(2026, 7, 1),
            status=ParameterStatus.APPROVED,
            proposed_by=officer_qian,
            proposed_at=at,
            approved_by=chief_zheng,
            approved_at=at,
        )


def test_a_correction_from_the_same_day_supersedes_and_keeps_what_was_said(
    officer_qian, chief_zheng, at
):
    wrong = approve_parameter(row=propose(officer_qian, at, "11"), by=chief_zheng, at=at)
    right = approve_parameter(row=propose(officer_qian, at, "12"), by=chief_zheng, at=at)
    wrong.refresh_from_db()
    assert (wrong.status, wrong.value, wrong.superseded_by) == ("superseded", 11, right)
    assert value_on(TODAY) == 12


@pytest.mark.parametrize(
    "change", ["value = '1'", "source = 'x'", "valid_from = '2020-01-01'", "approved_at = now()"]
)
def test_an_approved_row_keeps_its_content(officer_qian, chief_zheng, at, change):
    row = approve_parameter(row=propose(officer_qian, at), by=chief_zheng, at=at)
    for statement in (
        f"UPDATE core_regulatoryparameter SET {change} WHERE id = %s",  # noqa: S608 (our own words)
        "DELETE FROM core_regulatoryparameter WHERE id = %s",
    ):
        with (
            pytest.raises(ProgrammingError, match="keeps its content"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [row.pk])


def test_a_rejected_value_says_why_and_is_decided_once(officer_qian, chief_zheng, at):
    proposed = propose(officer_qian, at)
    with pytest.raises(RuleBroken):
        reject_parameter(row=proposed, by=chief_zheng, at=at, remark=" ")
    reject_parameter(row=proposed, by=chief_zheng, at=at, remark="原文未变")
    with pytest.raises(WrongState):
        approve_parameter(row=proposed, by=chief_zheng, at=at)
    assert value_on(TODAY) == 15


def test_two_proposals_from_one_day_do_not_wait_side_by_side(officer_qian, at):
    propose(officer_qian, at)
    with pytest.raises(Conflict):
        propose(officer_qian, at, "13")


def test_only_a_known_parameter_of_the_right_kind_is_proposed(officer_qian, at):
    with pytest.raises(RuleBroken):
        propose(officer_qian, at, "fifteen")
    with pytest.raises(RuleBroken):
        propose(officer_qian, at, name="no.such_figure")


def test_the_banner_counts_what_nobody_approved(officer_qian, chief_zheng, at):
    before = unapproved_count(as_of=TODAY)
    name = "data.incident_report_hours"
    row = propose(officer_qian, at, '{"first_report": 1, "formal_report": 24}', name=name)
    assert unapproved_count(as_of=TODAY) == before
    approve_parameter(row=row, by=chief_zheng, at=at)
    assert unapproved_count(as_of=TODAY) == before - 1
    assert parameters_in_force(as_of=TODAY).get(name=name).value["first_report"] == 1


@given(
    st.one_of(
        st.tuples(st.just(ParameterKind.NUMBER), st.integers()),
        st.tuples(
            st.just(ParameterKind.NUMBER),
            st.decimals(allow_nan=False, allow_infinity=False)
            .map(str)
            .filter(lambda text: not text.lstrip("-").isdecimal()),
        ),
        st.tuples(st.just(ParameterKind.BOOLEAN), st.booleans()),
        st.tuples(st.just(ParameterKind.LIST), st.lists(st.integers(), min_size=1)),
        st.tuples(
            st.just(ParameterKind.TABLE),
            st.dictionaries(st.text(), st.integers(), min_size=1),
        ),
    )
)
def test_a_printed_value_reads_as_itself(pair):
    kind, value = pair
    assert read_value(value_text(value), kind=kind) == value
