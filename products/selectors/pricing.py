"""The price of a cover by its filed version, with every step. Reads, stores nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from products.errors import RuleBroken
from products.models import PremiumFormula, ProductVersion, TariffRow
from products.rules.cost import AllInCost, all_in_cost
from products.rules.formula import Formula, read_formula
from products.rules.premiums import (
    PaidAt,
    PremiumMode,
    PremiumPart,
    RatePer,
    SumInsuredBasis,
    premium_of,
    sums_insured,
)
from products.rules.pricing import (
    Ceiling,
    Permitted,
    PremiumTerms,
    WorkStep,
    cost_findings,
    permission_findings,
    premium_by_formula,
)
from products.rules.schedules import Schedule, repayment_schedule
from products.rules.tariffs import Cell, PriceFinding, agreed_rate, find_cell
from products.rules.terms import Method, Terms
from products.selectors.ceilings import ceiling_on
from products.selectors.sentences import sentence, sentence_of, with_article, worded
from products.selectors.versions import current_formula


@dataclass(frozen=True, kw_only=True)
class PricingTerms:
    """What is to be priced. Yuan, fractions per year, months; fees are dated yuan.

    `rate` is an agreed rate inside the filed band; without it the filed one holds.
    """

    principal: Decimal
    annual_rate: Decimal
    periods: int
    start: dt.date
    method: Method = Method.EQUAL_INSTALMENT
    first_due: dt.date | None = None
    grade: str | None = None
    ltv: Decimal | None = None
    channel: str | None = None
    obligor_type: str = ""
    lender_code: str = ""
    lender_type: str = ""
    mode: PremiumMode = PremiumMode.SINGLE
    rate: Decimal | None = None
    fees: tuple[tuple[dt.date, Decimal], ...] = ()


@dataclass(frozen=True)
class WorksheetFinding:
    """Why this cannot be sold so: a code, a sentence, the article."""

    code: str
    message: str
    article: str


@dataclass(frozen=True, kw_only=True)
class Worksheet:
    """A price with all that led to it. What could not be computed is nothing, with its finding."""

    version: ProductVersion
    formula: PremiumFormula | None
    terms: PricingTerms
    schedule: Schedule | None = None
    cell: TariffRow | None = None
    sum_insured: Decimal | None = None
    rate: Decimal | None = None
    steps: tuple[WorkStep, ...] = ()
    parts: tuple[PremiumPart, ...] = ()
    premium: Decimal | None = None
    cost: AllInCost | None = None
    ceiling: Ceiling
    findings: tuple[WorksheetFinding, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Say whether it may not be sold so."""
        return bool(self.findings)

    def as_json(self, *, is_brief: bool = False) -> dict[str, Any]:
        """Return the worksheet as plain values, to be stored and printed; numbers are texts.

        A brief one leaves out what follows from the rest: steps, parts and rows of the schedule.
        """
        formula = self.formula
        return {
            "product": self.version.product.code,
            "version": self.version.number,
            "version_id": self.version.pk,
            "formula": formula and {
                "id": formula.pk,
                "number": formula.number,
                "text": formula.text,
                "dated_on": formula.dated_on.isoformat(),
            },
            "terms": _plain(asdict(self.terms)),
            "tariff_row": self.cell and self.cell.pk,
            "sum_insured": _plain(self.sum_insured),
            "rate": _plain(self.rate),
            "steps": [] if is_brief else [_plain(asdict(each)) for each in self.steps],
            "parts": [] if is_brief else [_plain(asdict(each)) for each in self.parts],
            "premium": _plain(self.premium),
            "schedule": []
            if is_brief or self.schedule is None
            else [_plain(asdict(each)) for each in self.schedule.rows],
            "cost": self.cost and _plain(asdict(self.cost)),
            "ceiling": {**_plain(asdict(self.ceiling)), "rate": _plain(self.ceiling.rate)},
            "findings": [asdict(each) for each in self.findings],
        }  # fmt: skip


def tariff_rate(
    *,
    version: ProductVersion,
    grade: str | None,
    term: int,
    ltv: Decimal | None,
    channel: str | None,
) -> TariffRow:
    """Return the one cell of the filed rate table for a loan; rates are fractions.

    Raises:
        RuleBroken: a fact that the table asks for is unknown, or no one cell fits; `article` is
            PRE-34b, `findings` holds everything.
    Source: PRE-34a, PRE-34b.
    """
    rows = {row.pk: row for row in version.tariff.order_by("pk")}
    cell, findings = find_cell(cells_of(rows), grade=grade, term=term, ltv=ltv, channel=channel)
    if cell is None:
        raise _refusal(findings)
    return rows[cell.pk]


def price(*, version: ProductVersion, terms: PricingTerms) -> Worksheet:
    """Price one cover as `price_all` prices many. Source: as there."""
    (worksheet,) = price_all(version=version, terms=[terms])
    return worksheet


def price_all(*, version: ProductVersion, terms: Iterable[PricingTerms]) -> Iterator[Worksheet]:
    """Price covers by the filed terms, rate table and formula of a version, each read once.

    Amounts are yuan to the fen, each part rounded once HALF_UP. Every finding is named, not the
    first: an unknown fact, a price outside the filed band, a lender or obligor that is not
    permitted, a cost above the ceiling. A worksheet with findings may not be sold.

    Source: PRE-12b, PRE-34a, PRE-34b, PRE-35, PRE-36a to PRE-36c, PRE-41a, F15, HQ-18 to HQ-20.
    """
    rows = {row.pk: row for row in version.tariff.order_by("pk")}
    stored = current_formula(version=version)
    ceilings: dict[tuple[str, dt.date], Ceiling] = {}
    for each in terms:
        place = (each.lender_type, each.start)
        if place not in ceilings:
            ceilings[place] = ceiling_on(lender_type=each.lender_type, on=each.start)
        facts = {"version": version, "formula": stored, "terms": each, "ceiling": ceilings[place]}
        yield _worksheet(facts, rows)


