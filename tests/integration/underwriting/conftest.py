import pytest

from tests.conftest import _appoint
from tests.factories.policies import open_counter


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
