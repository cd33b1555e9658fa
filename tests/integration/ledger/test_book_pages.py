"""Pages of the books: from the trial balance to the entry, vouchers, rules, closing, export."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.menu import entries_for
from ledger.models import Entry, FigureExplanation, LedgerPeriod, PostingRule, Voucher
from ledger.services import sign_off_finance_figures
from tests.factories.book import part, posted

pytestmark = pytest.mark.django_db
MONTH = "2026-03"


def url(name, *words):
    return reverse(f"ledger:{name}", args=words)


def page(client, name, *words, query="", status=200):
    answer = client.get(url(name, *words) + query)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def sun(client, finance_sun):
    client.force_login(finance_sun)
    return client


def test_the_books_open_at_the_last_month_and_drill_down_to_the_entry(sun):
    entry = posted("claim_paid", part("P-777", amount=10), part("P-888", amount="20.05"))
    assert sun.get(url("books")).headers["Location"] == url("trial_balance", MONTH)
    balance = page(sun, "trial_balance", MONTH)
    assert "试算平衡表" in balance
    assert "30.05" in balance
    assert url("account_lines", MONTH, "2205") in balance
    lines = page(sun, "account_lines", MONTH, "2205")
    assert url("entry", entry.pk) in lines
    assert "P-888" in lines
    assert "P-888" not in page(sun, "account_lines", MONTH, "2205", query="?policy_no=P-777")
    assert "没有符合条件" in page(sun, "account_lines", MONTH, "2205", query="?event=commission")
    shown = page(sun, "entry", entry.pk)
    assert "202603-000001" in shown
    assert url("posting_rule", entry.rule_id) in shown
    assert entry.number in page(sun, "entries", MONTH)
    page(sun, "account_lines", MONTH, "9999", status=404)
    page(sun, "entry", entry.pk + 99, status=404)


def test_only_people_of_the_books_read_them(client, branch_wang, manager_lin, chief_chen):
    entry = posted("claim_paid", part(amount=10))
    for nobody in (branch_wang, manager_lin):
        client.force_login(nobody)
        for name, words in (("trial_balance", [MONTH]), ("entry", [entry.pk]), ("vouchers", [])):
            page(client, name, *words, status=403)
    client.force_login(chief_chen)
    assert "试算平衡表" in page(client, "trial_balance", MONTH)


@pytest.mark.parametrize("name", ["entries", "account_lines", "trial_balance"])
def test_a_list_of_many_costs_no_more_queries_than_one_of_few(sun, name):
    words = [MONTH, "2205"] if name == "account_lines" else [MONTH]
    counts = []
    for _round in (1, 2):
        for _each in range(_round):
            posted("claim_paid", part(amount=1))
            posted("commission", part(amount=1))
        page(sun, name, *words)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(sun, name, *words)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_voucher_is_drafted_approved_and_posted_on_pages(client, finance_sun, chief_chen):
    client.force_login(finance_sun)
    assert "会计科目表" in page(client, "voucher_create")
    sent = {
        "on": "2026-03-10",
        "summary": "办公费",
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "form-0-account": "6601",
        "form-0-debit": "1,250.50",
        "form-1-account": "1002",
        "form-1-credit": "1250.5",
    }
    wrong = client.post(url("voucher_create"), sent | {"form-1-credit": "1"})
    assert wrong.status_code == 422
    assert "借贷相差 1,249.50 元" in wrong.content.decode()
    answer = client.post(url("voucher_create"), sent)
    voucher = Voucher.objects.get()
    assert answer.headers["Location"] == url("voucher", voucher.pk)
    assert url("voucher_approval", voucher.pk) not in page(client, "voucher", voucher.pk)
    assert client.post(url("voucher_approval", voucher.pk), {"remark": ""}).status_code == 403
    client.force_login(chief_chen)
    assert url("voucher_approval", voucher.pk) in page(client, "voucher", voucher.pk)
    client.post(url("voucher_approval", voucher.pk), {"remark": "同意"})
    assert Entry.objects.get().total == Decimal("1250.50")
    assert "已审批入账" in page(client, "vouchers")


def test_a_reversal_is_asked_for_and_refused_on_pages(client, finance_sun, chief_chen):
    entry = posted("claim_paid", part(amount=10))
    client.force_login(finance_sun)
    assert url("reversal", entry.pk) in page(client, "entry", entry.pk)
    assert client.post(url("reversal", entry.pk), {"on": "", "reason": ""}).status_code == 422
    client.post(url("reversal", entry.pk), {"on": "2026-03-11", "reason": "付错"})
    wish = Voucher.objects.get()
    again = client.post(url("reversal", entry.pk), {"on": "2026-03-11", "reason": "付错"})
    assert again.status_code == 422
    client.force_login(chief_chen)
    client.post(url("voucher_refusal", wish.pk), {"reason": "不对"})
    assert Voucher.objects.get().status == "refused"
    assert Entry.objects.count() == 1


def test_a_new_version_of_a_rule_shows_what_it_changes(client, finance_sun, chief_chen):
    client.force_login(finance_sun)
    sent = {"valid_from": "2026-07-01", "lines": "debit 6421 amount\ncredit 1002", "reason": "现付"}
    wrong = client.post(url("rule_proposal", "commission"), sent)
    assert wrong.status_code == 422
    assert "借贷不平" in wrong.content.decode()
    client.post(
        url("rule_proposal", "commission"),
        sent | {"lines": "debit 6421 amount\ncredit 1002 amount"},
    )
    rule = PostingRule.objects.get(event="commission", version=2)
    shown = page(client, "posting_rule", rule.pk)
    assert "与第 1 版的差异" in shown
    assert "2202" in shown
    page(client, "rule_proposal", "nonsense", status=404)
    client.force_login(chief_chen)
    client.post(url("rule_approval", rule.pk), {"remark": ""})
    rule.refresh_from_db()
    assert rule.status == "approved"
    assert "佣金" in page(client, "posting_rules")


def test_a_month_is_closed_in_the_cockpit(client, finance_sun, chief_chen, bring, at):
    posted("claim_approved", part(amount=100))
    batch = bring("2026-03,claims_paid,101")
    sign_off_finance_figures(batch=batch, by=chief_chen, at=at)
    client.force_login(finance_sun)
    cockpit = page(client, "closing", MONTH)
    assert "与财务数据的差异均已说明" in cockpit
    assert "不通过" in cockpit
    assert client.post(url("closing_preparation", MONTH)).status_code == 422
    assert "待说明" in page(client, "reconciliation", MONTH)
    assert client.post(url("explanation", MONTH), {"line": "claims_paid"}).status_code == 422
    client.post(url("explanation", MONTH), {"line": "claims_paid", "words": "预提一元"})
    assert FigureExplanation.objects.get().words == "预提一元"
    assert "预提一元" in page(client, "reconciliation", MONTH)
    client.post(url("closing_preparation", MONTH))
    assert client.post(url("closing_confirmation", MONTH), {"remark": ""}).status_code == 403
    client.force_login(chief_chen)
    client.post(url("closing_return", MONTH), {"reason": "再看"})
    assert LedgerPeriod.objects.get().status == "open"
    client.force_login(finance_sun)
    client.post(url("closing_preparation", MONTH))
    client.force_login(chief_chen)
    client.post(url("closing_confirmation", MONTH), {"remark": "已核"})
    assert LedgerPeriod.objects.get().status == "closed"
    assert "已结账的月份不再打开" in page(client, "closing", MONTH)
    assert "已结账" in page(client, "trial_balance", MONTH)


def test_each_ratio_leads_to_its_lines_and_their_entries_in_two_clicks(sun):
    entry = posted("claim_paid", part(amount=10))
    posted("policy_issued", part(premium=100))
    posted("claim_approved", part(amount=40))
    ratios = page(sun, "month_ratios", MONTH)
    assert "F1 综合赔付率: 40.00%" in ratios.replace("\n", "")
    assert "取自账簿（未结账）" in ratios
    first = url("account_lines", MONTH, "2205") + "?event=claim_paid"
    assert first in ratios
    assert url("entry", entry.pk) in sun.get(first).content.decode()
    assert "缺失：既未导入，也无入账" in page(sun, "month_ratios", "2026-01")


def test_the_vouchers_of_a_month_leave_as_a_workbook(sun):
    posted("claim_paid", part("P-777", amount="10.05"))
    answer = sun.get(url("month_export", MONTH))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.values)
    assert "孙账" in rows[0][0]
    assert rows[1][:4] == ("凭证号", "业务日期", "业务事项", "摘要")
    assert [rows[2][place] for place in (0, 5, 7, 9)] == ["202603-000001", "2205", 10.05, "P-777"]


def test_only_the_nearest_entry_of_the_menu_is_marked(finance_sun):
    marked = [
        str(entry["title"])
        for path in (url("vouchers"), url("trial_balance", MONTH), url("batches"))
        for entry in entries_for(finance_sun, path)
        if entry["is_here"]
    ]
    assert marked == ["手工凭证", "账簿", "财务数据"]
