"""Territories of branches and the head office's authorisations, as dated parameters. PRE-24a."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.selectors import parameter
from organization.models import Unit
from underwriting.enums import TerritoryBasis
from underwriting.rules.territory import territory_basis, units_serving

SERVED = "issue.territories"
AUTHORISED = "issue.authorised_territories"


@dataclass(frozen=True, kw_only=True)
class Territory:
    """By what right a unit issues for a region on a day; `sentence` says what to do if by none.

    `rows` are the ids of the parameters that said so: the territory and the authorisation record.
    """

    region: str
    basis: TerritoryBasis
    sentence: str
    rows: tuple[int, int]

    @property
    def is_outside(self) -> bool:
        """Say whether the unit may not issue."""
        return self.basis == TerritoryBasis.OUTSIDE


def territory_of(*, unit: Unit, region: str, as_of: dt.date) -> Territory:
    """Return by what right a unit issues for the policyholder's region (GB/T 2260 code).

    Both tables are parameters, proposed by one and approved by another at head office, from a day
    on, with their grounds. Source: PRE-24a.
    """
    served = parameter(name=SERVED, as_of=as_of)
    authorised = parameter(name=AUTHORISED, as_of=as_of)
    codes = list(reversed(unit.path.strip("/").split("/")))
    below = Unit.objects.under(unit).exclude(pk=unit.pk).values_list("code", flat=True)
    basis = territory_basis(
        region,
        codes,
        below=set(below),
        served=served.value,
        authorised=authorised.value,
    )
    return Territory(
        region=region,
        basis=basis,
        sentence=_sentence(unit, region, basis, served.value),
        rows=(served.pk, authorised.pk),
    )


def _sentence(unit: Unit, region: str, basis: str, served: dict[str, list[str]]) -> str:
    if basis != TerritoryBasis.OUTSIDE:
        return ""
    codes = units_serving(region, served)
    names = Unit.objects.filter(code__in=codes).order_by("path").values_list("name", flat=True)
    words = {
        "unit": unit.name, "region": region, "names": "、".join(names) or "—",
        "parameter": AUTHORISED,
    }  # fmt: skip
    return (
        _(
            "The policyholder's region %(region)s is not the territory of %(unit)s (PRE-24a). Let"
            " the unit that serves it issue (%(names)s), or have head office authorise this one:"
            " parameter %(parameter)s."
        )
        % words
    )
