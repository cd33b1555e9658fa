"""Quarterly reports: a draft and a released one."""

from __future__ import annotations

import datetime as dt
import io

from organization.models import Staff, Unit
from tests.conftest import AT
from tests.integration.access.world import World

QUARTER = "2017Q2"
DRAFT, RELEASED = "draft", "released"


def _reports(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from core.files import store
    from postloss.models import MonthEnd
    from reporting.enums import ReportState
    from reporting.models import QuarterlyReport, ReportFile, ReportMonth

    words = {"quarter": dt.date(2017, 4, 1), "in_force_since": dt.date(2017, 5, 1)}
    form = {"alr.recovery_window": "year_to_date", "alr.claim_basis": "gross"}
    parameters = {
        name: {"value": value, "unit": "word", "source": "test"} for name, value in form.items()
    }
    words |= {"parameters": parameters, "figures_sha256": "0" * 64, "drafted_at": AT}
    draft = QuarterlyReport.objects.create(number=1, drafted_by=people["risk_manager"], **words)
    released = QuarterlyReport.objects.create(
        number=2,
        state=ReportState.RELEASED,
        drafted_by=people["risk_manager"],
        reviewed_by=people["chief_risk_officer"],
        reviewed_at=AT,
        released_by=people["general_manager"],
        released_at=AT,
        **words,
    )
    for report in (draft, released):
        for month_end in MonthEnd.objects.filter(month__lt=dt.date(2017, 7, 1)):
            ReportMonth.objects.create(report=report, month_end=month_end, is_of_quarter=True)
    for name in ("report", "review", "release"):
        world.place(f"reporting:{name}", **{DRAFT: [QUARTER, 1], RELEASED: [QUARTER, 2]})
        world.payloads[f"reporting:{name}"] = {"remark": "x"}
    files = {DRAFT: [QUARTER, 1, "figures.csv"], RELEASED: [QUARTER, 2, "figures.csv"]}
    world.place("reporting:file", **files)
    world.payloads["reporting:draft"] = {"quarter": QUARTER}
    for report in (draft, released):
        stored = store(stream=io.BytesIO(b"code"), name="figures.csv", by=None, at=AT)
        ReportFile.objects.create(
            report=report, state=report.state, name="figures.csv", stored=stored
        )


PARTS = (_reports,)
