"""Print the finance figures of the demo book: `make_finance_figures.py FOLDER`.

FOLDER holds the unpacked lender files. Balances and write-offs are the book's own; the rest is
made up by the rates below, so that F1-F3 have something to stand on. Not an insurer's real figures.
"""

import csv
import re
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

OWN, CEDED = Decimal("0.80"), Decimal("0.20")
PREMIUM_RATE = Decimal("0.0060")  # of the opening balance, per month
RECOVERED = Decimal("0.25")  # of the claims of the three months before, a third per month
RESERVE = Decimal("0.06")  # of the balance over 60 days late


def main(folder: Path) -> None:
    months = sorted(folder.glob("repayment_*.csv"))
    before: dict[str, Decimal] = {}
    claims_before = [Decimal(0)] * 3
    reserve = upr = None
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["month", "code", "amount"])
    for path in months:
        year, month = re.search(r"(\d{4})(\d{2})", path.name).groups()
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        now = {
            row["loan_no"]: Decimal(row["outstanding_principal"])
            for row in rows
            if row["status"] in {"正常", "逾期"}
        }
        late = sum(Decimal(r["outstanding_principal"]) for r in rows if int(r["days_overdue"]) > 60)
        opening, closing = sum(before.values() or now.values()), sum(now.values())
        claims = OWN * sum(before.get(r["loan_no"], 0) for r in rows if r["status"] == "核销")
        recovered = RECOVERED * sum(claims_before) / 3
        premium, reserve_now = PREMIUM_RATE * opening, RESERVE * late * OWN
        upr_now = PREMIUM_RATE * closing * Decimal("0.5") * (1 - CEDED)
        reserve_change = reserve_now - (reserve_now if reserve is None else reserve)
        upr_change = upr_now - (upr_now if upr is None else upr)
        figures = {
            "premium_income": premium,
            "ceded_premium": CEDED * premium,
            "upr_change_net": upr_change,
            "claims_paid": claims,
            "recovery_income": recovered,
            "ceded_claims_recovered": CEDED * claims,
            "inward_ri_claims": Decimal(0),
            "claims_reserve_change": reserve_change,
            "ri_claims_reserve_change": CEDED * reserve_change,
            "operating_expense": Decimal("0.16") * premium,
            "ri_commission_recovered": Decimal("0.30") * CEDED * premium,
            "commission_expense": Decimal("0.10") * premium,
            "inward_ri_expense": Decimal(0),
            "taxes_and_surcharges": Decimal("0.0072") * premium,
            "claims_indemnity": claims,
            "recovered_cash": recovered,
            "claims_indemnity_net": (1 - CEDED) * claims,
            "recovered_cash_net": (1 - CEDED) * recovered,
        }
        figures = {code: round_fen(amount) for code, amount in figures.items()}
        figures["earned_premium"] = (
            figures["premium_income"] - figures["ceded_premium"] - figures["upr_change_net"]
        )
        for code, amount in figures.items():
            writer.writerow([f"{year}-{month}", code, amount])
        before, reserve, upr = now, reserve_now, upr_now
        claims_before = [*claims_before[1:], claims]


def round_fen(amount: Decimal) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
