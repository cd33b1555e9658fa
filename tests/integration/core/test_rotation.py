"""Keys rotate by two people, while writers run. Source: EVID-13, issue 3 (Done when 3)."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.utils import decrypt
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from core import jobs
from core.encryption import SealingKey, sealed_head, sealing_key, sealing_under
from core.encryption.keys import forget_sealing_key
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.models import AuditRecord, FieldKey, Job, KeyRotation
from core.selectors.keys import values_by_key
from core.services.keys import approve_rotation, propose_rotation, reject_rotation
from organization.services import appoint_staff
from organization.services.second_factor import enrol_app
from parties.models import Party
from parties.selectors import masked_identity, party_by_document
from parties.services import know_parties
from tests import databases
from tests.conftest import AT

REPOSITORY = Path(__file__).resolve().parents[3]
NUMBER = "11010519491231002X"


@pytest.fixture
def keys(settings, tmp_path, db):
    """A folder of keys with k2 in it; nobody remembers what another test made current."""
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


def propose(by, key_id="k2", cipher="SM4-GCM", reason="每年轮换"):
    return propose_rotation(key_id=key_id, cipher=cipher, reason=reason, by=by, at=AT)


def test_a_rotation_of_two_people_changes_the_key_and_seals_every_value_anew(
    keys, security_shen, security_shi
):
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    rotation = propose(security_shen)
    assert sealing_key() == SealingKey("k1", "AES-256-GCM")
    approve_rotation(rotation=rotation, by=security_shi, at=AT)
    assert sealing_key() == SealingKey("k2", "SM4-GCM")
    job = Job.objects.get(kind="rotate_field_keys")
    assert job.payload == {"rotation_id": rotation.pk}
    assert jobs.run(job.pk)
    party = party_by_document(number=NUMBER)
    for value in (party.sealed_name, party.sealed_document):
        assert bytes(value).startswith(sealed_head(SealingKey("k2", "SM4-GCM")))
    assert masked_identity(party) == ("张*", "1101**********002X")
    rotation.refresh_from_db()
    assert (rotation.status, rotation.resealed, rotation.unreadable) == ("done", 2, 0)
    assert dict(FieldKey.objects.values_list("key_id", "status")) == {
        "k1": "retired", "k2": "current",
    }  # fmt: skip
    assert values_by_key() == {"k2": 3}  # and what its author was told
    actions = AuditRecord.objects.filter(action__startswith="core.key").order_by("pk")
    assert [action.rpartition("_")[2] for action in actions.values_list("action", flat=True)] == [
        "proposed", "approved", "done",
    ]  # fmt: skip


def test_whoever_proposes_does_not_decide_and_the_database_says_so_too(keys, security_shen):
    rotation = propose(security_shen)
    for decide in (approve_rotation, reject_rotation):
        words = {} if decide is approve_rotation else {"reason": "x"}
        for who in (security_shen, None):
            with pytest.raises(NotPermitted):
                decide(rotation=rotation, by=who, at=AT, **words)
    with pytest.raises(IntegrityError, match="keyrotation_maker"), transaction.atomic():
        KeyRotation.objects.filter(pk=rotation.pk).update(
            status="running", decided_by=security_shen, decided_at=AT
        )
    assert sealing_key().key_id == "k1"


def test_a_rotation_is_decided_once_and_one_is_open_at_a_time(keys, security_shen, security_shi):
    rotation = propose(security_shen)
    with pytest.raises(Conflict):
        propose(security_shi)
    reject_rotation(rotation=rotation, by=security_shi, at=AT, reason="未到期")
    with pytest.raises(WrongState):
        approve_rotation(rotation=rotation, by=security_shi, at=AT)
    assert sealing_key().key_id == "k1"
    assert not Job.objects.filter(kind="rotate_field_keys").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"key_id": "k9"}, "key_not_at_hand"),
        ({"key_id": "../k2"}, "key_not_at_hand"),
        ({"cipher": "ROT13"}, "cipher_unknown"),
        ({"reason": " "}, "reason_missing"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(keys, security_shen, words, code):
    with pytest.raises(RuleBroken) as refusal:
        propose(security_shen, **words)
    assert refusal.value.code == code
    assert not KeyRotation.objects.exists()


def test_another_key_under_the_same_name_is_not_approved(keys, security_shen, security_shi):
    rotation = propose(security_shen)
    (keys / "k2").write_text(base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(RuleBroken) as refusal:
        approve_rotation(rotation=rotation, by=security_shi, at=AT)
    assert refusal.value.code == "key_differs"
    (keys / "k2").unlink()
    with pytest.raises(RuleBroken):
        approve_rotation(rotation=rotation, by=security_shi, at=AT)
    assert sealing_key().key_id == "k1"


def test_a_value_that_does_not_open_keeps_the_rotation_open_and_the_old_key_alive(
    keys, security_shen, security_shi
):
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    spoilt = bytearray(Party.objects.get().sealed_name)
    spoilt[-1] ^= 1
    Party.objects.update(sealed_name=bytes(spoilt))
    rotation = approve_rotation(rotation=propose(security_shen), by=security_shi, at=AT)
    job = Job.objects.get(kind="rotate_field_keys")
    assert jobs.run(job.pk)
    rotation.refresh_from_db()
    assert (rotation.status, rotation.resealed, rotation.unreadable) == ("running", 1, 1)
    assert FieldKey.objects.get(key_id="k1").status == "readable"
    job.refresh_from_db()
    assert job.result["unreadable"] == 1


def test_the_secrets_of_second_factors_are_sealed_anew_too(keys, security_shen, security_shi):
    secret = "JBSWY3DPEHPK3PXP"
    row = enrol_app(staff=security_shen, secret=secret, by=None, at=AT)
    before = values_by_key()["k1"]
    assert before >= 2  # the app's secret, and the seed of the recovery codes
    approve_rotation(rotation=propose(security_shen), by=security_shi, at=AT)
    assert jobs.run(Job.objects.get(kind="rotate_field_keys").pk)
    assert values_by_key() == {"k2": before + 1}  # and what its author was told
    row.refresh_from_db()
    assert decrypt(row.data["secret"]) == secret


def test_a_straggler_is_sealed_anew_when_the_current_key_is_proposed_again(
    keys, security_shen, security_shi
):
    approve_rotation(rotation=propose(security_shen), by=security_shi, at=AT)
    jobs.run(Job.objects.get(kind="rotate_field_keys").pk)
    with sealing_under(SealingKey("k1", "AES-256-GCM")):
        know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    assert values_by_key() == {"k1": 2, "k2": 1}
    approve_rotation(rotation=propose(security_shi), by=security_shen, at=AT)
    jobs.run(Job.objects.filter(kind="rotate_field_keys").latest("pk").pk)
    assert values_by_key() == {"k2": 4}


def test_a_key_is_made_once_and_read_by_its_owner_alone(keys, capsys):
    call_command("make_field_key", "k3")
    path = keys / "k3"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() not in capsys.readouterr().out
    for name in ("k3", "../k4", "k1"):
        with pytest.raises(CommandError):
            call_command("make_field_key", name)


@pytest.fixture(scope="module")
def report(django_db_setup, tmp_path_factory):
    """What the driver found on a database of its own."""
    folder = tmp_path_factory.mktemp("rotation")
    copy = f"{connection.settings_dict['NAME']}_rotation"
    environment = os.environ | {
        "DATABASE_URL": databases.clone(copy),
        "XINBAO_HOME": str(django_settings.XINBAO_HOME),
        "FILES_ROOT": str(folder / "files"),
    }
    script = f"from tests.integration.core.rotation_driver import main; main({str(folder)!r})"

    def run(*words):
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = run("shell", "--no-imports", "-c", script)
    databases.drop(copy)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_keys_rotate_while_two_writers_run_nothing_unreadable_no_look_up_missed(report):
    found = report["first"]
    assert found["faults"] == []
    assert (found["unreadable"], found["lost_names"]) == (0, 0)
    assert (found["job_was_done"], found["status"]) == (True, "done")
    assert found["keys"] == {"k1": "retired", "k2": "current"}
    assert set(found["before"]) == {"k1"}
    assert set(found["after"]) == {"k2"}
    # the book was large enough to be walked in pieces, a worker was killed between two of them,
    # every kind of sealed value was there, and both writers wrote before, while and after
    assert set(found["killed_at"]) == {"k1", "k2"}
    assert found["columns_with_values"] == found["columns"]
    assert min(found["writes"]) > 20
    assert found["look_ups"] > 40
    assert found["history"] > 20


def test_the_next_rotation_takes_another_cipher_and_the_key_before_may_go(report):
    found = report["second"]
    assert (set(found["after"]), found["unreadable"]) == ({"k3"}, 0)
    assert found["removable"] == {"k1": True, "k2": True, "k3": False}
    assert found["name"] == "D00000000000001199"
