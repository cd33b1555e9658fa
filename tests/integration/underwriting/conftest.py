import pytest

from postloss.selectors.insured import insured_loans_at
from tests.conftest import _appoint
from tests.factories.policies import open_counter
from underwriting.selectors import forget_insured_loans, register_insured_loans


@pytest.fixture
def cashier_sun(hq):
    return _appoint("sun", "孙敏", hq, "finance_officer")


@pytest.fixture
def counter(
    beijing, underwriter_xu, branch_wang, cashier_sun, chief_bai, chief_chen, director_zhao, at
):
    return open_counter(
        unit=beijing,
        maker=underwriter_xu,
        issuer=branch_wang,
        cashier=cashier_sun,
        drafter=chief_bai,
        reviewer=chief_chen,
        seller=director_zhao,
        at=at,
    )


@pytest.fixture
def no_source(db):
    """Nobody knows the insured loans, until the test says so."""
    forget_insured_loans("loans")
    yield
    forget_insured_loans("test")
    register_insured_loans("loans", insured_loans_at)
