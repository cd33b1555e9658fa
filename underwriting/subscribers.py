"""What underwriting answers when the organisation asks."""

from django.db import connection
from django.utils.translation import gettext as _

from organization.events import UnitAskedAbout, UnitBurden


def count_loans(*, event: UnitAskedAbout, **_words: object) -> list[UnitBurden]:
    """Answer how many loans under cover are booked in a unit and below it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT underwriting_loans_under(%s)", [event.path])
        loans = cursor.fetchone()[0]
    return [UnitBurden(label=_("Loans under cover"), count=loans)]
