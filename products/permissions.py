"""Who may see, draft, review and sell products."""

from __future__ import annotations

from django.utils.translation import gettext as _

from organization import permissions
from organization.enums import Permission
from organization.models import Staff
from organization.selectors import head_office
from products.errors import NotPermitted


def may_see_products(staff: Staff) -> bool:
    """Tell whether the person reads the filed terms and prices by them: the whole business."""
    return permissions.works_in_business(staff)


def check_see_products(staff: Staff) -> None:
    """Refuse a person who has nothing to do with the business.

    Raises:
        NotPermitted: an administrator or a regulator.
    """
    if not may_see_products(staff):
        raise NotPermitted("not_permitted", _("Products are seen by the business alone."))


def may_track(staff: Staff) -> bool:
    """Tell whether the person reads how products do in the whole house."""
    return may_see_products(staff) and staff.unit_id == head_office().pk


def check_track(staff: Staff) -> None:
    """Refuse a person who does not read figures of the whole house.

    Raises:
        NotPermitted: a branch, an administrator or a regulator.
    """
    if not may_track(staff):
        raise NotPermitted(
            "not_permitted", _("How products do in the whole house is for the head office.")
        )


def may_edit(staff: Staff) -> bool:
    """Tell whether the person drafts products, clauses and reviews."""
    return permissions.may(staff, Permission.EDIT_PRODUCTS)


def check_edit(staff: Staff | None) -> None:
    """Refuse a person who does not draft products.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.EDIT_PRODUCTS, unit=head_office())


def may_review(staff: Staff, *, maker_id: int | None) -> bool:
    """Tell whether the person may review what another made: formula, clause, product review."""
    return maker_id != staff.pk and permissions.may(staff, Permission.REVIEW_PRODUCTS)


def check_review(staff: Staff, *, maker_id: int | None) -> None:
    """Refuse a person who may not review this.

    Raises:
        NotPermitted: the permission is lacking, or the person made it.
    """
    permissions.check(staff, Permission.REVIEW_PRODUCTS, unit=head_office())
    if maker_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever made it does not review it."))


def may_sell(staff: Staff, *, maker_id: int | None) -> bool:
    """Tell whether the person may put a version on sale that another drafted, or stop it."""
    return maker_id != staff.pk and permissions.may(staff, Permission.SELL_PRODUCTS)


def check_sell(staff: Staff, *, maker_id: int | None) -> None:
    """Refuse a person who may not put this version on sale or stop it.

    Raises:
        NotPermitted: the permission is lacking, or the person drafted it.
    """
    permissions.check(staff, Permission.SELL_PRODUCTS, unit=head_office())
    if maker_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever drafted a version does not put it on sale.")
        )
