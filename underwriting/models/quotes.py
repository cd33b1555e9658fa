"""Quotes, and the history of the claim that is to be insured."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.data_levels import levels
from core.errors import WrongState
from core.models import StoredFile
from organization.models import Unit
from parties.models import Party
from partners.models import Channel, Lender
from products.models import ProductVersion
from underwriting.enums import DeliveryMode, QuoteStatus

# what takes a quote out of the open state
NEXT = {"issue": QuoteStatus.ISSUED, "withdraw": QuoteStatus.WITHDRAWN}


class Quote(models.Model):
    """A price by the filed terms, with every step and finding, before a policy is issued from it.

    `terms` are what was asked, `worksheet` is what the product's version made of it. The obligor
    and the underlying obligor are two; who of obligor and insured is policyholder follows from the
    product. Source: PRE-02a, PRE-34a, PRE-41a.
    """

    quote_no = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=QuoteStatus, default=QuoteStatus.OPEN)
    product_version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    lender = models.ForeignKey(Lender, models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+")
    obligor = models.ForeignKey(Party, models.PROTECT, related_name="+")
    underlying_obligor = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    contract_no = models.CharField(max_length=60)
    region = models.CharField(
        max_length=6, blank=True, help_text="of the policyholder, GB/T 2260; empty: not known"
    )
    original_creditor = models.CharField(max_length=120)
    is_history_known = models.BooleanField()
    policyholder_delivery = models.CharField(max_length=10, choices=DeliveryMode)
    insured_delivery = models.CharField(max_length=10, choices=DeliveryMode)
    special_agreements = models.JSONField(default=list, help_text="codes of library clauses")
    terms = models.JSONField()
    worksheet = models.JSONField()
    findings = models.JSONField(default=list)
    sum_insured = models.DecimalField(max_digits=18, decimal_places=2)
    premium = models.DecimalField(max_digits=18, decimal_places=2)
    valid_until = models.DateField(help_text="last day on which a policy may be issued from it")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    data_levels = levels(
        c2="obligor underlying_obligor terms worksheet sum_insured premium",
        c1=(
            "quote_no product_version unit lender channel contract_no region original_creditor"
            " special_agreements findings"
        ),
        none=(
            "status is_history_known policyholder_delivery insured_delivery valid_until made_by"
            " made_at withdrawn_at"
        ),
        clear=dict.fromkeys(
            ("terms", "worksheet"), gettext_lazy("amounts, days and rates of a loan; names nobody")
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sum_insured__gt=0, premium__gte=0), name="quote_amounts_are_real"
            ),
            models.CheckConstraint(
                condition=Q(status=QuoteStatus.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(status=QuoteStatus.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
                name="quote_withdrawn_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(region__regex=r"^(\d{2}|\d{4}|\d{6})?$"),
                name="quote_region_is_code",
                violation_error_message=gettext_lazy("A region is two, four or six digits."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-made_at"], name="quote_unit")]

    def __str__(self) -> str:
        return self.quote_no

    def step(self, action: str) -> None:
        """Leave the open state: issue or withdraw."""
        if self.status != QuoteStatus.OPEN:
            raise WrongState("quote_used", _("This quote was used or withdrawn."))
        self.status = NEXT[action]


class ClaimTransfer(models.Model):
    """One assignment of the claim before cover, in order; appended only. Source: PRE-02f, HQ-15."""

    quote = models.ForeignKey(Quote, models.PROTECT, related_name="transfers")
    sequence = models.PositiveSmallIntegerField()
    from_name = models.CharField(max_length=120)
    to_name = models.CharField(max_length=120)
    contract_no = models.CharField(max_length=60)
    transferred_on = models.DateField()
    document = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    data_levels = levels(
        c1="quote from_name to_name contract_no document", none="sequence transferred_on"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "sequence"], name="claimtransfer_once"),
            models.CheckConstraint(
                condition=~Q(from_name=F("to_name")),
                name="claimtransfer_to_another",
                violation_error_message=gettext_lazy("A claim is assigned to somebody else."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.sequence}"
