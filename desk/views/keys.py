"""The register of keys: see it, propose a key, approve or reject it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.enums import RotationStatus
from core.errors import DomainError
from core.models import KeyRotation
from core.selectors.keys import field_keys, proposable_keys, rotations
from desk.forms import KeyProposalForm
from desk.services import keys as services
from organization.enums import Permission
from organization.permissions import check
from organization.services.step_up import fresh_second_factor

PER_PAGE = 20


def key_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.ROTATE_KEYS)
    names = proposable_keys()
    form = KeyProposalForm(request.POST or None, names=names)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_rotation(**form.cleaned_data, by=request.user, at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("The proposal waits for another person\u2019s approval."))
            return redirect("desk:keys")
    page = Paginator(rotations(), PER_PAGE).get_page(request.GET.get("page"))
    open_one = rotations().filter(status=RotationStatus.PROPOSED).first()
    context = {
        "keys": field_keys(),
        "page": page,
        "open": open_one,
        "may_decide": open_one is not None and open_one.proposed_by_id != request.user.pk,
        "form": form,
        "has_names": bool(names),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/keys/key_list.html", context, status=status)


@require_POST
@fresh_second_factor
def rotation_approval(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.ROTATE_KEYS)
    rotation = get_object_or_404(KeyRotation, pk=pk)
    services.approve_rotation(rotation=rotation, by=request.user, at=clock.now())
    messages.success(request, _("The key seals from now on; all values are being sealed anew."))
    return redirect("desk:keys")


@require_POST
def rotation_rejection(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.ROTATE_KEYS)
    rotation = get_object_or_404(KeyRotation, pk=pk)
    reason = request.POST.get("reason", "")
    services.reject_rotation(rotation=rotation, reason=reason, by=request.user, at=clock.now())
    messages.success(request, _("The proposal is rejected."))
    return redirect("desk:keys")


@require_POST
def key_count(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.ROTATE_KEYS)
    services.start_count(by=request.user, at=clock.now())
    messages.success(request, _("Sealed values are being counted."))
    return redirect("desk:keys")
