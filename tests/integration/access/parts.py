"""The objects of each app in the house of the access table."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from organization.models import Staff, Unit
from tests.conftest import AT
from tests.factories.portfolio_book import CANARY, closed_book
from tests.integration.access.world import HOUSE, OTHER, OWN, World

MONTH, QUARTER = "2017-07", "2017Q2"
DRAFT, RELEASED = "draft", "released"


def fill(world: World, folder: Path, *, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    """Make one object of everything, or one for each branch where it belongs to one."""
    closed_book(folder, beijing=own, shanghai=other)
    for part in (_jobs, _finance, _names, _files, _month_ends, _warnings, _reports):
        part(world, own, other, people)


def _jobs(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from core.jobs import enqueue_silently

    job = enqueue_silently(
        kind="close_month", key="x", title="x", payload={}, by=people["branch_manager"], at=AT
    )
    world.place("desk:job", **{OWN: job.pk})


def _finance(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from ledger.services import import_finance_figures

    batch = import_finance_figures(
        stream=io.BytesIO(b"month,code,amount\n2017-07,claims_paid,1.00\n"),
        name="finance.csv",
        by=people["finance_officer"],
        at=AT,
    )
    for name in ("batch", "sign_off", "withdrawal"):
        world.place(f"ledger:{name}", **{HOUSE: batch.pk})
    world.place("ledger:month", **{HOUSE: MONTH})


def _names(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from underwriting.models import NameMapping

    waiting = NameMapping.objects.filter(confirmed_at=None).first()
    world.place("underwriting:name_confirm", **{HOUSE: waiting.pk})


def _files(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from partners.models import LenderFile
    from postloss.models import LoanStatus
    from underwriting.models import Loan

    file = LenderFile.objects.get(name="repayment_201707.csv")
    for name in ("file", "file_rejects", "file_reconciliation"):
        world.place(f"postloss:{name}", **{HOUSE: file.pk})
    lines = dict(LoanStatus.objects.filter(file=file).values_list("loan__loan_no", "line_no"))
    world.place(
        "postloss:file_line",
        **{OWN: [file.pk, lines["B1"]], OTHER: [file.pk, lines[f"{CANARY}1"]]},
    )
    loans = dict(Loan.objects.values_list("loan_no", "pk"))
    world.place("postloss:loan", **{OWN: loans["B1"], OTHER: loans[f"{CANARY}1"]})


def _month_ends(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    for name in ("month_end", "closing", "snapshot_loans", "snapshot_loans_export"):
        world.place(f"postloss:{name}", **{HOUSE: MONTH})
    world.place("postloss:difference_export", **{HOUSE: MONTH})


def _warnings(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from postloss.models import RiskWarning, ThresholdSet
    from postloss.services.warnings import acknowledge_warning, dispose_warning

    mine, theirs = RiskWarning.objects.order_by("pk")[:2]
    for warning, unit, handler in (
        (mine, own, people["branch_manager"]),
        (theirs, other, people["branch_manager@other"]),
    ):
        warning.unit = warning.slice_unit = unit
        warning.save(update_fields=["unit", "slice_unit"])
        acknowledge_warning(warning=warning, by=handler, at=AT)
        dispose_warning(
            warning=warning,
            measure="watch",
            remark="核对",
            by=handler,
            at=AT,
            evidence=io.BytesIO("证据".encode()),
            evidence_name="a.txt",
        )
    for name in ("", "_acknowledgement", "_disposal", "_review", "_closing"):
        world.place(f"postloss:warning{name}", **{OWN: mine.pk, OTHER: theirs.pk})
        world.payloads[f"postloss:warning{name}"] = {
            "remark": "x",
            "measure": "watch",
            "decision": "accept",
        }
    steps = {w: w.steps.exclude(evidence=None).get().pk for w in (mine, theirs)}
    world.place(
        "postloss:warning_evidence",
        **{OWN: [mine.pk, steps[mine]], OTHER: [theirs.pk, steps[theirs]]},
    )
    starter = ThresholdSet.objects.order_by("pk").first()
    for name in ("threshold_set", "threshold_approval"):
        world.place(f"postloss:{name}", **{HOUSE: starter.pk})


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
