"""Pages of products, as people use them."""

from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from products.models import LibraryClause, PremiumFormula, ProductReview, ProductVersion
from products.selectors import tariff_of
from products.services import open_product, propose_clause, revise_version, set_tariff
from tests.factories.products import (
    CELLS,
    DAY,
    FORMULA,
    TERMS,
    complete,
    draft,
    duty_lines,
    product_committee,
)

LOAN = {
    "principal": "120000", "annual_rate": "0.08", "periods": "12", "method": "equal_instalment",
    "start": "2026-03-02", "grade": "B", "ltv": "0.7", "channel": "dealer",
    "obligor_type": "person", "lender_code": "LENDER", "lender_type": "auto_finance",
    "mode": "declining",
}  # fmt: skip


def page(client, who, address, *args, query="", **words):
    client.force_login(who)
    return client.get(reverse(f"products:{address}", args=args) + query, **words)


def send(client, who, address, *args, **words):
    client.force_login(who)
    return client.post(reverse(f"products:{address}", args=args), words)


def sent_file(text):
    return SimpleUploadedFile(f"{text}.txt", text.encode())


def test_a_draft_is_written_on_pages_and_put_on_sale_by_others(client, house):
    drafter, reviewer, seller = house.drafter, house.reviewer, house.seller
    committee = product_committee(
        by=drafter, checker=reviewer, seats=[reviewer, seller], at=house.at
    )
    terms = {
        "valid_from": "2026-03-02", "filing_kind": "filed", "filing_no": "备案001",
        "filed_on": "2026-02-01", "sum_insured_basis": "opening_outstanding",
        "premium_modes": ["declining"], "rate_per": "year", "paid_at": "instalment",
        "waiting_days": "80", "bucket_basis": "days",
        "allocation_order": "costs, interest, principal", "obligor_types": "person",
        "lender_codes": "LENDER", "refund": "pro_rata", "policyholder": "obligor",
    }  # fmt: skip
    made = send(
        client, drafter, "create", code="AUTO", name="车贷保证险", cover_kind="guarantee", **terms
    )
    version = ProductVersion.objects.get()
    assert made.url == reverse("products:version", args=[version.pk])
    papers = {"clauses": sent_file("条款"), "rates": sent_file("费率")}
    sent = send(client, drafter, "terms", version.pk, revision=1, **terms, **papers)
    assert sent.status_code == 302, sent.content.decode()
    line = "B, 1, 36, 0, 0.8, *, 0.02, 0.024, 0.028"
    assert send(client, drafter, "tariff", version.pk, cells=line).status_code == 302
    formula = {
        "text": FORMULA, "variables": ["sum_insured", "rate", "share"], "dated_on": "2026-02-01",
        "cases": "sum_insured=100000 rate=0.024 share=0.25 → 600",
    }  # fmt: skip
    assert send(client, drafter, "formula", version.pk, **formula).status_code == 302
    assumed = {"loss_ratio": "45", "expense_ratio": "35", "source": "精算报告第3章"}
    refused = send(client, drafter, "assumptions", version.pk, **assumed | {"loss_ratio": ""})
    assert refused.status_code == 422
    assert send(client, drafter, "assumptions", version.pk, **assumed).status_code == 302
    for name in ("terms", "tariff", "assumptions", "formula"):
        assert page(client, drafter, name, version.pk).status_code == 200
    assert send(client, reviewer, "formula_review", version.pk).status_code == 302
    put = send(
        client, drafter, "submission", version.pk, committee=committee.pk, meeting="第1次",
        held_on="2026-03-02",
    )  # fmt: skip
    assert put.status_code == 302
    resolution = put.url
    for person in (reviewer, seller):
        client.force_login(person)
        shown = client.get(resolution)
        assert "车贷保证险 v1" in shown.content.decode()
        client.post(resolution + "votes/", {"choice": "for"})
    client.force_login(drafter)
    client.post(resolution + "closing/")
    unanswered = send(client, seller, "sale", version.pk, valid_from="2026-03-02")
    assert unanswered.status_code == 422
    assert "PRE-33a" in unanswered.content.decode()
    assert (
        "尚未明确职责分工" in page(client, drafter, "duties", version.product_id).content.decode()
    )
    duties = {"valid_from": "2026-03-02", "reason": "产品立项"}
    assert send(client, drafter, "duties", version.product_id, **duties).status_code == 422
    for line in duty_lines():
        duties[f"{line.activity.value}_{line.kind.value}"] = f"post:{line.post.pk}"
    assert send(client, drafter, "duties", version.product_id, **duties).status_code == 302
    assert "产品负责人岗" in page(client, seller, "version", version.pk).content.decode()
    assert send(client, seller, "sale", version.pk, valid_from="2026-03-02").status_code == 302
    version.refresh_from_db()
    assert version.status == "on_sale"
    shown = page(client, drafter, "version", version.pk).content.decode()
    assert "备案001" in shown
    assert "2.4000%" in shown
    assert version.clauses_sha256[:16] in shown
    assert "45%" in shown


