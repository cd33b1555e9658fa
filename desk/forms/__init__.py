"""The shape of what people send."""

from desk.forms.evidence import (
    AuditFilterForm,
    ObjectForm,
    PackForm,
    PublicCheckForm,
    ReleaseForm,
)
from desk.forms.keys import KeyProposalForm
from desk.forms.messages import AddressesForm, DeliveryFilterForm, TemplateForm, WishesForm
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
    "AddressesForm",
    "AuditFilterForm",
    "CodeForm",
    "ConfirmationForm",
    "CopyForm",
    "DeliveryFilterForm",
    "EnrolmentForm",
    "HandOverForm",
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
    "TemplateForm",
    "WishesForm",
    "WorkFilterForm",
]
