"""The check by strangers: a file and a number in, match or no match out. Source: EVID-14."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from core import clock
from desk.forms import PublicCheckForm
from desk.selectors import evidence as selectors
from desk.services import evidence as services

TOO_MANY, TOO_LARGE, WRONG = 429, 413, 422


class HashingHandler(FileUploadHandler):
    """Hash the one file while it comes in; keep nothing of it, stop where it is too large."""

    def __init__(self, most: int):
        super().__init__()
        self.most, self.size, self.is_too_large = most, 0, False
        self.sha256 = ""
        self._state = hashlib.sha256()

    def receive_data_chunk(self, raw_data, start):
        self.size += len(raw_data)
        if self.size > self.most:
            self.is_too_large = True
            raise StopUpload(connection_reset=True)
        self._state.update(raw_data)

    def file_complete(self, file_size):
        self.sha256 = self._state.hexdigest() if file_size else ""


@login_not_required
@csrf_exempt  # the token is asked for below, once the handler of the upload stands
@require_http_methods(["GET", "HEAD", "POST"])
def public_check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _answer(request, PublicCheckForm())
    digest = services.address_digest(request.META.get("REMOTE_ADDR", ""))
    if selectors.checks_left(address_digest=digest, at=clock.now()) < 1:
        return render(request, "desk/evidence/public_busy.html", status=TOO_MANY)
    request.upload_handlers = [HashingHandler(selectors.most_bytes(as_of=clock.today()))]
    return _check(request)


@csrf_protect
def _check(request: HttpRequest) -> HttpResponse:
    form, handler = PublicCheckForm(request.POST), request.upload_handlers[0]
    if handler.is_too_large:
        return _answer(request, form, is_too_large=True, status=TOO_LARGE)
    if not form.is_valid() or not handler.sha256:
        return _answer(request, form, lacks_file=not handler.sha256, status=WRONG)
    is_match = services.check_file(
        code=form.cleaned_data["code"],
        sha256=handler.sha256,
        address=request.META.get("REMOTE_ADDR", ""),
        at=clock.now(),
    )
    return _answer(request, form, is_match=is_match, sha256=handler.sha256)


def _answer(request, form, status=200, **context) -> HttpResponse:
    context |= {"form": form, "most": selectors.most_bytes(as_of=clock.today()) >> 20}
    return render(request, "desk/evidence/public_check.html", context, status=status)
