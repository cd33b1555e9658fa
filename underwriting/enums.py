"""Words of loans under cover and of the controls on new business."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

UNRATED = "未评级"
OBLIGOR_TYPE_UNKNOWN = "未知"


class NameKind(models.TextChoices):
    BRANCH = "branch", _("Branch")
    CHANNEL = "channel", _("Channel")
    PRODUCT = "product", _("Product")


class TreatyKind(models.TextChoices):
    """How a treaty takes part of a risk; excess of loss takes no share of it. Source: F13."""

    QUOTA_SHARE = "quota_share", _("Quota share")
    SURPLUS = "surplus", _("Surplus")
    EXCESS_OF_LOSS = "excess_of_loss", _("Excess of loss")


class TreatyBasis(models.TextChoices):
    """Which policies a treaty covers: those that begin in its time, or what happens in its time."""

    RISK_ATTACHING = "risk_attaching", _("Risks attaching")
    LOSSES_OCCURRING = "losses_occurring", _("Losses occurring")


class TreatyStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class CoinsuranceRole(models.TextChoices):
    LEADER = "leader", pgettext_lazy("co-insurance", "Leader")
    FOLLOWER = "follower", pgettext_lazy("co-insurance", "Follower")


class EnterpriseSize(models.TextChoices):
    """Sizes of the national standard; all but the large are small and medium. Source: PRE-02c."""

    LARGE = "large", pgettext_lazy("enterprise", "Large")
    MEDIUM = "medium", pgettext_lazy("enterprise", "Medium")
    SMALL = "small", pgettext_lazy("enterprise", "Small")
    MICRO = "micro", pgettext_lazy("enterprise", "Micro")


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
