"""Build the demo: a real panel as a lender's book of a fictitious insurer, through the services.

Everything here is done as people and jobs would do it. `demo/SOURCE.md` says what is real.
"""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import secrets
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core import clock
from core.jobs import run_here
from core.months import month_text
from core.selectors import parameter
from core.services.messages import read_all
from desk.services.demo_accounts import keep_accounts, reconcile_with_finance
from desk.services.demo_authority import grant_authority, walk_cases
from desk.services.demo_cessions import freeze_quarters, place_cessions
from desk.services.demo_inclusive import classify_businesses
from desk.services.demo_lenders import license_lender
from desk.services.demo_policies import issue_portfolio, set_territories, stop_calendar
from desk.services.demo_products import file_pool, file_products
from organization.enums import UnitKind
from organization.models import Staff, Unit
from organization.selectors.sign_in import latest_password
from organization.services import appoint_staff, open_unit
from organization.services.passwords import keep_password
from organization.services.second_factor import enrol_app, is_enrolled
from partners.enums import FileState
from partners.models import Lender, LenderFile
from partners.services import admit_lender, enter_channel
from postloss.enums import Measure, WarningKind, WarningLevel, WarningState
from postloss.models import RiskWarning, WarningStep
from postloss.selectors.month_ends import closed_month_ends, months_with_files
from postloss.services.importing import receive_file
from postloss.services.warnings import (
    acknowledge_warning,
    close_warning,
    dispose_warning,
    review_warning,
)
from products.services import enter_product
from reporting.models import QuarterlyReport
from reporting.services import draft_report, keep_pack, release_report, review_report
from underwriting.enums import NameKind
from underwriting.models import NameMapping
from underwriting.services.names import confirm_name

DEMO = Path(settings.BASE_DIR) / "demo"
LENDER = "DEMO"
BOOK_STARTS = dt.date(2015, 1, 1)
LAST_QUARTERS = (dt.date(2020, 7, 1), dt.date(2020, 10, 1))
Say = Callable[[str], None]


@dataclass(frozen=True)
class Keys:
    """What a person of the demo signs in with; the secret is that of an authenticator app."""

    password: str
    totp_secret: str


def build_demo(*, say: Say) -> dict[str, Keys]:
    """Build what of the demo is not there yet; return the keys of the staff by user name."""
    keys = appoint_demo_staff()
    people = {
        staff.username: staff
        for staff in Staff.objects.filter(username__in=keys).select_related("unit")
    }
    _load_files(by=people["lin"], say=say)
    _confirm_names(by=people["lin"])
    file_pool(people)
    set_territories(people, {row["unit_code"]: row["region_code"] for row in _rows("branches.csv")})
    lender = Lender.objects.get(code=LENDER)
    license_lender(people, lender=lender)
    place_cessions(people, lender=lender)
    issue_portfolio(lender=lender, by=people["bai"], say=say)
    stop_calendar()
    _close_months(by=people["lin"], say=say)
    classify_businesses(people, lender=lender)
    freeze_quarters(people, quarters=LAST_QUARTERS)
    last = closed_month_ends().order_by("-month").first().month
    keep_accounts(lender=lender, people=people, through=last, say=say)
    reconcile_with_finance(month=last, people=people)
    grant_authority(people)
    _walk_warnings(people)
    walk_cases(people)
    file_products(people)
    _release_reports(people, say=say)
    return keys


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def appoint_demo_staff() -> dict[str, Keys]:
    """Open the units and appoint the people; their keys are made once and kept in the home."""
    for row in _rows("branches.csv"):
        parent = Unit.objects.get(code=row["parent_code"])
        is_branch = parent.kind == UnitKind.HEAD_OFFICE
        open_unit(
            code=row["unit_code"],
            name=row["unit_name"],
            name_en=row["unit_name_en"],
            kind=UnitKind.BRANCH if is_branch else UnitKind.SUB_BRANCH,
            parent=parent,
        )
    keys = {}
    for row in _rows("staff.csv"):
        username = row["username"]
        keys[username] = _keys(username)
        if not Staff.objects.filter(username=username).exists():
            appoint_staff(
                username=username,
                name=row["name"],
                unit=Unit.objects.get(code=row["unit_code"]),
                roles=row["roles"].split(),
                password=secrets.token_urlsafe(16),
                access_until=_visit_until() if row["roles"] == "regulator" else None,
                at=clock.now(),
            )
        _hand_out(Staff.objects.get(username=username), keys[username])
    return keys


def _visit_until() -> dt.datetime:
    days = parameter(name="access.regulator_days", as_of=clock.today()).value
    return clock.now() + dt.timedelta(days=int(days))


def _keys(username: str) -> Keys:
    password = f"Demo-{secrets.token_hex(5)}"
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    return Keys(
        password=_kept(f"demo_password_{username}", password),
        totp_secret=_kept(f"demo_totp_{username}", secret),
    )


def _kept(name: str, fresh: str) -> str:
    path = settings.XINBAO_HOME / "secrets" / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(fresh)
    return path.read_text()


