"""A small book with known persons, and figures of the policy turned down."""

import psycopg2
import pytest
from django.db import connection, connections

from core.models import RegulatoryParameter
from tests.factories.portfolio_book import closed_book
from underwriting.models import Loan


@pytest.fixture
def book(tmp_path, beijing, shanghai):
    return closed_book(tmp_path, beijing=beijing, shanghai=shanghai)


@pytest.fixture
def loan_of(book):
    return lambda number: Loan.objects.select_related("obligor").get(loan_no=number)


@pytest.fixture
def figure(db):
    def change(name: str, value: int) -> None:
        assert RegulatoryParameter.objects.filter(name=name).update(value=value) == 1

    return change


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A clone of the empty database, for threads whose rows must be committed to be seen."""
    with django_db_blocker.unblock():
        known = connection.settings_dict["NAME"]
        connections.close_all()
        _command(f'CREATE DATABASE {known}_threads TEMPLATE "{known}"', known=known)
        connection.settings_dict["NAME"] = f"{known}_threads"
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = known
            _command(f"DROP DATABASE {known}_threads WITH (FORCE)", known=known)


def _command(words: str, *, known: str) -> None:
    line = psycopg2.connect(**connection.get_connection_params() | {"dbname": "postgres"})
    try:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(  # nobody may be in a database that is cloned
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [known]
            )
            cursor.execute(words)
    finally:
        line.close()
