"""Words of loans under cover and of the controls on new business."""

from django.db import models
from django.utils.translation import gettext_lazy as _

UNRATED = "未评级"
OBLIGOR_TYPE_UNKNOWN = "未知"


class NameKind(models.TextChoices):
    BRANCH = "branch", _("Branch")
    CHANNEL = "channel", _("Channel")
    PRODUCT = "product", _("Product")


class ControlKind(models.TextChoices):
    """What a warning does to new business, strictest first. Source: POST-08b, POST-08f-i."""

    SUSPEND = "suspend", _("New business suspended")
    CUT_LINE = "cut_line", _("Line cut")
    FREEZE_LOOSENING = "freeze_loosening", _("No loosening")


class ControlDimension(models.TextChoices):
    """What a slice of new business is cut by; age is missing, for new business has none."""

    TOTAL = "total", _("Total")
    BRANCH = "branch", _("Branch")
    LENDER = "lender", _("Lender")
    CHANNEL = "channel", _("Channel")
    PRODUCT = "product", _("Product")
    GRADE = "grade", _("Grade")
    OBLIGOR_TYPE = "obligor_type", _("Obligor type")
