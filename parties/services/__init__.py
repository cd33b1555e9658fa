"""Writes of identities and of how they are reached."""

from parties.services.contacts import end_contact, know_contact
from parties.services.identities import know_parties

__all__ = ["end_contact", "know_contact", "know_parties"]
