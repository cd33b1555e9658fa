"""A policy is proven from its price to its end: EVID-03, EVID-15."""

import csv
import datetime as dt
import io
import json
import zipfile

import pytest
from django.urls import reverse

from core import files
from core.evidence import verify_pack
from core.models import AuditRecord, StoredFile
from organization.services import appoint_staff
from tests.factories.papers import plain_pdf
from tests.factories.policies import OBLIGOR
from tests.integration.underwriting.conftest import cashier_sun, counter
from underwriting.services.endings import end_policy, pay_refund
from underwriting.services.endorsements import Change, ask_endorsement, decide_endorsement
from underwriting.services.papers import make_paper, record_delivery

pytestmark = pytest.mark.django_db
__all__ = ["cashier_sun", "counter"]  # fixtures
PHONE = "13800138000"


def opened(pack) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(files.pieces(pack.stored))))


def rows(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    text = archive.read(f"artefacts/{name}.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


@pytest.fixture
def lived(counter):
    """A policy that was paid, changed, printed, delivered, ended and refunded."""
    policy = counter.issue(terms=counter.terms(mode="single"))
    counter.pay(policy, policy.premium, on=dt.date(2026, 3, 2), reference="BANK-1")
    make_paper(policy=policy, kind="policy", by=counter.maker, at=counter.at)
    record_delivery(
        delivery=policy.deliveries.get(to="insured"), on=counter.at, proof_no="MSG-1",
        by=counter.maker, at=counter.at,
    )  # fmt: skip
    endorsement = ask_endorsement(
        policy=policy,
        change=Change(
            kind="rate_change", effective_on=dt.date(2026, 5, 2),
            changes={"annual_rate": "0.075"}, reason="调整利率",
        ),
        by=counter.maker, at=counter.at,
    )  # fmt: skip
    decide_endorsement(
        endorsement=endorsement, is_approved=True, by=counter.issuer, at=counter.at,
        reason=f"已电话核实 {PHONE}",
    )  # fmt: skip
    end_policy(
        action="surrender", policy=policy, on=dt.date(2026, 9, 2), by=counter.issuer,
        at=counter.at, reason=f"客户来电 {PHONE} 退保",
    )  # fmt: skip
    pay_refund(
        policy=policy, on=dt.date(2026, 9, 3), reference="BANK-2", by=counter.cashier, at=counter.at
    )
    policy.refresh_from_db()
    return policy


@pytest.fixture
def pack(make, lived, officer_qian):
    return make(lived, officer_qian)


def test_EVID_03_the_pack_of_a_policy_verifies_and_holds_its_whole_life(pack, lived, tmp_path):
    path = tmp_path / "pack.zip"
    path.write_bytes(b"".join(files.pieces(pack.stored)))
    lines, is_good = verify_pack(path=path)
    assert is_good, lines
    archive = opened(pack)
    assert json.loads(archive.read("artefacts/worksheet.json"))["formula"]["text"]
    assert len(rows(archive, "steps")) == len(lived.quote.worksheet["steps"])
    assert len(rows(archive, "terms")) == 2
    assert [row[2] for row in rows(archive, "receipts")] == ["BANK-1"]
    assert [row[7] for row in rows(archive, "endorsements")] != [""]
    assert [row[4] for row in rows(archive, "deliveries")] == ["MSG-1", ""]
    assert [row[2] for row in rows(archive, "decisions")] == [str(lived.issued_by_id)]
    (instalment,) = lived.instalments.all()
    assert rows(archive, "premium")[0][8] == str(instalment.refunded)
    debits = sum(float(row[4] or 0) for row in rows(archive, "entries"))
    assert debits == sum(float(row[5] or 0) for row in rows(archive, "entries")) > 0


def test_the_filing_stands_in_the_facts(pack, lived):
    facts = opened(pack).read("facts.json").decode()
    version = lived.product_version
    for said in (version.filing_no, version.clauses_sha256, version.rates_sha256, "2026-09-02"):
        assert said in facts


def test_records_of_policy_quote_and_endorsement_are_proven_with_their_place(pack):
    actions = [each["content"]["action"] for each in json.loads(opened(pack).read("records.json"))]
    for action in ("quote_made", "policy_issued", "endorsement_decided", "policy_surrendered",
                   "refund_paid", "paper_made", "policy_delivered"):  # fmt: skip
        assert f"underwriting.{action}" in actions


def test_EVID_15_no_name_leaves_and_of_papers_the_hash_alone(pack, lived):
    archive = opened(pack)
    texts = {name: archive.read(name).decode(errors="ignore") for name in archive.namelist()}
    for name, text in texts.items():
        assert OBLIGOR.name not in text, name
        assert OBLIGOR.document not in text, name
        # a record of the chain keeps what somebody wrote, or its hash would not hold
        assert PHONE not in text or name == "records.json", name
    paper = lived.documents.get().stored
    sealed = AuditRecord.objects.get(action="core.evidence_sealed", object_id=str(lived.pk))
    assert sealed.detail["outside"][f"{paper.pk}-{paper.name}"] == paper.sha256
    assert not [name for name in archive.namelist() if name.endswith(".pdf") and "保单" in name]


def test_the_page_of_the_policy_leads_to_its_proof(client, hq, lived):
    keeper = appoint_staff(
        username="yan", name="严证", unit=hq, roles=["compliance_officer", "risk_manager"],
        password="yan-cast-2026!",
    )  # fmt: skip
    client.force_login(keeper)
    address = reverse("desk:evidence_object", args=["underwriting.policy", lived.pk])
    assert address in client.get(reverse("desk:policy", args=[lived.pk])).content.decode()
    assert lived.policy_no in client.get(address).content.decode()


def test_a_strangers_policy_has_no_proof(client, counter, lived, stranger_gu):
    client.force_login(stranger_gu)
    address = reverse("desk:evidence_object", args=["underwriting.policy", lived.pk])
    assert client.get(address).status_code in {403, 404}


def test_a_transfer_paper_is_named_by_its_hash(make, counter, officer_qian):
    from underwriting.models import ClaimTransfer
    from underwriting.rules.assignments import Transfer
    from underwriting.services.quotes import make_quote

    once = Transfer(
        sequence=1, from_name="甲小贷", to_name=counter.lender.name, contract_no="Z1",
        transferred_on=dt.date(2026, 1, 5),
    )  # fmt: skip
    quote = make_quote(
        order=counter.order(history=(once,), original_creditor="甲小贷"),
        by=counter.maker, at=counter.at, papers=[("转让.pdf", io.BytesIO(plain_pdf()))],
    )  # fmt: skip
    policy = counter.issue(quote)
    make(policy, officer_qian)
    stored = StoredFile.objects.get(pk=ClaimTransfer.objects.get().document_id)
    sealed = AuditRecord.objects.get(action="core.evidence_sealed", object_id=str(policy.pk))
    assert stored.sha256 in sealed.detail["outside"].values()
