"""One small POST to an address of the settings, with a limit on time and size, no redirects."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from core.anchors.base import AnchorDown

SECONDS, MOST = 10, 1 << 20


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def post(*, url: str, body: bytes, content_type: str) -> bytes:
    """Send and return the answer's body.

    Raises:
        AnchorDown: no good answer within the limits.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise AnchorDown("the address is neither http nor https")
    request = urllib.request.Request(  # noqa: S310 (scheme checked above)
        url, data=body, headers={"Content-Type": content_type}, method="POST"
    )
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            received = answer.read(MOST + 1)
    except (urllib.error.URLError, HTTPException, OSError) as failure:
        raise AnchorDown(type(failure).__name__) from failure
    if len(received) > MOST:
        raise AnchorDown("the answer is too large")
    return received
