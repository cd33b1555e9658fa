"""What underwriting answers when the organisation or the products ask."""

from django.db import connection
from django.utils.translation import gettext as _

from organization.events import PartiesAskedAbout, TreeAskedAbout, UnitAskedAbout, UnitBurden
from products.selectors import register_refunds, register_tracking
from underwriting.models import Control, Loan
from underwriting.selectors import partner_traits
from underwriting.selectors.refunds import example_refund
from underwriting.selectors.tracking import book_of_version, policies_of_version


def count_loans(*, event: UnitAskedAbout, **_words: object) -> list[UnitBurden]:
    """Answer how many loans under cover are booked in a unit and below it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT underwriting_loans_under(%s)", [event.path])
        loans = cursor.fetchone()[0]
    return [UnitBurden(label=_("Loans under cover"), count=loans)]


def loans_of_units(*, event: TreeAskedAbout, **_words: object) -> dict[int, int]:
    """Answer how many loans under cover are booked in each unit itself; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit, loans FROM underwriting_loans_of_units()")
        return dict(cursor.fetchall())


def parties_of_loan(*, event: PartiesAskedAbout, **_words: object) -> list[tuple[str, bytes]]:
    """Answer the obligor of a loan under cover."""
    if event.subject_type != Loan._meta.label_lower:
        return []
    found = Loan.objects.filter(pk=event.subject_id)
    indexes = found.values_list("obligor__document_index", flat=True)
    return [("document", bytes(index)) for index in indexes]


def partner_of_control(*, event: PartiesAskedAbout, **_words: object) -> list[tuple[str, bytes]]:
    """Answer the lender of a control's slice, whose former or present people stay out."""
    if event.subject_type != Control._meta.label_lower:
        return []
    control = event.row or Control.objects.filter(pk=event.subject_id).first()
    if control is None:
        return []
    return partner_traits(
        lender_id=control.lender_id, dimension=control.dimension, value=control.value
    )


def report_to_products() -> None:
    """Say to the products who reports figures of a version, and who reckons refunds. PRE-33c."""
    register_tracking("policies", policies_of_version)
    register_tracking("book", book_of_version)
    register_refunds(example_refund)
