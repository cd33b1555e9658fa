"""The chain of audit records: seven tamperings, each found, the first bad record named (A5)."""

import json
import re
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core.chain import export_heads, seal_chain, verify_chain
from core.digests import digest
from core.events import chain_broken
from core.models import AuditRecord, ChainLink, SignedHead
from core.services import record_audit, settle
from core.tasks import check_chain_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(chain, at, django_capture_on_commit_callbacks):
    """Seal what there is, as the nightly task does."""

    def seal():
        settle()
        with django_capture_on_commit_callbacks(execute=True):
            return seal_chain(at=at)

    return seal


def first_bad():
    bad = verify_chain().bad
    return None if bad is None else (bad.number, bad.record_id)


def place(record) -> int:
    return ChainLink.objects.get(record=record).number


def rebuild(superuser, start: int):
    """Do what a clever superuser does: compute every later link anew."""
    superuser(
        """
        DO $$ DECLARE l record; r core_auditrecord; p text; BEGIN
          SELECT coalesce((SELECT hash FROM core_chainlink WHERE number = %s - 1), repeat('0', 64))
            INTO p;
          UPDATE core_chainlink SET previous = 'x' || number WHERE number >= %s;
          FOR l IN SELECT * FROM core_chainlink WHERE number >= %s ORDER BY number LOOP
            SELECT * INTO r FROM core_auditrecord WHERE id = l.record_id;
            UPDATE core_chainlink SET previous = p,
              hash = encode(sha256(convert_to(concat_ws(E'\\n',
              'xinbao-link-1', l.stream, l.number, p, r.id,
              to_char(r.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
              r.transaction, r.algorithm, r.digest), 'UTF8')), 'hex')
              WHERE id = l.id RETURNING hash INTO p;
          END LOOP; END $$
        """,
        start, start, start,
    )  # fmt: skip


def test_EVID_04_records_stand_in_a_chain_without_gaps_and_it_is_whole(chain, sealed):
    records = chain(5, at_once=True)
    report = verify_chain()
    assert report.is_whole
    assert [place(each) for each in records] == list(range(1, 6))
    links = list(ChainLink.objects.order_by("number"))
    assert [each.previous for each in links] == ["0" * 64, *(each.hash for each in links[:-1])]


def test_a_record_of_a_transaction_rolled_back_leaves_no_gap(chain, hq, at):
    chain(2)
    before = transaction.savepoint()
    record_audit(action="test.lost", subject=hq, by=None, at=at)
    transaction.savepoint_rollback(before)
    assert place(chain(1)[0]) == 3


@pytest.mark.parametrize("table", ["core_auditrecord", "core_chainlink", "core_signedhead"])
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET stream = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_EVID_04_the_database_refuses_to_change_what_was_appended(chain, sealed, table, verb):
    chain(2)
    sealed()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(verb.format(table))


def test_A5_an_update_is_found(chain, superuser):
    records = chain()
    superuser("UPDATE core_auditrecord SET reason = 'x' WHERE id = %s", records[4].pk)
    assert first_bad() == (place(records[4]), records[4].pk)


@pytest.mark.parametrize(
    ("column", "value"),
    [("by_id", None), ("detail", '{"n": 4, "share": "0.6"}'), ("object_id", "9"), ("source", "z"),
     ("recorded_at", "2020-01-01"), ("transaction", 7), ("stream", "audit2"), ("digest", "f" * 64),
     ("algorithm", "sm3")],
)  # fmt: skip
def test_A5_an_update_of_any_column_is_found(chain, superuser, column, value):
    records = chain()
    change = f"UPDATE core_auditrecord SET {column} = %s WHERE id = %s"  # noqa: S608
    superuser(change, value, records[4].pk)
    assert verify_chain().bad.record_id == records[4].pk


def test_A5_a_deletion_is_found(chain, superuser):
    records = chain()
    number = place(records[3])
    superuser("DELETE FROM core_auditrecord WHERE id = %s", records[3].pk)
    assert first_bad() == (number, records[3].pk)
    superuser("DELETE FROM core_chainlink WHERE record_id = %s", records[3].pk)
    assert first_bad() == (number, None)
    assert "missing" in verify_chain().bad.why


