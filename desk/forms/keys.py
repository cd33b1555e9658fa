"""Proposing a key."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import FieldCipher


class KeyProposalForm(forms.Form):
    """Which key at hand is to seal, with which cipher, and why."""

    key_id = forms.ChoiceField(label=_("Key"), help_text=_("Keys at hand that were not used."))
    cipher = forms.ChoiceField(label=_("Cipher"), choices=FieldCipher)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: object, names: list[str], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["key_id"].choices = [(name, name) for name in names]
