"""Reads of treaties, co-insurance and the lines that cede policies."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from organization.models import Staff
from underwriting.enums import TreatyStatus
from underwriting.models import (
    CessionLine,
    CoinsuranceShare,
    FacultativeCession,
    Reinsurer,
    Treaty,
    TreatyShare,
)
from underwriting.permissions import check_view_cessions
from underwriting.rules.cessions import CededPolicy, Certificate, OwnShare, TreatyTerms

_SHARES = Prefetch(
    "shares", TreatyShare.objects.select_related("reinsurer").order_by("-share", "reinsurer__name")
)


def terms_of(treaty: Treaty) -> TreatyTerms:
    """Return a treaty's terms as the rules take them."""
    return TreatyTerms(
        code=treaty.code,
        kind=treaty.kind,
        basis=treaty.basis,
        valid_from=treaty.valid_from,
        valid_to=treaty.valid_to,
        product_codes=frozenset(treaty.product_codes),
        lender_codes=frozenset(treaty.lender_codes),
        fraction=treaty.fraction or Decimal(0),
        max_per_risk=treaty.max_per_risk,
        retention=treaty.retention or Decimal(0),
        lines=treaty.lines or Decimal(0),
        lines_below=treaty.lines_below,
    )


def approved_treaties() -> list[Treaty]:
    """Return every approved treaty, by code."""
    return list(Treaty.objects.filter(status=TreatyStatus.APPROVED).order_by("code"))


def treaty_register(*, staff: Staff) -> QuerySet[Treaty]:
    """Return all treaties with the shares of their reinsurers, the youngest first.

    Raises:
        NotPermitted: the person does not read treaties.
    """
    check_view_cessions(staff)
    found = Treaty.objects.select_related("proposed_by", "decided_by").prefetch_related(_SHARES)
    return found.order_by("-valid_from", "code")


def treaty_of(*, staff: Staff, pk: int) -> Treaty:
    """Return one treaty.

    Raises:
        NotPermitted: the person does not read treaties.
        Http404: there is none.
    """
    return get_object_or_404(treaty_register(staff=staff), pk=pk)


def reinsurers() -> QuerySet[Reinsurer]:
    """Return all reinsurers by name."""
    return Reinsurer.objects.order_by("name")


def cession_register(
    *,
    staff: Staff,
    as_of: dt.date,
    treaty: str = "",
    product: str = "",
    policy_no: str = "",
    known_at: dt.datetime | None = None,
) -> QuerySet[CessionLine]:
    """Return the lines in force on a day as known at an instant that the person sees, with `code`.

    `treaty` is the code of a treaty or certificate.

    Raises:
        NotPermitted: the person does not read cessions.
    """
    check_view_cessions(staff)
    found = coded(CessionLine.objects.known(known_at).in_force(as_of)).filter(share__gt=0)
    if treaty:
        found = found.filter(code=treaty)
    if product:
        found = found.filter(product_code=product)
    if policy_no:
        found = found.filter(policy_no=policy_no)
    return found.order_by("policy_no", "code")


def line_history(*, staff: Staff, policy_no: str) -> QuerySet[CessionLine]:
    """Return every line that a policy ever had, in the order in which we knew them.

    Raises:
        NotPermitted: the person does not read cessions.
    """
    check_view_cessions(staff)
    found = coded(CessionLine.objects.filter(policy_no=policy_no)).select_related(
        "replaced_by", "bordereau", "recorded_by"
    )
    return found.order_by("recorded_at", "pk")


def line_of(*, staff: Staff, pk: int) -> CessionLine:
    """Return one line that the person sees, with its `code`.

    Raises:
        NotPermitted: the person does not read cessions.
        Http404: there is none.
    """
    check_view_cessions(staff)
    return get_object_or_404(coded(CessionLine.objects.all()), pk=pk)


def coded(lines: QuerySet[CessionLine]) -> QuerySet[CessionLine]:
    """Return the lines with treaty and certificate, and the `code` of whichever it is."""
    return lines.select_related("treaty", "facultative").annotate(
        code=Coalesce(F("treaty__code"), F("facultative__code"))
    )


