"""Second factors: allauth's views in our templates, each change recorded."""

from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.errors import RuleBroken
from desk.adapters.sign_in import SecondFactorAdapter
from organization.services.second_factor import record_factor
from organization.services.step_up import note_second_factor


class _Recorded:
    """Record the change once it is made."""

    change = ("", "")

    def form_valid(self, form: Form) -> HttpResponse:
        answer = super().form_valid(form)
        what, kind = self.change
        staff, at = self.request.user, clock.now()
        record_factor(staff=staff, what=what, kind=kind, by=staff, at=at)
        if what == "added":
            note_second_factor(self.request, staff=staff, at=at)
        return answer


class Code(AuthenticateView):
    template_name = "desk/second_factor/code.html"


class Factors(IndexView):
    template_name = "desk/second_factor/index.html"


class AppEnrolment(_Recorded, ActivateTOTPView):
    template_name = "desk/second_factor/app.html"
    change = ("added", Authenticator.Type.TOTP)


class AppRemoval(_Recorded, DeactivateTOTPView):
    template_name = "desk/second_factor/removal.html"
    change = ("removed", Authenticator.Type.TOTP)


class KeyEnrolment(_Recorded, AddWebAuthnView):
    template_name = "desk/second_factor/key.html"
    change = ("added", Authenticator.Type.WEBAUTHN)


class KeyRemoval(_Recorded, RemoveWebAuthnView):
    template_name = "desk/second_factor/removal.html"
    success_url = reverse_lazy("mfa_index")
    change = ("removed", Authenticator.Type.WEBAUTHN)

    def form_valid(self, form: Form) -> HttpResponse:
        if not SecondFactorAdapter().can_delete_authenticator(self.object):
            raise RuleBroken("last_factor", _("This is your only second factor: add another."))
        return super().form_valid(form)


class RecoveryCodes(ViewRecoveryCodesView):
    template_name = "desk/second_factor/codes.html"


class RecoveryCodesRenewal(_Recorded, GenerateRecoveryCodesView):
    template_name = "desk/second_factor/renewal.html"
    change = ("renewed", Authenticator.Type.RECOVERY_CODES)


class Confirmation(ReauthenticateView):
    template_name = "desk/second_factor/confirmation.html"


class KeyConfirmation(ReauthenticateWebAuthnView):
    template_name = "desk/second_factor/key_confirmation.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        super().form_invalid(form)
        return redirect(self.request.get_full_path())


@never_cache
@require_safe
def second_factor_image(request: HttpRequest) -> HttpResponse:
    """Draw the secret that is being enrolled, for the app's camera."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = SecondFactorAdapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml")
