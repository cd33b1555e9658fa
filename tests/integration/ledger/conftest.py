"""Finance people, and a finance file made of lines."""

import io

import pytest

from ledger.services import forget_subledger, import_finance_figures, register_subledger
from organization.models import Staff
from organization.services import appoint_staff
from underwriting.enums import PremiumStage
from underwriting.selectors.subledgers import premium_subledger


@pytest.fixture
def finance_sun(hq) -> Staff:
    return appoint_staff(
        username="sun", name="孙账", unit=hq, roles=["finance_officer"], password="sun-cast-2026!"
    )


@pytest.fixture
def finance_head(hq) -> Staff:
    """May both import and sign off, though never the same figures."""
    return appoint_staff(
        username="qian",
        name="钱审",
        unit=hq,
        roles=["finance_officer", "chief_risk_officer"],
        password="qian-cast-2026!",
    )


@pytest.fixture
def bring(finance_sun, at):
    def _bring(*lines, by=finance_sun, at=at, name="finance.csv"):
        text = "month,code,amount\n" + "\n".join(lines) + "\n"
        return import_finance_figures(stream=io.BytesIO(text.encode()), name=name, by=by, at=at)

    return _bring


ACCOUNTS = {
    "112201": PremiumStage.NOT_DUE,
    "112202": PremiumStage.DUE,
    "112203": PremiumStage.OVERDUE,
}


@pytest.fixture(autouse=True)
def books_alone():
    """The book by itself: tests post premiums of policies that nobody issued."""
    for account in ACCOUNTS:
        forget_subledger(account_code=account)
    yield
    for account, stage in ACCOUNTS.items():
        register_subledger(account_code=account, figures=premium_subledger(stage=stage))
