"""Signing in, second factors, passwords, limits: the shape of what people send."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import clock
from organization.enums import DeviceClass
from organization.models import Role
from organization.services.second_factor import accept_code

WRONG = _(
    "The user name or the password is wrong."
    " After too many attempts signing in is locked for a while."
)
CODE = forms.TextInput(
    attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
)


class SignInForm(AuthenticationForm):
    """User name and password, with one sentence for every way of being wrong."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, request: HttpRequest | None = None, *args: object, **kwargs: object):
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")


class _CountedCode(forms.Form):
    """A code that is taken once; wrong ones count like wrong passwords."""

    code = forms.CharField(label=_("Verification code"), max_length=20, widget=CODE)

    def clean_code(self) -> str:
        request, code = context.request, self.cleaned_data["code"]
        credentials = {"username": self.user.username}
        if AxesProxyHandler.is_locked(request, credentials):
            request.axes_locked_out = True
            raise get_adapter().validation_error("incorrect_code")
        authenticator = accept_code(staff=self.user, code=code, at=clock.now())
        if authenticator is None:
            user_login_failed.send(
                sender=Authenticator, credentials=credentials | {"step": "code"}, request=request
            )
            raise get_adapter().validation_error("incorrect_code")
        authenticator.user = self.user
        self.authenticator = authenticator
        return code


class CodeForm(_CountedCode, AuthenticateForm):
    """The second factor at the door."""


class ConfirmationForm(_CountedCode, ReauthenticateForm):
    """The second factor once more, before something that matters."""


class EnrolmentForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    code = forms.CharField(label=_("Verification code"), max_length=20, widget=CODE)


class KeyForm(AddWebAuthnForm):
    """A new security key."""

    name = forms.CharField(label=_("Name of the key"), max_length=60, required=False)


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        given = super().clean()
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return given


class ResetForm(forms.Form):
    username = forms.CharField(label=_("User name"), max_length=60)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))


class PolicyForm(forms.Form):
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.order_by("code"))
    devices = forms.MultipleChoiceField(
        label=_("Devices"), choices=DeviceClass, widget=forms.CheckboxSelectMultiple
    )
    opens_at = forms.TimeField(
        label=_("Not before"),
        required=False,
        widget=forms.TimeInput({"type": "time"}),
        help_text=_("Time of Asia/Shanghai; an end before the start runs over midnight."),
    )
    closes_at = forms.TimeField(
        label=_("Not from"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    networks = forms.CharField(
        label=_("Networks"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One a line: a name and a range, such as: Beijing branch 10.1.0.0/16"),
    )
    valid_from = forms.DateField(
        label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))

    def clean_networks(self) -> list[str]:
        lines = self.cleaned_data["networks"].splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]
