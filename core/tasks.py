"""Wake-up calls, and the body of the rotation of keys."""

from celery import shared_task
from django.utils.translation import gettext

from core import anchors, chain, clock, jobs, outbox
from core.jobs import Heartbeat
from core.models import Job, KeyRotation
from core.services import files
from core.services.keys import finish_rotation, note_counts
from core.services.resealing import reseal_all


@shared_task(name="core.run_job")
def run_job(*, job_id: int, **_: object) -> None:
    """Do one job, if it is still free."""
    jobs.run(job_id)


@shared_task(name="core.sweep_jobs")
def sweep_jobs(**_: object) -> None:
    """Drive again what waits or was left by a dead worker."""
    jobs.sweep(at=clock.now())


@shared_task(name="core.relay_outbox")
def relay_outbox(**_: object) -> None:
    """Tell the outside what waits in the outbox."""
    outbox.relay(at=clock.now())


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


def rotate_field_keys(job: Job, heartbeat: Heartbeat) -> dict:
    """Seal every value anew under the key of an approved rotation."""
    rotation = KeyRotation.objects.select_related("key").get(pk=job.payload["rotation_id"])
    resealed, unreadable = reseal_all(rotation=rotation, at=clock.now(), heartbeat=heartbeat)
    done = finish_rotation(
        rotation=rotation, resealed=resealed, unreadable=unreadable, at=clock.now()
    )
    note_counts(at=clock.now())
    words = gettext("%(number)s values sealed anew, %(bad)s do not open")
    return {
        "resealed": done.resealed,
        "unreadable": unreadable,
        "text": words % {"number": done.resealed, "bad": unreadable},
    }


def count_sealed_values(_job: Job, _heartbeat: Heartbeat) -> dict:
    """Count what each field key still seals."""
    counts = note_counts(at=clock.now())
    return {"text": ", ".join(f"{name}: {number}" for name, number in sorted(counts.items()))}


@shared_task(name="core.scan_waiting_files")
def scan_waiting_files(**_: object) -> None:
    """Scan what came in while the scanner was silent."""
    files.scan_waiting_files(at=clock.now())


@shared_task(name="core.sweep_files")
def sweep_files(**_: object) -> None:
    """Remove what a rollback left in the store, and name what it lacks."""
    files.sweep_files(at=clock.now())
