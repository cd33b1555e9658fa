"""Reads of loans under cover, of controls on new business, of cessions and the inclusive ratio."""

from underwriting.rules.cessions import CededPolicy
from underwriting.rules.inclusive import InsuredLoan, may_issue_under
from underwriting.rules.insured import InsuredBalance, InsuredBook
from underwriting.selectors.cessions import Coinsurance, cession_register, lines_of, treaty_register
from underwriting.selectors.controls import (
    control_register,
    controls_on,
    live_control_of,
    new_business_findings,
    partner_traits,
    who_could_lift,
)
from underwriting.selectors.exposure import (
    forget_balances,
    insured_balances,
    register_balances,
    retained_exposure,
)
from underwriting.selectors.inclusive import (
    financing_cap_multiple,
    flag_of,
    forget_insured_loans,
    inclusive_sme_ratio,
    register_insured_loans,
)
from underwriting.selectors.insured_amounts import (
    USE_OF_LOAN,
    insured_amounts,
    parties_counted_to,
)

__all__ = [
    "USE_OF_LOAN",
    "CededPolicy",
    "Coinsurance",
    "InsuredBalance",
    "InsuredBook",
    "InsuredLoan",
    "cession_register",
    "control_register",
    "controls_on",
    "financing_cap_multiple",
    "flag_of",
    "forget_balances",
    "forget_insured_loans",
    "inclusive_sme_ratio",
    "insured_amounts",
    "insured_balances",
    "lines_of",
    "live_control_of",
    "may_issue_under",
    "new_business_findings",
    "parties_counted_to",
    "partner_traits",
    "register_balances",
    "register_insured_loans",
    "retained_exposure",
    "treaty_register",
    "who_could_lift",
]
