"""The shape of what people send."""

from desk.forms.evidence import AuditFilterForm, PackForm, PublicCheckForm, ReleaseForm
from desk.forms.keys import KeyProposalForm
from desk.forms.sign_in import (
    CodeForm,
    ConfirmationForm,
    EnrolmentForm,
    KeyForm,
    PasswordForm,
    PolicyForm,
    ResetForm,
    SignInForm,
)
from desk.forms.work import CopyForm, HandOverForm, WorkFilterForm

__all__ = [
    "AuditFilterForm",
    "CodeForm",
    "ConfirmationForm",
    "CopyForm",
    "EnrolmentForm",
    "HandOverForm",
    "KeyForm",
    "KeyProposalForm",
    "PackForm",
    "PasswordForm",
    "PolicyForm",
    "PublicCheckForm",
    "ReleaseForm",
    "ResetForm",
    "SignInForm",
    "WorkFilterForm",
]
