"""Everything that can be said of the chain: links, strangers among the records, signed heads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from core import merkle, signing
from core.chain import folder
from core.chain.walk import BadRecord, Broken, walk
from core.models import AuditRecord, ChainLink, SignedHead

__all__ = ["BadRecord", "ChainReport", "verify_chain"]
Say = Callable[[int], None]


@dataclass(frozen=True)
class ChainReport:
    """How many links and heads were checked, the first bad record, and what to know besides."""

    checked: int
    heads: int
    bad: BadRecord | None
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.bad is None


@dataclass
class _Head:
    """A head to compare with, from the database, the folder, or both saying the same."""

    serial: int
    first: int
    last: int
    root: str
    leaves: Callable[[], list[str]]


def verify_chain(*, root: Path | None = None, say: Say | None = None) -> ChainReport:
    """Check every record, link and head; `root` is a copy of the audit administrator's folder.

    Returns the report with the first bad record, by its number. One pass through a server-side
    cursor: memory holds the hashes of one head's stretch.
    """
    streams = set(ChainLink.objects.values_list("stream", flat=True).distinct())
    streams |= set(AuditRecord.objects.values_list("stream", flat=True).distinct())
    streams |= folder.streams(root=root)
    checked = heads = 0
    bad: BadRecord | None = None
    notes: list[str] = []
    for stream in sorted(streams):
        one = _Stream(stream, root, say)
        found = one.check()
        checked, heads = checked + one.checked, heads + len(one.heads)
        notes += one.notes
        bad = bad or found
    return ChainReport(checked, heads, bad, notes)


class _Stream:
    def __init__(self, stream: str, root: Path | None, say: Say | None):
        self.stream, self.root, self.say = stream, root, say
        self.checked = 0
        self.heads: list[_Head] = []
        self.notes: list[str] = []
        self._of_head: list[str] = []

    def check(self) -> BadRecord | None:
        wrong_head = self._read_heads()
        waiting = list(self.heads)
        try:
            for number, mine in walk(stream=self.stream):
                self.checked = number
                if waiting:
                    self._compare(waiting, number, mine)
                if self.say and number % 100_000 == 0:
                    self.say(number)
        except Broken as broken:
            return self._earlier(broken.bad, waiting) or broken.bad
        if waiting:
            head, number = waiting[0], self.checked + 1
            why = f"missing: signed head {head.serial} reaches number {head.last}"
            return self._other_leaf(head) or self._bad(number, why)
        return wrong_head or self._stranger()

    def _bad(self, number: int | None, why: str) -> BadRecord:
        links = ChainLink.objects.filter(stream=self.stream, number=number)
        record_id = links.values_list("record_id", flat=True).first()
        return BadRecord(self.stream, number, record_id, why)

    def _compare(self, waiting: list[_Head], number: int, mine: str) -> None:
        head = waiting[0]
        if number < head.first:
            return
        self._of_head.append(mine)
        if number == head.last:
            if merkle.root(self._of_head) != head.root:
                why = f"it lies under signed head {head.serial}, whose root is another"
                raise Broken(self._other_leaf(head) or self._bad(head.first, why))
            waiting.pop(0)
            self._of_head = []

    def _other_leaf(self, head: _Head) -> BadRecord | None:
        """Name the first record of the stretch that is another than the one that was signed."""
        leaves = head.leaves()
        if not leaves or merkle.root(leaves) != head.root:
            return None
        for place, (signed, mine) in enumerate(zip(leaves, self._of_head, strict=False)):
            if signed != mine:
                why = f"another record stood here when head {head.serial} was signed"
                return self._bad(head.first + place, why)
        return None

    def _earlier(self, bad: BadRecord, waiting: list[_Head]) -> BadRecord | None:
        """A rewritten record before the break is the first bad one."""
        other = self._other_leaf(waiting[0]) if waiting and self._of_head else None
        return other if other and other.number < (bad.number or 0) else None

    def _read_heads(self) -> BadRecord | None:
        """Read the heads of both places; those of the folder count where the two differ."""
        try:
            kept = {
                each.serial: each for each in folder.kept_heads(stream=self.stream, root=self.root)
            }
        except folder.OtherContent as other:
            return BadRecord(self.stream, None, None, f"a kept head cannot be read: {other}")
        here = {
            head.serial: head
            for head in SignedHead.objects.filter(stream=self.stream).select_related("key")
        }
        if not kept:
            self.notes.append(f"{self.stream}: no head lies outside the database to compare with")
        wrong = None
        for serial in sorted(kept.keys() | here.keys()):
            wrong = wrong or self._read_head(serial, kept.get(serial), here.get(serial))
        self.heads.sort(key=lambda head: head.first)
        return wrong

    def _read_head(
        self, serial: int, kept: folder.KeptHead | None, here: SignedHead | None
    ) -> BadRecord | None:
        if kept and not folder.is_genuine(kept, root=self.root):
            return BadRecord(self.stream, None, None, f"kept head {serial}: the signature is wrong")
        if kept:
            says = kept.says
            self._add(serial, says, kept.leaves)
            if here and here.statement != kept.statement:
                return self._bad(
                    says["first_number"], f"head {serial} differs from the one kept outside"
                )
            return None
        if not signing.is_signed(here.statement.encode(), here.signature, key=self._key(here)):
            return self._bad(here.first_number, f"head {serial}: the signature is wrong")
        self.notes.append(f"{self.stream}: head {serial} does not lie outside")
        says = {
            "first_number": here.first_number,
            "last_number": here.last_number,
            "root": here.root,
        }
        self._add(serial, says, list)
        return None

    def _key(self, head: SignedHead) -> str:
        """Return the key from outside the database; the register's only where there is none."""
        if head.key.key_id == settings.EVIDENCE_KEY_ID:
            return signing.public_key()
        return folder.key_of(head.key.key_id, root=self.root) or head.key.public_key

    def _add(self, serial: int, says: dict, leaves: Callable[[], list[str]]) -> None:
        self.heads.append(
            _Head(serial, says["first_number"], says["last_number"], says["root"], leaves)
        )

    def _stranger(self) -> BadRecord | None:
        """A record without a place was put in past the trigger."""
        found = AuditRecord.objects.filter(stream=self.stream, link__isnull=True)
        record_id = found.order_by("pk").values_list("pk", flat=True).first()
        if record_id is None:
            return None
        return BadRecord(self.stream, None, record_id, "the record has no place in the chain")
