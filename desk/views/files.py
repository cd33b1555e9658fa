"""Signed links to files."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from core import clock
from core.downloads import file_of_link, hand_out


@require_safe
def signed_file(request: HttpRequest, token: str) -> StreamingHttpResponse:
    at = clock.now()
    stored = file_of_link(token, person=request.user, at=at)
    return hand_out(stored, by=request.user, at=at)
