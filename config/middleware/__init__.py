"""Middleware of the house: language, refusals as pages, who may go on, and what they may see."""

from config.middleware.pages import (
    ChosenLanguageMiddleware,
    DomainErrorMiddleware,
    OriginMiddleware,
)
from config.middleware.row_security import RowSecurityMiddleware
from config.middleware.signed_in import SignedInMiddleware
from config.middleware.visits import VisitMiddleware

__all__ = [
    "ChosenLanguageMiddleware",
    "DomainErrorMiddleware",
    "OriginMiddleware",
    "RowSecurityMiddleware",
    "SignedInMiddleware",
    "VisitMiddleware",
]
