"""The chain, evidence packs, and what is proven of an object."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock, files
from core.signing import public_key
from desk.forms import PackForm, ReleaseForm
from desk.selectors import evidence as selectors
from desk.services import evidence as services
from organization.enums import Permission
from organization.permissions import check, may

PER_PAGE = 50


@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VERIFY_CHAIN)
    context = {
        "state": selectors.chain_state(),
        "page": Paginator(selectors.heads(), PER_PAGE).get_page(request.GET.get("page")),
        "public_key": public_key(),
    }
    return render(request, "desk/evidence/chain.html", context)


@require_POST
def chain_verification(request: HttpRequest) -> HttpResponse:
    services.ask_for_verification(by=request.user, at=clock.now())
    messages.success(request, _("The verification is under way; its result stands in your jobs."))
    return redirect("desk:chain")


@require_safe
def chain_head(request: HttpRequest, serial: int) -> JsonResponse:
    check(request.user, Permission.VERIFY_CHAIN)
    head = selectors.head_of(serial=serial)
    says = {"statement": head.statement, "signature": head.signature, "key_id": head.key.key_id}
    name = f"{head.stream}-{head.serial:06d}.json"
    return JsonResponse(says, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_safe
def pack_list(request: HttpRequest) -> HttpResponse:
    _check_sees_packs(request)
    packs = selectors.packs_for(staff=request.user, as_of=clock.today())
    page = Paginator(packs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/evidence/pack_list.html", {"page": page})


@require_safe
def pack_detail(request: HttpRequest, pk: int) -> HttpResponse:
    _check_sees_packs(request)
    pack = selectors.pack_for(staff=request.user, pk=pk, as_of=clock.today())
    return _pack_page(request, pack, ReleaseForm(initial={"days": 30}))


@require_safe
def pack_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    _check_sees_packs(request)
    pack = selectors.pack_for(staff=request.user, pk=pk, as_of=clock.today())
    stored = services.hand_out_pack(pack=pack, by=request.user, at=clock.now())
    answer = StreamingHttpResponse(files.pieces(stored), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{stored.name}"'
    answer["Content-Length"] = str(stored.size)
    return answer


@require_POST
def pack_release(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.MAKE_EVIDENCE)
    pack = selectors.pack_for(staff=request.user, pk=pk, as_of=clock.today())
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _pack_page(request, pack, form, status=422)
    services.release_pack(
        pack=pack, days=form.cleaned_data["days"], by=request.user, at=clock.now()
    )
    messages.success(request, _("Released to regulators."))
    return redirect("desk:evidence_pack", pk=pk)


@require_safe
def thing(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    check(request.user, Permission.MAKE_EVIDENCE)
    return _thing_page(request, label, pk, PackForm())


@require_POST
def pack_request(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    check(request.user, Permission.MAKE_EVIDENCE)
    form = PackForm(request.POST)
    if not form.is_valid():
        return _thing_page(request, label, pk, form, status=422)
    builder, subject = selectors.provable(
        staff=request.user, label=label, pk=pk, as_of=clock.today()
    )
    reason = form.cleaned_data["reason"]
    pack, _job = services.ask_for_pack(
        builder=builder, subject=subject, reason=reason, by=request.user, at=clock.now()
    )
    messages.success(request, _("The pack is being made; it will be ready here shortly."))
    return redirect("desk:evidence_pack", pk=pack.pk)


def _check_sees_packs(request: HttpRequest) -> None:
    if not may(request.user, Permission.VIEW_RELEASED):
        check(request.user, Permission.MAKE_EVIDENCE)


def _pack_page(request, pack, form, status=200) -> HttpResponse:
    may_release = (
        pack.stored_id is not None
        and pack.released_at is None
        and pack.asked_by_id != request.user.pk
        and may(request.user, Permission.MAKE_EVIDENCE)
    )
    context = {
        "pack": pack,
        "entries": pack.entries.order_by("name"),
        "job": pack.job if pack.asked_by_id == request.user.pk else None,
        "form": form,
        "may_release": may_release,
        "public_key": public_key(),
    }
    return render(request, "desk/evidence/pack_detail.html", context, status=status)


def _thing_page(request, label, pk, form, status=200) -> HttpResponse:
    builder, subject = selectors.provable(
        staff=request.user, label=label, pk=pk, as_of=clock.today()
    )
    context = {
        "title": builder.name(subject),
        "url": builder.url(subject),
        "label": label,
        "pk": pk,
        "proven": selectors.proven_of(subject=subject),
        "packs": selectors.packs_of(subject=subject),
        "form": form,
    }
    return render(request, "desk/evidence/object.html", context, status=status)
