"""A whole running house for the journeys: web, worker and beat on its own home, and Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import databases
from tests.browser.book import write_book
from tests.totp import next_code

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "journey-2026-long"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEED = f"""
from organization.enums import UnitKind
from organization.selectors import head_office
from organization.services import appoint_staff, open_unit
from organization.services.passwords import keep_password
from organization.services.second_factor import enrol_app
from core import clock
from core.models import RegulatoryParameter
from underwriting.models import NameMapping
from underwriting.services.names import confirm_name
hq = head_office()
units = {{code: open_unit(code=code, name=name, name_en=code, kind=UnitKind.BRANCH, parent=hq)
         for code, name in (("BJ", "北京分公司"), ("SH", "上海分公司"))}}
for username, name, unit, role in (
    ("lin", "林风", hq, "risk_manager"), ("chen", "陈衡", hq, "chief_risk_officer"),
    ("zhao", "赵越", hq, "general_manager"), ("wang", "王京", units["BJ"], "branch_manager"),
    ("qian", "钱合", hq, "compliance_officer"), ("zheng", "郑规", hq, "compliance_chief"),
    ("han", "韩志", hq, "system_administrator"), ("he", "何鉴", hq, "audit_administrator"),
    ("wei", "魏离", units["BJ"], "branch_manager"), ("jie", "介任", units["BJ"], "branch_manager"),
    ("bai", "白保", hq, "underwriting_chief"), ("xu", "徐核", units["BJ"], "underwriter"),
    ("sun", "孙敏", hq, "finance_officer"), ("yue", "岳核", units["SH"], "underwriter"),
    ("gao", "高沪", units["SH"], "branch_manager"),
):
    staff = appoint_staff(
        username=username, name=name, unit=unit, roles=[role], password="{PASSWORD}-0"
    )
    keep_password(staff=staff, password="{PASSWORD}", by=None, at=clock.now())
    enrol_app(staff=staff, secret="{SECRET}", by=None, at=clock.now())
appoint_staff(username="shen", name="沈安", unit=hq, roles=["security_administrator"],
              password="{PASSWORD}")  # as appointed: no second factor, the password not their own
for name, value in (("privacy.reveals_per_hour", 2), ("privacy.export_rows_free", 150)):
    RegulatoryParameter.objects.filter(name=name).update(value=value)  # small, like the book
for mapping in NameMapping.objects.filter(book_name__kind="branch", confirmed_at=None):
    unit = units["BJ" if mapping.book_name.name == "北京" else "SH"]
    confirm_name(mapping=mapping, place=unit, valid_from=clock.today().replace(year=2015),
                 by=None, at=clock.now())
"""


@dataclass(frozen=True)
class House:
    """Where the running house answers, and the folder of the lender's files."""

    url: str
    files: Path
    manage: Callable[..., None]


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    """Run the house with a small book: a quarter loaded and closed."""
    if CHROMIUM is None:
        pytest.skip(
            "BROWSER JOURNEYS SKIPPED: no Chromium; install it with apt-get install chromium"
        )
    home = tmp_path_factory.mktemp("house")
    files = home / "lender"
    write_book(files)
    port = _free_port()
    # The test run has services of its own; this home starts others.
    inherited = {"DATABASE_URL", "REDIS_URL", "FILES_ROOT"}
    env = {name: value for name, value in os.environ.items() if name not in inherited}
    env |= {"XINBAO_HOME": str(home / "h"), "XINBAO_PG_UNSAFE": "1"}

    def manage(*words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)

    databases.furnish(home / "h")
    months = ("202510", "202511", "202512")
    paths = [str(files / "loans.csv"), *(str(files / f"repayment_{m}.csv") for m in months)]
    manage("load_lender_files", "--lender", "L1", "--create-lender", "甲银行", *paths)
    manage("shell", "-c", SEED)
    manage("close_month", "2025-10", "--through", "2025-12")
    with (home / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(url)
        yield House(url, files, manage)
    finally:
        server.terminate()
        server.wait(20)
        manage("stack", "down")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(url: str) -> None:
    end = time.monotonic() + 180
    while True:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=20):  # noqa: S310
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="session")
def chromium(house) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at the screen; whatever the console complains of fails the journey at its end."""

    def __init__(self, context: BrowserContext, house: House):
        self.house = house
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def give_password(self, username: str, password: str = PASSWORD) -> None:
        self.open("/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")

    def sign_in(self, username: str) -> None:
        self.give_password(username)
        self.page.wait_for_url(f"{self.house.url}/login/code/")
        self.page.fill("[name=code]", next_code(SECRET, username))
        self.page.press("[name=code]", "Enter")
        self.page.wait_for_url(f"{self.house.url}/")

    def open(self, path: str) -> None:
        self.page.goto(self.house.url + path)

    def reads(self, text: str) -> None:
        """Wait until the page shows the text."""
        self.page.get_by_text(text).first.wait_for()


@pytest.fixture
def anybody(chromium, house):
    """Return a function that seats a person, not signed in, at a browser of their own."""
    contexts, people = [], []

    def seat(url: str = "") -> Person:
        context = chromium.new_context(
            viewport={"width": 1366, "height": 900}, accept_downloads=True
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        people.append(Person(context, House(url, house.files, house.manage) if url else house))
        return people[-1]

    yield seat
    for context in contexts:
        context.close()
    assert [complaint for person in people for complaint in person.complaints] == []


@pytest.fixture
def somebody(anybody):
    """Return a function that seats a person of the cast and signs them in."""

    def seat(username: str) -> Person:
        person = anybody()
        person.sign_in(username)
        return person

    return seat
