"""The one way in which a page of the organisation takes a form to a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError


def handle(
    request: HttpRequest,
    form: Form,
    service: Callable[..., Any],
    *,
    back: str,
    title: str,
    preview: Callable[[dict[str, Any]], Any] | None = None,
    **shown: Any,
) -> HttpResponse:
    """Show the form; take what was entered to the service; go back, or say what is wrong.

    With `preview`, a second button asks what it would change, and nothing is written.
    """
    status, effect = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid() and preview is not None and "preview" in request.POST:
            effect, status = preview(form.cleaned_data), 200
        elif form.is_valid():
            try:
                service(**form.cleaned_data)
            except DomainError as refusal:
                status = refusal.status
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, refusal.message)
            else:
                messages.success(request, _("The step is recorded."))
                return redirect(back)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "effect": effect,
        "may_preview": preview is not None,
        **shown,
    }
    return render(request, "organization/form.html", context, status=status)
