"""What the registers do when somebody below announces something."""

from django.dispatch import receiver

from core.events import ChainBroken, chain_broken
from reporting.services.incidents import open_chain_incident


@receiver(chain_broken, dispatch_uid="reporting.incident_of_broken_chain")
def open_incident_of_broken_chain(event: ChainBroken, **_: object) -> None:
    open_chain_incident(stream=event.stream, number=event.number, why=event.why, at=event.at)
