"""Finance people, and a finance file made of lines."""

import io

import pytest

from ledger.services import import_finance_figures
from organization.models import Staff
from organization.services import appoint_staff


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
