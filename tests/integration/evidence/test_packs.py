"""Evidence packs: what they hold, who gets them, and that a stranger can verify them."""

import io
import json
import re
import subprocess
import sys
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from django.utils import timezone

from core import files
from core.errors import NotPermitted, RuleBroken, WrongState
from core.evidence import PackContent, builder_of, verify_pack
from core.evidence.verifier import is_signed as pure_is_signed
from core.evidence.verifier import sm3
from core.evidence.writing import SHEET, WATERMARKS, mark_of, summary_html
from core.models import AuditRecord, EvidencePack
from core.signing import is_signed, public_key, sign
from desk.services.evidence import ask_for_pack, hand_out_pack, release_pack
from partners.models import LenderFile
from tests.factories.portfolio_book import closed_book
from underwriting.models import Loan

pytestmark = pytest.mark.django_db


def bytes_of(pack) -> bytes:
    return b"".join(files.pieces(pack.stored))


def opened(pack) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bytes_of(pack)))


@pytest.fixture
def alone(pack, tmp_path):
    """An empty folder with the pack and the verifier taken out of it: no Xinbao, no packages."""
    folder = tmp_path / "court"
    folder.mkdir()
    (folder / "pack.zip").write_bytes(bytes_of(pack))
    (folder / "verify.py").write_bytes(opened(pack).read("verify.py"))
    return folder


