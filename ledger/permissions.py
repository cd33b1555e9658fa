"""Who may bring in finance figures, sign them off and read them: people of the head office."""

from django.utils.translation import gettext as _

from ledger.errors import NotPermitted
from ledger.models import FinanceBatch
from organization import permissions
from organization.enums import Permission, UnitKind
from organization.models import Staff
from organization.selectors import head_office


def may_see_finance(staff: Staff) -> bool:
    """Tell whether the person sees finance figures: the business of the head office."""
    return permissions.works_in_business(staff) and staff.unit.kind == UnitKind.HEAD_OFFICE


def check_import(staff: Staff) -> None:
    """Refuse a person who may not import finance figures.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.IMPORT_FINANCE, unit=head_office())


def may_import(staff: Staff) -> bool:
    """Tell whether the person may import finance figures."""
    return may_see_finance(staff) and permissions.may(staff, Permission.IMPORT_FINANCE)


def check_sign_off(staff: Staff, batch: FinanceBatch) -> None:
    """Refuse a person who may not sign off this batch.

    Raises:
        NotPermitted: the permission is lacking, or the person imported the batch.
    """
    permissions.check(staff, Permission.SIGN_OFF_FINANCE, unit=head_office())
    if batch.imported_by_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever imported the figures may not sign them off.")
        )


def may_sign_off(staff: Staff, batch: FinanceBatch) -> bool:
    """Tell whether the person may sign off this batch."""
    is_another = batch.imported_by_id != staff.pk
    return (
        is_another
        and may_see_finance(staff)
        and permissions.may(staff, Permission.SIGN_OFF_FINANCE)
    )


def check_withdraw(staff: Staff, batch: FinanceBatch) -> None:
    """Refuse a person who may not withdraw this batch.

    Raises:
        NotPermitted: the person neither imported it nor may sign it off.
    """
    if not may_withdraw(staff, batch):
        raise NotPermitted(
            "not_permitted",
            _("Only whoever imported the figures, or may sign them off, may withdraw them."),
        )


def may_withdraw(staff: Staff, batch: FinanceBatch) -> bool:
    """Tell whether the person may withdraw this batch: its maker, or one who may sign it off."""
    is_maker = batch.imported_by_id == staff.pk and may_import(staff)
    return is_maker or may_sign_off(staff, batch)