def test_the_calculator_shows_every_step_and_its_address_can_be_sent_on(client, house):
    version = house.on_sale()
    query = "?" + urlencode({**LOAN, "version": version.pk})
    shown = page(client, house.drafter, "calculator", query=query)
    text = shown.content.decode()
    assert shown.status_code == 200
    assert FORMULA in text
    assert "round_fen(120000.00 * 0.024 *" in text
    assert "240.00" in text
    assert "24.0000%" in text
    again = page(client, house.seller, "calculator", query=query).content.decode()
    assert "240.00" in again
    fragment = page(
        client, house.drafter, "calculator", query=query, headers={"HX-Request": "true"}
    ).content.decode()
    assert fragment.lstrip().startswith('<div id="worksheet"')
    empty = page(client, house.drafter, "calculator")
    assert empty.status_code == 200
    wrong = "?" + urlencode({**LOAN, "version": version.pk, "periods": "x"})
    assert page(client, house.drafter, "calculator", query=wrong).status_code == 422


def test_the_calculator_names_what_forbids_a_price(client, house):
    version = house.on_sale()
    query = "?" + urlencode(
        {**LOAN, "version": version.pk, "annual_rate": "0.235", "rate": "0.05", "ltv": ""}
    )
    text = page(client, house.drafter, "calculator", query=query).content.decode()
    assert "抵押率未知" in text
    assert "PRE-34b" in text
    query = "?" + urlencode(
        {**LOAN, "version": version.pk, "annual_rate": "0.235", "rate": "0.028"}
    )
    text = page(client, house.drafter, "calculator", query=query).content.decode()
    assert "超过上限 24%，任何人不得放行。" in text
    assert "PRE-12b" in text


def test_two_versions_are_compared_term_by_term_and_cell_by_cell(client, house):
    first = house.on_sale()
    second = revise_version(version=first, valid_from=DAY, by=house.drafter, at=house.at)
    cells = [{**CELLS[0], "rate": Decimal("0.013")}, *CELLS[1:-1]]
    set_tariff(version=second, cells=cells, by=house.drafter, at=house.at)
    shown = page(client, house.drafter, "difference", second.pk, first.pk)
    text = shown.content.decode()
    assert "1.2000%" in text
    assert "1.3000%" in text
    assert text.count("有变化") == 2 + 5  # two cells; filing (3), clauses and rates (hashes)


def test_a_frozen_version_is_refused_on_its_pages_too(client, house):
    version = house.on_sale()
    line = "B, 1, 36, 0, 0.8, *, 0.02, 0.024, 0.028"
    answer = send(client, house.drafter, "tariff", version.pk, cells=line)
    assert answer.status_code == 409
    assert "PRE-34a" in answer.content.decode()
    assert len(tariff_of(version=version)) == 8


