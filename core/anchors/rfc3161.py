"""A time-stamp authority after RFC 3161. The token covers SHA-256 of the root's 32 bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from core.anchors.base import AnchorDown, BadReceipt
from core.anchors.web import post
from core.enums import AnchorKind


class Rfc3161Anchor:
    """Ask the authority of the settings; trust the root certificates of the named file (PEM)."""

    kind = AnchorKind.RFC3161.value

    def __init__(self, url: str, certificates: str):
        self.url, self.certificates = url, certificates

    def submit(self, *, root: bytes, at: dt.datetime) -> tuple[bytes, dt.datetime | None]:
        """Fetch a token and verify it before it is kept."""
        request = TimestampRequestBuilder().data(root).hash_algorithm(HashAlgorithm.SHA256).build()
        body = post(
            url=self.url, body=request.as_bytes(), content_type="application/timestamp-query"
        )
        return body, self._attested(root, body, nonce=request.nonce)

    def verify(self, *, root: bytes, receipt: bytes) -> dt.datetime | None:
        """Check signature, certificate chain and imprint of a kept token."""
        return self._attested(root, receipt, nonce=None)

    def _attested(self, root: bytes, token: bytes, *, nonce: int | None) -> dt.datetime:
        builder = VerifierBuilder()
        for certificate in self._roots():
            builder = builder.add_root_certificate(certificate)
        if nonce is not None:
            builder = builder.nonce(nonce)
        try:
            response: TimeStampResponse = decode_timestamp_response(token)
            builder.build().verify(response, hashlib.sha256(root).digest())
        except (VerificationError, ValueError) as wrong:
            raise BadReceipt(str(wrong) or type(wrong).__name__) from wrong
        return response.tst_info.gen_time

    def _roots(self) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(Path(self.certificates).read_bytes())
        except (OSError, ValueError) as failure:
            raise AnchorDown("EVIDENCE_TSA_CERTIFICATES names no readable file") from failure
