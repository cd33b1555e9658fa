"""Wake-up calls."""

from celery import shared_task

from core import anchors, chain, clock, jobs


@shared_task(name="core.run_job")
def run_job(*, job_id: int, **_: object) -> None:
    """Do one job, if it is still free."""
    jobs.run(job_id)


@shared_task(name="core.sweep_jobs")
def sweep_jobs(**_: object) -> None:
    """Drive again what waits or was left by a dead worker."""
    jobs.sweep(at=clock.now())


@shared_task(name="core.seal_chain")
def seal_chain_now(**_: object) -> None:
    """Sign a head over the day, and keep it outside."""
    chain.seal_chain(at=clock.now())


@shared_task(name="core.check_chain")
def check_chain_now(**_: object) -> None:
    """Verify the chain, and announce where it does not hold."""
    chain.check_chain(at=clock.now())


@shared_task(name="core.anchor_heads")
def anchor_heads(**_: object) -> None:
    """Write heads that the folder lacks, and deposit roots that lack a receipt."""
    at = clock.now()
    chain.export_heads(at=at)
    anchors.deposit_heads(at=at)
