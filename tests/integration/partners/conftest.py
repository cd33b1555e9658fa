from tests.integration.underwriting.conftest import cashier_sun, counter

__all__ = ["cashier_sun", "counter"]
