"""Identities. Names and document numbers are sealed; a blind index finds them."""

from __future__ import annotations

from django.db import models

from core.data_levels import levels
from parties.enums import PartyKind


class Party(models.Model):
    """One natural person or enterprise, whatever roles it has. Source: PRE-40a, PRE-02a.

    After its time an identity is deleted: the sealed columns are emptied, the indexes made random.
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
        c2="sealed_document document_index sealed_name name_index", c1="kind restricted_at"
    )

    def __str__(self) -> str:
        return f"party {self.pk}"

    @property
    def is_erased(self) -> bool:
        """Tell whether the identity was deleted at the end of its time."""
        return not self.sealed_document
