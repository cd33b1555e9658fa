"""What allauth asks: how to let somebody in, how to seal secrets, when to ask again."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import LoginStage
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import login as django_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.encryption import seal, unseal
from core.visitor import visitor_of
from organization.models import Staff
from organization.services.sign_in import admit, enter
from organization.services.step_up import FACT, has_second_factor, is_fresh

BACKEND = "django.contrib.auth.backends.ModelBackend"
SECRET = "mfa_authenticator.data"  # noqa: S105 (the place of sealed secrets)
REFUSALS = {
    "device": gettext_lazy("Your role may not sign in with this kind of device."),
    "hours": gettext_lazy("Your role may not sign in at this hour."),
    "network": gettext_lazy("Your role may not sign in from this network."),
}


class LimitsStage(LoginStage):
    """The last stage at the door: device, hours and network of the roles."""

    key = "limits"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        staff = self.login.user
        refusal = admit(staff=staff, visitor=visitor_of(self.request), at=clock.now())
        if not refusal:
            return None, True
        self.request.session.pop(FACT, None)
        messages.error(self.request, REFUSALS[refusal])
        return HttpResponseRedirect(reverse("desk:login")), False


class AccountAdapter(DefaultAccountAdapter):
    """No signing up, no e-mail; the house's own session and record of who came in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage", "desk.adapters.sign_in.LimitsStage"]

    def login(self, request: HttpRequest, user: Staff) -> None:
        django_login(request, user, backend=BACKEND)
        arrival = enter(
            row=request.session.row,
            staff=user,
            visitor=visitor_of(request),
            has_second_factor=has_second_factor(request),
            at=clock.now(),
        )
        request.session["must_change_password"] = arrival.must_change_password
        if arrival.is_new_device or arrival.is_new_network:
            messages.warning(
                request,
                _("You have not signed in from here before. Was it not you, end your sessions."),
            )

    def add_message(  # noqa: PLR0917 (allauth's)
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Mapping[str, object] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if message:  # what forms say; the pages say the rest themselves
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def send_notification_mail(self, *args: object, **words: object) -> None:
        """Staff have no e-mail here; what happened stands in the security log."""

    def is_reauthentication_required(self, *, app: str, **_words: object) -> bool:
        """Ask again before second factors change, but not before the first one is there."""
        request = context.request
        return has_second_factor(request) and not is_fresh(request, at=clock.now())


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets sealed; the last second factor stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("The code is wrong, or was used already."),
        "cannot_delete_authenticator": gettext_lazy(
            "This is your only second factor: add another."
        ),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, column=SECRET, key="secret")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), column=SECRET, key="secret")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(
            pk=authenticator.pk
        )
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
