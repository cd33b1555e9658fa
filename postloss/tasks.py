"""Bodies of the jobs of watching; the interface that has no screen."""

from core.jobs import Heartbeat
from core.models import Job
from partners.models import LenderFile
from postloss.services.importing import load_file


def load_lender_file(job: Job, heartbeat: Heartbeat) -> dict:
    """Load one received file to its end."""
    file = load_file(
        file=LenderFile.objects.get(pk=job.payload["file_id"]), heartbeat=heartbeat
    )
    return {
        name: getattr(file, name)
        for name in ("rows", "accepted", "rejected", "unchanged", "flagged", "refusal")
    }
