"""What postloss does when those below it announce something."""

from typing import Any

from django.db import connection
from django.dispatch import receiver

from organization.events import PartiesAskedAbout, WorkHandedOver
from parties.enums import RecordKind
from parties.events import RecordDeleted, record_deleted
from postloss.models import RiskWarning
from postloss.services.retention import forget_rejected_lines
from underwriting.selectors import partner_traits


@receiver(record_deleted, dispatch_uid="postloss.forget_rejected_lines")
def forget_with_the_file(event: RecordDeleted, **_: Any) -> None:
    """A deleted lender file takes its rejected lines with it."""
    if event.kind == RecordKind.LENDER_FILE and event.stored_id is not None:
        forget_rejected_lines(stored_id=event.stored_id)


def follow_hand_over(*, event: WorkHandedOver, **_: object) -> None:
    """Let the assignment of warnings follow the work that was handed over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT postloss_reassign_warnings(%s)", [list(event.item_ids)])


def partner_of_warning(*, event: PartiesAskedAbout, **_: object) -> list[tuple[str, bytes]]:
    """Answer the lender that a warning speaks of: whoever named it as an employer stays out."""
    if event.subject_type != RiskWarning._meta.label_lower:
        return []
    if event.row is not None:
        lender_id, dimension, value = event.row.lender_id, event.row.dimension, event.row.value
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT lender, dimension, value FROM postloss_slice_of_warning(%s)",
                [int(event.subject_id)],
            )
            lender_id, dimension, value = cursor.fetchone()
    return partner_traits(lender_id=lender_id, dimension=dimension, value=value)
