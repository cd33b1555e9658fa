"""The size of an enterprise by the national standard of its industry. Pure. Source: PRE-02c."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from underwriting.enums import EnterpriseSize

Bounds = Mapping[str, int]
MEASURES = ("headcount", "revenue", "assets")


def size_of(
    figures: Mapping[str, Decimal | None], *, large: Bounds, medium: Bounds, small: Bounds
) -> EnterpriseSize | None:
    """Return the size by headcount (persons), revenue and assets (10k yuan); None is unknown.

    `large`, `medium` and `small` name the measures of the industry and from where on each counts;
    a size is reached by all of its measures at once, else the next smaller is asked. A measure
    that is missing leaves the answer open unless the others decide it.
    """
    for size, bounds in (
        (EnterpriseSize.LARGE, large),
        (EnterpriseSize.MEDIUM, medium),
        (EnterpriseSize.SMALL, small),
    ):
        reached = [_reaches(figures.get(name), bound) for name, bound in bounds.items()]
        if all(reached):
            return size
        if False not in reached:
            return None
    return EnterpriseSize.MICRO


def _reaches(figure: Decimal | None, bound: int) -> bool | None:
    return None if figure is None else figure >= bound
