"""E-mail by Django's backend of the settings. The key is the Message-ID, so a twin is known."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError

from core.channels.base import Down, Parcel, Refused

PERMANENT = 500


class Mail:
    """Plain text, one recipient."""

    name = "mail"

    def deliver(self, parcel: Parcel) -> str:
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
        number = f"<{parcel.key}@{host}>"
        mail = EmailMessage(
            parcel.subject, parcel.body, to=[parcel.address], headers={"Message-ID": number}
        )
        try:
            mail.send()
        except BadHeaderError as wrong:
            raise Refused("a line end in a header") from wrong
        except SMTPRecipientsRefused as refusal:
            if all(code >= PERMANENT for code, _words in refusal.recipients.values()):
                raise Refused("the recipient is refused") from refusal
            raise Down("the recipient is not taken now") from refusal
        except SMTPSenderRefused as refusal:
            raise Refused("the sender is refused") from refusal
        except (SMTPException, OSError) as failure:
            raise Down(type(failure).__name__) from failure
        return number
