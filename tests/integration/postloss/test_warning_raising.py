"""What a month-end raises, follows and never closes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from core.months import add_months
from organization.enums import UnitKind
from organization.services import open_unit
from parties.models import Party
from partners.models import Lender, LenderFile
from postloss.enums import Dimension
from postloss.models import RiskWarning, Snapshot, WarningObservation
from postloss.selectors.warnings import unreported_loans
from postloss.services.warnings import raise_warnings
from tests.factories.warning_months import (
    AT,
    JANUARY,
    closed_month,
    figure,
    good_months,
    red_month,
    through_the_loop,
    watched_month,
)
from underwriting.models import BookName, Loan, NameMapping, Segment

pytestmark = pytest.mark.django_db
FEBRUARY, MARCH = add_months(JANUARY, 1), add_months(JANUARY, 2)
NOTHING = {"red": 0, "orange": 0, "yellow": 0, "data_quality": 0, "new": 0, "closed": 0}


@pytest.fixture
def lender(db) -> Lender:
    return Lender.objects.create(code="L1", name="测试银行")


def standing(**words):
    return list(RiskWarning.objects.filter(**words).exclude(state="closed"))


def test_a_quiet_month_raises_nothing(hq):
    assert watched_month(month=JANUARY)[1] == NOTHING


@pytest.mark.parametrize(
    ("overdue", "level"), [("0.15", "yellow"), ("0.20", "orange"), ("0.25", "red")]
)
def test_a_breach_raises_one_warning_of_its_level(hq, overdue, level):
    _, counts = watched_month(month=JANUARY, overdue=overdue)
    assert counts == {**NOTHING, level: 1, "new": 1}


def test_a_warning_keeps_the_figure_and_the_threshold_as_they_stood(hq):
    warning = red_month()
    assert warning.figure_value == Decimal("0.30")
    assert warning.sample == 200
    assert (warning.test["test"], warning.test["level"]) == ("absolute", "red")
    assert Decimal(warning.test["limit"]) == Decimal("0.25")


def test_judging_a_version_twice_changes_nothing(hq):
    month_end, counts = watched_month(month=JANUARY, overdue="0.30")
    assert raise_warnings(month_end=month_end, at=AT) == counts
    assert RiskWarning.objects.count() == 1
    assert WarningObservation.objects.count() == 1


def test_the_next_breach_joins_the_standing_warning(hq):
    red_month()
    _, counts = watched_month(month=FEBRUARY, overdue="0.31")
    assert counts == {**NOTHING, "red": 1}
    assert WarningObservation.objects.filter(is_breach=True).count() == 2


def test_a_level_rises_at_once_and_the_warning_opens_again(hq, manager_lin, chief_chen):
    watched_month(month=JANUARY, overdue="0.16")
    warning = RiskWarning.objects.get()
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen, until="disposed")
    watched_month(month=FEBRUARY, overdue="0.26")
    warning.refresh_from_db()
    assert (warning.level, warning.peak_level, warning.state) == ("red", "red", "open")
    assert (warning.acknowledged_by, warning.handled_by) == (None, None)
    assert list(warning.steps.order_by("pk").values_list("action", flat=True))[-1] == "worsen"


def test_a_level_falls_only_after_two_month_ends_below_it(hq):
    warning = red_month()
    watched_month(month=FEBRUARY, overdue="0.16")
    warning.refresh_from_db()
    assert (warning.level, warning.state) == ("red", "open")
    watched_month(month=MARCH, overdue="0.16")
    warning.refresh_from_db()
    assert (warning.level, warning.peak_level) == ("yellow", "red")


def test_the_job_never_closes_a_risk_but_says_that_it_may_be_closed(hq):
    warning = red_month()
    good_months(after=JANUARY, count=1)
    warning.refresh_from_db()
    assert (warning.may_close, warning.state) == (False, "open")
    watched_month(month=MARCH)
    warning.refresh_from_db()
    assert (warning.may_close, warning.state) == (True, "open")
    watched_month(month=add_months(JANUARY, 3), overdue="0.15")
    warning.refresh_from_db()
    assert warning.may_close is False


def test_a_month_just_below_the_limit_is_not_good(hq):
    warning = red_month()
    watched_month(month=FEBRUARY, overdue="0.149")
    watched_month(month=MARCH, overdue="0.149")
    warning.refresh_from_db()
    assert warning.may_close is False


def test_a_slice_with_a_small_sample_raises_nothing(hq):
    slices = [{"dimension": Dimension.CHANNEL, "value": "线上", "overdue": "0.9", "loans": 49}]
    assert watched_month(month=JANUARY, slices=slices)[1] == NOTHING


def test_a_slice_is_warned_of_against_the_book(hq):
    slices = [{"dimension": Dimension.CHANNEL, "value": "线上", "overdue": "0.12"}]
    watched_month(month=JANUARY, overdue="0.04", slices=slices)
    warning = RiskWarning.objects.get()
    assert (warning.dimension, warning.value, warning.level) == ("channel", "线上", "orange")
    assert (warning.test["test"], Decimal(warning.test["measure"])) == ("against_book", 3)


def test_the_first_months_have_no_roll_rates_and_are_not_warned_of(hq):
    closed_one = watched_month(month=JANUARY)[1]
    closed_two = watched_month(month=FEBRUARY)[1]
    assert (closed_one, closed_two) == (NOTHING, NOTHING)


def test_an_undefined_ratio_raises_one_data_warning_per_indicator_and_dimension(hq):
    for month in (JANUARY, FEBRUARY):
        watched_month(month=month)
    slices = [
        {"dimension": Dimension.CHANNEL, "value": name, "roll_1": None} for name in ("甲", "乙")
    ]
    _, counts = watched_month(month=MARCH, slices=slices)
    assert counts == {**NOTHING, "data_quality": 1, "new": 1}
    warning = RiskWarning.objects.get()
    assert (warning.kind, warning.indicator, warning.dimension) == (
        "undefined",
        "roll_m0_1",
        "channel",
    )
    assert sorted((each["value"], each["why"]) for each in warning.test["values"]) == [
        ("乙", "new_slice"),
        ("甲", "new_slice"),
    ]


def test_a_data_warning_closes_by_itself_when_its_cause_is_gone(hq):
    watched_month(month=JANUARY, overdue=None)
    _, counts = watched_month(month=FEBRUARY)
    assert counts == {**NOTHING, "closed": 1}
    warning = RiskWarning.objects.get()
    assert (warning.state, warning.closed_by) == ("closed", None)
    assert warning.steps.order_by("-pk").first().action == "clear"


def test_an_undefined_month_is_no_good_month_of_a_standing_risk(hq):
    warning = red_month()
    watched_month(month=FEBRUARY, overdue=None)
    watched_month(month=MARCH)
    warning.refresh_from_db()
    assert warning.may_close is False


def test_a_gap_before_the_month_is_a_matter_of_data(hq):
    watched_month(month=JANUARY)
    _, counts = watched_month(month=MARCH, roll_1=None, roll_2="0.01")
    assert counts == {**NOTHING, "data_quality": 1, "new": 1}
    assert RiskWarning.objects.get().test["values"][0]["why"] == "month_not_closed"


def test_a_branch_name_goes_to_the_unit_that_it_is_confirmed_to_lead_to(
    hq, beijing, branch_wang, manager_lin, lender
):
    name = BookName.objects.create(kind="branch", name="AK")
    NameMapping.objects.create(
        lender=lender,
        book_name=name,
        valid_from=dt.date(2020, 1, 1),
        unit=beijing,
        confirmed_by=manager_lin,
        confirmed_at=AT,
    )
    slices = [
        {"dimension": Dimension.BRANCH, "value": "AK", "overdue": "0.30"},
        {"dimension": Dimension.BRANCH, "value": "AL", "overdue": "0.30"},
    ]
    watched_month(month=JANUARY, slices=slices)
    routed = {each.value: (each.unit, each.assigned_to) for each in standing(level="red")}
    assert routed == {"AK": (beijing, branch_wang), "AL": (hq, manager_lin)}


@pytest.mark.parametrize(
    "words", [{"valid_to": dt.date(2025, 1, 31)}, {"confirmed_at": None, "confirmed_by": None}]
)
def test_a_mapping_that_ended_or_is_unconfirmed_leads_to_head_office(
    hq, beijing, manager_lin, lender, words
):
    NameMapping.objects.create(
        **{
            "lender": lender,
            "book_name": BookName.objects.create(kind="branch", name="AK"),
            "valid_from": dt.date(2020, 1, 1),
            "unit": beijing,
            "confirmed_by": manager_lin,
            "confirmed_at": AT,
            **words,
        }
    )
    slices = [{"dimension": Dimension.BRANCH, "value": "AK", "overdue": "0.30"}]
    watched_month(month=JANUARY, slices=slices)
    assert RiskWarning.objects.get().unit == hq


def test_the_total_of_a_branch_goes_to_the_branch(hq, beijing, branch_wang):
    watched_month(month=JANUARY, slices=[{"unit": beijing, "overdue": "0.30"}])
    warning = RiskWarning.objects.get()
    assert (warning.unit, warning.slice_unit, warning.assigned_to) == (
        beijing,
        beijing,
        branch_wang,
    )


def test_figures_of_one_lender_and_of_sub_branches_are_not_judged_apart(hq, beijing, lender):
    sub = open_unit(
        code="BJ01", name="海淀", name_en="Haidian", kind=UnitKind.SUB_BRANCH, parent=beijing
    )
    slices = [{"lender": lender, "overdue": "0.9"}, {"unit": sub, "overdue": "0.9"}]
    assert watched_month(month=JANUARY, slices=slices)[1] == NOTHING


def test_a_slice_whose_loans_are_all_gone_is_good(hq):
    slices = [{"dimension": Dimension.CHANNEL, "value": "线上", "overdue": "0.30"}]
    watched_month(month=JANUARY, slices=slices)
    good_months(after=JANUARY)
    warning = RiskWarning.objects.get()
    assert warning.may_close is True
    assert warning.observations.order_by("-pk").first().note == "gone"


def test_a_slice_whose_loans_were_not_reported_is_not_good(hq):
    slices = [{"dimension": Dimension.CHANNEL, "value": "线上", "overdue": "0.30"}]
    watched_month(month=JANUARY, slices=slices)
    missing = [
        {
            "dimension": Dimension.CHANNEL,
            "value": "线上",
            "overdue": None,
            "loans": 0,
            "not_reported": 200,
        }
    ]
    watched_month(month=FEBRUARY, slices=missing)
    watched_month(month=MARCH, slices=missing)
    assert RiskWarning.objects.get(kind="risk").may_close is False
    assert RiskWarning.objects.filter(kind="undefined", dimension="channel").exists()


# restatement


def test_a_restatement_that_heals_keeps_the_warning(hq):
    warning = red_month()
    _, counts = watched_month(month=JANUARY, version=2)
    warning.refresh_from_db()
    assert (warning.state, warning.level, counts["red"], counts["new"]) == ("open", "red", 1, 0)
    assert list(
        warning.observations.order_by("month_end__version").values_list("is_breach", flat=True)
    ) == [True, False]


def test_a_restatement_that_finds_a_breach_raises_it(hq):
    watched_month(month=JANUARY)
    _, counts = watched_month(month=JANUARY, version=2, overdue="0.30")
    assert counts == {**NOTHING, "red": 1, "new": 1}


def test_the_newest_version_of_a_month_decides_whether_it_was_good(hq):
    warning = red_month()
    watched_month(month=FEBRUARY)
    watched_month(month=MARCH)
    watched_month(month=FEBRUARY, version=2, overdue="0.20")
    warning.refresh_from_db()
    assert warning.may_close is False


def test_what_was_dealt_with_is_not_raised_again_by_a_restatement(hq, manager_lin, chief_chen):
    warning = red_month()
    good_months(after=JANUARY)
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen)
    _, counts = watched_month(month=JANUARY, version=2, overdue="0.29")
    assert counts == NOTHING
    assert warning.observations.filter(month_end__version=2).exists()


def test_a_breach_after_closing_is_a_new_warning(hq, manager_lin, chief_chen):
    first = red_month()
    good_months(after=JANUARY)
    through_the_loop(first, handler=manager_lin, reviewer=chief_chen)
    second = red_month(add_months(JANUARY, 3))
    assert second.pk != first.pk


@pytest.mark.parametrize("model", [WarningObservation, RiskWarning])
def test_nothing_of_a_warning_can_be_deleted(hq, model):
    red_month()
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_one_warning_stands_per_slice_and_indicator(hq):
    warning = red_month()
    warning.pk = None
    with pytest.raises(IntegrityError, match="one_standing_per_slice"), transaction.atomic():
        warning.save(force_insert=True)


# loans not reported


@pytest.fixture
def two_missing(hq, lender):
    """Two loans of one branch and one of another, and a way to leave them out of a month."""
    names = {name: BookName.objects.create(kind="branch", name=name) for name in ("AK", "AL")}
    channel = BookName.objects.create(kind="channel", name="c")
    product = BookName.objects.create(kind="product", name="p")
    file = _file(lender)
    loans = {}
    for number, branch in (("1", "AK"), ("2", "AK"), ("3", "AL")):
        segment, _ = Segment.objects.get_or_create(
            lender=lender,
            branch=names[branch],
            channel=channel,
            product=product,
            disbursed_month=24000,
        )
        loans[number] = _loan(lender, number, segment, file)
    return loans


def _file(lender) -> LenderFile:
    from core.models import StoredFile

    stored = StoredFile.objects.create(
        name="f.csv", size=1, sha256="0", sealed_key=b"0", path="x", created_at=AT
    )
    return LenderFile.objects.create(
        lender=lender, kind="loans", name="loans.csv", stored=stored, received_at=AT
    )


def _loan(lender, number, segment, file) -> Loan:
    party = Party.objects.first() or _party()
    return Loan.objects.create(
        lender=lender,
        loan_no=f"LN{number}",
        obligor=party,
        principal=1000,
        rate="0.05",
        term=12,
        disbursed_on=JANUARY,
        maturity_on=add_months(JANUARY, 12),
        segment=segment,
        file=file,
        line_no=int(number),
        facts_digest=b"0",
    )


def _party() -> Party:
    fields = {
        field.name: b"0" if field.get_internal_type() == "BinaryField" else "person"
        for field in Party._meta.fields
        if not field.primary_key and not field.null and not field.has_default()
    }
    return Party.objects.create(**fields)


def month_without(loans, *, month: dt.date, version: int = 1):
    month_end = closed_month(month=month, version=version)
    figure(month_end, not_reported=len(loans))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE snapshot_{month_end.pk} PARTITION OF postloss_snapshot"
            f" FOR VALUES IN ({month_end.pk})"
        )
    Snapshot.objects.bulk_create(
        Snapshot(
            month_end=month_end,
            loan=loan,
            segment=loan.segment,
            file=loan.file,
            line_no=loan.line_no,
            as_of=JANUARY,
            days_overdue=0,
            instalments_overdue=0,
            bucket=7,
            balance_fen=10000,
            basis_differs=False,
        )
        for loan in loans
    )
    return month_end, raise_warnings(month_end=month_end, at=AT)


def test_loans_not_reported_raise_one_warning_per_lender_branch_and_month(two_missing, lender):
    _, counts = month_without(two_missing.values(), month=JANUARY)
    assert counts == {**NOTHING, "data_quality": 2, "new": 2}
    warning = RiskWarning.objects.get(kind="not_reported", value="AK")
    assert (warning.lender, warning.for_month, warning.test) == (
        lender,
        JANUARY,
        {"loans": 2, "balance": "200.00"},
    )
    assert [each.loan_no for each in unreported_loans(warning=warning)] == ["LN1", "LN2"]


def test_loans_that_reappear_close_the_warning(two_missing):
    month_without(two_missing.values(), month=JANUARY)
    _, counts = watched_month(month=FEBRUARY)
    assert counts == {**NOTHING, "closed": 2}


def test_loans_that_stay_away_are_listed_by_the_next_month(two_missing):
    month_without([two_missing["1"], two_missing["3"]], month=JANUARY)
    _, counts = month_without([two_missing["1"]], month=FEBRUARY)
    assert counts == {**NOTHING, "data_quality": 1, "new": 1, "closed": 2}
    (now,) = standing()
    assert (now.value, now.for_month, now.continues.for_month) == ("AK", FEBRUARY, JANUARY)
    actions = {
        each.value: each.steps.order_by("-pk").first().action
        for each in RiskWarning.objects.filter(state="closed")
    }
    assert actions == {"AK": "continue", "AL": "clear"}


def test_a_correction_that_brings_the_loans_closes_the_warning_of_that_month(two_missing):
    month_without([two_missing["1"]], month=JANUARY)
    _, counts = watched_month(month=JANUARY, version=2)
    assert counts == {**NOTHING, "closed": 1}


def test_the_number_of_statements_does_not_grow_with_the_book(hq, django_assert_max_num_queries):
    slices = [
        {"dimension": Dimension.CHANNEL, "value": f"c{number}", "overdue": "0.12"}
        for number in range(40)
    ]
    month_end = closed_month(month=JANUARY)
    figure(month_end)
    for each in slices:
        figure(month_end, **each)
    with django_assert_max_num_queries(40):
        raise_warnings(month_end=month_end, at=AT)
    assert RiskWarning.objects.count() == 40
