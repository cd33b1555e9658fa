"""Bodies of the jobs of the desk."""

from django.urls import reverse
from django.utils.translation import gettext

from core import clock
from core.chain import check_chain
from core.errors import RuleBroken
from core.jobs import Heartbeat
from core.models import EvidencePack, Job
from core.services.packs import make_pack


def make_evidence_pack(job: Job, heartbeat: Heartbeat) -> dict:
    """Make an evidence pack, and keep it."""
    pack = EvidencePack.objects.select_related("asked_by__unit").get(pk=job.payload["pack"])
    make_pack(pack=pack, at=clock.now(), heartbeat=heartbeat)
    return {
        "text": gettext("Evidence pack %(code)s is ready") % {"code": pack.code},
        "url": reverse("desk:evidence_pack", args=[pack.pk]),
    }


def verify_chain(job: Job, heartbeat: Heartbeat) -> dict:
    """Verify the whole evidence chain with its signed heads."""
    report = check_chain(at=clock.now(), say=lambda number: heartbeat(done=number))
    if report.bad:
        raise RuleBroken("chain_not_whole", str(report.bad))
    words = gettext("%(records)s records and %(heads)s signed heads hold")
    return {
        "text": words % {"records": report.checked, "heads": report.heads},
        "url": reverse("desk:chain"),
        "notes": report.notes,
    }
