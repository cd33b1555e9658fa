"""What differs between two versions: term by term, and cell by cell of the rate table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from products.enums import Assumption, ClaimParty, Debt, FiledTerm, PaymentMode, RefundKind
from products.models import ProductVersion, TariffRow
from products.selectors.refunds import refund_lines
from products.selectors.versions import current_formula


@dataclass(frozen=True)
class TermLine:
    """A filed term in words, before and after."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Say whether both differ."""
        return self.before != self.after


@dataclass(frozen=True)
class CellLine:
    """A cell of the rate table, before and after; nothing where a version has no such cell."""

    place: TariffRow
    before: TariffRow | None
    after: TariffRow | None

    @property
    def is_changed(self) -> bool:
        """Say whether both differ."""
        return _rates(self.before) != _rates(self.after)


def filed_terms(version: ProductVersion) -> list[tuple[str, str]]:
    """Return the filed terms of a version in words, in the order of a filing."""
    formula = current_formula(version=version)
    return [
        *((label(), words(version)) for label, words in _TERMS),
        *_assumed(version),
        (_("Premium formula"), "" if formula is None else formula.text),
        (_("Variables"), "" if formula is None else ", ".join(formula.variables)),
    ]


def _assumed(version: ProductVersion) -> list[tuple[str, str]]:
    known = {each.code: each for each in version.assumptions.all()}
    return [
        (str(code.label), _share(known[code].value) if code in known else "") for code in Assumption
    ]


def term_differences(before: ProductVersion, after: ProductVersion) -> list[TermLine]:
    """Return every filed term of two versions, side by side."""
    return [
        TermLine(label, old, new)
        for (label, old), (_label, new) in zip(filed_terms(before), filed_terms(after), strict=True)
    ]


def tariff_differences(before: ProductVersion, after: ProductVersion) -> list[CellLine]:
    """Return every cell of two rate tables, side by side, in the order of the table."""
    old, new = ({_place(row): row for row in tariff_of(version=each)} for each in (before, after))
    places = sorted({**old, **new}, key=_order)
    return [
        CellLine(new.get(place) or old[place], old.get(place), new.get(place)) for place in places
    ]


def tariff_of(*, version: ProductVersion) -> list[TariffRow]:
    """Return the rate table, by grade, channel, term and loan-to-value."""
    return sorted(version.tariff.all(), key=lambda row: _order(_place(row)))


def _place(row: TariffRow) -> tuple[Any, ...]:
    return row.grade, row.channel, row.term_from, row.term_to, row.ltv_from, row.ltv_to


def _order(place: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(Decimal(-1) if each is None else each for each in place)


def _rates(row: TariffRow | None) -> tuple[Decimal, ...] | None:
    return None if row is None else (row.rate_low, row.rate, row.rate_high)


def _listed(choices: Any, values: Sequence[str], mark: str = "、") -> str:
    words = dict(choices)
    return mark.join(str(words.get(value, value)) for value in values)


def _share(value: Decimal | None) -> str:
    return "" if value is None else f"{value * 100:.6f}".rstrip("0").rstrip(".") + "%"


def _file(name: str) -> Callable[[ProductVersion], str]:
    return lambda version: getattr(version, f"{name}_sha256")


def _refund(version: ProductVersion) -> str:
    rule = version.refund_rule
    kind = _listed(RefundKind.choices, [rule["kind"]]) if rule.get("kind") else ""
    steps = "；".join(f"{each.words} {_share(each.kept)}" for each in refund_lines(rule))
    return f"{kind} {steps}".strip()


_TERMS: tuple[tuple[Callable[[], str], Callable[[ProductVersion], str]], ...] = (
    (lambda: _("Kind of filing"), lambda v: v.get_filing_kind_display()),
    (lambda: _("Filing no."), lambda v: v.filing_no),
    (lambda: _("Filed on"), lambda v: f"{v.filed_on:%Y-%m-%d}" if v.filed_on else ""),
    (lambda: _("Clauses (SHA-256)"), _file("clauses")),
    (lambda: _("Rates (SHA-256)"), _file("rates")),
    (lambda: _("Valid from"), lambda v: f"{v.valid_from:%Y-%m-%d}"),
    (lambda: _("Basis of the sum insured"), lambda v: v.get_sum_insured_basis_display()),
    (
        lambda: _("Ways of paying the premium"),
        lambda v: _listed(PaymentMode.choices, v.premium_modes),
    ),
    (lambda: _("The rate holds"), lambda v: v.get_rate_per_display()),
    (lambda: _("Premium falls due"), lambda v: v.get_paid_at_display()),
    (
        lambda: _("Waiting period of a claim (days)"),
        lambda v: "" if v.waiting_days is None else str(v.waiting_days),
    ),
    (lambda: _("Overdue basis"), lambda v: v.get_bucket_basis_display()),
    (
        lambda: _("Order of allocation"),
        lambda v: _listed(Debt.choices, v.allocation_order, " → "),
    ),
    (lambda: _("Permitted obligors"), lambda v: "、".join(v.obligor_types)),
    (lambda: _("Permitted lenders"), lambda v: "、".join(v.lender_codes)),
    (lambda: _("Own share of the insured, at least"), lambda v: _share(v.own_share_min)),
    (lambda: _("Retained in co-insurance, at least"), lambda v: _share(v.retention_min)),
    (lambda: _("Refund of premium"), _refund),
    (lambda: _("Who takes out the insurance"), lambda v: v.get_policyholder_display()),
    (lambda: _("Who may claim"), lambda v: _listed(ClaimParty.choices, v.claimants)),
    (
        lambda: _("Terms left to agreement by the filing"),
        lambda v: _listed(FiledTerm.choices, v.open_terms),
    ),
)
