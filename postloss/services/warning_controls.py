"""What a warning asks of new business."""

from __future__ import annotations

from core.months import month_text
from postloss.enums import Indicator, WarningLevel
from postloss.models import RiskWarning
from postloss.selectors.terms import WarningTerms
from underwriting.enums import ControlDimension, ControlKind
from underwriting.services import ControlOrder

CONTROL_OF = {
    WarningLevel.RED: ControlKind.SUSPEND,
    WarningLevel.ORANGE: ControlKind.CUT_LINE,
    WarningLevel.YELLOW: ControlKind.FREEZE_LOOSENING,
}


def control_order(*, warning: RiskWarning, level: str, terms: WarningTerms) -> ControlOrder | None:
    """Return what a warning of this level asks of new business; nothing where its slice has none.

    Red suspends, orange cuts the line to the factor in force, yellow freezes loosening. Vintages
    and months on book are old business: no new loan can fall into the slice that breached.
    Source: POST-08b, POST-08f, POST-08i, HQ-27.
    """
    if warning.dimension not in ControlDimension.values or not level:
        return None
    kind = CONTROL_OF[WarningLevel(level)]
    return ControlOrder(
        kind=kind,
        unit_id=warning.slice_unit_id,
        responsible_unit_id=warning.unit_id,
        lender_id=warning.lender_id,
        dimension=warning.dimension,
        value=warning.value,
        warning_id=warning.pk,
        reason=(
            f"{Indicator(warning.indicator).label} {WarningLevel(level).label}"
            f" {month_text(warning.last_seen_in.month)}"
        ),
        factor=terms.cut_line_factor if kind == ControlKind.CUT_LINE else None,
    )
