"""Anchors: file, a real time-stamp authority of our own making, a platform; none ever blocks."""

import datetime as dt
import hashlib
import http.server
import json
import shutil
import subprocess
import threading

import pytest

from core import clock
from core.anchors import anchors, check_receipt, deposit_heads, unanchored
from core.anchors.base import AnchorDown, BadReceipt
from core.chain import seal_chain
from core.events import heads_unanchored
from core.models import AnchorReceipt, SignedHead
from core.services import settle

pytestmark = pytest.mark.django_db
TSA_CONFIG = """
[ tsa ]
default_tsa = own
[ own ]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@pytest.fixture
def head(chain, at):
    chain(3)
    settle()
    return seal_chain(at=at)


@pytest.fixture
def serve():
    """Serve POSTs by a function of the body; return the address."""
    servers = []

    def start(answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200 if body is not None else 503)
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                """Say nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A time-stamp authority of openssl; its folder."""
    if shutil.which("openssl") is None:
        pytest.skip("TIME-STAMP AUTHORITY SKIPPED: no openssl on this machine")
    folder = tmp_path_factory.mktemp("tsa")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out",
            "root.pem", "-days", "30", "-subj", "/CN=own root")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
            "-subj", "/CN=own tsa")  # fmt: skip
    (folder / "ext").write_text(
        "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
        "basicConstraints=CA:FALSE\n"
    )
    openssl("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
            "-CAcreateserial", "-out", "tsa.pem", "-days", "30", "-extfile", "ext")  # fmt: skip
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(TSA_CONFIG.format(folder=folder))
    return folder


@pytest.fixture
def tsa(authority, serve, settings):
    def answer(query):
        (authority / "query").write_bytes(query)
        words = ["-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]
        subprocess.run(
            ["openssl", "ts", "-reply", *words], cwd=authority, check=True, capture_output=True
        )
        return (authority / "reply").read_bytes()

    settings.EVIDENCE_TSA_URL = serve(answer)
    settings.EVIDENCE_TSA_CERTIFICATES = str(authority / "root.pem")
    return authority


def test_EVID_05_the_file_anchor_works_without_a_network(head, at):
    assert deposit_heads(at=at) == 1
    receipt = AnchorReceipt.objects.get(head=head)
    assert (receipt.kind, check_receipt(receipt)) == ("file", "")
    assert deposit_heads(at=at) == 0
    assert unanchored(kind="file") is None


def test_a_line_taken_out_of_the_file_shows(head, at, settings):
    deposit_heads(at=at)
    (settings.EVIDENCE_ROOT / "anchors" / "roots.jsonl").write_text("")
    assert check_receipt(AnchorReceipt.objects.get()) == "the line is not in the file"


def test_EVID_05_a_time_stamp_authority_attests_the_root(head, tsa, at):
    assert deposit_heads(at=at, kinds=("rfc3161",)) == 1
    receipt = AnchorReceipt.objects.get(head=head, kind="rfc3161")
    assert abs(receipt.attested_at - clock.now()) < dt.timedelta(minutes=5)
    assert check_receipt(receipt) == ""
    (tsa / "root.bin").write_bytes(bytes.fromhex(head.root))
    (tsa / "token").write_bytes(bytes(receipt.receipt))
    subprocess.run(  # as the guide of a pack tells a stranger
        ["openssl", "ts", "-verify", "-in", "token", "-data", "root.bin", "-CAfile", "root.pem"],
        cwd=tsa, check=True, capture_output=True,
    )  # fmt: skip


def test_a_token_of_another_root_or_altered_is_not_taken(head, tsa, at):
    deposit_heads(at=at, kinds=("rfc3161",))
    receipt = AnchorReceipt.objects.get(kind="rfc3161")
    anchor, token = anchors()["rfc3161"], bytes(receipt.receipt)
    with pytest.raises(BadReceipt):
        anchor.verify(root=hashlib.sha256(b"other").digest(), receipt=token)
    with pytest.raises(BadReceipt):
        anchor.verify(root=bytes.fromhex(head.root), receipt=token[:-20] + bytes(20))
    with pytest.raises(BadReceipt):
        anchor.verify(root=bytes.fromhex(head.root), receipt=b"no token")


def test_a_token_of_an_authority_that_is_not_trusted_is_not_taken(head, tsa, at, settings):
    settings.EVIDENCE_TSA_CERTIFICATES = str(tsa / "tsa.pem")
    assert deposit_heads(at=at, kinds=("rfc3161",)) == 0


def test_EVID_15_a_platform_gets_the_root_and_nothing_else(head, serve, settings, at):
    heard = []

    def answer(body):
        heard.append(json.loads(body))
        says = {
            "digest": heard[-1]["digest"],
            "receipt_no": "R1",
            "at": "2026-03-02T09:00:00+08:00",
        }
        return json.dumps(says).encode()

    settings.EVIDENCE_PLATFORM_URL = serve(answer)
    assert deposit_heads(at=at, kinds=("platform",)) == 1
    assert heard == [{"digest": head.root, "algorithm": "sha256"}]
    assert check_receipt(AnchorReceipt.objects.get(kind="platform")) == ""


@pytest.mark.parametrize(
    "says",
    [b"{}", b"no json", b'{"digest":"00","receipt_no":"1","at":"2026-03-02T09:00:00+08:00"}', None],
)
def test_HQ_50_a_platform_that_answers_wrongly_or_not_blocks_nothing(
    head, serve, settings, at, says
):
    settings.EVIDENCE_PLATFORM_URL = serve(lambda _body: says)
    assert deposit_heads(at=at) == 1  # the file
    assert unanchored(kind="platform") == head.made_at


def test_HQ_50_what_waits_too_long_is_announced(head, settings, at):
    settings.EVIDENCE_TSA_URL = "http://127.0.0.1:9/"
    heard = []
    heads_unanchored.connect(lambda event, **_: heard.append(event), weak=False, dispatch_uid="t")
    try:
        deposit_heads(at=at + dt.timedelta(hours=47))
        assert heard == []
        deposit_heads(at=at + dt.timedelta(hours=49))
    finally:
        heads_unanchored.disconnect(dispatch_uid="t")
    assert [(each.kind, each.heads, each.since) for each in heard] == [("rfc3161", 1, head.made_at)]
    assert SignedHead.objects.count() == 1


def test_only_web_addresses_are_asked():
    from core.anchors.web import post

    with pytest.raises(AnchorDown):
        post(url="file:///etc/passwd", body=b"", content_type="text/plain")