def test_a_table_or_case_that_cannot_be_read_is_named(client, house):
    version = draft(by=house.drafter, at=house.at)
    for cells in ("A, 1", "A, 1, 2, 0, 1, *, x, 1, 1", "A,1,2,0,1,*,NaN,1,1"):
        answer = send(client, house.drafter, "tariff", version.pk, cells=cells)
        assert answer.status_code == 422
        assert "第 1 行" in answer.content.decode()
    formula = {
        "text": "__import__('os')", "variables": ["rate"], "dated_on": "2026-02-01",
        "cases": "rate=1 → 1",
    }  # fmt: skip
    answer = send(client, house.drafter, "formula", version.pk, **formula)
    assert answer.status_code == 422
    assert "公式中不允许使用" in answer.content.decode()
    answer = send(client, house.drafter, "formula", version.pk, **{**formula, "cases": "rate"})
    assert answer.status_code == 422
    assert not PremiumFormula.objects.exists()


def test_clauses_are_proposed_decided_and_withdrawn_on_their_page(client, house):
    words = {
        "code": "T1", "title": "赔款支付", "text": "赔款支付至被保险人账户。",
        "touches": ["payment_account"], "claimants": ["insured"],
    }  # fmt: skip
    assert send(client, house.drafter, "clauses", **words).status_code == 302
    clause = LibraryClause.objects.get()
    send(client, house.reviewer, "clause_decision", clause.pk, decision="yes")
    clause.refresh_from_db()
    assert clause.status == "approved"
    assert "赔款支付" in page(client, house.seller, "clauses").content.decode()
    refused = send(
        client, house.drafter, "clauses", **{**words, "code": "T2", "claimants": ["partner"]}
    )
    assert refused.status_code == 422
    assert "PRE-34c" in refused.content.decode()
    send(client, house.reviewer, "clause_withdrawal", clause.pk, reason="不再使用")
    clause.refresh_from_db()
    assert clause.status == "withdrawn"


def test_a_review_is_drafted_and_confirmed_and_opens_the_next_version(client, house):
    version = house.on_sale()
    words = {
        "period_from": "2026-01-01", "period_to": "2026-04-01", "decision": "revise",
        "reason": "退保率上升",
    }  # fmt: skip
    assert send(client, house.drafter, "review_create", version.pk, **words).status_code == 302
    shown = page(client, house.reviewer, "reviews").content.decode()
    assert "退保率" in shown
    assert "is-unknown" in shown
    review = ProductReview.objects.get()
    send(client, house.reviewer, "review_decision", review.pk, decision="yes")
    review.refresh_from_db()
    assert review.opened.status == "draft"
    assert page(client, house.reviewer, "version", version.pk).status_code == 200


@pytest.mark.parametrize("who", ["system_han", "regulator_guan"])
def test_whoever_has_no_business_sees_no_products(client, house, who, request):
    version = house.on_sale()
    person = request.getfixturevalue(who)
    for name, args in (("versions", ()), ("version", (version.pk,)), ("calculator", ()),
                       ("clauses", ()), ("reviews", ())):  # fmt: skip
        assert page(client, person, name, *args).status_code == 403


def test_lists_cost_the_same_with_one_and_with_three_rows(client, house):
    counts = {}
    for rows in (1, 3):
        while ProductVersion.objects.count() < rows:
            number = ProductVersion.objects.count()
            open_product(
                code=f"P{number}", name="x", cover_kind="credit", terms=TERMS, by=house.drafter,
                at=house.at,
            )  # fmt: skip
            propose_clause(
                code=f"C{number}", title="x", text="x", touches=[], claimants=[], product=None,
                by=house.drafter, at=house.at,
            )  # fmt: skip
        for name in ("versions", "clauses"):
            client.force_login(house.reviewer)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse(f"products:{name}")).status_code == 200
            counts.setdefault(name, []).append(len(seen))
    assert all(first == last for first, last in counts.values()), counts


def test_an_open_draft_names_what_it_lacks(client, house):
    version = draft(by=house.drafter, at=house.at)
    assert "缺少备案条款文件" in page(client, house.drafter, "version", version.pk).content.decode()
    complete(version, by=house.drafter, checker=house.reviewer, at=house.at)
    assert "缺少" not in page(client, house.drafter, "version", version.pk).content.decode()
