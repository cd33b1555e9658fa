"""The watermark over pages that show loans and persons: who looks, and in which minute."""

from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%">'
    '<defs><pattern id="mark" width="360" height="200" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(-20)"><text x="10" y="100" font-size="15"'
    ' font-family="sans-serif" fill="#1f2d3d" fill-opacity="0.09">{text}</text></pattern></defs>'
    '<rect width="100%" height="100%" fill="url(#mark)"/></svg>'
)


@require_safe
@never_cache
def watermark(request: HttpRequest) -> HttpResponse:
    minute = f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"
    text = escape(f"{request.user.name} {request.user.username} {minute}")
    return HttpResponse(_SVG.format(text=text), content_type="image/svg+xml")
