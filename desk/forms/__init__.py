"""The shape of what people send."""

from desk.forms.evidence import (
    AuditFilterForm,
    ObjectForm,
    PackForm,
    PublicCheckForm,
    ReleaseForm,
)
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

__all__ = [
    "AuditFilterForm",
    "CodeForm",
    "ConfirmationForm",
    "EnrolmentForm",
    "KeyForm",
    "KeyProposalForm",
    "ObjectForm",
    "PackForm",
    "PasswordForm",
    "PolicyForm",
    "PublicCheckForm",
    "ReleaseForm",
    "ResetForm",
    "SignInForm",
]
