"""Addresses of second factors under the names that allauth reverses; the views are ours."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from desk.views import second_factor, sign_in

SECOND_FACTOR = [
    path("", second_factor.Factors.as_view(), name="mfa_index"),
    path("confirmation/", second_factor.Confirmation.as_view(), name="mfa_reauthenticate"),
    path(
        "confirmation/key/",
        second_factor.KeyConfirmation.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("app/", second_factor.AppEnrolment.as_view(), name="mfa_activate_totp"),
    path("app/removal/", second_factor.AppRemoval.as_view(), name="mfa_deactivate_totp"),
    path("keys/", second_factor.KeyEnrolment.as_view(), name="mfa_add_webauthn"),
    path("keys/<int:pk>/removal/", second_factor.KeyRemoval.as_view(), name="mfa_remove_webauthn"),
    path("codes/", second_factor.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "codes/renewal/",
        second_factor.RecoveryCodesRenewal.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]

urlpatterns = [
    path("login/", sign_in, name="account_login"),  # the page of `desk:login`
    path("login/code/", login_not_required(second_factor.Code.as_view()), name="mfa_authenticate"),
    path("second-factor/", include(SECOND_FACTOR)),
]
