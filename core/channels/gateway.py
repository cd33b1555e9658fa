"""Short messages by a gateway over HTTPS: `POST {"id", "to", "text"}`, answered by `{"id"}`.

The key goes along as `Idempotency-Key`. What the gateway did not take at all (no connection, 429,
503) is tried again; what it may have taken and did not say stays unclear.
"""

from __future__ import annotations

from core.channels.base import Down, Parcel, Refused, Unclear
from core.outbound import Answer, Forbidden, NoAnswer, NotSent, Outbound
from core.wording import clean

NOT_NOW = {429, 503}


class Gateway:
    """One gateway at one address."""

    name = "gateway"

    def __init__(self, *, url: str, token: str, outbound: Outbound):
        self.url, self.token, self.outbound = url, token, outbound

    def deliver(self, parcel: Parcel) -> str:
        headers = {"Idempotency-Key": parcel.key, "Authorization": f"Bearer {self.token}"}
        payload = {"id": parcel.key, "to": parcel.address, "text": parcel.body}
        try:
            answer = self.outbound.post(url=self.url, payload=payload, headers=headers)
        except Forbidden as refusal:
            raise Refused(str(refusal)) from refusal
        except NotSent as failure:
            raise Down(str(failure)) from failure
        except NoAnswer as failure:
            raise Unclear(str(failure)) from failure
        return self._receipt(answer)

    @staticmethod
    def _receipt(answer: Answer) -> str:
        if answer.status in NOT_NOW:
            raise Down(f"status {answer.status}")
        if 400 <= answer.status < 500:
            raise Refused(f"status {answer.status}")
        number = clean(answer.body.get("id", ""), at_most=200)
        if not 200 <= answer.status < 300 or not number:
            raise Unclear(f"status {answer.status}")
        return number