def test_A5_an_insertion_is_found(chain, sealed, superuser):
    records = chain()
    sealed()
    superuser(
        "INSERT INTO core_auditrecord (stream, at, action, object_type, object_id, reason, detail,"
        " request, source, algorithm, digest) SELECT stream, at, 'test.forged', object_type,"
        " object_id, reason, detail, request, source, algorithm, digest FROM core_auditrecord"
        " WHERE id = %s",
        records[0].pk,
    )
    forged = AuditRecord.objects.get(action="test.forged")
    assert first_bad() == (None, forged.pk)
    # moved in between, digest and all later links computed anew: only the signed head can tell
    from core.canonical import canonical
    from core.services.audit import content_of

    mine = digest(canonical(content_of(forged)), algorithm="sha256")
    superuser("UPDATE core_auditrecord SET digest = %s WHERE id = %s", mine, forged.pk)
    superuser("UPDATE core_chainlink SET number = number + 1000 WHERE number > 4")
    superuser("UPDATE core_chainlink SET number = number - 999 WHERE number > 1000")
    superuser(
        "INSERT INTO core_chainlink (stream, number, record_id, previous, hash)"
        " VALUES ('audit', 5, %s, 'x', 'x')",
        forged.pk,
    )
    rebuild(superuser, 5)
    assert first_bad() == (5, forged.pk)
    assert "another record stood here" in verify_chain().bad.why


def test_A5_a_new_order_is_found(chain, sealed, superuser):
    records = chain()
    sealed()
    superuser(
        "UPDATE core_chainlink SET record_id = CASE record_id WHEN %s THEN -1 ELSE %s END"
        " WHERE record_id IN (%s, %s)",
        records[6].pk, records[6].pk, records[6].pk, records[7].pk,
    )  # fmt: skip
    superuser("UPDATE core_chainlink SET record_id = %s WHERE record_id = -1", records[7].pk)
    assert first_bad() == (7, records[7].pk)
    rebuild(superuser, 7)
    assert first_bad() == (7, records[7].pk)


def test_A5_a_tail_cut_off_is_found(chain, sealed, superuser):
    records = chain()
    sealed()
    kept = place(records[5])
    superuser("DELETE FROM core_chainlink WHERE number > %s", kept)
    superuser("DELETE FROM core_auditrecord WHERE id > %s", records[5].pk)
    assert first_bad() == (kept + 1, None)
    superuser("DELETE FROM core_signedhead")  # and the head with it: one lies outside
    assert first_bad() == (kept + 1, None)


def test_A5_an_old_backup_is_found_also_after_work_went_on(chain, sealed, superuser):
    records = chain(4)
    sealed()
    chain(4)
    sealed()
    for sql in (
        "DELETE FROM core_signedhead WHERE serial = 2",
        "DELETE FROM core_chainlink WHERE number > 4",
    ):
        superuser(sql)
    superuser("DELETE FROM core_auditrecord WHERE id > %s", records[3].pk)
    assert first_bad() == (5, None)
    later = chain(6)
    assert first_bad() == (5, later[0].pk)
    heard = []
    chain_broken.connect(lambda event, **_: heard.append(event), weak=False, dispatch_uid="old")
    try:
        assert sealed() is None  # the house does not sign what contradicts its own signature
    finally:
        chain_broken.disconnect(dispatch_uid="old")
    assert [each.number for each in heard] == [5]


def test_A5_two_chains_are_found(chain, sealed, superuser):
    records = chain()
    sealed()
    superuser("UPDATE core_auditrecord SET reason = 'rewritten' WHERE id = %s", records[2].pk)
    from core.canonical import canonical
    from core.services.audit import content_of

    fresh = AuditRecord.objects.get(pk=records[2].pk)
    mine = digest(canonical(content_of(fresh)), algorithm="sha256")
    superuser("UPDATE core_auditrecord SET digest = %s WHERE id = %s", mine, fresh.pk)
    rebuild(superuser, 3)
    assert first_bad() == (3, records[2].pk)


def test_A5_a_fork_beside_the_chain_is_found(chain, superuser):
    records = chain()
    superuser("SET CONSTRAINTS ALL IMMEDIATE")
    superuser("ALTER TABLE core_chainlink DROP CONSTRAINT chainlink_one_per_number")
    superuser("ALTER TABLE core_chainlink DROP CONSTRAINT chainlink_no_fork")
    superuser(
        "INSERT INTO core_auditrecord (stream, at, action, object_type, object_id, reason, detail,"
        " request, source, algorithm, digest) SELECT stream, at, 'test.fork', object_type,"
        " object_id, reason, detail, request, source, algorithm, digest FROM core_auditrecord"
        " WHERE id = %s",
        records[0].pk,
    )
    fork = AuditRecord.objects.get(action="test.fork")
    superuser(
        "INSERT INTO core_chainlink (stream, number, record_id, previous, hash)"
        " SELECT stream, number, %s, previous, hash FROM core_chainlink WHERE number = 6",
        fork.pk,
    )
    assert first_bad() == (6, fork.pk)


