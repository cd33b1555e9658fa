"""Papers of a policy and their delivery. Source: PRE-24, PRE-36a (formula printed)."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import files
from core.errors import RuleBroken, WrongState
from core.models import StoredFile
from core.services import record_audit
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from parties.selectors import clear_identity
from products.selectors import formula_in_words
from underwriting.adapters.papers import render_paper
from underwriting.enums import DocumentKind, EndorsementStatus
from underwriting.models import (
    Endorsement,
    ObligorNotice,
    Policy,
    PolicyDelivery,
    PolicyDocument,
)

FILE_NAMES = {
    DocumentKind.POLICY: "保单",
    DocumentKind.CERTIFICATE: "保险凭证",
    DocumentKind.ENDORSEMENT: "批单",
    DocumentKind.DEMAND: "告知义务人通知函",
}


@transaction.atomic
def make_paper(
    *,
    policy: Policy,
    kind: str,
    by: Staff,
    at: dt.datetime,
    endorsement: Endorsement | None = None,
    notice: ObligorNotice | None = None,
) -> StoredFile:
    """Return the paper of a policy, printed once and kept: the same bytes for everybody after.

    Raises:
        WrongState: the endorsement is not in force.
        NoPdfError: this machine can not print.
    Source: PRE-24, PRE-36a, PRE-02i.
    """
    number = notice.number if notice else 0
    if endorsement is not None:
        if endorsement.status != EndorsementStatus.IN_FORCE:
            raise WrongState("endorsement_not_in_force", _("This endorsement is not in force."))
        number = endorsement.number
    held = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    known = PolicyDocument.objects.filter(policy=held, kind=kind, terms_number=number).first()
    if known is not None:
        return known.stored
    context = _context(policy, endorsement, at) | {"notice": notice}
    content = render_paper(template=kind, context=context)
    name = f"{FILE_NAMES[DocumentKind(kind)]}{policy.policy_no}"
    stored = files.store(
        stream=io.BytesIO(content),
        name=f"{name}-{number}.pdf" if number else f"{name}.pdf",
        by=by,
        at=at,
    )
    document = PolicyDocument.objects.create(
        policy=held, kind=kind, terms_number=number, stored=stored, made_at=at
    )
    record_audit(
        action="underwriting.paper_made",
        subject=policy,
        by=by,
        at=at,
        kind=kind,
        document=document.pk,
        sha256=stored.sha256,
    )
    return stored


def _context(policy: Policy, endorsement: Endorsement | None, at: dt.datetime) -> dict[str, Any]:
    terms = policy.terms.get(number=0)
    return {
        "policy": policy,
        "endorsement": endorsement,
        "terms": terms,
        "policyholder": clear_identity(policy.policyholder) if policy.policyholder else None,
        "obligor": clear_identity(policy.obligor),
        "underlying": clear_identity(policy.underlying_obligor)
        if policy.underlying_obligor
        else None,
        "version": policy.product_version,
        "formula": lambda: formula_in_words(terms.worksheet["formula"]["text"]),  # in its language
        "instalments": list(policy.instalments.order_by("n")),
        "rows": terms.schedule,
        "tax": sum((each.vat for each in policy.instalments.all()), Decimal(0)),
        "agreements": policy.quote.special_agreements if policy.quote else [],
        "printed_at": at,
    }


@transaction.atomic
def record_delivery(
    *, delivery: PolicyDelivery, on: dt.datetime, proof_no: str, by: Staff, at: dt.datetime
) -> PolicyDelivery:
    """Record that a policy was posted, sent, downloaded or picked up; dispatch is delivery.

    Raises:
        NotPermitted: the person quotes nothing in the policy's unit.
        WrongState: it was delivered already.
        RuleBroken: the proof is missing, or the instant lies before the agreement or ahead.
    Source: PRE-24b, PRE-24c.
    """
    locked = (
        PolicyDelivery.objects.select_for_update(of=("self",))
        .select_related("policy__unit")
        .get(pk=delivery.pk)
    )
    check(by, Permission.QUOTE_POLICIES, unit=locked.policy.unit)
    if locked.delivered_at is not None:
        raise WrongState("delivered", _("It was delivered already."))
    if not proof_no.strip():
        raise RuleBroken("proof_missing", _("A delivery needs its proof."), field="proof_no")
    if not locked.agreed_at <= on <= at:
        raise RuleBroken(
            "delivery_time", _("It lies between the issue and now."), field="delivered_at"
        )
    locked.delivered_at, locked.proof_no, locked.recorded_by = on, proof_no.strip(), by
    locked.save(update_fields=["delivered_at", "proof_no", "recorded_by"])
    record_audit(
        action="underwriting.policy_delivered",
        subject=locked.policy,
        by=by,
        at=at,
        to=locked.to,
        mode=locked.mode,
        proof=locked.proof_no,
    )
    return locked
