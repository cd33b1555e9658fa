"""Retained exposure of a month for F3, told by whoever knows balances further up the house."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledger.enums import ClaimBasis, RecoveryWindow
from ledger.selectors.ratios import Exposure, Ratio, ratios_of_month
from ledger.selectors.reconciliation import figures_with_books


@dataclass(frozen=True, kw_only=True)
class ExposureSource:
    """Who answers for retained exposure.

    `exposure`: that of a month, or nothing where the month is not closed. `url`: the page on which
    a person sees what it is made of, or nothing where the person may not.
    """

    exposure: Callable[[dt.date], Exposure | None]
    url: Callable[[Any, dt.date], str]


@dataclass(frozen=True, kw_only=True)
class LossRates:
    """F3 of a month by glossary name, and the exposure that it divides by."""

    ratios: dict[str, Ratio]
    exposure: Exposure
    url: str

    @property
    def mean(self) -> Decimal | None:
        """Return the mean of the retained exposures at the two ends of the month, in yuan."""
        before = self.exposure.before
        return None if before is None else (before + self.exposure.now) / 2


_sources: list[ExposureSource] = []


def register_exposure(source: ExposureSource) -> None:
    """Let a source answer; the last one registered does."""
    _sources[:] = [source]


def loss_rates(*, month: dt.date, staff: Any) -> LossRates | None:
    """Return F3 of a month from the book and the imported figures, open months included.

    Nothing where nobody answers for the month's retained exposure. Source: F3, HQ-05 to HQ-08.
    """
    exposure = _sources[0].exposure(month) if _sources else None
    if exposure is None:
        return None
    year = [month.replace(month=number) for number in range(1, month.month + 1)]
    ratios = ratios_of_month(
        month=month,
        finance=figures_with_books(months=year),
        exposure=exposure,
        window=RecoveryWindow.YEAR_TO_DATE,
        basis=ClaimBasis.GROSS,
    )
    return LossRates(ratios=ratios, exposure=exposure, url=_sources[0].url(staff, month))
