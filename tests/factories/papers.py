"""Small files that are what their endings say."""


def plain_pdf(extra: bytes = b"") -> bytes:
    """Return a PDF of no page; `extra` goes in as further objects."""
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n" + extra + b"\n"
        b"trailer\n<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"
    )
