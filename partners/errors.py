"""Refusals of the partners."""

from django.utils.translation import gettext as _

from core.errors import Missing


class LenderMissing(Missing):
    """No lender has this code."""

    def __init__(self, code: str):
        super().__init__(
            "lender_missing",
            _("There is no lender %(code)s; create it with --create-lender NAME.") % {"code": code},
            field="lender",
        )
