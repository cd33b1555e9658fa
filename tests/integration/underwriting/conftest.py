"""Who knows the insured loans, in the hand of a test."""

import pytest

from postloss.selectors.insured import insured_loans_at
from underwriting.selectors import forget_insured_loans, register_insured_loans


@pytest.fixture
def no_source(db):
    """Nobody knows the insured loans, until the test says so."""
    forget_insured_loans("loans")
    yield
    forget_insured_loans("test")
    register_insured_loans("loans", insured_loans_at)
