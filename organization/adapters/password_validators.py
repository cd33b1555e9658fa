"""Validators that Django asks, one set per profile; every figure is a parameter of the house."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import clock
from organization.models import Staff
from organization.rules.passwords import classes_of, names_in
from organization.selectors.sign_in import figure

HOUSE = ("xinbao", "password")


class LengthValidator:
    """As long as `security.<parameter>` says, in characters."""

    def __init__(self, parameter: str):
        self.parameter = parameter

    def validate(self, password: str, user: Staff | None = None) -> None:
        if len(password) < self._least():
            raise ValidationError(self.get_help_text(), code="password_short")

    def get_help_text(self) -> str:
        return _("A password has at least %(count)d characters.") % {"count": self._least()}

    def _least(self) -> int:
        return figure(name=self.parameter, at=clock.now())


class MixtureValidator:
    """Of as many kinds of characters as `security.password_classes` says (profile GB)."""

    def validate(self, password: str, user: Staff | None = None) -> None:
        if classes_of(password) < self._least():
            raise ValidationError(self.get_help_text(), code="password_plain")

    def get_help_text(self) -> str:
        return _(
            "A password has at least %(count)d of: lower case, upper case, digits, other signs."
        ) % {"count": self._least()}

    def _least(self) -> int:
        return figure(name="password_classes", at=clock.now())


class BlockedWordsValidator:
    """Without the person's user name, name, or the name of the house."""

    def validate(self, password: str, user: Staff | None = None) -> None:
        own = () if user is None else (user.username, user.name)
        if names_in(password, words=(*own, *HOUSE)):
            raise ValidationError(self.get_help_text(), code="password_named")

    def get_help_text(self) -> str:
        return _("A password does not hold your name, your user name or the name of the house.")
