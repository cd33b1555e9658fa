"""Messages: tell people, deliver to the outside, note what was read, keep templates and wishes."""

from core.services.messages.clearing import clear_delivery
from core.services.messages.drafting import Outside
from core.services.messages.reading import read_all, read_message
from core.services.messages.relaying import TOPIC, deliver
from core.services.messages.sending import send_message, tell
from core.services.messages.templates import decide_template, propose_template
from core.services.messages.wishes import set_address, set_wishes, stop_messages

__all__ = [
    "TOPIC",
    "Outside",
    "clear_delivery",
    "decide_template",
    "deliver",
    "propose_template",
    "read_all",
    "read_message",
    "send_message",
    "set_address",
    "set_wishes",
    "stop_messages",
    "tell",
]
