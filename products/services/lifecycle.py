"""From a draft to the committee, on sale, sold, and stopped."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.services import record_audit
from organization.enums import CommitteeKind, ResolutionOutcome
from organization.events import ResolutionClosed
from organization.models import Committee, Resolution, Staff
from organization.selectors import head_office
from organization.services.awaiting import align_work
from organization.services.resolutions import (
    Documents,
    MatterForVote,
    put_matter_to_committee,
)
from products.enums import Assumption, RefundKind, VersionStatus
from products.errors import RuleBroken, WrongState
from products.events import VersionMoved, version_moved
from products.models import ProductVersion
from products.permissions import check_edit, check_sell
from products.rules.refunds import read_steps, step_findings
from products.selectors import WorksheetFinding, current_formula, duties_on, with_article
from products.services.tariffs import check_formula_of
from products.services.versions import check_terms, locked_draft, locked_version, terms_of


def what_is_missing(version: ProductVersion) -> tuple[WorksheetFinding, ...]:
    """Return everything that a draft lacks before it may go to the committee.

    Source: PRE-33b, PRE-34a, PRE-35, PRE-36a.
    """
    formula = current_formula(version=version)
    asked = (
        (version.filing_kind and version.filing_no and version.filed_on, "filing", "PRE-34a",
         _("Kind, number and day of the filing are missing.")),
        (version.clauses_file_id, "clauses", "PRE-34a", _("The filed clauses are missing.")),
        (version.rates_file_id, "rates", "PRE-34a", _("The filed rates are missing.")),
        (version.sum_insured_basis, "sum_insured_basis", "PRE-35",
         _("The basis of the sum insured is missing.")),
        (version.waiting_days is not None, "waiting_days", "PRE-34a",
         _("The waiting period of a claim is missing.")),
        (version.obligor_types, "obligor_types", "PRE-34a",
         _("No obligor is permitted: name their types, or * for any.")),
        (version.lender_codes, "lender_codes", "PRE-34a",
         _("No lender is permitted: name their codes, or * for any.")),
        (version.assumptions.filter(code=Assumption.LOSS_RATIO).exists(), "assumptions", "PRE-33c",
         _("The loss ratio that the price assumes is missing.")),
        (version.tariff.exists(), "tariff", "PRE-34a", _("The rate table is empty.")),
        (version.refund_rule.get("kind") != RefundKind.SHORT_RATE or not step_findings(
            read_steps(version.refund_rule)), "refund", "PRE-41c",
         _("The short-rate table of refunds is missing or not in order.")),
        (formula, "formula", "PRE-36a", _("The premium formula is missing.")),
        (formula is None or formula.reviewed_at, "formula_review", "PRE-36a",
         _("Another person must review the formula first.")),
    )  # fmt: skip
    return tuple(
        WorksheetFinding(code, message, article) for is_there, code, article, message in asked
        if not is_there
    )  # fmt: skip


@transaction.atomic
def submit_version(
    *,
    version: ProductVersion,
    committee: Committee,
    meeting: str,
    held_on: dt.date,
    by: Staff,
    at: dt.datetime,
    documents: Documents = (),
) -> Resolution:
    """Put a complete draft to a product committee with its materials; its terms rest meanwhile.

    A version before a committee that found no quorum may be put to it again.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: it is neither a draft nor waiting for another meeting, or the committee does
            not stand.
        RuleBroken: something is missing (`findings`), or it is another kind of committee.
    Source: PRE-33b.
    """
    check_edit(by)
    locked = locked_version(version)
    if locked.status != VersionStatus.IN_REVIEW:
        locked = locked_draft(version)
    if committee.kind != CommitteeKind.PRODUCT:
        raise RuleBroken(
            "committee_kind",
            with_article(_("A product goes to a product review committee."), "PRE-33b"),
            field="committee",
            article="PRE-33b",
        )
    check_terms(terms_of(locked))
    missing = what_is_missing(locked)
    if missing:
        raise RuleBroken(
            missing[0].code,
            with_article(missing[0].message, missing[0].article),
            article=missing[0].article,
            findings=missing,
        )
    if locked.status == VersionStatus.DRAFT:
        locked.move(VersionStatus.IN_REVIEW)
        locked.save(update_fields=["status"])
    resolution = put_matter_to_committee(
        matter=MatterForVote(
            row=locked,
            version=locked.revision,
            title=str(locked),
            unit=head_office(),
            makers=_makers(locked),
        ),
        committee=committee,
        meeting=meeting,
        held_on=held_on,
        by=by,
        at=at,
        documents=documents,
    )
    record_audit(
        action="products.version_submitted", subject=locked, by=by, at=at,
        committee=committee.code, revision=locked.revision,
    )  # fmt: skip
    align_work(subjects=list(locked.formulas.all()), by=by, at=at, outcome="submitted")
    return resolution


def _makers(version: ProductVersion) -> list[Staff]:
    formula = current_formula(version=version)
    made = [version.drafted_by, formula and formula.entered_by]
    return [each for each in made if each is not None]


@transaction.atomic
def take_resolution_of(*, event: ResolutionClosed) -> None:
    """Take what the committee resolved: passed is approved, rejected is a draft again.

    Without a quorum it stays before the committee. A resolution on other terms than those of now
    decides nothing. Source: PRE-33b.
    """
    version = ProductVersion.objects.select_for_update(of=("self",)).get(pk=event.subject_id)
    stands = version.status == VersionStatus.IN_REVIEW and version.revision == event.version
    if not stands or event.outcome == ResolutionOutcome.INQUORATE:
        return
    by = Staff.objects.get(pk=event.by_id)
    if event.outcome == ResolutionOutcome.PASSED:
        version.move(VersionStatus.APPROVED)
        version.resolution_id = event.resolution_id
    else:
        version.move(VersionStatus.DRAFT)
    version.save(update_fields=["status", "resolution"])
    is_passed = version.status == VersionStatus.APPROVED
    record_audit(
        action="products.version_approved" if is_passed else "products.version_returned",
        subject=version,
        by=by,
        at=event.at,
        resolution=event.resolution_id,
    )
    _announce(version, by, event.at, version.status)


@transaction.atomic
def put_on_sale(
    *, version: ProductVersion, by: Staff, at: dt.datetime, valid_from: dt.date | None = None
) -> ProductVersion:
    """Put an approved version on sale from its day; the version before it ends there.

    Raises:
        NotPermitted: the person drafted it, or does not sell products.
        WrongState: no committee passed it.
        RuleBroken: nobody answers for the product (PRE-33a), a case of the filing does not agree
            with the formula (PRE-36a), it would begin before the one on sale, or before it was
            filed.
    Source: PRE-33a, PRE-33b, PRE-34a, PRE-36a.
    """
    locked = locked_version(version)
    check_sell(by, maker_id=locked.drafted_by_id)
    if locked.status != VersionStatus.APPROVED or locked.resolution is None:
        raise WrongState(
            "version_not_approved",
            with_article(_("Only what a committee has passed goes on sale."), "PRE-33b"),
            article="PRE-33b",
        )
    if duties_on(product=locked.product, on=timezone.localdate(at)) is None:
        raise RuleBroken(
            "duties_missing",
            with_article(_("Nobody answers for the product: set its duties first."), "PRE-33a"),
            article="PRE-33a",
        )
    check_formula_of(locked)
    begins = valid_from or locked.valid_from
    if locked.filed_on and begins < locked.filed_on:
        raise RuleBroken(
            "before_filing",
            with_article(_("It goes on sale no earlier than it was filed."), "PRE-34a"),
            field="valid_from",
            article="PRE-34a",
        )
    for before in (
        ProductVersion.objects.select_for_update(of=("self",))
        .filter(product=locked.product_id, status=VersionStatus.ON_SALE)
        .order_by("pk")
    ):
        if before.valid_from >= begins:
            raise RuleBroken(
                "version_begins_too_early",
                _("A version begins after the one before it (%(day)s).")
                % {"day": before.valid_from},
                field="valid_from",
            )
        if before.valid_to is None or before.valid_to > begins:
            before.valid_to = begins
            before.save(update_fields=["valid_to"])
    locked.valid_from = begins
    locked.on_sale_by, locked.on_sale_at = by, at
    locked.move(VersionStatus.ON_SALE)
    locked.save()
    record_audit(
        action="products.version_put_on_sale", subject=locked, by=by, at=at,
        valid_from=begins.isoformat(), filing=locked.filing_no,
    )  # fmt: skip
    _announce(locked, by, at, "on_sale")
    return locked


@transaction.atomic
def stop_version(
    *, version: ProductVersion, by: Staff, at: dt.datetime, reason: str
) -> ProductVersion:
    """Stop the sale of a version at once; what was sold by it goes on under its terms.

    Raises:
        NotPermitted: the person drafted it, or does not sell products.
        WrongState: it is neither approved nor on sale.
        RuleBroken: nothing is said.
    Source: PRE-33c.
    """
    locked = locked_version(version)
    check_sell(by, maker_id=locked.drafted_by_id)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    return _stop(locked, by, at, reason)


def _stop(version: ProductVersion, by: Staff, at: dt.datetime, reason: str) -> ProductVersion:
    version.move(VersionStatus.STOPPED)
    today = timezone.localdate(at)
    ends = max(today, version.valid_from)
    version.valid_to = ends if version.valid_to is None else min(version.valid_to, ends)
    version.stopped_by, version.stopped_at, version.stop_reason = by, at, reason
    version.save()
    record_audit(action="products.version_stopped", subject=version, by=by, at=at, reason=reason)
    _announce(version, by, at, "stopped")
    return version


@transaction.atomic
def mark_sold(*, version: ProductVersion, at: dt.datetime) -> ProductVersion:
    """Note the first sale by a version; from then on the database refuses a change of its terms.

    Later sales change nothing. Called inside the transaction that sells.

    Raises:
        WrongState: it is not on sale; `article` is PRE-34a.
    Source: PRE-34a, PRE-34b.
    """
    locked = locked_version(version)
    if locked.status != VersionStatus.ON_SALE:
        raise WrongState(
            "not_on_sale",
            with_article(_("This version is not on sale."), "PRE-34a"),
            article="PRE-34a",
        )
    if locked.sold_at is None:
        locked.sold_at = at
        locked.save(update_fields=["sold_at"])
        record_audit(action="products.version_sold", subject=locked, by=None, at=at)
    return locked


def _announce(version: ProductVersion, by: Staff, at: dt.datetime, outcome: str) -> None:
    align_work(subjects=[version], by=by, at=at, outcome=outcome)
    event = VersionMoved(
        version_id=version.pk, product_code=version.product.code, status=version.status, at=at
    )
    version_moved.send(ProductVersion, event=event)


def stop_by_review(*, version: ProductVersion, by: Staff, at: dt.datetime, reason: str) -> None:
    """Stop a version that a confirmed review stops, where it is still on sale. Source: PRE-33c."""
    locked = locked_version(version)
    if locked.status in {VersionStatus.ON_SALE, VersionStatus.APPROVED}:
        _stop(locked, by, at, reason)