def _hand_out(staff: Staff, keys: Keys) -> None:
    """Give password and second factor once; what a person changed since stays."""
    at = clock.now()
    if latest_password(staff=staff) is None:
        keep_password(staff=staff, password=keys.password, by=None, at=at)
    if not is_enrolled(staff=staff):
        enrol_app(staff=staff, secret=keys.totp_secret, by=None, at=at)


def _load_files(*, by: Staff, say: Say) -> None:
    lender = admit_lender(code=LENDER, name="示例汽车金融公司（演示）")
    done = set(
        LenderFile.objects.filter(lender=lender, state=FileState.COMPLETE).values_list(
            "name", flat=True
        )
    )
    with tarfile.open(DEMO / "panel" / "lender_files.tar.xz") as archive:
        content = {
            Path(entry.name).name: archive.extractfile(entry).read()
            for entry in archive
            if entry.isfile()
        }
    for name in sorted(content):  # loans.csv comes before repayment_*
        if name in done:
            continue
        say(f"loading {name}")
        file = receive_file(
            lender=lender, name=name, stream=io.BytesIO(content[name]), by=by, at=clock.now()
        )
        _do("load_lender_file", str(file.pk), f"{LENDER} {name}", {"file_id": file.pk}, by)


def _do(kind: str, key: str, title: str, payload: dict, by: Staff) -> None:
    run_here(kind=kind, key=key, title=title, payload=payload, by=by, at=clock.now())


def _confirm_names(*, by: Staff) -> None:
    units = {row["name_in_file"]: row["unit_code"] for row in _rows("branches.csv")}
    waiting = NameMapping.objects.filter(lender__code=LENDER, confirmed_at=None)
    for mapping in waiting.select_related("book_name"):
        kind, name = mapping.book_name.kind, mapping.book_name.name
        if kind == NameKind.BRANCH:
            place = Unit.objects.get(code=units[name])
        elif kind == NameKind.CHANNEL:
            place = enter_channel(name=name)
        else:
            place = enter_product(name=name, valid_from=BOOK_STARTS)
        confirm_name(
            mapping=mapping,
            place=place,
            valid_from=BOOK_STARTS,
            by=by,
            at=clock.now(),
            source="demo/branches.csv",
        )


def _close_months(*, by: Staff, say: Say) -> None:
    closed = set(closed_month_ends().values_list("month", flat=True))
    for month in months_with_files():
        if month not in closed:
            text = month_text(month)
            say(f"closing {text}")
            _do("close_month", text, text, {"month": text, "reason": ""}, by)
    if closed != set(closed_month_ends().values_list("month", flat=True)):
        read_all(by=by, at=clock.now())  # she watched it: her bell counts what comes after


def _walk_warnings(people: dict[str, Staff]) -> None:
    """Take a few warnings through the loop, so that every state of it is to be seen."""
    if WarningStep.objects.filter(by=people["lin"]).exists():
        return
    lin, chen = people["lin"], people["chen"]
    standing = RiskWarning.objects.filter(kind=WarningKind.RISK, state=WarningState.OPEN)
    closable = list(standing.filter(may_close=True).order_by("pk")[:2])
    others = list(
        standing.filter(
            may_close=False, level__in=[WarningLevel.ORANGE, WarningLevel.YELLOW]
        ).order_by("pk")[:6]
    )
    for warning in [*closable, *others]:
        acknowledge_warning(warning=warning, by=lin, at=clock.now(), remark="已知悉，正在核实。")
    for warning in [*closable, *others[:4]]:
        _dispose(warning, lin)
    for warning in [*closable, *others[:2]]:
        review_warning(
            warning=warning,
            is_accepted=True,
            remark="措施适当，继续观察。",
            by=chen,
            at=clock.now(),
        )
    for warning in closable[:1]:
        close_warning(
            warning=warning,
            remark="连续两个月末恢复正常，予以关闭。",
            by=chen,
            at=clock.now(),
            evidence=io.BytesIO("逾期率已回到阈值以内（演示）。".encode()),
            evidence_name="关闭说明.txt",
        )


def _dispose(warning: RiskWarning, by: Staff) -> None:
    dispose_warning(
        warning=warning,
        measure=Measure.WATCH,
        remark="逐笔核对逾期客户，要求资金方加强还款提醒，并按周跟踪。",
        by=by,
        at=clock.now(),
        evidence=io.BytesIO("处置记录（演示）：已与资金方召开会议。".encode()),
        evidence_name="处置记录.txt",
    )


def _release_reports(people: dict[str, Staff], *, say: Say) -> None:
    for place, quarter in enumerate(LAST_QUARTERS):
        if QuarterlyReport.objects.filter(quarter=quarter).exists():
            continue
        say(f"reporting {quarter:%Y-%m}")
        report = draft_report(quarter=quarter, by=people["lin"], at=clock.now())
        keep_pack(report=report, by=people["lin"], at=clock.now())
        if place == 0:
            remark = "数据已复核，口径一致。"
            review_report(report=report, by=people["chen"], at=clock.now(), remark=remark)
            report = release_report(
                report=report, by=people["zhao"], at=clock.now(), remark="同意报送。"
            )
            keep_pack(report=report, by=people["zhao"], at=clock.now())
