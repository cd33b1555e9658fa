"""Identities. Names, document numbers and contacts are sealed; a blind index finds them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from parties.enums import ContactKind, PartyKind


class Party(models.Model):
    """One natural person or enterprise, whatever roles it has. Source: PRE-40a, PRE-02a.

    The name is the one last stated; those before are in `PartyName`. After its time an identity is
    deleted: the sealed columns are emptied, the indexes made random.
    """

    kind = models.CharField(max_length=10, choices=PartyKind)
    sealed_document = models.BinaryField()
    document_index = models.BinaryField(max_length=32, unique=True)
    sealed_name = models.BinaryField()
    name_index = models.BinaryField(max_length=32, db_index=True)
    restricted_at = models.DateTimeField(
        null=True, help_text="kept under a legal duty only; shown to nobody"
    )

    data_levels = levels(
        c2="sealed_document document_index sealed_name name_index",
        c1="restricted_at",
        none="kind",
    )
    sealed_by = sealed_by(sealed_document="document_index", sealed_name="document_index")

    def __str__(self) -> str:
        return f"party {self.pk}"

    @property
    def is_erased(self) -> bool:
        """Tell whether the identity was deleted at the end of its time."""
        return not self.sealed_document


class PartyName(models.Model):
    """A name that a party bore until another was stated under its document. Appended only."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="earlier_names")
    sealed_name = models.BinaryField()
    name_index = models.BinaryField(max_length=32, db_index=True)
    replaced_at = models.DateTimeField()

    data_levels = levels(c2="sealed_name name_index", c1="party replaced_at")
    sealed_by = sealed_by(sealed_name="party_id name_index")

    class Meta:
        indexes = [models.Index(fields=["party", "-replaced_at"], name="partyname_history")]

    def __str__(self) -> str:
        return f"name of party {self.party_id}"


class PartyContact(models.Model):
    """A telephone, card, e-mail or address of a party, as stated from an instant on.

    Source: CRM-39; the value is sealed and found by its exact normal form.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10, choices=ContactKind)
    sealed_value = models.BinaryField()
    value_index = models.BinaryField(max_length=32)
    known_at = models.DateTimeField()
    known_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    data_levels = levels(
        c2="sealed_value value_index", c1="party", none="kind known_at known_by ended_at"
    )
    sealed_by = sealed_by(sealed_value="party_id value_index")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "value_index"],
                condition=models.Q(ended_at__isnull=True),
                name="partycontact_once",
                violation_error_message=_("This contact is known already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("known_at")),
                name="partycontact_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["kind", "value_index"], name="partycontact_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} of party {self.party_id}"
