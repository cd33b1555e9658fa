"""Tasks of the products."""

from celery import shared_task

from core import clock
from products.services import open_due_reviews


@shared_task(name="products.open_due_reviews")
def open_reviews(**_: object) -> None:
    """Open the reviews of versions on sale that have fallen due."""
    open_due_reviews(as_of=clock.today(), at=clock.now())
