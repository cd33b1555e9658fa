"""Writes of reporting."""

from reporting.services.drafting import draft_report, request_draft, request_last_quarter
from reporting.services.packs import Pack, keep_pack, make_pack
from reporting.services.release import release_report, review_report

__all__ = [
    "Pack",
    "draft_report",
    "keep_pack",
    "make_pack",
    "release_report",
    "request_draft",
    "request_last_quarter",
    "review_report",
]
