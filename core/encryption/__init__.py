"""Field and file encryption: a key and a cipher named in every value, and a keyed blind index.

Source: safety.md, field encryption; PRE-40a, CRM-39, EVID-13; docs/adr/0014.
"""

from core.encryption.ciphers import Cipher, SealingKey
from core.encryption.index import blind_index, keyed_digest, normalise
from core.encryption.keys import KeyNotAtHand, sealing_key, sealing_under
from core.encryption.sealing import (
    Unsealable,
    key_id_of,
    place_key,
    seal,
    sealed_head,
    unseal,
    unseal_bytes,
)
from core.masking import mask_document, mask_name

__all__ = [
    "Cipher",
    "KeyNotAtHand",
    "SealingKey",
    "Unsealable",
    "blind_index",
    "key_id_of",
    "keyed_digest",
    "mask_document",
    "mask_name",
    "normalise",
    "place_key",
    "seal",
    "sealed_head",
    "sealing_key",
    "sealing_under",
    "unseal",
    "unseal_bytes",
]
