"""Writes of loans under cover, of controls on new business, of cessions and the inclusive ratio."""

from underwriting.rules import ControlOrder, WarningClosure
from underwriting.rules.cessions import CededPolicy
from underwriting.services.ceded_money import (
    CededClaim,
    cede_claim,
    cede_recovery,
    set_ri_unearned,
)
from underwriting.services.cession_lines import correct_cession, follow_treaties
from underwriting.services.cessions import cede, cede_premiums
from underwriting.services.coinsurance import (
    place_facultative,
    set_coinsurance,
    set_coinsurance_of_policy,
)
from underwriting.services.controls import (
    check_new_business,
    cut_line,
    freeze_loosening,
    lift_control,
    suspend_segment,
    tighten_controls,
)
from underwriting.services.inclusive import freeze_inclusive_ratio
from underwriting.services.inclusive_flags import (
    UseOfLoan,
    flag_inclusive,
    follow_obligors,
    note_business_use,
)
from underwriting.services.sizes import classify_size
from underwriting.services.treaties import (
    TreatyDraft,
    approve_treaty,
    enter_reinsurer,
    propose_treaty,
    refuse_treaty,
)
from underwriting.services.treaty_shares import apply_treaties

__all__ = [
    "CededClaim",
    "CededPolicy",
    "ControlOrder",
    "TreatyDraft",
    "UseOfLoan",
    "WarningClosure",
    "apply_treaties",
    "approve_treaty",
    "cede",
    "cede_claim",
    "cede_premiums",
    "cede_recovery",
    "check_new_business",
    "classify_size",
    "correct_cession",
    "cut_line",
    "enter_reinsurer",
    "flag_inclusive",
    "follow_obligors",
    "follow_treaties",
    "freeze_inclusive_ratio",
    "freeze_loosening",
    "lift_control",
    "note_business_use",
    "place_facultative",
    "propose_treaty",
    "refuse_treaty",
    "set_coinsurance",
    "set_coinsurance_of_policy",
    "set_ri_unearned",
    "suspend_segment",
    "tighten_controls",
]
