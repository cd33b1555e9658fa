"""Pages of quotes: price a cover, see every step of the price, issue the policy."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import check, may
from organization.selectors import units_in_scope
from organization.selectors.answers import answer_of
from organization.selectors.authority import who_could_sign
from organization.selectors.recusal import traits_of
from organization.services.step_up import fresh_second_factor
from parties.selectors import masked_identity
from products.enums import LenderType
from products.selectors import products_on_sale
from underwriting.enums import QuoteStatus
from underwriting.forms.policies import IssueForm, WithdrawForm
from underwriting.forms.quotes import QuoteForm
from underwriting.selectors.quotes import (
    facts_of_quote,
    quote_of,
    quotes_in_scope,
)
from underwriting.selectors.territory import territory_of
from underwriting.selectors.worksheets import worksheet_of_quote
from underwriting.services.issuing import issue_policy
from underwriting.services.quotes import make_quote, withdraw_quote
from underwriting.views.steps import take_step

PER_PAGE = 50


def _form(request: HttpRequest) -> QuoteForm:
    return QuoteForm(
        request.POST or None,
        request.FILES or None,
        units=units_in_scope(staff=request.user).order_by("path"),
        products=[(each.code, each.name) for each in products_on_sale(on=clock.today())],
        lender_types=LenderType.choices,
        initial={"unit": request.user.unit_id, "history": "none", "start": clock.today()},
    )


@require_safe
def quote_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    page = Paginator(quotes_in_scope(staff=request.user), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_quote": may(request.user, Permission.QUOTE_POLICIES)}
    return render(request, "underwriting/quotes/quote_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def quote_create(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.QUOTE_POLICIES)
    form, status = _form(request), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                quote = make_quote(
                    order=form.order(), papers=form.papers(), by=request.user, at=clock.now()
                )
            except DomainError as refusal:
                status = refusal.status
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, refusal.message
                )
            else:
                return redirect("underwriting:quote", pk=quote.pk)
    return render(request, "underwriting/quotes/quote_create.html", {"form": form}, status=status)


@require_safe
def quote_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    quote = quote_of(staff=request.user, pk=pk)
    is_open = quote.status == QuoteStatus.OPEN
    can_issue = is_open and not quote.findings
    signers = None
    if can_issue:
        signers = who_could_sign(
            facts=facts_of_quote(quote=quote),
            at=clock.now(),
            as_of=clock.today(),
            maker_id=quote.made_by_id,
            traits=traits_of(subject=quote),
            permission=Permission.ISSUE_POLICIES,
        )
    context = {
        "quote": quote,
        "worksheet": worksheet_of_quote(quote=quote),
        "territory": is_open
        and territory_of(unit=quote.unit, region=quote.region, as_of=clock.today()),
        "obligor": masked_identity(quote.obligor),
        "underlying": masked_identity(quote.underlying_obligor)
        if quote.underlying_obligor
        else None,
        "transfers": list(quote.transfers.order_by("sequence")),
        "can_issue": can_issue and may(request.user, Permission.ISSUE_POLICIES, unit=quote.unit),
        "can_withdraw": is_open and may(request.user, Permission.QUOTE_POLICIES, unit=quote.unit),
        "is_maker": quote.made_by_id == request.user.pk,
        **answer_of(signers),
    }
    return render(request, "underwriting/quotes/quote_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_second_factor
def quote_issue(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.ISSUE_POLICIES)
    quote = quote_of(staff=request.user, pk=pk)
    form = IssueForm(request.POST or None, initial={"key": uuid.uuid4()})
    return take_step(
        request,
        form,
        lambda: issue_policy(
            quote=quote,
            key=form.cleaned_data["key"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        ),
        back=reverse("underwriting:quote", args=[quote.pk]),
        title=_("Issue the policy of %(no)s") % {"no": quote.quote_no},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def quote_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.QUOTE_POLICIES)
    quote = quote_of(staff=request.user, pk=pk)
    form = WithdrawForm(request.POST or None)
    return take_step(
        request,
        form,
        lambda: withdraw_quote(quote=quote, by=request.user, at=clock.now(), **form.cleaned_data),
        back=reverse("underwriting:quotes"),
        title=f"{_('Withdraw')} {quote.quote_no}",
    )
