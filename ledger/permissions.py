"""Who may read and write the books and the figures of finance."""

from django.utils.translation import gettext as _

from ledger.errors import NotPermitted
from ledger.models import FinanceBatch, LedgerPeriod, PostingRule, Voucher
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


def may_view_books(staff: Staff) -> bool:
    """Tell whether the person may read the books; which lines, the own unit says."""
    return permissions.works_in_business(staff) and permissions.may(staff, Permission.VIEW_BOOKS)


def may_post_vouchers(staff: Staff) -> bool:
    """Tell whether the person drafts vouchers, posting rules and closings."""
    return permissions.may(staff, Permission.POST_VOUCHERS)


def check_post_vouchers(staff: Staff) -> None:
    """Refuse a person who does not draft vouchers, posting rules and closings.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.POST_VOUCHERS, unit=head_office())


def may_decide_voucher(staff: Staff, voucher: Voucher) -> bool:
    """Tell whether the person may approve this voucher."""
    is_another = voucher.drafted_by_id != staff.pk
    return is_another and permissions.may(staff, Permission.APPROVE_VOUCHERS)


def check_decide_voucher(staff: Staff, voucher: Voucher) -> None:
    """Refuse a person who may not approve this voucher.

    Raises:
        NotPermitted: the permission is lacking, or the person drafted it.
    """
    permissions.check(staff, Permission.APPROVE_VOUCHERS, unit=head_office())
    if voucher.drafted_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever drafts a voucher does not approve it."))


def may_refuse_voucher(staff: Staff, voucher: Voucher) -> bool:
    """Tell whether the person may refuse this voucher, or take it back."""
    is_maker = voucher.drafted_by_id == staff.pk and may_post_vouchers(staff)
    return is_maker or may_decide_voucher(staff, voucher)


def check_refuse_voucher(staff: Staff, voucher: Voucher) -> None:
    """Refuse a person who may neither refuse this voucher nor take it back.

    Raises:
        NotPermitted: the person neither drafted it nor approves vouchers.
    """
    if not may_refuse_voucher(staff, voucher):
        raise NotPermitted(
            "not_permitted",
            _("Only whoever drafted the voucher, or approves vouchers, may refuse it."),
        )


def may_decide_rule(staff: Staff, rule: PostingRule) -> bool:
    """Tell whether the person may approve this posting rule."""
    is_another = rule.proposed_by_id != staff.pk
    return is_another and permissions.may(staff, Permission.APPROVE_VOUCHERS)


def check_decide_rule(staff: Staff, rule: PostingRule) -> None:
    """Refuse a person who may not approve this posting rule.

    Raises:
        NotPermitted: the permission is lacking, or the person proposed it.
    """
    permissions.check(staff, Permission.APPROVE_VOUCHERS, unit=head_office())
    if rule.proposed_by_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes a posting rule does not approve it.")
        )


def may_close_books(staff: Staff, period: LedgerPeriod) -> bool:
    """Tell whether the person may confirm the closing of this month."""
    is_another = period.prepared_by_id != staff.pk
    return is_another and permissions.may(staff, Permission.CLOSE_BOOKS)


def check_close_books(staff: Staff, period: LedgerPeriod) -> None:
    """Refuse a person who may not confirm the closing of this month.

    Raises:
        NotPermitted: the permission is lacking, or the person prepared it.
    """
    permissions.check(staff, Permission.CLOSE_BOOKS, unit=head_office())
    if period.prepared_by_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever prepared the closing does not confirm it.")
        )


def may_export_books(staff: Staff) -> bool:
    """Tell whether the person may take vouchers out of the house as a file."""
    return may_view_books(staff) and permissions.may(staff, Permission.EXPORT)


def check_view_books(staff: Staff) -> None:
    """Refuse a person who may not read the books.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.VIEW_BOOKS, unit=head_office())
