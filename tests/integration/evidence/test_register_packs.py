"""Registers, deletions, exports and parameters can be proven; a deletion proves itself."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from core import files
from core.evidence import verify_pack
from core.jobs import run
from core.models import EvidencePack, Job, RegulatoryParameter
from core.services.audit import settle
from parties.models import Export, RetentionRule
from reporting.services import incidents
from tests.factories.papers import plain_pdf
from tests.integration.parties.test_retention import decided, due, ended_book, proposed
from tests.integration.reporting.test_register_files import check, finding, incident, inspection

pytestmark = pytest.mark.django_db
__all__ = ["check", "due", "ended_book", "finding", "incident", "inspection"]  # fixtures
PHONE = "13800138000"


def names_in(pack: EvidencePack) -> set[str]:
    return set(opened(pack).namelist())


def opened(pack: EvidencePack) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(files.pieces(pack.stored))))


def is_whole(pack: EvidencePack, folder) -> bool:
    path = folder / "pack.zip"
    path.write_bytes(b"".join(files.pieces(pack.stored)))
    return verify_pack(path=path)[1]


@pytest.mark.parametrize(
    ("thing", "artefact"),
    [
        ("check", "自查底稿.pdf"),
        ("finding", "整改.pdf"),
        ("inspection", "检查报告.pdf"),
        ("incident", "处置.pdf"),
    ],
)
def test_a_register_is_proven_with_its_files(
    make, request, officer_qian, tmp_path, thing, artefact
):
    pack = make(request.getfixturevalue(thing), officer_qian)
    assert any(name.endswith(artefact) for name in names_in(pack))
    assert is_whole(pack, tmp_path)


def test_what_people_wrote_leaves_without_numbers_of_persons(make, incident, officer_qian, at):
    incidents.note_notification(
        incident=incident, text=f"已电告 {PHONE}", by=officer_qian, at=at,
        evidence=incidents.Paper(io.BytesIO(plain_pdf()), "a.pdf"),
    )  # fmt: skip
    archive = opened(make(incident, officer_qian))
    for name in ("facts.json", "artefacts/steps.csv"):
        assert PHONE not in archive.read(name).decode()
        assert "138****8000" in archive.read(name).decode()


def test_a_parameter_is_proven_with_its_history(make, officer_qian, tmp_path):
    row = RegulatoryParameter.objects.get(name="privacy.reveals_per_day")
    pack = make(row, officer_qian)
    assert "公司制度（初始值）" in opened(pack).read("artefacts/history.csv").decode()
    assert is_whole(pack, tmp_path)


def test_an_export_is_proven_by_its_hash_and_the_file_stays(make, officer_qian, hq, at, tmp_path):
    export = Export.objects.create(
        kind="loans", title="清单", file_name="loans.xlsx", rows=3, unit=hq, sha256="ab" * 32,
        asked_by=officer_qian, asked_at=at, made_at=at, status="made", size=1, needs_approval=False,
    )  # fmt: skip
    pack = make(export, officer_qian)
    assert not [name for name in names_in(pack) if name.startswith("artefacts/")]
    assert is_whole(pack, tmp_path)


def test_a_retention_rule_is_proven(make, officer_qian, tmp_path):
    assert is_whole(make(RetentionRule.objects.first(), officer_qian), tmp_path)


def test_HQ_25_an_approved_deletion_orders_its_proof(
    client, due, officer_qian, chief_zheng, tmp_path, django_capture_on_commit_callbacks
):
    deletion = decided(proposed(due, officer_qian), chief_zheng)
    pack = EvidencePack.objects.get(object_type="parties.deletionlist")
    settle()  # as the commit does
    with django_capture_on_commit_callbacks(execute=True):
        run(Job.objects.get(kind="make_evidence_pack", key=pack.code).pk, reraise=True)
    pack.refresh_from_db()
    assert is_whole(pack, tmp_path)
    says = json.loads(opened(pack).read("artefacts/deletion.json"))
    lines = list(deletion.lines.order_by("pk"))
    assert says["count"] == len(lines) == len(says["originals"])
    assert [each["sha256"] for each in says["originals"]] == [line.sha256 for line in lines]
    assert says["proposed"]["staff_no"] == officer_qian.pk
    assert says["approved"]["staff_no"] == chief_zheng.pk
    actions = [each["action"] for each in says["records_in_chain"]]
    assert actions[:2] == ["deletion_proposed", "deletion_approved"]
    client.force_login(officer_qian)
    page = client.get(reverse("parties:deletion", args=[deletion.pk])).text
    assert pack.code in page
    assert f"{pack.code}.zip" in page


def test_a_returned_list_orders_no_proof(due, officer_qian, chief_zheng):
    decided(proposed(due, officer_qian), chief_zheng, yes=False)
    assert not EvidencePack.objects.exists()


@pytest.mark.parametrize(
    "label",
    ["reporting.incident", "reporting.selfcheck", "reporting.finding", "reporting.inspection",
     "reporting.policydocument", "parties.deletionlist", "parties.export", "parties.retentionrule",
     "core.regulatoryparameter"],
)  # fmt: skip
def test_nobody_proves_what_is_not_there(client, officer_qian, manager_lin, label):
    client.force_login(officer_qian)
    assert client.get(reverse("desk:evidence_object", args=[label, 4711])).status_code == 404
    client.force_login(manager_lin)
    assert client.get(reverse("desk:evidence_object", args=[label, 4711])).status_code == 403
