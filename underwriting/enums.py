"""Words of loans under cover and of the controls on new business."""

from django.db import models
from django.utils.translation import gettext_lazy as _

UNRATED = "未评级"
OBLIGOR_TYPE_UNKNOWN = "未知"


class NameKind(models.TextChoices):
    BRANCH = "branch", _("Branch")
    CHANNEL = "channel", _("Channel")
    PRODUCT = "product", _("Product")
