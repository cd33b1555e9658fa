"""Import, sign-off, correction and withdrawal of finance figures."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, transaction

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.selectors import audit_of
from ledger.enums import BatchState, CheckCode, RowFault
from ledger.models import FinanceBatch, FinanceFigure
from ledger.selectors import (
    batches_in_force,
    checks_of,
    figures_in_force,
    finance_figures,
    previous_amounts,
)
from ledger.services import (
    import_finance_figures,
    sign_off_finance_figures,
    withdraw_finance_figures,
)

JUNE = dt.date(2017, 6, 1)
HOUR = dt.timedelta(hours=1)


def test_a_draft_does_not_count_before_it_is_signed_off(bring, chief_chen, at):
    batch = bring("2017-06,claims_paid,62.00")
    assert finance_figures(months=[JUNE]) == {}
    sign_off_finance_figures(batch=batch, by=chief_chen, at=at + HOUR, remark="对账无误")
    assert finance_figures(months=[JUNE]) == {JUNE: {"claims_paid": Decimal("62.00")}}
    assert finance_figures(months=[JUNE], known_at=at) == {}


def test_rejected_lines_are_kept_with_every_reason_and_do_not_stop_the_others(bring):
    batch = bring("2017-06,claims_paid,62.00", "2017-06,nonsense,1.005", "2017-06,taxes")
    assert (batch.rows, batch.accepted, batch.rejected) == (3, 1, 2)
    assert list(batch.rejects.order_by("line_no").values_list("line_no", "faults")) == [
        (3, [RowFault.CODE_UNKNOWN, RowFault.MORE_DECIMALS]),
        (4, [RowFault.COLUMN_COUNT]),
    ]


def test_a_correction_counts_from_its_sign_off_and_the_old_value_stays_readable(
    bring, chief_chen, at
):
    first = bring("2017-06,claims_paid,62.00", "2017-06,recovery_income,9.50")
    sign_off_finance_figures(batch=first, by=chief_chen, at=at + HOUR)
    second = bring("2017-06,claims_paid,63.00", at=at + 2 * HOUR)
    assert previous_amounts(batch=second)[JUNE, "claims_paid"] == Decimal("62.00")
    second = sign_off_finance_figures(batch=second, by=chief_chen, at=at + 3 * HOUR)

    now = {"claims_paid": Decimal("63.00"), "recovery_income": Decimal("9.50")}
    assert finance_figures(months=[JUNE]) == {JUNE: now}
    before = now | {"claims_paid": Decimal("62.00")}
    assert finance_figures(months=[JUNE], known_at=at + 2 * HOUR) == {JUNE: before}
    assert finance_figures(months=[JUNE], batch_ids=[first.pk]) == {JUNE: before}
    assert previous_amounts(batch=second)[JUNE, "claims_paid"] == Decimal("62.00")
    used = batches_in_force(months=[JUNE], known_at=at + 3 * HOUR)
    assert set(used) == {first, second}


def test_a_figure_leads_to_its_file_and_line(bring, chief_chen, at):
    batch = bring("2017-06,taxes_and_surcharges,0.60", "2017-06,claims_paid,62.00")
    sign_off_finance_figures(batch=batch, by=chief_chen, at=at)
    figure = figures_in_force(months=[JUNE]).get(code="claims_paid")
    assert (figure.batch.name, figure.line_no) == ("finance.csv", 3)


def test_maker_is_not_checker(bring, finance_head, at):
    batch = bring("2017-06,claims_paid,62.00", by=finance_head)
    with pytest.raises(NotPermitted) as refusal:
        sign_off_finance_figures(batch=batch, by=finance_head, at=at)
    assert refusal.value.code == "maker_is_checker"
    assert finance_figures(months=[JUNE]) == {}


def test_the_database_too_refuses_a_maker_who_checks(bring, finance_sun, at):
    batch = bring("2017-06,claims_paid,62.00")
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        FinanceBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.SIGNED_OFF, signed_off_by=finance_sun, signed_off_at=at
        )


def test_the_database_refuses_to_change_a_figure(bring):
    bring("2017-06,claims_paid,62.00")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FinanceFigure.objects.update(amount=0)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FinanceFigure.objects.all().delete()


def test_only_those_with_the_right_import_or_sign_off(bring, finance_sun, manager_lin, at):
    with pytest.raises(NotPermitted):
        import_finance_figures(
            stream=io.BytesIO(b"month,code,amount\n"), name="x.csv", by=manager_lin, at=at
        )
    with pytest.raises(NotPermitted):
        sign_off_finance_figures(batch=bring("2017-06,claims_paid,1"), by=manager_lin, at=at)


def test_a_batch_is_signed_off_once(bring, chief_chen, at):
    batch = bring("2017-06,claims_paid,62.00")
    sign_off_finance_figures(batch=batch, by=chief_chen, at=at)
    with pytest.raises(WrongState):
        sign_off_finance_figures(batch=batch, by=chief_chen, at=at)
    with pytest.raises(WrongState):
        withdraw_finance_figures(batch=batch, by=chief_chen, at=at, reason="晚了")


def test_an_older_import_may_not_overtake_a_newer_one(bring, chief_chen, at):
    old = bring("2017-06,claims_paid,1")
    new = bring("2017-06,claims_paid,2", at=at + HOUR)
    sign_off_finance_figures(batch=new, by=chief_chen, at=at + 2 * HOUR)
    with pytest.raises(Conflict):
        sign_off_finance_figures(batch=old, by=chief_chen, at=at + 3 * HOUR)
    assert finance_figures(months=[JUNE])[JUNE]["claims_paid"] == 2


def test_a_file_without_an_accepted_line_is_not_signed_off(bring, chief_chen, at):
    with pytest.raises(RuleBroken):
        sign_off_finance_figures(batch=bring("x,y,z"), by=chief_chen, at=at)


def test_a_draft_is_withdrawn_with_a_reason_and_never_counts(bring, finance_sun, chief_chen, at):
    batch = bring("2017-06,claims_paid,62.00")
    with pytest.raises(RuleBroken):
        withdraw_finance_figures(batch=batch, by=finance_sun, at=at, reason=" ")
    withdraw_finance_figures(batch=batch, by=finance_sun, at=at, reason="错了月份")
    with pytest.raises(WrongState):
        sign_off_finance_figures(batch=batch, by=chief_chen, at=at)
    actions = audit_of(object_type="ledger.financebatch", object_id=batch.pk)
    assert [(row.action, row.by) for row in actions] == [
        ("import_finance_figures", finance_sun),
        ("withdraw_finance_figures", finance_sun),
    ]


def test_checks_see_the_month_as_it_would_stand(bring, chief_chen, at):
    first = bring(
        "2017-06,premium_income,110", "2017-06,ceded_premium,24", "2017-06,upr_change_net,6"
    )
    sign_off_finance_figures(batch=first, by=chief_chen, at=at)
    second = bring("2017-06,earned_premium,79.50", at=at + HOUR)
    found = {check.code: check for check in checks_of(batch=second)}
    assert found[CheckCode.PREMIUM_DIFFERS].difference == Decimal("-0.50")
    assert "claims_paid" in found[CheckCode.LINES_MISSING].lines


def test_the_command_imports_and_signs_off(tmp_path, finance_sun, chief_chen, capsys):
    file = tmp_path / "finance.csv"
    file.write_bytes("month,code,amount,备注\n2017-06,claims_paid,62.00,是\n".encode("gb18030"))
    call_command("load_finance_figures", str(file), by="sun", sign_off_by="chen")
    assert "rows=1 accepted=1 rejected=0 signed_off=yes" in capsys.readouterr().out
    assert finance_figures(months=[JUNE])[JUNE] == {"claims_paid": Decimal("62.00")}


@pytest.mark.parametrize(("by", "sign_off_by"), [("sun", "sun"), ("chen", None), ("nobody", None)])
def test_the_command_refuses_with_one_sentence(tmp_path, finance_sun, chief_chen, by, sign_off_by):
    file = tmp_path / "finance.csv"
    file.write_text("month,code,amount\n2017-06,claims_paid,62.00\n")
    with pytest.raises(CommandError):
        call_command("load_finance_figures", str(file), by=by, sign_off_by=sign_off_by)
    assert finance_figures(months=[JUNE]) == {}


def test_a_missing_file_is_refused(tmp_path, finance_sun):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_finance_figures", str(tmp_path / "gone.csv"), by="sun")
