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


class OwnerRole(models.TextChoices):
    """Who of a business borrowed for it; only such loans of persons count as its own. PRE-02d."""

    SOLE_TRADER = "sole_trader", _("Sole trader: the trade is the obligor's own")
    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    SPOUSE = "spouse", _("Spouse of the owner")
    MAJOR_SHAREHOLDER = "major_shareholder", _("Major shareholder")
    CONTROLLER = "controller", _("Actual controller")


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


# policies


class PolicyState(models.TextChoices):
    IN_FORCE = "in_force", _("Policy in force")
    SETTLED = "settled", _("Ended: loan settled early")
    SURRENDERED = "surrendered", _("Ended: surrendered")
    LAPSED = "lapsed", _("Ended: lapsed")
    EXPIRED = "expired", _("Ended: expired")
    CLAIMED = "claimed", _("Ended: claim paid")


class QuoteStatus(models.TextChoices):
    OPEN = "quoted", _("Quoted")
    ISSUED = "issued", _("Policy issued from it")
    WITHDRAWN = "withdrawn", _("Quote withdrawn")


class PremiumStage(models.TextChoices):
    """Where a premium instalment stands; each stage has its receivable account."""

    NOT_DUE = "not_due", _("Not yet due")
    DUE = "due", _("Premium due")
    OVERDUE = "overdue", _("Premium overdue")


class PremiumMove(models.TextChoices):
    """What moved a premium instalment; the journal of the premium sub-ledger. Source: PRE-41b."""

    WRITTEN = "written", pgettext_lazy("premium", "Written")
    DUE = "due", pgettext_lazy("premium", "Fell due")
    OVERDUE = "overdue", pgettext_lazy("premium", "Became overdue")
    PAID = "paid", pgettext_lazy("premium", "Received")
    RETURNED = "returned", pgettext_lazy("premium", "Receipt taken back")
    CANCELLED = "cancelled", pgettext_lazy("premium", "Cancelled")
    REFUNDED = "refunded", pgettext_lazy("premium", "Given back")
    WRITTEN_OFF = "written_off", pgettext_lazy("premium", "Written off")


class CorrectionKind(models.TextChoices):
    """What is taken back from the premium sub-ledger, by two people. Source: PRE-41b, POST-23c."""

    WRITE_OFF = "write_off", _("Write off overdue premium")
    RETURN = "return", _("Take back a receipt that the bank returned")


class CorrectionStatus(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("correction", "Awaits approval")
    APPROVED = "approved", pgettext_lazy("correction", "Done")
    REFUSED = "refused", pgettext_lazy("correction", "Refused")


class EndorsementKind(models.TextChoices):
    PREPAYMENT = "prepayment", _("Amount: part of the loan repaid early")
    EXTENSION = "extension", _("Term: loan extended")
    RATE_CHANGE = "rate_change", _("Terms: interest rate of the loan changed")
    CHANGE_OF_INSURED = "change_of_insured", _("Change of insured")


class EndorsementStatus(models.TextChoices):
    REQUESTED = "requested", _("Endorsement awaits approval")
    UNCONFIRMED = "unconfirmed", _("Approved; account awaits confirmation")
    IN_FORCE = "in_force", _("Endorsement in force")
    REFUSED = "refused", _("Endorsement refused")


class DeliveryMode(models.TextChoices):
    """How a policy reaches its party, as agreed before issue. Source: PRE-24b."""

    POST = "post", _("By post")
    E_POLICY = "e_policy", _("Electronic policy by e-mail")
    DOWNLOAD = "download", _("By download")
    PICK_UP = "pick_up", _("Pick-up at the counter")


class DeliveryTo(models.TextChoices):
    POLICYHOLDER = "policyholder", pgettext_lazy("insurance", "Policyholder")
    INSURED = "insured", pgettext_lazy("insurance", "Insured")


class DocumentKind(models.TextChoices):
    POLICY = "policy", pgettext_lazy("insurance", "Policy")
    CERTIFICATE = "certificate", _("Certificate of insurance")
    ENDORSEMENT = "endorsement", pgettext_lazy("insurance", "Endorsement")
    DEMAND = "demand", _("Demand letter: notify the obligor")


class TerritoryBasis(models.TextChoices):
    """By what right a unit issues for a policyholder's place. Source: PRE-24a."""

    HEAD_OFFICE = "head_office", _("Issued by the head office")
    OWN = "own", _("Own territory")
    AUTHORISED = "authorised", _("Authorised by the head office")
    UNKNOWN = "unknown", _("Territory not known: complete it")
    OUTSIDE = "outside", _("Outside the territory")
