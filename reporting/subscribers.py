"""What the registers do when somebody below announces something."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from core.events import ChainBroken, HeadsUnanchored, chain_broken, heads_unanchored
from organization.events import (
    EmergencyUnreviewed,
    LeaverAskedAbout,
    LeaverThing,
    WorkHandedOver,
    emergency_unreviewed,
    leaver_asked_about,
    work_handed_over,
)
from reporting.selectors.self_checks import findings_of_leaver
from reporting.services.findings import follow_hand_over
from reporting.services.incidents import (
    open_anchor_incident,
    open_chain_incident,
    open_emergency_incident,
)


@receiver(chain_broken, dispatch_uid="reporting.incident_of_broken_chain")
def open_incident_of_broken_chain(event: ChainBroken, **_words: object) -> None:
    open_chain_incident(stream=event.stream, number=event.number, why=event.why, at=event.at)


@receiver(heads_unanchored, dispatch_uid="reporting.incident_of_unanchored_heads")
def open_incident_of_unanchored_heads(event: HeadsUnanchored, **_words: object) -> None:
    open_anchor_incident(kind=event.kind, heads=event.heads, since=event.since, at=event.at)


@receiver(emergency_unreviewed, dispatch_uid="reporting.incident_of_unreviewed_emergency")
def open_incident_of_unreviewed_emergency(event: EmergencyUnreviewed, **_words: object) -> None:
    open_emergency_incident(grant_id=event.grant_id, due_at=event.due_at, at=event.at)


@receiver(leaver_asked_about, dispatch_uid="reporting.findings_of_leaver")
def answer_with_findings(event: LeaverAskedAbout, **_words: object) -> list[LeaverThing]:
    """Tell the findings that a person owns; who takes the work on owns them from then on."""
    return [
        LeaverThing(
            label=_("Finding owned"),
            title=f"#{finding.pk} {finding.unit.name}",
            becomes=_("passes on with the work"),
        )
        for finding in findings_of_leaver(staff_id=event.staff_id)
    ]


@receiver(work_handed_over, dispatch_uid="reporting.findings_follow_work")
def let_findings_follow(event: WorkHandedOver, **_words: object) -> None:
    follow_hand_over(item_ids=event.item_ids, to_staff_id=event.to_staff_id)
