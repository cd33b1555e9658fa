"""Versions of products: entered, opened, changed while they are drafts, revised."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.models import Staff
from organization.services.awaiting import align_work
from products.enums import (
    BucketBasis,
    ClaimParty,
    Debt,
    InsuredSum,
    PaymentMode,
    Policyholder,
    PremiumDue,
    RateTime,
    RefundKind,
    VersionStatus,
)
from products.errors import Conflict, RuleBroken, WrongState
from products.models import PremiumFormula, PriceAssumption, Product, ProductVersion
from products.permissions import check_edit
from products.selectors import current_formula, with_article

FILING = Purpose(name="product_filing", limit="evidence_bytes")
KINDS = (ContentKind.PDF, ContentKind.XLSX, ContentKind.CSV, ContentKind.TEXT)
Paper = tuple[str, BinaryIO]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FiledTerms:
    """The terms of a version as they are filed. Shares are fractions, waiting is in days.

    `lender_codes` empty is no lender, `*` any. `refund_rule` is {kind, table: [{until, kept}]}.
    """

    valid_from: dt.date
    filing_kind: str = ""
    filing_no: str = ""
    filed_on: dt.date | None = None
    bucket_basis: str = BucketBasis.DAYS
    sum_insured_basis: str = InsuredSum.PRINCIPAL
    premium_modes: tuple[str, ...] = (PaymentMode.SINGLE,)
    rate_per: str = RateTime.YEAR
    paid_at: str = PremiumDue.INSTALMENT
    waiting_days: int | None = None
    allocation_order: tuple[str, ...] = (Debt.COSTS, Debt.INTEREST, Debt.PRINCIPAL)
    obligor_types: tuple[str, ...] = ()
    lender_codes: tuple[str, ...] = ()
    own_share_min: Decimal | None = None
    retention_min: Decimal | None = None
    refund_rule: dict[str, Any] = dataclasses.field(
        default_factory=lambda: {"kind": RefundKind.PRO_RATA.value}
    )
    policyholder: str = Policyholder.OBLIGOR
    claimants: tuple[str, ...] = (ClaimParty.INSURED,)
    open_terms: tuple[str, ...] = ()


@transaction.atomic
def enter_product(
    *, name: str, valid_from: dt.date, bucket_basis: BucketBasis = BucketBasis.DAYS
) -> ProductVersion:
    """Enter a product with its first version, or return the newest version of the one of this name.

    It is watched only: it came with a lender's files and can never be sold. The overdue basis is
    days unless the terms say instalments (HQ-01).
    """
    product, _ = Product.objects.get_or_create(code=name[:40], defaults={"name": name})
    newest = product.versions.order_by("-number").first()
    if newest is not None:
        return newest
    return ProductVersion.objects.create(
        product=product,
        number=1,
        status=VersionStatus.WATCHED,
        valid_from=valid_from,
        bucket_basis=bucket_basis,
    )


@transaction.atomic
def open_product(
    *, code: str, name: str, cover_kind: str, terms: FiledTerms, by: Staff, at: dt.datetime
) -> ProductVersion:
    """Open a product with the draft of its first version.

    Raises:
        NotPermitted: the person does not draft products.
        Conflict: the code is taken.
        RuleBroken: somebody but the insured could claim, or an order or share is none.
    Source: PRE-33a, PRE-34a.
    """
    check_edit(by)
    if Product.objects.filter(code=code).exists():
        raise Conflict("product_code", _("This code is taken."), field="code")
    check_terms(terms)
    product = Product.objects.create(code=code, name=name, cover_kind=cover_kind)
    return _open(terms, product=product, number=1, by=by, at=at)


@transaction.atomic
def change_terms(
    *,
    version: ProductVersion,
    revision: int,
    terms: FiledTerms,
    by: Staff,
    at: dt.datetime,
    clauses: Paper | None = None,
    rates: Paper | None = None,
) -> ProductVersion:
    """Change the terms of a draft; a document that is not given stays.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: it is no draft: what was approved or sold is never changed (PRE-34a).
        Conflict: somebody changed it since.
        RuleBroken: somebody but the insured could claim, or an order or share is none.
    Source: PRE-34a, PRE-34c, PRE-35, HQ-33.
    """
    check_edit(by)
    locked = locked_draft(version)
    if revision != locked.revision:
        raise Conflict("stale_version", _("It was changed since. Reload it and look again."))
    check_terms(terms)
    _write(locked, terms)
    for name, paper in (("clauses", clauses), ("rates", rates)):
        if paper is not None:
            stored = accept(
                stream=paper[1], name=paper[0], by=by, at=at, kinds=KINDS, purpose=FILING
            )
            setattr(locked, f"{name}_file", stored)
            setattr(locked, f"{name}_sha256", stored.sha256)
    return changed(locked, by, at, "terms")


@transaction.atomic
def revise_version(
    *, version: ProductVersion, valid_from: dt.date, by: Staff | None, at: dt.datetime
) -> ProductVersion:
    """Open the draft of the next version with the terms, rates and formula of this one.

    The filing is not taken along: another text is filed anew.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: the version is watched only, or a version is being worked on already.
    Source: PRE-33c, PRE-34a.
    """
    check_edit(by)
    product = Product.objects.select_for_update(of=("self",)).get(pk=version.product_id)
    known = product.versions.order_by("-number")
    if version.status == VersionStatus.WATCHED:
        raise WrongState(
            "version_watched", _("A version that came with lender files is watched only.")
        )
    if known.filter(status__in=[VersionStatus.DRAFT, VersionStatus.IN_REVIEW]).exists():
        raise WrongState("draft_exists", _("A version of this product is being worked on already."))
    terms = dataclasses.replace(
        terms_of(version), valid_from=valid_from, filing_kind="", filing_no="", filed_on=None
    )
    number = known[0].number + 1
    draft = _open(terms, product=product, number=number, by=by, at=at, previous=version)
    for row in version.tariff.order_by("pk"):
        row.pk, row._state.adding, row.version = None, True, draft
        row.save(force_insert=True)
    PriceAssumption.objects.bulk_create(
        PriceAssumption(version=draft, code=each.code, value=each.value, source=each.source)
        for each in version.assumptions.order_by("pk")
    )
    formula = current_formula(version=version)
    if formula is not None and by is not None:
        entered = PremiumFormula.objects.create(
            version=draft,
            number=1,
            text=formula.text,
            variables=formula.variables,
            cases=formula.cases,
            dated_on=formula.dated_on,
            entered_by=by,
            entered_at=at,
        )
        align_work(subjects=[entered], by=by, at=at)
    return draft


def terms_of(version: ProductVersion) -> FiledTerms:
    """Return the terms of a version as a value."""
    values = {}
    for field in dataclasses.fields(FiledTerms):
        value = getattr(version, field.name)
        values[field.name] = tuple(value) if isinstance(value, list) else value
    return FiledTerms(**values)


def check_terms(terms: FiledTerms) -> None:
    """Refuse terms that no filing may hold.

    Raises:
        RuleBroken: somebody but the insured could claim (PRE-34c), the order of allocation is no
            order (HQ-33), nothing says how premium is paid (PRE-36b), or a share is no fraction.
    """
    if tuple(terms.claimants) != (ClaimParty.INSURED,):
        raise RuleBroken(
            "claimants",
            with_article(_("Nobody but the insured may claim."), "PRE-34c"),
            field="claimants",
            article="PRE-34c",
        )
    if sorted(terms.allocation_order) != sorted(Debt.values):
        raise RuleBroken(
            "allocation_order",
            with_article(_("The order names costs, interest and principal once each."), "HQ-33"),
            field="allocation_order",
            article="HQ-33",
        )
    if not terms.premium_modes or not set(terms.premium_modes) <= set(PaymentMode.values):
        raise RuleBroken(
            "premium_modes",
            with_article(_("Say in which ways the premium may be paid."), "PRE-36b"),
            field="premium_modes",
            article="PRE-36b",
        )
    opens = terms.sum_insured_basis == InsuredSum.OPENING_OUTSTANDING
    if (PaymentMode.DECLINING in terms.premium_modes and not opens) or (
        opens and terms.rate_per == RateTime.TERM
    ):
        raise RuleBroken(
            "premium_modes",
            with_article(
                _(
                    "A declining premium goes with what is owed when each period begins, and that"
                    " with a rate per year or period."
                ),
                "PRE-36c",
            ),
            field="premium_modes",
            article="PRE-36c",
        )
    for name in ("own_share_min", "retention_min"):
        share = getattr(terms, name)
        if share is not None and not 0 <= share <= 1:
            raise RuleBroken("share", _("A share is a fraction from 0 to 1."), field=name)


def locked_draft(version: ProductVersion) -> ProductVersion:
    """Return the version, locked for a change of its terms.

    Raises:
        WrongState: it is no draft; `article` is PRE-34a.
    """
    locked = locked_version(version)
    if not locked.is_editable:
        words = (
            _("This version was sold: its terms are never changed. Open the next version.")
            if locked.sold_at
            else _("Only a draft is changed. Open the next version.")
        )
        raise WrongState("version_frozen", with_article(words, "PRE-34a"), article="PRE-34a")
    return locked


def locked_version(version: ProductVersion) -> ProductVersion:
    """Return the version, locked, with its product."""
    return (
        ProductVersion.objects.select_for_update(of=("self",))
        .select_related("product")
        .get(pk=version.pk)
    )


def changed(version: ProductVersion, by: Staff, at: dt.datetime, what: str) -> ProductVersion:
    """Save a draft whose terms were changed, and record it."""
    version.revision += 1
    version.save()
    record_audit(
        action="products.draft_changed",
        subject=version,
        by=by,
        at=at,
        what=what,
        revision=version.revision,
    )
    return version


def _open(
    terms: FiledTerms,
    *,
    product: Product,
    number: int,
    by: Staff | None,
    at: dt.datetime,
    previous: ProductVersion | None = None,
) -> ProductVersion:
    draft = ProductVersion(
        product=product, number=number, previous=previous, drafted_by=by, drafted_at=at
    )
    _write(draft, terms)
    draft.save(force_insert=True)
    record_audit(
        action="products.draft_opened", subject=draft, by=by, at=at, product=product.code,
        number=number,
    )  # fmt: skip
    return draft


def _write(version: ProductVersion, terms: FiledTerms) -> None:
    for field in dataclasses.fields(FiledTerms):
        value = getattr(terms, field.name)
        setattr(version, field.name, list(value) if isinstance(value, tuple) else value)
