"""Refusals, in five kinds. Two translators only: the form and `application/problem+json`."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal with a code, one sentence for the user, and the field it belongs to."""

    status = 422

    def __init__(self, code: str, message: str, field: str | None = None, **context: object):
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.context = context


class NotPermitted(DomainError):
    """The person may not do this."""

    status = 403


class Missing(DomainError):
    """The object does not exist for this person."""

    status = 404


class WrongState(DomainError):
    """The object is not in a state that allows this."""

    status = 409


class Conflict(DomainError):
    """Somebody else was faster, or the same thing was done already."""

    status = 409


class RuleBroken(DomainError):
    """A rule of the business refuses this."""

    status = 422
