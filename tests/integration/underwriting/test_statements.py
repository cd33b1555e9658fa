"""Statements of reinsurers: they are the book to the fen, on the page, as workbook and as PDF."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse
from openpyxl import load_workbook

from core.errors import NotPermitted
from ledger.models import EntryLine
from ledger.services import reverse as reverse_entry
from tests.conftest import AT
from tests.factories.cessions import BEIJING, START, draft, policy, reinsurer, surplus, treaty
from underwriting.selectors.statements import statement_of, statements_of
from underwriting.services.ceded_money import CededClaim, cede_claim, cede_recovery
from underwriting.services.cessions import cede
from underwriting.services.coinsurance import place_facultative

pytestmark = pytest.mark.django_db
D = Decimal
ON, QUARTER = dt.date(2026, 3, 1), "2026Q1"
CLAIM = CededClaim(
    claim_no="C1", policy_no="P1", product_code="K1", lender_code="L1", unit_path=BEIJING,
    cover_from=START, loss_on=dt.date(2026, 3, 9),
)  # fmt: skip


def in_the_book(account, **words):
    found = EntryLine.objects.filter(account=account, **words).aggregate(
        net=Sum("debit", default=0) - Sum("credit", default=0)
    )
    return found["net"]


@pytest.fixture
def book(chief_bai, chief_chen):
    """Premium, a return, a claim and a recovery under two shared treaties and a certificate."""
    treaty(draft(), by=chief_bai, checker=chief_chen)
    treaty(surplus(), by=chief_bai, checker=chief_chen, shares={reinsurer("独家再保险"): D(1)})
    words = {"by": None, "at": AT}
    cede(
        policies=[policy(premium="1000.01"), policy("P2", sum_insured="1500000", premium="77.77")],
        on=ON, key="k1", **words,
    )  # fmt: skip
    place_facultative(
        policy=policy("P3"), code="FAC-1", reinsurer=reinsurer(), share=D("0.3"),
        commission_rate=D("0.2"), valid_from=START, valid_to=dt.date(2028, 3, 1), reason="大额",
        by=chief_bai, at=AT,
    )  # fmt: skip
    cede(policies=[policy("P3", premium="333.33")], on=ON, key="k2", **words)
    cede(policies=[policy(premium="-100.03")], on=dt.date(2026, 3, 20), key="k3", **words)
    cede_claim(claim=CLAIM, amount=D("5000.05"), on=dt.date(2026, 3, 20), key="c", **words)
    cede_recovery(claim=CLAIM, amount=D("123.45"), on=dt.date(2026, 3, 25), key="r", **words)
    cede(policies=[policy("P1", premium="9.99")], on=dt.date(2026, 4, 1), key="q2", **words)


def test_all_statements_together_are_the_ceded_accounts_of_the_quarter_to_the_fen(book):
    found = statements_of(staff=None, quarter=QUARTER)
    march = {"month": dt.date(2026, 3, 1)}
    totals = [each.total for each in found.statements]

    def whole(name):
        return sum(getattr(each, name) for each in totals)

    assert whole("premium") == in_the_book("6541", **march)
    assert whole("commission") == -in_the_book("6203", **march)
    assert whole("recoveries") - whole("claims") == in_the_book("6202", **march)
    assert whole("balance") == -in_the_book("2261", **march) - in_the_book("1211", **march)
    assert whole("balance") == found.total.balance
    assert found.nobodys.balance == 0
    for each in found.statements:
        assert each.total.balance == sum(line.balance for line in each.lines)
        assert sum(money.premium for money in each.treaties.values()) == each.total.premium


def test_a_reinsurer_with_a_treaty_of_its_own_has_what_the_book_has_of_the_treaty(book):
    pk = reinsurer("独家再保险").pk
    own = statement_of(staff=None, pk=pk, quarter=QUARTER)
    of = {"month": dt.date(2026, 3, 1), "treaty_code": "S26"}
    assert own.total.premium == in_the_book("6541", **of) > 0
    assert own.total.balance == -in_the_book("2261", **of) - in_the_book("1211", **of)
    assert {line.policy_no for line in own.lines} == {"P1", "P3"}
    later = statement_of(staff=None, pk=pk, quarter="2026Q2")
    assert later.total.premium == in_the_book("6541", month=dt.date(2026, 4, 1), treaty_code="S26")


def test_a_reversed_entry_is_in_no_statement(book):
    from ledger.models import Entry

    for entry in Entry.objects.filter(event__startswith="ced", reverses__isnull=True):
        reverse_entry(entry=entry, on=dt.date(2026, 4, 2), key=f"x{entry.pk}", reason="x",
                      by=None, at=AT, month=dt.date(2026, 4, 1))  # fmt: skip
    both = [statements_of(staff=None, quarter=each).total for each in (QUARTER, "2026Q2")]
    assert (both[0].premium + both[1].premium, both[0].claims + both[1].claims) == (0, 0)


def test_the_pages_show_the_sums_and_the_policies_behind_them(client, book, chief_chen):
    client.force_login(chief_chen)
    text = client.get(reverse("underwriting:statements"), {"quarter": QUARTER}).content.decode()
    assert "独家再保险" in text
    found = statement_of(staff=chief_chen, pk=reinsurer().pk, quarter=QUARTER)
    address = reverse("underwriting:statement", args=[reinsurer().pk, QUARTER])
    page = client.get(address).content.decode()
    for words in ("FAC-1", "Q26", "P1", f"{found.total.balance:,.2f}"):
        assert words in page
    assert client.get(reverse("underwriting:statement", args=[99, QUARTER])).status_code == 404
    assert client.get(reverse("underwriting:statements"), {"quarter": "x"}).status_code == 422


def test_a_branch_reads_no_statement(client, book, stranger_gu):
    client.force_login(stranger_gu)
    assert client.get(reverse("underwriting:statements")).status_code == 403
    with pytest.raises(NotPermitted):
        statements_of(staff=stranger_gu, quarter=QUARTER)


def test_the_workbook_holds_every_line_and_the_same_sum(client, book, chief_chen):
    client.force_login(chief_chen)
    address = reverse("underwriting:statement_export", args=[reinsurer().pk, QUARTER])
    answer = client.get(address)
    assert answer.status_code == 200
    sums, lines = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets
    found = statement_of(staff=None, pk=reinsurer().pk, quarter=QUARTER)
    rows = [row for row in lines.iter_rows(values_only=True) if row[1] in {"P1", "P2", "P3"}]
    assert [(row[0], row[1]) for row in rows] == [(ln.treaty, ln.policy_no) for ln in found.lines]
    assert sum(D(str(row[6])).quantize(D("0.01")) for row in rows) == found.total.balance
    last = list(sums.iter_rows(values_only=True))[-1]
    assert D(str(last[6])).quantize(D("0.01")) == found.total.balance


def test_the_pdf_is_printed_where_the_machine_can(client, book, chief_chen):
    client.force_login(chief_chen)
    answer = client.get(reverse("underwriting:statement_paper", args=[reinsurer().pk, QUARTER]))
    if answer.status_code == 503:
        pytest.skip("this machine prints no PDF")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
