"""A7: what pretends to be a file is refused with a sentence, and leaves neither file nor row."""

import io
import resource
import struct
import zipfile
import zlib

import pytest
from openpyxl import Workbook
from PIL import Image

from core import files
from core.enums import ContentKind, Quarantine
from core.errors import RuleBroken
from core.models import RegulatoryParameter, StoredFile
from core.uploads import Purpose, accept
from tests.factories.papers import plain_pdf

pytestmark = pytest.mark.django_db
EVIDENCE = Purpose(name="test_evidence", limit="evidence_bytes")
ALL = tuple(ContentKind)


def image_bytes(form="PNG", size=(20, 10), **how) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", size, "navy").save(sink, form, **how)
    return sink.getvalue()


def workbook_bytes(**more: bytes) -> bytes:
    book, sink = Workbook(), io.BytesIO()
    book.active.append(["a", 1])
    book.save(sink)
    with zipfile.ZipFile(sink, "a") as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return sink.getvalue()


def zip_bytes(entries: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return sink.getvalue()


def packed(content: bytes, words: bytes = b"/Filter/FlateDecode") -> bytes:
    body = zlib.compress(content)
    return b"5 0 obj\n<</Type/ObjStm/N 1/First 4" + words + b">>\nstream\n" + body + b"\nendstream"


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\x00" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


@pytest.fixture
def bring(manager_lin, at):
    def take(name, content, kinds=ALL, purpose=EVIDENCE, **how):
        return accept(
            stream=io.BytesIO(content), name=name, kinds=kinds, by=manager_lin, at=at,
            purpose=purpose, **how,
        )  # fmt: skip

    return take


def content_of(stored) -> bytes:
    return b"".join(files.pieces(stored))


GOOD = {
    "表.csv": "月份,金额\n2026-01,1\n".encode("gb18030"),
    "说明.txt": "已联系客户 㐂𠮷".encode(),
    "wide.txt": "宽".encode("utf-16"),
    "no_ending": b"words",
    "book.xlsx": workbook_bytes(),
    "scan.pdf": plain_pdf(),
    "packed.pdf": plain_pdf(packed(b"3 0 <</Type/Font>>")),
    "photo.JPG": image_bytes("JPEG"),
    "screen.png": image_bytes(),
    "talk.webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x00" * 50,
    "talk.mp4": b"\x00\x00\x00\x18ftypisom" + b"\x00" * 50,
    "all.zip": zip_bytes({"a.txt": b"a", "b/c.csv": b"1,2"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_EVID_09_a_good_file_is_kept_as_it_came_with_its_hash(bring, name):
    import hashlib

    stored = bring(name, GOOD[name])
    stored.refresh_from_db()
    assert content_of(stored) == GOOD[name]
    assert stored.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert (stored.purpose, stored.quarantine) == ("test_evidence", Quarantine.RECEIVED)


BAD = {
    "0 byte": ("a.csv", b"", "空"),
    "a kind that nobody takes": ("a.exe", b"MZ\x90", "不接受"),
    "a program as text": ("a.txt", b"\x7fELF\x02\x01", "扩展名"),
    "a web page as an image": ("a.png", b"<script>alert(1)</script>", "扩展名"),
    "an image as text": ("a.csv", image_bytes(), "扩展名"),
    "an old workbook": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "扩展名"),
    "a bomb": ("a.zip", zip_bytes({"a": b"\x00" * (30 << 20)}), "解压"),
    "too many entries": ("a.zip", zip_bytes({str(n): b"x" for n in range(2001)}), "2000"),
    "an archive within": ("a.zip", zip_bytes({"b": zip_bytes({"c": b"d"})}), "压缩包"),
    "a name that climbs out": ("a.zip", zip_bytes({"../../etc/cron.d/x": b"y"}), "路径"),
    "a macro": ("a.xlsx", workbook_bytes(**{"xl/vbaProject.bin": b"x"}), "宏"),
    "a macro sheet": ("a.xlsx", workbook_bytes(**{"xl/macrosheets/s.xml": b"<a/>"}), "宏"),
    "a zip as a workbook": ("a.xlsx", zip_bytes({"a.xml": b"<a/>"}), "工作簿"),
    "entities": (
        "a.xlsx",
        workbook_bytes(
            **{"xl/x.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}
        ),
        "实体",
    ),
    "a pixel flood": ("a.png", png_that_claims(60000, 60000), "像素"),
    "a broken image": ("a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 50, "无法读取"),
    "a PDF that is a zip too": ("a.pdf", plain_pdf() + zip_bytes({"a": b"b"}), "多种"),
    "a PDF that runs": ("a.pdf", plain_pdf(b"3 0 obj<</S/JavaScript/JS(x)>>endobj"), "脚本"),
    "a PDF that runs, spelled": ("a.pdf", plain_pdf(b"3 0 obj<</S/J#61vaScript>>endobj"), "脚本"),
    "a PDF that runs, packed": ("a.pdf", plain_pdf(packed(b"3 0 <</S/JavaScript>>")), "脚本"),
    "a PDF that starts": ("a.pdf", plain_pdf(b"3 0 obj<</S/Launch/F(cmd)>>endobj"), "脚本"),
    "a PDF that carries": ("a.pdf", plain_pdf(b"3 0 obj<</EmbeddedFiles 4 0 R>>endobj"), "脚本"),
    "a PDF that hides": (
        "a.pdf",
        plain_pdf(packed(b"3 0 <<>>", b"/Filter[/ASCIIHexDecode/FlateDecode]")),
        "查看",
    ),
    "a locked PDF": ("a.pdf", plain_pdf().replace(b"<</Root", b"<</Encrypt 9 0 R/Root"), "密码"),
}


@pytest.mark.parametrize("what", BAD)
def test_A7_what_pretends_is_refused_and_leaves_nothing(
    bring, what, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.FILES_ROOT = tmp_path
    name, content, word = BAD[what]
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuleBroken) as refusal:
        bring(name, content)
    assert word in refusal.value.message
    assert f"“{name}”" in refusal.value.message
    assert not StoredFile.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_A7_a_stream_of_two_gigabytes_is_cut_at_its_limit_while_it_comes(manager_lin, at):
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return b"1,2\n" * (size // 4)

    endless = Endless()
    with pytest.raises(RuleBroken, match="20 MiB"):
        accept(stream=endless, name="a.csv", kinds=ALL, by=manager_lin, at=at, purpose=EVIDENCE)
    assert endless.given == 21 << 20
    assert not StoredFile.objects.exists()


def test_A7_a_file_that_needs_too_much_memory_is_refused_and_this_process_stays_small(bring):
    RegulatoryParameter.objects.filter(name="files.pixels").update(value=10**9)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(RuleBroken, match="内存"):
        bring("a.png", png_that_claims(20_000, 20_000))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000  # KiB


def test_an_image_is_drawn_anew_without_what_is_no_picture(bring):
    exif = Image.Exif()
    exif[0x010E] = "某人 110101199003074258"
    original = image_bytes("JPEG", exif=exif, comment=b"<script>") + b"PK\x03\x04 behind"
    stored = bring("a.jpg", original)
    copy = content_of(stored.copy)
    assert content_of(stored) == original
    assert b"script" not in copy
    assert b"110101199003074258" not in copy
    assert b"PK" not in copy
    with Image.open(io.BytesIO(copy)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (20, 10))


def test_where_no_original_is_asked_for_the_copy_alone_is_kept(bring):
    stored = bring("a.png", image_bytes(), purpose=Purpose(name="logo", keeps_original=False))
    assert StoredFile.objects.get() == stored
    assert stored.copy is None
    assert stored.quarantine == Quarantine.RECEIVED


def test_a_kind_that_this_purpose_does_not_take_is_refused_with_those_it_takes(bring):
    with pytest.raises(RuleBroken, match="PDF"):
        bring("a.csv", b"1,2", kinds=[ContentKind.PDF])