def run_alone(folder, *words):
    command = [sys.executable, "-I", "-S", "verify.py", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout.decode()


def with_changed(data: bytes, name: str) -> bytes:
    """Write the zip again with one bit of one file turned over."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(sink, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            if each == name:
                middle = len(content) // 2
                content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            new.writestr(each, content)
    return sink.getvalue()


def test_EVID_03_a_pack_verifies_where_there_is_nothing_but_python(alone):
    code, words = run_alone(alone, "pack.zip", "--key", public_key())
    assert words.splitlines()[-1] == "VERIFIED 核验通过"
    assert code == 0
    assert "BAD" not in words


def test_a_pack_verifies_unpacked_as_well(alone):
    with zipfile.ZipFile(alone / "pack.zip") as archive:
        archive.extractall(alone / "unpacked")
    code, words = run_alone(alone / "unpacked")
    assert (code, "BAD" in words) == (0, False)


def test_a_changed_byte_in_any_file_is_named(pack):
    data, names = bytes_of(pack), opened(pack).namelist()
    assert len([name for name in names if name.startswith("artefacts/")]) == 3
    for name in names:
        path = io.BytesIO(with_changed(data, name))
        lines, is_good = verify_pack(path=_file(path, pack))
        assert not is_good, name
        bad = "\n".join(line for line in lines if line.startswith("BAD"))
        expected = "manifest.json" if name == "manifest.sig" else name
        assert expected in bad or "cannot be read" in bad, (name, bad)


def _file(stream, pack):
    from django.conf import settings

    path = settings.EVIDENCE_ROOT / f"{pack.code}-changed.zip"
    path.write_bytes(stream.getvalue())
    return path


def test_a_missing_and_a_foreign_file_are_named(pack):
    sink, data = io.BytesIO(), opened(pack)
    with zipfile.ZipFile(sink, "w") as new:
        for each in data.namelist():
            if each != "artefacts/steps.csv":
                new.writestr(each, data.read(each))
        new.writestr("artefacts/forged.csv", b"x")
    lines, is_good = verify_pack(path=_file(sink, pack))
    assert not is_good
    assert any(line.startswith("BAD  artefacts/steps.csv: 缺失 missing") for line in lines)
    foreign = "BAD  artefacts/forged.csv: 不在清单中 not in the manifest"
    assert any(line.startswith(foreign) for line in lines)


def test_a_pack_of_another_house_is_not_taken_for_ours(alone):
    code, words = run_alone(alone, "pack.zip", "--key", "00" * 32)
    assert code == 1
    assert "another key" in words


def test_a_newcomer_unpacks_runs_and_reads_which_file_was_changed(alone):
    with zipfile.ZipFile(alone / "pack.zip") as archive:
        archive.extractall(alone / "unpacked")
    guide = (alone / "unpacked/GUIDE.zh.txt").read_text(encoding="utf-8-sig")
    assert "python3 -I verify.py" in guide
    assert "artefacts/steps.csv" in guide
    assert "{" not in guide
    assert "&" not in guide  # text, not a page
    changed = alone / "unpacked/artefacts/steps.csv"
    changed.write_bytes(changed.read_bytes()[:-2] + b"!\n")
    code, words = run_alone(alone / "unpacked")
    at_the_end = words.splitlines()[-4:]
    assert code == 1
    assert at_the_end[0] == "共 2 处不符 2 do not hold:"
    assert all(line.startswith("BAD  artefacts/steps.csv: 已被改动") for line in at_the_end[1:3])
    assert at_the_end[3] == "NOT VERIFIED 核验不通过"


def test_the_key_to_compare_stands_before_the_verdict(alone):
    _code, words = run_alone(alone, "pack.zip")
    assert words.splitlines()[-2].strip() == public_key()


def test_every_page_of_the_summary_carries_who_when_and_which_pack(pack, officer_qian):
    mark = mark_of(pack)
    assert mark == f"qian · {timezone.localtime(pack.asked_at):%Y-%m-%d %H:%M} · {pack.code}"
    weasyprint = pytest.importorskip("weasyprint", exc_type=OSError)
    long = [(f"{n}", "x") for n in range(120)]
    html = summary_html(
        pack=pack, content=PackContent("题", long, subjects=[]), records=[], heads=[]
    )
    sheet = weasyprint.CSS(string=re.sub(r"@font-face.*", "", render_to_string(SHEET)))
    pages = weasyprint.HTML(string=html).render(stylesheets=[sheet]).pages
    assert len(pages) > 1
    for page in pages:
        drawn = [getattr(box, "text", "") for box in page._page_box.descendants(placeholders=True)]
        assert (
            sum(mark in text for text in drawn) >= WATERMARKS // 2
        )  # the rest lies beyond the edge


def test_what_is_no_pack_is_refused_in_words(alone):
    (alone / "pack.zip").write_bytes(b"PK no zip")
    code, words = run_alone(alone, "pack.zip")
    assert code == 1
    assert "cannot be read" in words


def test_the_pack_holds_summary_records_receipts_keys_and_guides(pack, warning):
    archive = opened(pack)
    names = set(archive.namelist())
    assert {
        "manifest.json", "manifest.sig", "records.json", "heads.json", "keys.json", "verify.py",
        "facts.json", "GUIDE.zh.txt", "GUIDE.en.txt", "receipts/000001-file.json",
    } <= names  # fmt: skip
    manifest = json.loads(archive.read("manifest.json"))
    assert ("summary.pdf" in names) != ("summary.pdf" in manifest["missing"])
    actions = [each["content"]["action"] for each in json.loads(archive.read("records.json"))]
    assert actions[-2:] == ["core.evidence_asked", "core.evidence_sealed"]
    assert "postloss.warning_close" in actions
    assert warning.steps.filter(evidence__isnull=False).count() == 1


def test_the_same_content_gives_the_same_bytes_but_for_the_seal(pack, make, warning, officer_qian):
    again = make(warning, officer_qian)
    first, second = opened(pack), opened(again)
    for name in first.namelist():
        if name.startswith("artefacts/") or name == "verify.py":
            assert first.read(name) == second.read(name)


def test_a_job_done_twice_makes_one_pack(pack, at):
    from core.services.packs import make_pack

    make_pack(pack=pack, at=at, heartbeat=lambda **_: None)
    assert AuditRecord.objects.filter(action="core.evidence_made").count() == 1


def test_nothing_is_proven_while_the_chain_is_broken(warning, officer_qian, make):
    from django.db import connection

    from core.services import settle

    settle()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE core_auditrecord SET reason = 'x'"
            " WHERE id = (SELECT min(id) FROM core_auditrecord)"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(RuleBroken) as refusal:
        make(warning, officer_qian)
    assert refusal.value.code == "chain_not_whole"


def test_EVID_15_a_loan_and_a_lender_file_leave_without_names_or_numbers(
    tmp_path, beijing, shanghai, officer_qian, make
):
    closed_book(tmp_path, beijing=beijing, shanghai=shanghai)
    loan, file = Loan.objects.order_by("pk").first(), LenderFile.objects.order_by("pk").first()
    source = b"".join(files.pieces(file.stored)).decode()
    people = {
        cell
        for line in source.splitlines()[1:]
        for cell in line.split(",")[1:3]  # obligor_id, obligor_name
        if cell
    }
    assert people
    for thing in (loan, file):
        archive = opened(make(thing, officer_qian))
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode(
            "utf-8", "replace"
        )
        assert [each for each in people if each in everything] == []
        assert file.stored.sha256 in everything
        lines, is_good = verify_pack(
            path=_file(
                io.BytesIO(bytes_of(EvidencePack.objects.latest("pk"))),
                EvidencePack.objects.latest("pk"),
            )
        )
        assert is_good, lines


def test_whoever_may_not_make_packs_is_refused(warning, manager_lin, at):
    builder = builder_of(label="postloss.riskwarning")
    with pytest.raises(NotPermitted):
        ask_for_pack(builder=builder, subject=warning, reason="x", by=manager_lin, at=at)


def test_HQ_47_a_pack_is_released_by_another_and_for_a_time(pack, officer_qian, chief_zheng, at):
    with pytest.raises(NotPermitted):
        release_pack(pack=pack, days=10, by=officer_qian, at=at)
    with pytest.raises(RuleBroken):
        release_pack(pack=pack, days=91, by=chief_zheng, at=at)
    release_pack(pack=pack, days=10, by=chief_zheng, at=at)
    with pytest.raises(WrongState):
        release_pack(pack=pack, days=10, by=chief_zheng, at=at)


def test_the_database_keeps_asker_and_releaser_apart(pack, officer_qian, at):
    from django.db import IntegrityError, transaction

    with (
        pytest.raises(IntegrityError, match="evidencepack_asker_is_not_releaser"),
        transaction.atomic(),
    ):
        EvidencePack.objects.filter(pk=pack.pk).update(
            released_by=officer_qian, released_at=at, released_until=at.date()
        )


def test_HQ_47_every_download_is_recorded(pack, officer_qian, at):
    hand_out_pack(pack=pack, by=officer_qian, at=at)
    record = AuditRecord.objects.get(action="core.evidence_downloaded")
    assert (record.by, record.object_id) == (officer_qian, str(pack.pk))


def test_verify_evidence_takes_a_pack(pack, alone, capsys):
    call_command("verify_evidence", str(alone / "pack.zip"))
    assert "BAD" not in capsys.readouterr().out
    (alone / "pack.zip").write_bytes(with_changed(bytes_of(pack), "artefacts/steps.csv"))
    with pytest.raises(CommandError) as refusal:
        call_command("verify_evidence", str(alone / "pack.zip"))
    assert refusal.value.returncode == 1
    assert "BAD  artefacts/steps.csv" in capsys.readouterr().out


def test_the_verifiers_own_arithmetic_agrees_with_the_library():
    from core.digests import digest

    for message in (b"", b"abc", bytes(range(256)) * 3):
        signature = sign(message)
        assert is_signed(message, signature, key=public_key())
        assert pure_is_signed(message, signature, public_key())
        assert not pure_is_signed(message + b"x", signature, public_key())
        assert not pure_is_signed(message, signature[:-2] + "ff", public_key())
        assert sm3(message) == digest(message, algorithm="sm3")
