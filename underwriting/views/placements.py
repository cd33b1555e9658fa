"""Certificates, co-insurance and corrected lines, entered after the fact: rows are only added."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import RuleBroken
from organization.services.step_up import fresh_second_factor
from underwriting import permissions
from underwriting.forms.placements import CertificateForm, CoinsuranceForm, CorrectionForm
from underwriting.models import Policy
from underwriting.selectors import cessions as selectors
from underwriting.selectors.ceded import ceded_policy_of
from underwriting.services.cession_lines import correct_cession
from underwriting.services.coinsurance import (
    place_facultative,
    set_coinsurance,
    set_coinsurance_of_policy,
)
from underwriting.views.steps import take_step

STEP = require_http_methods(["GET", "HEAD", "POST"])


def _policy(policy_no: str) -> Policy:
    found = (
        Policy.objects.select_related("lender", "unit", "product_version__product")
        .filter(policy_no=policy_no.strip())
        .first()
    )
    if found is None:
        raise RuleBroken(
            "policy_unknown",
            _("There is no policy %(no)s.") % {"no": policy_no},
            field="policy_no",
        )
    return found


@STEP
@fresh_second_factor
def certificate(request: HttpRequest) -> HttpResponse:
    permissions.check_propose_treaties(request.user)
    form = CertificateForm(
        request.POST or None, initial={"policy_no": request.GET.get("policy_no")}
    )

    def place():
        words = dict(form.cleaned_data)
        policy = _policy(words.pop("policy_no"))
        place_facultative(
            policy=ceded_policy_of(policy=policy), by=request.user, at=clock.now(), **words
        )

    return take_step(
        request,
        form,
        place,
        back=reverse("underwriting:treaties"),
        title=_("Place a facultative certificate"),
    )


@STEP
@fresh_second_factor
def coinsurance(request: HttpRequest) -> HttpResponse:
    permissions.check_propose_treaties(request.user)
    before = selectors.coinsurance_of(staff=request.user, pk=request.GET.get("of", ""))
    form = CoinsuranceForm(request.POST or None, initial=CoinsuranceForm.words_of(before))

    def say():
        words = dict(form.cleaned_data) | {"by": request.user, "at": clock.now()}
        policy_no = words.pop("policy_no")
        if not policy_no:
            return set_coinsurance(**words)
        agreement = [words.pop(name) for name in ("agreement_no", "lender_code", "product_code")]
        if any(agreement):
            raise RuleBroken(
                "coinsurance_of_what",
                _("Name the policy, or the agreement and its lender."),
                field="policy_no",
            )
        return set_coinsurance_of_policy(policy=_policy(policy_no), **words)

    return take_step(
        request,
        form,
        say,
        back=reverse("underwriting:treaties"),
        title=_("Set co-insurance"),
    )


@STEP
@fresh_second_factor
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_propose_treaties(request.user)
    line = selectors.line_of(staff=request.user, pk=pk)
    form = CorrectionForm(
        request.POST or None, initial={"share": line.share, "valid_from": line.valid_from}
    )
    return take_step(
        request,
        form,
        lambda: correct_cession(line=line, by=request.user, at=clock.now(), **form.cleaned_data),
        back=f"{reverse('underwriting:policy_lines')}?policy_no={line.policy_no}",
        title=f"{_('Correct a cession')} · {line.policy_no} · {line.code}",
    )
