"""Middleware of the house: language, refusals as pages, and who may go on with a session."""

from config.middleware.pages import ChosenLanguageMiddleware, DomainErrorMiddleware
from config.middleware.signed_in import SignedInMiddleware

__all__ = ["ChosenLanguageMiddleware", "DomainErrorMiddleware", "SignedInMiddleware"]
