"""Jobs, finance figures, names, lender files, loans and month-ends."""

from __future__ import annotations

import io

from organization.models import Staff, Unit
from tests.conftest import AT
from tests.factories.portfolio_book import BEIJING_PERSON, CANARY
from tests.integration.access.world import HOUSE, OTHER, OWN, World

MONTH = "2017-07"


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
    world.payloads["ledger:withdrawal"] = {"reason": "x"}


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


def _reveals(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    world.objects["postloss:obligor_reveal"] = world.objects["postloss:loan"]
    world.payloads["postloss:obligor_reveal"] = {"shown": ["name"], "reason": "核对"}
    world.payloads["postloss:look_up"] = {"number": BEIJING_PERSON}


PARTS = (_jobs, _finance, _names, _files, _month_ends, _reveals)
