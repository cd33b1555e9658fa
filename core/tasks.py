"""Wake-up calls."""

from celery import shared_task

from core import clock, jobs


@shared_task(name="core.run_job")
def run_job(*, job_id: int, **_: object) -> None:
    """Do one job, if it is still free."""
    jobs.run(job_id)


@shared_task(name="core.sweep_jobs")
def sweep_jobs(**_: object) -> None:
    """Drive again what waits or was left by a dead worker."""
    jobs.sweep(at=clock.now())
