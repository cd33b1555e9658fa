"""The clocks and factors of the warning loop: dated parameters of the company."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.selectors import parameter


@dataclass(frozen=True)
class WarningTerms:
    """The parameters in force on a day, each read once when it is first asked for."""

    as_of: dt.date
    _known: dict[str, Decimal]

    @property
    def close_good_months(self) -> int:
        """Good month-ends in a row that closing a risk asks for. Source: HQ-29."""
        return int(self._figure("warning.close_good_months"))

    @property
    def cut_line_factor(self) -> Decimal:
        """Share of a line that orange leaves, a fraction. Source: POST-08f."""
        return self._figure("warning.cut_line_factor")

    def acknowledge_by(self, *, level: str, at: dt.datetime) -> dt.datetime:
        """Return when a warning of this level must be acknowledged (hours). Source: POST-08a."""
        return at + self._span("warning.acknowledge_hours", level, hours=1)

    def dispose_by(self, *, level: str, at: dt.datetime) -> dt.datetime:
        """Return when it must be disposed of (days)."""
        return at + self._span("warning.dispose_days", level, days=1)

    def review_by(self, *, at: dt.datetime) -> dt.datetime:
        """Return when its disposal must be reviewed (days)."""
        return at + dt.timedelta(days=1) * float(self._figure("warning.review_days"))

    def improve_by(self, *, at: dt.datetime) -> dt.datetime:
        """Return when the figure must have improved (days). Source: POST-08h."""
        return at + dt.timedelta(days=1) * float(self._figure("warning.improve_days"))

    def _span(self, name: str, level: str, **unit: int) -> dt.timedelta:
        figure = self._figure(f"{name}.{level or 'data_quality'}")
        return dt.timedelta(**unit) * float(figure)

    def _figure(self, name: str) -> Decimal:
        if name not in self._known:
            self._known[name] = Decimal(str(parameter(name=name, as_of=self.as_of).value))
        return self._known[name]


def warning_terms(*, as_of: dt.date) -> WarningTerms:
    """Return the terms of the loop on a business date."""
    return WarningTerms(as_of, {})
