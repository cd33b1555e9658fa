"""The list of policies, and what happens to one: money, endorsements, delivery, papers, end."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.downloads import hand_out
from core.errors import Missing
from core.printing import NoPdfError
from organization.enums import Permission
from organization.permissions import check
from organization.services.step_up import fresh_second_factor
from parties.enums import UseKind
from parties.services.uses import count_use
from underwriting.enums import DocumentKind
from underwriting.forms.policies import (
    ConfirmationForm,
    DecisionForm,
    DeliveryForm,
    EndorsementForm,
    NoticeForm,
    ReceiptForm,
    RefundForm,
    SearchForm,
)
from underwriting.models import Policy
from underwriting.selectors.policies import (
    endorsement_of,
    found_policies,
    notice_of,
    policy_figures,
    policy_of,
)
from underwriting.services.endings import pay_refund
from underwriting.services.endorsements import (
    ask_endorsement,
    confirm_insured,
    decide_endorsement,
)
from underwriting.services.obligor_notices import prove_notice
from underwriting.services.papers import make_paper, record_delivery
from underwriting.services.premiums import Receipt, receive_premiums
from underwriting.views.steps import take_step

PER_PAGE = 50


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    read = form.cleaned_data if form.is_valid() else {}
    found = found_policies(
        staff=request.user,
        words=read.get("words", "").strip(),
        status=read.get("status", ""),
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "figures": policy_figures(policies=found)}
    return render(request, "underwriting/policies/policy_list.html", context)


STEP = require_http_methods(["GET", "HEAD", "POST"])


def _back(policy: Policy) -> str:
    return reverse("desk:policy", args=[policy.pk])


def _said(words: object, policy: Policy) -> str:
    return f"{words} · {policy.policy_no}"


@STEP
def endorsement_create(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.QUOTE_POLICIES)
    policy = policy_of(staff=request.user, pk=pk)
    form = EndorsementForm(request.POST or None, request.FILES or None)
    return take_step(
        request,
        form,
        lambda: ask_endorsement(
            policy=policy,
            change=form.change(),
            agreement=form.paper(),
            by=request.user,
            at=clock.now(),
        ),
        back=_back(policy),
        title=_said(_("Ask for an endorsement"), policy),
    )


@STEP
@fresh_second_factor
def endorsement_decision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    check(request.user, Permission.ISSUE_POLICIES)
    policy = policy_of(staff=request.user, pk=pk)
    endorsement = endorsement_of(staff=request.user, policy=policy, number=number)
    form = DecisionForm(request.POST or None)
    return take_step(
        request,
        form,
        lambda: decide_endorsement(
            endorsement=endorsement, by=request.user, at=clock.now(), **form.cleaned_data
        ),
        back=_back(policy),
        title=_said(_("Decide on the endorsement"), policy),
        endorsement=endorsement,
    )


@STEP
def endorsement_confirmation(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    check(request.user, Permission.QUOTE_POLICIES)
    policy = policy_of(staff=request.user, pk=pk)
    endorsement = endorsement_of(staff=request.user, policy=policy, number=number)
    form = ConfirmationForm(request.POST or None)
    return take_step(
        request,
        form,
        lambda: confirm_insured(
            endorsement=endorsement, by=request.user, at=clock.now(), **form.cleaned_data
        ),
        back=_back(policy),
        title=_said(_("Confirm assignment and account"), policy),
        endorsement=endorsement,
    )


@STEP
@fresh_second_factor
def premium_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.RECEIVE_PREMIUMS)
    policy = policy_of(staff=request.user, pk=pk)
    form = ReceiptForm(
        request.POST or None, initial={"key": uuid.uuid4(), "received_on": clock.today()}
    )
    return take_step(
        request,
        form,
        lambda: receive_premiums(
            receipts=[
                Receipt(
                    policy_no=policy.policy_no,
                    amount=form.cleaned_data["amount"],
                    received_on=form.cleaned_data["received_on"],
                    reference=form.cleaned_data["reference"],
                )
            ],
            key=str(form.cleaned_data["key"]),
            by=request.user,
            at=clock.now(),
        ),
        back=_back(policy),
        title=_said(_("Record a premium"), policy),
    )


@STEP
@fresh_second_factor
def refund_payment(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.RECEIVE_PREMIUMS)
    policy = policy_of(staff=request.user, pk=pk)
    form = RefundForm(request.POST or None, initial={"on": clock.today()})
    return take_step(
        request,
        form,
        lambda: pay_refund(policy=policy, by=request.user, at=clock.now(), **form.cleaned_data),
        back=_back(policy),
        title=_said(_("Pay the refund"), policy),
    )


@STEP
def policy_delivery(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    check(request.user, Permission.QUOTE_POLICIES)
    policy = policy_of(staff=request.user, pk=pk)
    delivery = policy.deliveries.filter(to=to).first()
    if delivery is None:
        raise Missing("delivery_missing", _("There is no such delivery."))
    form = DeliveryForm(request.POST or None, initial={"delivered_at": clock.now()})
    return take_step(
        request,
        form,
        lambda: record_delivery(
            delivery=delivery,
            on=form.cleaned_data["delivered_at"],
            proof_no=form.cleaned_data["proof_no"],
            by=request.user,
            at=clock.now(),
        ),
        back=_back(policy),
        title=_said(_("Record the delivery"), policy),
    )


@STEP
def notice_proof(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    check(request.user, Permission.QUOTE_POLICIES)
    policy = policy_of(staff=request.user, pk=pk)
    notice = notice_of(policy=policy, number=number)
    form = NoticeForm(request.POST or None, request.FILES or None)
    return take_step(
        request,
        form,
        lambda: prove_notice(
            notice=notice,
            notified_on=form.cleaned_data["notified_on"],
            how=form.cleaned_data["how"],
            proof=form.paper(),
            by=request.user,
            at=clock.now(),
        ),
        back=_back(policy),
        title=_said(_("Record the notice to the obligor"), policy),
    )


@require_safe
def policy_paper(request: HttpRequest, pk: int, kind: str, number: int = 0) -> HttpResponse:
    """Hand out a paper of a policy; its names stand in clear, so it counts as a look at them."""
    check(request.user, Permission.QUOTE_POLICIES)
    policy = policy_of(staff=request.user, pk=pk)
    is_endorsement = kind == DocumentKind.ENDORSEMENT
    is_numbered = is_endorsement or kind == DocumentKind.DEMAND
    if kind not in DocumentKind.values or (number and not is_numbered):
        raise Missing("paper_missing", _("There is no such paper."))
    endorsement = (
        endorsement_of(staff=request.user, policy=policy, number=number) if is_endorsement else None
    )
    notice = notice_of(policy=policy, number=number) if kind == DocumentKind.DEMAND else None
    at = clock.now()
    count_use(staff=request.user, kind=UseKind.REVEAL, amount=1, at=at)
    try:
        stored = make_paper(
            policy=policy,
            kind=kind,
            endorsement=endorsement,
            notice=notice,
            by=request.user,
            at=at,
        )
    except NoPdfError as lack:
        return render(request, "underwriting/policies/no_pdf.html", {"lack": lack}, status=503)
    return hand_out(stored, by=request.user, at=at, content_type="application/pdf", is_inline=True)
