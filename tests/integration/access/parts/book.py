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


def _books(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from ledger.services import number_entries, post_manual, prepare_closing, propose_posting_rule
    from tests.factories.book import DAY, MARCH, part, posted

    officer = people["finance_officer"]
    entry = posted("claim_paid", part(unit_path=own.path, amount=10))
    rows = [{"account": "6601", "debit": "5"}, {"account": "1002", "credit": "5"}]
    april = DAY.replace(month=4)
    voucher = post_manual(on=april, summary="x", lines=rows, by=officer, at=AT)
    rule = propose_posting_rule(
        event="commission",
        valid_from=april,
        lines=[
            {"side": "debit", "account": "6421", "amount": "amount"},
            {"side": "credit", "account": "2202", "amount": "amount"},
        ],
        reason="x",
        by=officer,
        at=AT,
    )
    prepare_closing(month=MARCH, by=officer, at=AT)
    number_entries()
    month = f"{MARCH:%Y-%m}"
    for name in [
        "trial_balance",
        "entries",
        "month_export",
        "month_ratios",
        "closing",
        "closing_preparation",
        "closing_confirmation",
        "closing_return",
        "reconciliation",
        "explanation",
    ]:
        world.place(f"ledger:{name}", **{HOUSE: month})
    world.place("ledger:account_lines", **{HOUSE: [month, "1002"]})
    for name in ("entry", "reversal"):
        world.place(f"ledger:{name}", **{HOUSE: entry.pk})
    for name in ("voucher", "voucher_approval", "voucher_refusal"):
        world.place(f"ledger:{name}", **{HOUSE: voucher.pk})
    for name in ("posting_rule", "rule_approval", "rule_refusal"):
        world.place(f"ledger:{name}", **{HOUSE: rule.pk})
    world.place("ledger:rule_proposal", **{HOUSE: "claim_paid"})
    world.payloads |= {
        "ledger:month_export": {"reason": "x"},
        "ledger:closing_return": {"reason": "x"},
        "ledger:closing_confirmation": {"remark": ""},
        "ledger:closing_preparation": {"x": "y"},
        "ledger:explanation": {"line": "claims_paid", "words": "x"},
        "ledger:reversal": {"on": f"{DAY}", "reason": "x"},
        "ledger:voucher_approval": {"remark": ""},
        "ledger:voucher_refusal": {"reason": "x"},
        "ledger:rule_approval": {"remark": ""},
        "ledger:rule_refusal": {"reason": "x"},
        "ledger:rule_proposal": {
            "valid_from": f"{april}",
            "lines": "debit 2205 amount\ncredit 1002 amount",
            "reason": "x",
        },
        "ledger:voucher_create": {
            "on": f"{april}",
            "summary": "x",
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-account": "6601",
            "form-0-debit": "5",
            "form-1-account": "1002",
            "form-1-credit": "5",
        },
    }


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


PARTS = (_jobs, _finance, _books, _names, _files, _month_ends, _reveals)
