"""The cast: people whom every test knows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client, RequestFactory

from core import clock
from core.visitor import visitor_of
from organization.enums import UnitKind
from organization.models import Staff, Unit
from organization.selectors import head_office
from organization.services import appoint_staff, open_unit
from organization.services.sessions import begin_session
from organization.services.step_up import FACT
from tests import databases

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, tests only
AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


class StaffClient(Client):
    """A browser; `force_login` stands for a whole sign-in, the second factor included."""

    def force_login(self, user: Staff, backend: str | None = None) -> None:
        super().force_login(user, backend)
        now, session = clock.now(), self.session
        session.load()
        visitor = visitor_of(RequestFactory(**self.defaults).get("/"))
        begin_session(row=session.row, staff=user, visitor=visitor, at=now)
        session[FACT] = {"staff": user.pk, "at": now.timestamp()}
        session.save()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Copy the worker's database from the one that was migrated for all."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = databases.template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what threads of tests left open, or the database cannot be dropped."""
    yield
    with django_db_blocker.unblock():
        connection.close()  # it may have been ended itself
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def client() -> StaffClient:
    return StaffClient()


@pytest.fixture
def at() -> dt.datetime:
    return AT


@pytest.fixture
def hq(db) -> Unit:
    return head_office()


@pytest.fixture
def beijing(hq) -> Unit:
    return open_unit(
        code="BJ", name="北京分公司", name_en="Beijing", kind=UnitKind.BRANCH, parent=hq
    )


@pytest.fixture
def shanghai(hq) -> Unit:
    return open_unit(
        code="SH", name="上海分公司", name_en="Shanghai", kind=UnitKind.BRANCH, parent=hq
    )


@pytest.fixture
def manager_lin(hq) -> Staff:
    return appoint_staff(
        username="lin", name="林风", unit=hq, roles=["risk_manager"], password="lin-cast-2026!"
    )


@pytest.fixture
def chief_chen(hq) -> Staff:
    return appoint_staff(
        username="chen",
        name="陈衡",
        unit=hq,
        roles=["chief_risk_officer"],
        password="chen-cast-2026!",
    )


@pytest.fixture
def director_zhao(hq) -> Staff:
    return appoint_staff(
        username="zhao", name="赵越", unit=hq, roles=["general_manager"], password="zhao-cast-2026!"
    )


@pytest.fixture
def branch_wang(beijing) -> Staff:
    return appoint_staff(
        username="wang",
        name="王京",
        unit=beijing,
        roles=["branch_manager"],
        password="wang-cast-2026!",
    )


@pytest.fixture
def stranger_gu(shanghai) -> Staff:
    return appoint_staff(
        username="gu",
        name="顾沪",
        unit=shanghai,
        roles=["branch_manager"],
        password="gu-cast-2026!",
    )


@pytest.fixture
def system_han(hq) -> Staff:
    return _appoint("han", "韩志", hq, "system_administrator")


@pytest.fixture
def security_shen(hq) -> Staff:
    return _appoint("shen", "沈安", hq, "security_administrator")


@pytest.fixture
def auditor_he(hq) -> Staff:
    return _appoint("he", "何鉴", hq, "audit_administrator")


@pytest.fixture
def officer_qian(hq) -> Staff:
    return _appoint("qian", "钱合", hq, "compliance_officer")


@pytest.fixture
def chief_zheng(hq) -> Staff:
    return _appoint("zheng", "郑规", hq, "compliance_chief")


@pytest.fixture
def chief_bai(hq) -> Staff:
    return _appoint("bai", "白保", hq, "underwriting_chief")


@pytest.fixture
def underwriter_xu(beijing) -> Staff:
    return _appoint("xu", "徐核", beijing, "underwriter")


@pytest.fixture
def regulator_guan(hq) -> Staff:
    until = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    return _appoint("guan", "关监", hq, "regulator", access_until=until)


def _appoint(username: str, name: str, unit: Unit, role: str, **words) -> Staff:
    return appoint_staff(
        username=username,
        name=name,
        unit=unit,
        roles=[role],
        password=f"{username}-cast-2026!",
        **words,
    )


@pytest.fixture(scope="module")
def scratch(django_db_setup, django_db_blocker):
    """An empty database for the races of one module: their threads commit for good."""
    words = connections.settings["default"]  # what the connections of the threads are made of
    before, name = words["NAME"], connection.settings_dict["NAME"]
    races = f"{name}_races"  # each worker has its own
    with django_db_blocker.unblock():
        connection.close()
        databases.clone(races)
        words["NAME"] = connection.settings_dict["NAME"] = races
        try:
            yield
        finally:
            connection.close()
            words["NAME"], connection.settings_dict["NAME"] = before, name
            databases.drop(races)
