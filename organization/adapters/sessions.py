"""The session engine: rows of ours, keys as hashes, content sealed, both time-outs in the row.

`expires_at` is the earlier of the idle and the absolute end, so that one look-up decides. Only the
content is written by the framework; the facts of the row are written by
`organization.services.sessions`.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from core import clock
from core.encryption import Unsealable, seal, unseal_bytes
from organization.models import StaffSession

COLUMN = "organization_staffsession.sealed_data"
FACTS = ("staff_id", "device", "device_name", "fingerprint", "address", "limits", "created_at")
FACTS += ("seen_at", "ends_at", "expires_at")


def digest_of(key: str) -> str:
    """Return what of a session's key stands in the database."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """A session of ours; `row` holds its facts once it is loaded or created."""

    def __init__(self, session_key: str | None = None):
        super().__init__(session_key)
        self.row: StaffSession | None = None

    def load(self) -> dict[str, object]:
        self.row = StaffSession.objects.filter(
            key_digest=digest_of(self.session_key), expires_at__gt=clock.now()
        ).first()
        if self.row is None:
            self._session_key = None
            return {}
        return self._opened(self.row)

    def _opened(self, row: StaffSession) -> dict[str, object]:
        try:
            return self.serializer().loads(
                unseal_bytes(row.sealed_data, column=COLUMN, key=row.key_digest)
            )
        except (Unsealable, ValueError):  # of another key or altered: a session without content
            return {}

    def exists(self, session_key: str) -> bool:
        return StaffSession.objects.filter(key_digest=digest_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        digest = digest_of(self.session_key)
        content = self.serializer().dumps(self._get_session(no_load=must_create))
        sealed = seal(content, column=COLUMN, key=digest)
        if must_create:
            self.row = self._inserted(digest, sealed)
        elif not StaffSession.objects.filter(key_digest=digest).update(sealed_data=sealed):
            raise UpdateError  # ended meanwhile: it does not come back
        return None

    @staticmethod
    def _inserted(digest: str, sealed: bytes) -> StaffSession:
        now = clock.now()
        end = now + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        try:
            with transaction.atomic():
                return StaffSession.objects.create(
                    key_digest=digest,
                    sealed_data=sealed,
                    created_at=now,
                    seen_at=now,
                    ends_at=end,
                    expires_at=end,
                )
        except IntegrityError as taken:
            raise CreateError from taken

    def cycle_key(self) -> None:
        """Take a new key and keep the facts: signing in, changing a password."""
        before = self.row
        super().cycle_key()
        if before is not None and before.staff_id is not None:
            for fact in FACTS:
                setattr(self.row, fact, getattr(before, fact))
            self.row.save(update_fields=FACTS)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            StaffSession.objects.filter(key_digest=digest_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        StaffSession.objects.filter(expires_at__lte=clock.now()).delete()