def lines_of(
    *, policies: Collection[str], known_at: dt.datetime | None = None
) -> dict[str, list[CessionLine]]:
    """Return the lines of policies as known at an instant (now, without one), by policy."""
    found: dict[str, list[CessionLine]] = defaultdict(list)
    lines = coded(CessionLine.objects.known(known_at).filter(policy_no__in=policies))
    # thousands of lines come from a few treaties: each is read once, not with every line
    lines = lines.select_related(None).prefetch_related("treaty", "facultative")
    for line in lines.order_by("policy_no", "code", "valid_from"):
        found[line.policy_no].append(line)
    return found


def certificates_of(*, policies: Collection[str]) -> dict[str, list[Certificate]]:
    """Return the facultative certificates of policies, by policy."""
    found: dict[str, list[Certificate]] = defaultdict(list)
    for row in FacultativeCession.objects.filter(policy_no__in=policies).order_by("code"):
        found[row.policy_no].append(
            Certificate(
                code=row.code, share=row.share, valid_from=row.valid_from, valid_to=row.valid_to
            )
        )
    return found


class Coinsurance:
    """Our own part of policies as known at an instant, read once for many policies."""

    def __init__(self, known_at: dt.datetime | None = None):
        self._of_policy: dict[str, list[CoinsuranceShare]] = defaultdict(list)
        self._of_agreement: dict[tuple[str, str], list[CoinsuranceShare]] = defaultdict(list)
        for row in CoinsuranceShare.objects.known(known_at).order_by("valid_from", "pk"):
            if row.policy_no:
                self._of_policy[row.policy_no].append(row)
            else:
                self._of_agreement[row.lender_code, row.product_code].append(row)

    def rows(self, policy_no: str, lender_code: str, product_code: str) -> list[CoinsuranceShare]:
        """Return what was said of a policy; else of its product; else of all of its lender."""
        return (
            self._of_policy.get(policy_no)
            or self._of_agreement.get((lender_code, product_code))
            or self._of_agreement.get((lender_code, ""))
            or []
        )

    def own_share_on(
        self, policy_no: str, lender_code: str, product_code: str, day: dt.date
    ) -> Decimal:
        """Return our own share of a policy on a day as a fraction; one where nothing is said."""
        rows = self.rows(policy_no, lender_code, product_code)
        return next((row.own_share for row in rows if row.holds(day)), Decimal(1))

    def own_shares(self, policy: CededPolicy) -> list[OwnShare]:
        """Return our own shares of a policy over time."""
        return [
            OwnShare(valid_from=row.valid_from, valid_to=row.valid_to, share=row.own_share)
            for row in self.rows(policy.policy_no, policy.lender_code, policy.product_code)
        ]


def coinsurance_register(*, staff: Staff) -> QuerySet[CoinsuranceShare]:
    """Return the co-insurance shares as now known that the person sees, the youngest first.

    Raises:
        NotPermitted: the person does not read cessions.
    """
    check_view_cessions(staff)
    found = CoinsuranceShare.objects.known().select_related("recorded_by")
    return found.order_by("-valid_from", "-pk")


def coinsurance_of(*, staff: Staff, pk: str) -> CoinsuranceShare | None:
    """Return the co-insurance of this id as now known; None without a number.

    Raises:
        NotPermitted: the person does not read cessions.
        Http404: there is none, or another took its place.
    """
    found = coinsurance_register(staff=staff)
    return get_object_or_404(found, pk=pk) if pk.isdecimal() else None


def product_codes_ceded() -> list[str]:
    """Return the products of which policies are ceded, as far as the person sees."""
    found = CessionLine.objects.values_list("product_code", flat=True).distinct()
    return sorted(found)


def agreements_of(
    *, lender_code: str, known_at: dt.datetime | None = None
) -> list[CoinsuranceShare]:
    """Return the co-insurance agreements with a lender as known at an instant."""
    found = CoinsuranceShare.objects.known(known_at).filter(
        Q(policy_no=""), lender_code=lender_code
    )
    return list(found.order_by("valid_from", "pk"))


def codes_ceded() -> list[str]:
    """Return the codes of treaties and certificates that policies are ceded to, as far as seen."""
    found = coded(CessionLine.objects.all()).values_list("code", flat=True).distinct()
    return sorted(found)