def test_a_head_signed_by_another_key_is_found(chain, sealed, superuser, settings):
    chain(3)
    head = sealed()
    path = settings.EVIDENCE_ROOT / "heads/audit/000001.json"
    kept = json.loads(path.read_text())
    last = f"{int(kept['signature'][-1], 16) ^ 1:x}"  # another digit, whatever it was
    path.write_text(json.dumps(kept | {"signature": kept["signature"][:-1] + last}))
    assert "signature" in verify_chain().bad.why
    shutil.rmtree(settings.EVIDENCE_ROOT)
    superuser("UPDATE core_signedhead SET signature = %s", "00" * 64)
    assert "signature" in verify_chain().bad.why
    assert head.last_number == 3


def test_a_lost_folder_is_filled_again_and_said_meanwhile(chain, sealed, settings, at):
    chain(3)
    sealed()
    shutil.rmtree(settings.EVIDENCE_ROOT)
    report = verify_chain()
    assert report.is_whole
    assert any("no head lies outside" in note for note in report.notes)
    assert export_heads(at=at) == 1
    assert verify_chain().notes == []


def test_heads_follow_each_other_without_a_hole_and_nothing_new_makes_none(chain, sealed):
    chain(3)
    first = sealed()
    assert sealed() is None
    chain(2)
    second = sealed()
    stretches = [(each.first_number, each.last_number) for each in (first, second)]
    assert stretches == [(1, 3), (4, 5)]
    says = json.loads(second.statement)
    assert says["previous_head"] == digest(first.statement.encode(), algorithm="sha256")
    assert verify_chain().heads == 2


def test_what_does_not_hold_is_not_signed(chain, sealed, superuser):
    records = chain()
    superuser("UPDATE core_auditrecord SET reason = 'x' WHERE id = %s", records[4].pk)
    assert sealed() is None
    assert not SignedHead.objects.exists()


def test_EVID_04_the_nightly_check_announces_the_first_bad_record(chain, superuser):
    records = chain()
    superuser("UPDATE core_auditrecord SET reason = 'x' WHERE id = %s", records[4].pk)
    heard = []
    chain_broken.connect(lambda event, **_: heard.append(event), weak=False, dispatch_uid="t")
    try:
        check_chain_now()
    finally:
        chain_broken.disconnect(dispatch_uid="t")
    assert [(each.number, each.record_id) for each in heard] == [(5, records[4].pk)]


def test_verify_evidence_says_how_much_is_good(chain, sealed, capsys):
    chain(3)
    sealed()
    call_command("verify_evidence", "--chain")
    assert capsys.readouterr().out == "OK 3 records, 1 signed heads\n"


def test_verify_evidence_names_the_first_bad_record_and_fails(chain, superuser, capsys):
    records = chain(3)
    superuser("UPDATE core_auditrecord SET action = 'x' WHERE id = %s", records[1].pk)
    with pytest.raises(CommandError) as refusal:
        call_command("verify_evidence", "--chain")
    assert refusal.value.returncode == 1
    assert re.match(rf"BAD audit, number 2, record {records[1].pk}: ", capsys.readouterr().out)


def test_EVID_02_sm3_by_setting_is_noted_per_record_and_the_database_computes_the_same(
    chain, settings
):
    chain(2)
    settings.EVIDENCE_DIGEST = "sm3"
    records = chain(3, text="国密" * 100)
    assert {each.algorithm for each in records} == {"sm3"}
    assert verify_chain().is_whole
    with connection.cursor() as cursor:
        for message in (b"abc", b"abcd" * 16, b"", b"\xff" * 55, b"\x80" * 56, b"x" * 119):
            cursor.execute("SELECT core_sm3(%s)", [message])
            assert cursor.fetchone()[0].hex() == digest(message, algorithm="sm3")


def test_EVID_08_a_record_names_the_request_that_made_it(client, manager_lin, chain):
    from core import origin

    with origin.coming_from(request="r-1", source="POST /x/ device 12345678"):
        (record,) = chain(1)
    assert (record.request, record.source) == ("r-1", "POST /x/ device 12345678")
    assert verify_chain().is_whole
