"""Shape of what people send about personal data."""

from parties.forms.exports import DecisionForm
from parties.forms.requests import AnswerForm, IdentityForm, RequestForm
from parties.forms.retention import HoldForm, LiftForm, ProposalForm, RuleForm
from parties.forms.use import ConclusionForm

__all__ = [
    "AnswerForm",
    "ConclusionForm",
    "DecisionForm",
    "HoldForm",
    "IdentityForm",
    "LiftForm",
    "ProposalForm",
    "RequestForm",
    "RuleForm",
]
