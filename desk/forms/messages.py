"""What people want to hear, where they are reached, and the words of messages."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.enums import MessageChannel, MessageStatus
from core.notices import Notice, notices


class WishesForm(forms.Form):
    """The optional kinds of message that are wanted."""

    wanted = forms.MultipleChoiceField(
        label=_("Tell me of"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, optional: Iterable[Notice], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = [(each.code, each.title) for each in optional]

    def declined(self) -> list[str]:
        """Return the kinds that are not wanted."""
        wanted = self.cleaned_data["wanted"]
        return [code for code, _title in self.fields["wanted"].choices if code not in wanted]


class AddressesForm(forms.Form):
    """Where a person is reached outside; an empty field forgets the address."""

    email = forms.CharField(
        label=MessageChannel.EMAIL.label,
        required=False,
        max_length=120,
        help_text=_("Gets a short word of everything; empty: none is sent."),
    )
    sms = forms.CharField(
        label=MessageChannel.SMS.label,
        required=False,
        max_length=20,
        help_text=_("A mobile number, digits only. Gets what is urgent, at any hour."),
    )


class DeliveryFilterForm(forms.Form):
    """Which messages to look at."""

    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *MessageStatus.choices]
    )
    channel = forms.ChoiceField(
        label=_("Message channel"),
        required=False,
        choices=[("", _("All")), *MessageChannel.choices],
    )

    def read(self) -> dict[str, str]:
        """Return the filter; what is not understood filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class TemplateForm(forms.Form):
    """A version of the words of one kind of message in one channel and language."""

    code = forms.ChoiceField(label=_("Kind of message"))
    channel = forms.ChoiceField(label=_("Message channel"), choices=MessageChannel)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    subject = forms.CharField(label=_("Subject"), max_length=120)
    body = forms.CharField(
        label=_("Text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Values stand in braces, for example {title}. Nothing else is filled in."),
    )
    valid_from = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [
            (each.code, f"{each.title} ({each.code})") for each in notices()
        ]
