"""Tasks of underwriting."""

from celery import shared_task

from core import clock
from underwriting.services.calendar import run_day
from underwriting.services.inclusive import freeze_last_quarter


@shared_task(name="underwriting.freeze_inclusive_ratio")
def freeze_inclusive(**_: object) -> None:
    """Freeze the inclusive ratio of the quarter that ended, once its last day is known."""
    freeze_last_quarter(today=clock.today(), at=clock.now())


@shared_task(name="underwriting.run_day")
def run_day_of_policies(**_: object) -> None:
    """Let premiums fall due and policies expire, once a day."""
    run_day(today=clock.today(), at=clock.now())
