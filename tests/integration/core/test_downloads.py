"""Signed links: for one person, for a short while, as an attachment; scanner and store failures."""

import datetime as dt
import errno
import io
import os
import socketserver
import struct
import threading

import pytest
from django.core import signing

from core import clock, files, storage
from core.downloads import link_for
from core.enums import ContentKind, Quarantine
from core.errors import RuleBroken
from core.models import AuditRecord, RegulatoryParameter, StoredFile
from core.services.files import scan_waiting_files, sweep_files
from core.uploads import Purpose, accept

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def bring(person, at, content=b"<script>alert(1)</script>", name="<img src=x>.txt"):
    return accept(
        stream=io.BytesIO(content),
        name=name,
        kinds=tuple(ContentKind),
        by=person,
        at=at,
        purpose=Purpose(name="test"),
    )


def test_a_link_gives_its_person_the_file_as_an_inert_attachment(client, manager_lin, at):
    stored = bring(manager_lin, at)
    client.force_login(manager_lin)
    answer = client.get(link_for(stored, person=manager_lin))
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "application/octet-stream"
    noted = AuditRecord.objects.get(action="file_handed_out")
    assert (noted.by, noted.object_id) == (manager_lin, str(stored.pk))


def test_a_link_is_worth_nothing_to_anybody_else(client, manager_lin, chief_chen, at):
    link = link_for(bring(manager_lin, at), person=manager_lin)
    assert client.get(link).status_code == 302
    client.force_login(chief_chen)
    assert client.get(link).status_code == 404
    client.force_login(manager_lin)
    assert client.get(link[:-2] + "x/").status_code == 404
    assert not AuditRecord.objects.filter(action="file_handed_out").exists()


def test_a_link_runs_out(client, manager_lin, at, monkeypatch):
    link = link_for(bring(manager_lin, at), person=manager_lin)
    client.force_login(manager_lin)
    later = signing.time.time() + 301
    monkeypatch.setattr(signing.time, "time", lambda: later)
    answer = client.get(link)
    assert answer.status_code == 404
    assert "过期" in answer.text


# the scanner


class FakeClamd(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        found = b"stream: Eicar-Test-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0"
        self.wfile.write(found)


@pytest.fixture
def clamd(tmp_path, settings):
    """Start and stop a scanner on a Unix socket."""
    path, running = str(tmp_path / "c.sock"), []
    settings.CLAMD_ADDRESS = f"unix://{path}"

    def start():
        server = socketserver.ThreadingUnixStreamServer(path, FakeClamd)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_what_the_scanner_knows_is_refused(clamd, manager_lin, at):
    clamd()
    with pytest.raises(RuleBroken) as refusal:
        bring(manager_lin, at, EICAR)
    assert refusal.value.code == "file_virus"
    assert not StoredFile.objects.exists()
    assert bring(manager_lin, at, b"good").quarantine == Quarantine.CLEAN


def test_nothing_unscanned_is_handed_out_while_the_scanner_is_silent(
    clamd, client, manager_lin, at
):
    good, bad = bring(manager_lin, at, b"good"), bring(manager_lin, at, EICAR)
    client.force_login(manager_lin)
    links = [link_for(each, person=manager_lin) for each in (good, bad)]
    assert [client.get(link).status_code for link in links] == [404, 404]
    assert scan_waiting_files(at=at) == 0
    clamd()
    assert scan_waiting_files(at=at) == 2
    assert [client.get(link).status_code for link in links] == [200, 404]
    assert AuditRecord.objects.get(action="file_found_infected").object_id == str(bad.pk)


def test_without_a_scanner_what_was_looked_into_is_handed_out(client, manager_lin, at):
    stored = bring(manager_lin, at, b"good")
    client.force_login(manager_lin)
    assert client.get(link_for(stored, person=manager_lin)).status_code == 200


def test_what_came_before_the_scanner_was_set_waits_for_it_too(client, manager_lin, at, settings):
    stored = bring(manager_lin, at, b"good")
    settings.CLAMD_ADDRESS = "unix:///nowhere"
    client.force_login(manager_lin)
    assert client.get(link_for(stored, person=manager_lin)).status_code == 404


# R6


def test_R6_a_full_disk_leaves_neither_file_nor_row(manager_lin, at, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = {*storage.settled(before=clock.now() + dt.timedelta(days=1))}
    monkeypatch.setattr("core.storage.os.fsync", full)
    with pytest.raises(files.StoreUnavailable):
        bring(manager_lin, at, b"x" * 100)
    assert not StoredFile.objects.exists()
    assert {*storage.settled(before=clock.now() + dt.timedelta(days=1))} == before


def test_R6_a_store_that_cannot_be_written_says_so(manager_lin, at, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "a file"
    settings.FILES_ROOT.write_text("in the way")
    with pytest.raises(files.StoreUnavailable):
        bring(manager_lin, at)
    assert not StoredFile.objects.exists()


def test_R6_the_sweep_removes_strays_and_names_rows_without_a_file(
    manager_lin, at, settings, tmp_path
):
    settings.FILES_ROOT = tmp_path
    RegulatoryParameter.objects.filter(name="files.orphan_hours").update(value=0)
    kept, lost = bring(manager_lin, at, b"kept"), bring(manager_lin, at, b"lost")
    storage.remove(lost.path)
    stray = tmp_path / "2026" / "03" / "stray"
    stray.write_bytes(b"x")
    assert sweep_files(at=clock.now() + dt.timedelta(seconds=5)) == (1, [lost.pk])
    assert not stray.exists()
    assert b"".join(files.pieces(kept)) == b"kept"
