"""The register of keys and the data inventory at the screen. Source: EVID-13, PRE-45a."""

import base64
import os

import pytest

from core import jobs
from core.encryption.keys import forget_sealing_key
from core.models import FieldKey, Job, KeyRotation
from organization.models import StaffSession
from organization.services import appoint_staff
from tests.conftest import AT

KEYS, INVENTORY = "/keys/", "/data-inventory/"
PROPOSAL = {"key_id": "k2", "cipher": "SM4-GCM", "reason": "每年轮换"}


@pytest.fixture
def keys(settings, tmp_path, db):
    settings.FIELD_KEYS_FOLDER = tmp_path
    settings.FIELD_KEY_CACHE_SECONDS = 0
    (tmp_path / "k2").write_text(base64.b64encode(os.urandom(32)).decode())
    forget_sealing_key()
    yield tmp_path
    forget_sealing_key()


@pytest.fixture
def security_shi(hq):
    return appoint_staff(
        username="shi", name="石守", unit=hq, roles=["security_administrator"], password="x" * 20
    )


def test_two_administrators_change_the_key_at_the_screen(client, keys, security_shen, security_shi):
    client.force_login(security_shen)
    assert client.post(KEYS, PROPOSAL).status_code == 302
    rotation = KeyRotation.objects.get()
    page = client.get(KEYS).text
    assert "由您提出" in page
    assert f"/keys/rotations/{rotation.pk}/approval/" not in page
    approval = f"/keys/rotations/{rotation.pk}/approval/"
    assert client.post(approval).status_code == 403  # whoever proposes does not decide
    client.force_login(security_shi)
    assert approval in client.get(KEYS).text
    assert client.post(approval).status_code == 302
    assert jobs.run(Job.objects.get(kind="rotate_field_keys", created_by=security_shi).pk)
    page = client.get(KEYS).text
    assert "可以移除" in page
    assert (keys / "k2").read_text() not in page
    assert client.post(approval).status_code == 409


def test_a_rejection_says_why(client, keys, security_shen, security_shi):
    client.force_login(security_shen)
    client.post(KEYS, PROPOSAL)
    address = f"/keys/rotations/{KeyRotation.objects.get().pk}/rejection/"
    client.force_login(security_shi)
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "未到期"}).status_code == 302
    assert "未到期" in client.get(KEYS).text
    assert client.post("/keys/rotations/999/approval/").status_code == 404


def test_a_key_that_is_not_at_hand_cannot_be_chosen(client, keys, security_shen):
    client.force_login(security_shen)
    assert client.post(KEYS, PROPOSAL | {"key_id": "k9"}).status_code == 422
    assert not KeyRotation.objects.exists()


def test_counting_is_a_job_that_sees_every_row(client, keys, security_shen):
    client.force_login(security_shen)
    assert client.post("/keys/counting/").status_code == 302
    assert jobs.run(Job.objects.get(kind="count_sealed_values").pk)
    assert FieldKey.objects.get().sealed_values == StaffSession.objects.count() > 0


@pytest.mark.parametrize("who", ["manager_lin", "system_han", "auditor_he", "chief_zheng"])
def test_nobody_else_touches_the_keys(client, keys, request, who):
    client.force_login(request.getfixturevalue(who))
    steps = ("counting/", "rotations/1/approval/", "rotations/1/rejection/")
    assert [client.post(KEYS + step).status_code for step in ("", *steps)] == [403] * 4
    assert client.get(KEYS).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_costs_the_same_for_one_rotation_and_for_three(
    client, security_shen, security_shi, django_assert_num_queries, number
):
    key = FieldKey.objects.get()
    for _ in range(number):
        KeyRotation.objects.create(
            key=key, reason="x", status="rejected", proposed_by=security_shen, proposed_at=AT,
            decided_by=security_shi, decided_at=AT,
        )  # fmt: skip
    client.force_login(security_shen)
    client.get(KEYS)
    with django_assert_num_queries(10):
        client.get(KEYS)


@pytest.mark.parametrize("who", ["officer_qian", "chief_zheng"])
def test_compliance_reads_the_inventory_by_area_and_level(client, request, who):
    client.force_login(request.getfixturevalue(who))
    page = client.get(INVENTORY).text
    assert "core.AuditRecord.detail" in page
    assert "parties.Party" not in page  # on a later page
    page = client.get(INVENTORY, {"app": "parties", "level": "C2"}).text
    assert "parties.Party.sealed_name" in page
    assert "加密" in page
    assert "parties.Party.kind" not in page
    assert "core." not in page
    assert client.get(INVENTORY, {"app": "nothing"}).status_code == 200


@pytest.mark.parametrize("who", ["manager_lin", "system_han", "security_shen", "stranger_gu"])
def test_others_do_not_read_the_inventory(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(INVENTORY).status_code == 403


@pytest.mark.parametrize("address", [KEYS, INVENTORY])
def test_a_page_asks_who_you_are(client, db, address):
    assert client.get(address).status_code == 302
