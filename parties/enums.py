"""Words of the parties."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartyKind(models.TextChoices):
    PERSON = "person", _("Natural person")
    ENTERPRISE = "enterprise", _("Enterprise")
    UNKNOWN = "unknown", _("Unknown")


class ContactKind(models.TextChoices):
    """What reaches a party or pays to it; each kind has its normal form and its mask."""

    PHONE = "phone", _("Telephone number")
    CARD = "card", _("Card or account number")
    EMAIL = "email", _("E-mail address")
    ADDRESS = "address", _("Address")
