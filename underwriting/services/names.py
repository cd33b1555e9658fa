"""Lead lenders' names of branches, channels and products to our own places."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.services import record_audit
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.permissions import check
from organization.services.awaiting import align_work
from partners.models import Channel, Lender
from products.models import ProductVersion
from underwriting.enums import NameKind
from underwriting.models import NameMapping

Place = Unit | Channel | ProductVersion
_KIND_OF_PLACE = {
    Unit: NameKind.BRANCH,
    Channel: NameKind.CHANNEL,
    ProductVersion: NameKind.PRODUCT,
}
_FIELD = {
    NameKind.BRANCH: "unit",
    NameKind.CHANNEL: "channel",
    NameKind.PRODUCT: "product_version",
}


@transaction.atomic
def confirm_name(
    *,
    mapping: NameMapping,
    place: Place,
    valid_from: dt.date,
    by: Staff | None,
    at: dt.datetime,
    source: str = "",
) -> NameMapping:
    """Confirm where a lender's name leads from a date on.

    An unconfirmed mapping takes the place; a confirmed one ends on the date and a new one begins.
    Closed months keep what they were closed with.

    Raises:
        NotPermitted: the person may not confirm names.
        RuleBroken: the place is of another kind, or the date is not after the mapping's start.
    """
    check(by, Permission.CONFIRM_NAMES)
    mapping = NameMapping.objects.select_for_update(of=("self",)).get(pk=mapping.pk)
    kind = NameKind(mapping.book_name.kind)
    if _KIND_OF_PLACE[type(place)] != kind:
        raise RuleBroken(
            "place_of_other_kind",
            _("A name of the kind “%(kind)s” cannot lead to “%(place)s”.")
            % {"kind": kind.label, "place": place},
        )
    if mapping.confirmed_at is not None:
        mapping = _follow(mapping, valid_from)
    mapping.valid_from = valid_from
    setattr(mapping, _FIELD[kind], place)
    mapping.confirmed_by, mapping.confirmed_at, mapping.source = by, at, source
    mapping.save()
    follow_names(lender=mapping.lender, by=by, at=at)
    record_audit(
        action="name_confirmed", subject=mapping, by=by, at=at, place=str(place), source=source
    )
    return mapping


def follow_names(*, lender: Lender, by: Staff | None, at: dt.datetime) -> None:
    """Let a lender's unconfirmed names wait for the head office, until none is left."""
    align_work(subjects=[lender], by=by, at=at, outcome="confirmed")


def _follow(mapping: NameMapping, valid_from: dt.date) -> NameMapping:
    if valid_from <= mapping.valid_from:
        raise RuleBroken(
            "mapping_starts_too_early",
            _("This name is already mapped from %(day)s; choose a later date.")
            % {"day": mapping.valid_from},
            field="valid_from",
        )
    ends = mapping.valid_to
    mapping.valid_to = valid_from
    mapping.save(update_fields=["valid_to"])
    return NameMapping(
        lender_id=mapping.lender_id, book_name_id=mapping.book_name_id, valid_to=ends
    )