def _worksheet(facts: dict[str, Any], rows: Mapping[int, TariffRow]) -> Worksheet:
    version, terms, stored = facts["version"], facts["terms"], facts["formula"]
    found = list(permission_findings(
        Permitted(
            obligor_types=frozenset(version.obligor_types),
            lender_codes=frozenset(version.lender_codes),
            modes=frozenset(version.premium_modes),
        ),
        obligor_type=terms.obligor_type,
        lender_code=terms.lender_code,
        mode=terms.mode,
    ))  # fmt: skip
    refused: list[WorksheetFinding] = []
    _find_rate(facts, rows, found)
    try:
        facts["schedule"] = repayment_schedule(_loan(terms))
    except RuleBroken as refusal:
        refused.append(_told(refusal, "PRE-35"))
    if stored is None:
        refused.append(_finding(PriceFinding(code="formula_missing", article="PRE-36a")))
    elif "schedule" in facts and facts.get("rate") is not None and version.sum_insured_basis:
        try:
            _find_premium(facts, _readable(stored))
        except RuleBroken as refusal:
            refused.append(_told(refusal, "PRE-36a"))
    if "parts" in facts:
        facts["cost"] = all_in_cost(facts["schedule"], premiums=facts["parts"], fees=terms.fees)
        found += cost_findings(facts["cost"], facts["ceiling"])
    findings = (*(_finding(each) for each in found), *refused)
    return Worksheet(**facts, findings=tuple(dict.fromkeys(findings)))


def premium_on_schedule(
    *, version: ProductVersion, terms: PricingTerms, schedule: Schedule, rate: Decimal
) -> tuple[PremiumPart, ...]:
    """Return the premium parts of a schedule that changed after issue, at the rate agreed then.

    Yuan to the fen, by the version's formula. Source: PRE-36a, PRE-41c.

    Raises:
        RuleBroken: the formula is missing or has no result.
    """
    stored = current_formula(version=version)
    if stored is None:
        raise _refusal((PriceFinding(code="formula_missing", article="PRE-36a"),))
    facts: dict[str, Any] = {
        "version": version, "terms": terms, "schedule": schedule, "rate": rate
    }  # fmt: skip
    _find_premium(facts, _readable(stored))
    return facts["parts"]


def cells_of(rows: Mapping[int, TariffRow]) -> list[Cell]:
    """Return rows of a rate table as the rules take them."""
    names = (
        "pk", "grade", "term_from", "term_to", "ltv_from", "ltv_to", "channel", "rate_low", "rate",
        "rate_high",
    )  # fmt: skip
    return [Cell(**{name: getattr(row, name) for name in names}) for row in rows.values()]


def _loan(terms: PricingTerms) -> Terms:
    return Terms(
        principal=terms.principal,
        annual_rate=terms.annual_rate,
        periods=terms.periods,
        method=Method(terms.method),
        start=terms.start,
        first_due=terms.first_due,
    )


def _find_rate(
    facts: dict[str, Any], rows: Mapping[int, TariffRow], found: list[PriceFinding]
) -> None:
    terms: PricingTerms = facts["terms"]
    cell, missing = find_cell(
        cells_of(rows),
        grade=terms.grade,
        term=terms.periods,
        ltv=terms.ltv,
        channel=terms.channel,
    )
    found += missing
    if cell is not None:
        facts["cell"] = rows[cell.pk]
        facts["rate"], outside = agreed_rate(cell, terms.rate)
        found += outside


def _readable(stored: PremiumFormula) -> Formula:
    return read_formula(stored.text, stored.variables)


def _find_premium(facts: dict[str, Any], formula: Formula) -> None:
    version, terms, schedule = facts["version"], facts["terms"], facts["schedule"]
    basis = SumInsuredBasis(version.sum_insured_basis)
    known: dict[str, Decimal | int] = {
        "principal": terms.principal,
        "annual_rate": terms.annual_rate,
        "term": terms.periods,
    }
    if terms.ltv is not None:
        known["ltv"] = terms.ltv
    parts, steps = premium_by_formula(
        schedule,
        formula,
        PremiumTerms(
            mode=PremiumMode(terms.mode),
            basis=basis,
            rate=facts["rate"],
            rate_per=RatePer(version.rate_per),
            paid_at=PaidAt(version.paid_at),
            facts=known,
        ),
    )
    if any(part.amount < 0 for part in parts):
        raise RuleBroken("formula_negative", "The formula gives a premium below zero.")
    facts |= {"parts": parts, "steps": steps, "premium": premium_of(parts)}
    facts["sum_insured"] = max(sums_insured(schedule, basis))


def _finding(finding: PriceFinding) -> WorksheetFinding:
    return WorksheetFinding(finding.code, sentence_of(finding), finding.article)


def _told(refusal: RuleBroken, article: str) -> WorksheetFinding:
    article = refusal.context.get("article", article)
    return WorksheetFinding(refusal.code, worded(refusal).message, article)


def _refusal(findings: tuple[PriceFinding, ...]) -> RuleBroken:
    first = findings[0]
    return RuleBroken(
        first.code,
        with_article(sentence(first.code, first.values), first.article),
        article=first.article,
        findings=tuple(_finding(each) for each in findings),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | bool) else str(value)
