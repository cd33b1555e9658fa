"""The one way in which a page takes a step's form to a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError


def take_step(
    request: HttpRequest,
    form: Form,
    service: Callable[[], Any],
    *,
    back: str,
    title: str,
    **shown: Any,
) -> HttpResponse:
    """Take what was entered to the service and go back, or show the form with what is wrong."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service()
            except DomainError as refusal:
                status = refusal.status
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, refusal.message)
            else:
                messages.success(request, _("The step is recorded."))
                return redirect(back)
    context = {"form": form, "title": title, "back": back, **shown}
    return render(request, "underwriting/policies/step.html", context, status=status)
