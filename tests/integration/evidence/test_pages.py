"""Audit trail, evidence and the check by strangers at the screen."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock, files
from core.models import AuditRecord, EvidencePack, PublicCheck, RegulatoryParameter
from core.services import record_audit, settle
from desk.services.evidence import release_pack
from organization.models import Role
from postloss.models import RiskWarning

pytestmark = pytest.mark.django_db
CHECK = "/public/evidence/"


def thing(warning) -> str:
    return reverse("desk:evidence_object", args=["postloss.riskwarning", warning.pk])


def upload(client, code, content, **more):
    file = SimpleUploadedFile("x.bin", content)
    return client.post(CHECK, {"code": code, "file": file} | more)


def whole(pack) -> bytes:
    return b"".join(files.pieces(pack.stored))


@pytest.fixture
def others(request):
    names = ("manager_lin", "chief_chen", "security_shen", "system_han", "officer_qian")
    return [request.getfixturevalue(name) for name in names]


@pytest.mark.parametrize(
    ("name", "words"),
    [("audit", []), ("audit_record", [1]), ("chain", []), ("chain_head", [1])],
)
def test_only_the_audit_administrator_sees_audit_and_chain(client, name, words, others):
    address = reverse(f"desk:{name}", args=words)
    for person in others:
        client.force_login(person)
        assert client.get(address).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302


def test_the_audit_administrator_sees_no_packs(client, auditor_he, pack):
    client.force_login(auditor_he)
    for name, words in (("evidence_packs", []), ("evidence_pack", [pack.pk])):
        assert client.get(reverse(f"desk:{name}", args=words)).status_code == 403


def test_CRM_34_a_search_finds_who_did_what_to_which_object(
    client, auditor_he, warning, manager_lin
):
    settle()
    client.force_login(auditor_he)
    text = client.get("/audit/", {"who": "lin", "object_type": "riskwarning"}).text
    assert "postloss.warning_dispose" in text
    assert "postloss.warning_close" not in text  # that was chen
    assert "postloss.warning_close" in client.get("/audit/", {"action": "close"}).text
    nothing = client.get("/audit/", {"since": "2099-01-01", "who": "lin"}).text
    assert "postloss.warning_dispose" not in nothing
    assert client.get("/audit/", {"since": "nonsense"}).status_code == 200


def test_a_record_shows_the_rows_before_and_after(client, auditor_he, officer_qian, hq, at):
    role = Role.objects.get(code="regulator")
    role.name = "监管用户"
    role.save()
    record = record_audit(
        action="test.renamed", subject=role, by=officer_qian, at=at, reason="改名"
    )
    settle()
    client.force_login(auditor_he)
    text = client.get(f"/audit/{record.pk}/").text
    assert "监管人员" in text
    assert "监管用户" in text
    assert record.link.hash in text


def test_the_audit_trail_shows_no_numbers_of_persons(client, auditor_he, officer_qian, hq, at):
    numbers = {"id": "11010519491231002X", "phone": "13812345678", "card": "6222021234567890128"}
    record = record_audit(
        action="test.told", subject=hq, by=officer_qian, at=at,
        reason=f"身份证{numbers['id']}，电话{numbers['phone']}", card=numbers["card"],
    )  # fmt: skip
    settle()
    client.force_login(auditor_he)
    for address in ("/audit/", f"/audit/{record.pk}/"):
        text = client.get(address).text
        assert "test.told" in text
        assert [kind for kind, number in numbers.items() if number in text] == []


def test_the_audit_list_costs_the_same_for_one_and_three(client, auditor_he, hq, at, officer_qian):
    client.force_login(auditor_he)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            record_audit(action="test.x", subject=hq, by=officer_qian, at=at)
        settle()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/audit/", {"action": "test.x"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_pack_lists_cost_the_same_for_one_and_three(client, officer_qian, warning, at):
    client.force_login(officer_qian)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            client.post(f"{thing(warning)}packs/", {"reason": "x"})
        settle()
        for address in ("/evidence/packs/", thing(warning)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_pack_is_asked_for_and_fetched_at_the_screen(client, officer_qian, warning, pack):
    client.force_login(officer_qian)
    page = client.get(thing(warning)).text
    assert pack.code in page
    assert client.post(f"{thing(warning)}packs/", {"reason": " "}).status_code == 422
    answer = client.post(f"{thing(warning)}packs/", {"reason": "再取一份"})
    assert answer.status_code == 302
    assert EvidencePack.objects.count() == 2
    answer = client.get(f"/evidence/packs/{pack.pk}/file/")
    assert b"".join(answer.streaming_content) == whole(pack)
    unmade = EvidencePack.objects.get(stored=None)
    assert client.get(f"/evidence/packs/{unmade.pk}/file/").status_code == 409


def test_EVID_18_the_page_says_what_is_proven_and_never_that_a_block_chain_certifies(
    client, officer_qian, warning, pack
):
    client.force_login(officer_qian)
    text = client.get(thing(warning)).text + client.get(f"/evidence/packs/{pack.pk}/").text
    record = AuditRecord.objects.get(action="core.evidence_sealed")
    assert record.link.hash in text
    assert "区块链" not in text
    assert "blockchain" not in text.lower()


def test_a_strangers_object_and_pack_do_not_exist(client, warning, pack, stranger_gu):
    role = Role.objects.get(code="branch_manager")
    role.permissions = [*role.permissions, "make_evidence"]
    role.save()
    client.force_login(stranger_gu)
    assert client.get(thing(warning)).status_code == 404
    assert client.post(f"{thing(warning)}packs/", {"reason": "x"}).status_code == 404
    for tail in ("", "file/"):
        assert client.get(f"/evidence/packs/{pack.pk}/{tail}").status_code == 404
    assert client.post(f"/evidence/packs/{pack.pk}/release/", {"days": 1}).status_code == 404
    assert client.get("/evidence/objects/organization.staff/1/").status_code == 404


def test_HQ_47_a_regulator_sees_released_packs_until_their_last_day(
    client, regulator_guan, chief_zheng, pack, make
):
    warning = RiskWarning.objects.get(pk=pack.object_id)
    held_back = make(warning, pack.asked_by)
    client.force_login(regulator_guan)
    page = f"/evidence/packs/{pack.pk}/"
    assert client.get(page).status_code == 404
    release_pack(pack=pack, days=5, by=chief_zheng, at=clock.now())
    listed = client.get("/evidence/packs/").text
    assert pack.code in listed
    assert held_back.code not in listed
    assert client.get(f"{page}file/").status_code == 200
    assert AuditRecord.objects.filter(action="core.evidence_downloaded", by=regulator_guan).exists()
    assert client.post(f"{page}release/", {"days": 1}).status_code == 403
    assert client.get(thing(warning)).status_code == 403
    EvidencePack.objects.filter(pk=pack.pk).update(
        released_until=clock.today() - dt.timedelta(days=1)
    )
    assert client.get(page).status_code == 404


def test_the_chain_is_shown_verified_and_its_heads_are_saved(client, auditor_he, pack):
    client.force_login(auditor_he)
    assert client.get("/evidence/chain/heads/99.json").status_code == 404
    assert client.get("/evidence/chain/").status_code == 200
    head = client.get("/evidence/chain/heads/1.json").json()
    assert head["key_id"] == "e1"
    assert client.post("/evidence/chain/verification/").status_code == 302


def test_EVID_14_a_stranger_checks_the_pack_and_each_of_its_files(client, pack):
    assert client.get(CHECK).status_code == 200
    answer = upload(client, pack.code.lower(), whole(pack))
    assert "alert-success" in answer.text
    step = pack.entries.get(name="artefacts/steps.csv")
    with zipfile.ZipFile(io.BytesIO(whole(pack))) as archive:
        assert "alert-success" in upload(client, pack.code, archive.read(step.name)).text
    assert "alert-danger" in upload(client, pack.code, whole(pack) + b"x").text
    assert "alert-danger" in upload(client, "EAAAA-AAAA-AAAA", whole(pack)).text
    said = [check.is_match for check in PublicCheck.objects.order_by("pk")]
    assert said == [True, True, False, False]


def test_EVID_14_an_unknown_number_and_a_wrong_file_get_the_same_answer(client, pack):
    def answer(code):
        text = upload(client, code, b"some other file").text
        return text.replace(code, "")

    known, unknown = answer(pack.code), answer("EAAAA-AAAA-AAAA")
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", known) == token.sub("", unknown)


def test_EVID_14_the_check_shows_nothing_of_the_object(client, pack, warning):
    text = upload(client, pack.code, whole(pack)).text
    for secret in (pack.title, pack.reason, pack.asked_by.name, warning.unit.name):
        assert secret not in text


def test_EVID_14_a_file_too_large_is_refused_while_it_comes_in(client, pack):
    RegulatoryParameter.objects.filter(name="evidence.public_check_max_bytes").update(value=1000)
    assert upload(client, pack.code, b"x" * 200_000).status_code == 413
    assert not PublicCheck.objects.exists()


def test_EVID_14_an_address_has_so_many_checks_an_hour(client, pack):
    RegulatoryParameter.objects.filter(name="evidence.public_checks_per_hour").update(value=2)
    for _ in range(2):
        assert upload(client, pack.code, b"x").status_code == 200
    assert upload(client, pack.code, b"x").status_code == 429


def test_the_check_asks_for_its_token_and_for_a_file(pack):
    strict = Client(enforce_csrf_checks=True)
    assert upload(strict, pack.code, b"x").status_code == 403
    strict.get(CHECK)
    token = strict.cookies["csrftoken"].value
    assert upload(strict, pack.code, b"x", csrfmiddlewaretoken=token).status_code == 200
    assert upload(strict, pack.code, b"", csrfmiddlewaretoken=token).status_code == 422
