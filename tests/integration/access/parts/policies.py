"""Quotes, policies, endorsements and their papers: they belong to a unit."""

from __future__ import annotations

from organization.models import Staff, Unit
from partners.services import admit_lender
from tests.conftest import AT
from tests.factories.partners import licensed
from tests.factories.policies import open_counter
from tests.integration.access.world import HOUSE, OTHER, OWN, World

KEY = "6f1c1a9e-27a3-4a55-9d0c-0d6ad8a4a001"


def _policies(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from underwriting.services.corrections import ask_return
    from underwriting.services.endorsements import Change, ask_endorsement, decide_endorsement
    from underwriting.services.obligor_notices import demand_notices

    counter = open_counter(
        unit=own,
        maker=people["underwriting_chief"],
        issuer=people["branch_manager"],
        cashier=people["finance_officer"],
        drafter=people["underwriting_chief"],
        reviewer=people["chief_risk_officer"],
        seller=people["general_manager"],
        at=AT,
        code="COUNTER",
    )
    other_bank = admit_lender(code="OTHER", name="另一家银行")
    proposed = licensed(other_bank, by=people["underwriting_chief"], checker=None, at=AT)
    for name, pk in (
        ("lender", other_bank.pk),
        ("licence_proposal", other_bank.pk),
        ("licence", proposed.pk),
        ("licence_decision", proposed.pk),
    ):
        world.place(f"partners:{name}", **{HOUSE: pk})
    world.payloads["partners:licence_decision"] = {"decision": "approve", "remark": "x"}
    world.payloads["partners:licence_proposal"] = {
        "funder_type": "bank",
        "licence_no": "x",
        "issuer": "x",
        "standing": "active",
        "valid_from": "2020-01-01",
        "funds_source": "own",
        "declaration": "x",
        "reason": "x",
    }
    there = {"unit": other}
    quotes = {OWN: counter.quote(), OTHER: counter.quote(**there)}
    mine = counter.issue()
    counter.issuer = people["branch_manager@other"]
    counter.grant(other)
    policies = {OWN: mine, OTHER: counter.issue(**there)}
    for name in ("quote", "quote_issue", "quote_withdrawal"):
        world.place(f"underwriting:{name}", **{who: each.pk for who, each in quotes.items()})
    ids = {who: each.pk for who, each in policies.items()}
    world.place("desk:policy", **ids)
    for name in (
        "endorsement_create", "policy_end", "premium_receipt", "refund_payment", "write_off",
    ):  # fmt: skip
        world.place(f"underwriting:{name}", **ids)
    for policy in policies.values():
        demand_notices(policies=[policy], by=counter.maker, at=AT)
    world.place("underwriting:notice_proof", **{who: [pk, 0] for who, pk in ids.items()})
    world.place("underwriting:policy_delivery", **{who: [pk, "insured"] for who, pk in ids.items()})
    world.place("underwriting:policy_paper", **{who: [pk, "policy"] for who, pk in ids.items()})
    change = Change(
        kind="extension", effective_on=mine.cover_from, changes={"periods": "6"}, reason="x"
    )
    numbers = {}
    for who, policy in policies.items():
        done = ask_endorsement(policy=policy, change=change, by=counter.maker, at=AT)
        decide_endorsement(
            endorsement=done, is_approved=True, by=people["branch_manager"]
            if who == OWN
            else people["branch_manager@other"], at=AT,
        )  # fmt: skip
        ask_endorsement(policy=policy, change=change, by=counter.maker, at=AT)
        numbers[who] = [policy.pk, 2]
    for name in ("endorsement_decision", "endorsement_confirmation"):
        world.place(f"underwriting:{name}", **numbers)
    world.place(
        "underwriting:endorsement_paper",
        **{who: [pk, "endorsement", 1] for who, pk in ids.items()},
    )
    receipts = {
        who: counter.pay(policy, "0.10", on=policy.cover_from, key=who)[0]
        for who, policy in policies.items()
    }
    world.place(
        "underwriting:receipt_return",
        **{who: [each.policy_id, each.pk] for who, each in receipts.items()},
    )
    asked = {
        who: ask_return(receipt=each, on=each.received_on, reason="x", by=counter.cashier, at=AT)
        for who, each in receipts.items()
    }
    world.place(
        "underwriting:correction_decision",
        **{who: [each.policy_id, each.pk] for who, each in asked.items()},
    )
    world.payloads |= {
        "underwriting:write_off": {"on": "2026-03-10", "reason": "x"},
        "underwriting:receipt_return": {"on": "2026-03-10", "reason": "x"},
        "underwriting:correction_decision": {"is_approved": "0", "reason": "x"},
        "underwriting:quote_issue": {"reason": "x", "key": KEY},
        "underwriting:quote_withdrawal": {"reason": "x"},
        "underwriting:endorsement_decision": {"is_approved": "1", "reason": ""},
        "underwriting:endorsement_confirmation": {"confirmation": "x"},
        "underwriting:policy_end": {
            "action": "settle", "on": "2026-03-10", "reason": "x", "seen": "x",
        },
        "underwriting:notice_proof": {"notified_on": "2026-03-02", "how": "x"},
        "underwriting:premium_receipt": {
            "amount": "1", "received_on": "2026-03-10", "reference": "x", "key": KEY,
        },
        "underwriting:refund_payment": {"on": "2026-03-10", "reference": "x"},
        "underwriting:policy_delivery": {"delivered_at": "2026-03-02T17:00", "proof_no": "x"},
    }  # fmt: skip


PARTS = (_policies,)
