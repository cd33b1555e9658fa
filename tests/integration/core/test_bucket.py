"""CRM-40: the store may be an S3-compatible bucket; what lies there is encrypted all the same."""

import datetime as dt
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
from django.core.files.storage import storages

from core import clock, files, storage
from core.errors import Missing
from core.models import RegulatoryParameter
from core.services.files import sweep_files

pytestmark = pytest.mark.django_db
WHEN = "Mon, 02 Mar 2026 09:00:00 GMT"
NAMES = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class FakeS3(BaseHTTPRequestHandler):
    """PUT, GET, HEAD, DELETE and a listing of one bucket, in memory."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes]
    is_full = False

    def log_message(self, *_):
        pass

    @property
    def key(self):
        return unquote(urlsplit(self.path).path).removeprefix("/vault").lstrip("/")

    def say(self, status, body=b"", length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Last-Modified", WHEN)
        self.send_header("ETag", '"0"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self):
        content = self._body()
        if self.is_full:
            return self.say(507, b"<Error><Code>QuotaExceeded</Code></Error>")
        self.objects[self.key] = content
        return self.say(200)

    def _body(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return raw
        content, rest = b"", raw
        while True:
            head, _, rest = rest.partition(b"\r\n")
            size = int(head.split(b";")[0], 16)
            if not size:
                return content
            content, rest = content + rest[:size], rest[size + 2 :]

    def do_GET(self):
        if not self.key:
            return self.say(200, self._listing())
        if self.key not in self.objects:
            return self.say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self.say(200, self.objects[self.key])

    def do_HEAD(self):
        if self.key not in self.objects:
            return self.say(404)
        return self.say(200, length=len(self.objects[self.key]))

    def do_DELETE(self):
        self.objects.pop(self.key, None)
        self.say(204)

    def _listing(self):
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        rest = [key.removeprefix(prefix) for key in sorted(self.objects) if key.startswith(prefix)]
        folders = sorted({name.split("/")[0] for name in rest if "/" in name})
        plain = [name for name in rest if "/" not in name]
        body = "".join(
            f"<Contents><Key>{escape(prefix + name)}</Key><Size>1</Size>"
            "<LastModified>2026-03-02T09:00:00.000Z</LastModified></Contents>"
            for name in plain
        ) + "".join(
            f"<CommonPrefixes><Prefix>{prefix}{name}/</Prefix></CommonPrefixes>" for name in folders
        )
        return (
            f"<ListBucketResult {NAMES}><Name>vault</Name><IsTruncated>false</IsTruncated>"
            f"{body}</ListBucketResult>"
        ).encode()


@pytest.fixture
def bucket(settings):
    handler = type("Handler", (FakeS3,), {"objects": {}, "is_full": False})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.STORAGES = settings.STORAGES | {
        "files": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "vault",
                "endpoint_url": f"http://127.0.0.1:{server.server_address[1]}",
                "access_key": "key",
                "secret_key": "secret",
                "region_name": "us-east-1",
                "addressing_style": "path",
                "file_overwrite": False,
                "default_acl": None,
            },
        }
    }
    yield handler
    for client in [storages["files"].connection.meta.client]:
        client.close()
    server.shutdown()
    server.server_close()


CONTENT = "110101199003074258 王小明\n".encode() * 1000


def kept(at):
    return files.store(stream=io.BytesIO(CONTENT), name="a.csv", by=None, at=at)


def test_CRM_40_a_file_lies_encrypted_in_the_bucket_and_comes_back(bucket, at):
    stored = kept(at)
    assert b"".join(files.pieces(stored)) == CONTENT
    (raw,) = bucket.objects.values()
    assert "王小明".encode() not in raw
    assert b"110101199003074258" not in raw
    assert storage.exists(stored.path)


def test_R6_a_bucket_that_refuses_leaves_no_row(bucket, at):
    bucket.is_full = True
    with pytest.raises(files.StoreUnavailable):
        kept(at)
    assert bucket.objects == {}


def test_R6_the_sweep_works_over_a_bucket(bucket, at):
    RegulatoryParameter.objects.filter(name="files.orphan_hours").update(value=0)
    stored, lost = kept(at), kept(at)
    storage.remove(lost.path)
    bucket.objects["2026/03/stray"] = b"x"
    assert sweep_files(at=clock.now() + dt.timedelta(days=3650)) == (1, [lost.pk])
    assert [*bucket.objects] == [stored.path]
    with pytest.raises(Missing):
        b"".join(files.pieces(lost))
