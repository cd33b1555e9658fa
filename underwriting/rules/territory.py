"""Whether a branch may issue for a policyholder's place. Pure. Source: PRE-24a."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from underwriting.enums import TerritoryBasis

Regions = Mapping[
    str, Sequence[str]
]  # codes of units → codes of regions (GB/T 2260, 2 to 6 digits)


def territory_basis(
    region: str,
    units: Sequence[str],
    *,
    below: Collection[str] = (),
    served: Regions,
    authorised: Regions,
) -> TerritoryBasis:
    """Return by what right a unit issues for a region, or that it does not.

    `units` are the codes from the unit up to the head office, which issues everywhere; `below` are
    those of the units under it, whose regions are its own too. A region belongs to whoever serves
    the longest code that begins it, so a city that has a branch of its own is not the province's.
    The nearest unit that serves regions speaks for those below it. What is not known is `unknown`:
    no refusal, and a person completes it. Source: PRE-24a.
    """
    if len(units) == 1:
        return TerritoryBasis.HEAD_OFFICE
    if not region:
        return TerritoryBasis.UNKNOWN
    home = next((served[code] for code in units if code in served), None)
    nearest = _longest(region, (code for codes in served.values() for code in codes))
    mine = [*(home or ()), *(each for code in below for each in served.get(code, ()))]
    if nearest and _longest(region, mine) == nearest:
        return TerritoryBasis.OWN
    if _longest(region, (each for code in units for each in authorised.get(code, ()))):
        return TerritoryBasis.AUTHORISED
    return TerritoryBasis.UNKNOWN if home is None else TerritoryBasis.OUTSIDE


def units_serving(region: str, served: Regions) -> tuple[str, ...]:
    """Return the codes of the units whose territory a region is, in order."""
    nearest = _longest(region, (code for codes in served.values() for code in codes))
    return tuple(
        sorted(
            unit for unit, codes in served.items() if nearest and _longest(region, codes) == nearest
        )
    )


def _longest(region: str, codes: Iterable[str]) -> int:
    return max((len(code) for code in codes if code and region.startswith(code)), default=0)
