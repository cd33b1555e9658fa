"""What the pages of the registers share: a page of a list, and a form that a service refuses."""

from collections.abc import Callable

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest

from core.errors import DomainError, NotPermitted

ROWS = 50


def page_of(request: HttpRequest, rows: QuerySet) -> Page:
    """Return the page of a list that the address asks for."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def accepted(form: Form, use_case: Callable[[], object]) -> object | None:
    """Do a use case with a valid form; a refusal becomes an error of the form."""
    if not form.is_valid():
        return None
    try:
        return use_case()
    except NotPermitted:
        raise
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return None
