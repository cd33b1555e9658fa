"""What postloss does when the organisation announces something."""

from django.db import connection

from organization.events import WorkHandedOver


def follow_hand_over(*, event: WorkHandedOver, **_: object) -> None:
    """Let the assignment of warnings follow the work that was handed over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT postloss_reassign_warnings(%s)", [list(event.item_ids)])
