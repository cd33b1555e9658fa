"""How a stored file is handed out: by one builder, to one person, noted every time.

A link is signed for one person and one file and runs out soon; whoever issues it has asked
whether that person may see the file. Source: safety.md (attachment, nosniff), issue 3 Files.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core import signing
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from core import files
from core.enums import Quarantine
from core.errors import Missing
from core.models import StoredFile
from core.selectors.parameters import parameter
from core.services import record_audit
from core.uploads import require_servable

SALT = "core.downloads"
SANDBOX = "default-src 'none'; sandbox"
OPAQUE = "application/octet-stream"


def link_for(stored: StoredFile, *, person: Any) -> str:
    """Return an address at which this person, and nobody else, gets the file for a short while."""
    token = signing.TimestampSigner(salt=SALT).sign_object({"f": stored.pk, "p": person.pk})
    return reverse("desk:signed_file", args=[token])


def file_of_link(token: str, *, person: Any, at: dt.datetime) -> StoredFile:
    """Return the file that a link names.

    Raises:
        Missing: it is no link of ours, was made for somebody else, or has run out.
    """
    seconds = parameter(name="files.link_seconds", as_of=timezone.localdate(at)).value
    signer = signing.TimestampSigner(salt=SALT)
    try:
        named = signer.unsign_object(token, max_age=seconds)
    except signing.SignatureExpired as late:
        raise Missing(
            "link_ran_out", _("This link has run out; open the page again and use its link.")
        ) from late
    except signing.BadSignature as forged:
        raise Missing("file_missing", _("There is no such file.")) from forged
    stored = StoredFile.objects.select_related("copy").filter(pk=named["f"]).first()
    if stored is None or named["p"] != person.pk:
        raise Missing("file_missing", _("There is no such file."))
    return stored


def hand_out(
    stored: StoredFile,
    *,
    by: Any,
    at: dt.datetime,
    content_type: str = OPAQUE,
    is_inline: bool = False,
) -> StreamingHttpResponse:
    """Stream a file to a person and note it. What came from outside is never shown inline.

    Of an image that came from outside the re-encoded copy goes out.

    Raises:
        Missing: it was refused or is not scanned yet, or is not in the store.
    """
    require_servable(stored)
    is_ours = stored.quarantine == Quarantine.OWN and not stored.kind
    served = stored.copy or stored
    record_audit(action="file_handed_out", subject=stored, by=by, at=at, sha256=served.sha256)
    answer = StreamingHttpResponse(
        files.pieces(served), content_type=content_type if is_ours else OPAQUE
    )
    as_attachment = not (is_inline and is_ours)
    answer["Content-Disposition"] = content_disposition_header(as_attachment, served.name)
    answer["Content-Length"] = str(served.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    if as_attachment:
        answer["Content-Security-Policy"] = SANDBOX
    return answer
