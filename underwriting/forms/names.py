"""Form that confirms a lender's name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.models import Unit
from partners.models import Channel
from products.models import ProductVersion
from underwriting.enums import NameKind

_PLACES = {
    NameKind.BRANCH: Unit.objects.order_by("path"),
    NameKind.CHANNEL: Channel.objects.order_by("name"),
    NameKind.PRODUCT: ProductVersion.objects.select_related("product").order_by("product__name"),
}


class ConfirmNameForm(forms.Form):
    place = forms.ModelChoiceField(queryset=None, label=_("Leads to"), required=False)
    is_new = forms.BooleanField(label=_("Enter it as new under the lender's name"), required=False)
    valid_from = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = _PLACES[NameKind(kind)].all()
        if kind == NameKind.BRANCH:
            del self.fields["is_new"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("place") and not cleaned.get("is_new"):
            self.add_error("place", _("Choose where the name leads."))
        return cleaned
