"""Premium taken back: asked for on the page of the policy, decided by somebody else."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from organization.enums import Permission
from organization.permissions import check
from organization.services.step_up import fresh_second_factor
from underwriting.forms.policies import CorrectionForm, DecisionForm
from underwriting.selectors.corrections import correction_of, receipt_of
from underwriting.selectors.policies import policy_of
from underwriting.services.corrections import ask_return, ask_write_off, decide_correction
from underwriting.views.policies import STEP
from underwriting.views.steps import take_step


@STEP
def write_off(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.RECEIVE_PREMIUMS)
    policy = policy_of(staff=request.user, pk=pk)
    form = CorrectionForm(request.POST or None, initial={"on": clock.today()})
    return take_step(
        request,
        form,
        lambda: ask_write_off(policy=policy, by=request.user, at=clock.now(), **form.cleaned_data),
        back=reverse("desk:policy", args=[policy.pk]),
        title=f"{_('Write off overdue premium')} · {policy.policy_no}",
    )


@STEP
def receipt_return(request: HttpRequest, pk: int, receipt: int) -> HttpResponse:
    check(request.user, Permission.RECEIVE_PREMIUMS)
    policy = policy_of(staff=request.user, pk=pk)
    found = receipt_of(policy=policy, pk=receipt)
    form = CorrectionForm(request.POST or None, initial={"on": clock.today()})
    return take_step(
        request,
        form,
        lambda: ask_return(receipt=found, by=request.user, at=clock.now(), **form.cleaned_data),
        back=reverse("desk:policy", args=[policy.pk]),
        title=f"{_('Take back a receipt that the bank returned')} · {found.reference}",
    )


@STEP
@fresh_second_factor
def correction_decision(request: HttpRequest, pk: int, correction: int) -> HttpResponse:
    check(request.user, Permission.APPROVE_VOUCHERS)
    policy = policy_of(staff=request.user, pk=pk)
    found = correction_of(policy=policy, pk=correction)
    form = DecisionForm(request.POST or None)
    return take_step(
        request,
        form,
        lambda: decide_correction(
            correction=found,
            is_approved=form.cleaned_data["is_approved"],
            decision=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        ),
        back=reverse("desk:policy", args=[policy.pk]),
        title=f"{_('Decide on the correction')} · {policy.policy_no}",
        correction=found,
    )
