"""Who may open the pages of the desk that need a permission of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import NotPermitted
from core.models import MessageTemplate
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import allows, check, may


def check_see_inventory(staff: Staff) -> None:
    """Refuse the data inventory to whoever keeps no registers.

    Raises:
        NotPermitted: as said.
    """
    if not may(staff, Permission.APPROVE_REGISTERS):
        check(staff, Permission.MAINTAIN_REGISTERS)


def may_see_inventory(staff: Staff) -> bool:
    """Tell whether the person sees the data inventory: the boolean twin."""
    try:
        check_see_inventory(staff)
    except NotPermitted:
        return False
    return True


def may_rotate_keys(staff: Staff) -> bool:
    """Tell whether the person sees and changes the register of keys."""
    return may(staff, Permission.ROTATE_KEYS)


def check_see_deliveries(staff: Staff) -> None:
    """Refuse what became of messages to whoever neither audits nor keeps the system.

    Raises:
        NotPermitted: as said.
    """
    if not may(staff, Permission.MANAGE_STAFF):
        check(staff, Permission.SEARCH_AUDIT)


def may_see_deliveries(staff: Staff) -> bool:
    """Tell whether the person sees what became of messages: the boolean twin."""
    return allows(check_see_deliveries, staff)


def check_clear_delivery(staff: Staff) -> None:
    """Refuse to decide on a doubtful delivery to whoever does not keep the system.

    Raises:
        NotPermitted: as said.
    """
    check(staff, Permission.MANAGE_STAFF)


def may_clear_delivery(staff: Staff) -> bool:
    """Tell whether the person decides on doubtful deliveries: the boolean twin."""
    return allows(check_clear_delivery, staff)


def check_see_templates(staff: Staff) -> None:
    """Refuse the register of message words to whoever neither edits nor approves them.

    Raises:
        NotPermitted: as said.
    """
    if not may(staff, Permission.APPROVE_REGISTERS):
        check(staff, Permission.MANAGE_TEMPLATES)


def may_see_templates(staff: Staff) -> bool:
    """Tell whether the person sees the register of message words: the boolean twin."""
    return allows(check_see_templates, staff)


def check_decide_template(staff: Staff, *, template: MessageTemplate) -> None:
    """Refuse a decision on words to whoever proposed them, or neither edits nor approves.

    Raises:
        NotPermitted: as said.
    """
    check_see_templates(staff)
    if template.proposed_by_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes a template does not decide on it.")
        )


def may_decide_template(staff: Staff, *, template: MessageTemplate) -> bool:
    """Tell whether the person may decide on the words: the boolean twin."""
    return allows(check_decide_template, staff, template=template)
