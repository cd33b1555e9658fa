import pytest

from tests.factories.products import House


@pytest.fixture
def house(chief_bai, chief_chen, director_zhao, at) -> House:
    return House(drafter=chief_bai, reviewer=chief_chen, seller=director_zhao, at=at)
