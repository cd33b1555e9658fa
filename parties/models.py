"""Identities. Names and document numbers are sealed; a blind index finds them."""

from __future__ import annotations

from django.db import models

from parties.enums import PartyKind


class Party(models.Model):
    """One natural person or enterprise, whatever roles it has. Source: PRE-40a, PRE-02a."""

    kind = models.CharField(max_length=10, choices=PartyKind)
    sealed_document = models.BinaryField()
    document_index = models.BinaryField(max_length=32, unique=True)
    sealed_name = models.BinaryField()
    name_index = models.BinaryField(max_length=32, db_index=True)

    def __str__(self) -> str:
        return f"party {self.pk}"
