"""How evidence and audit pages say things: `{% load evidence_words %}`."""

from django import template
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit_words import action_word as word_of_action
from core.audit_words import object_word as word_of_object
from core.downloads import link_for
from core.enums import JobStatus
from core.evidence import is_provable
from core.masking import scrub
from core.models import EvidencePack, StoredFile
from core.services.packs import WHOLE
from core.uploads import is_servable
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may

register = template.Library()


@register.filter
def hide_numbers(value: object) -> str:
    """Show a text without numbers of persons."""
    return scrub(str(value)) if value else ""


@register.filter
def action_word(action: str) -> str:
    """Say an action of the audit trail in words."""
    return word_of_action(action)


@register.filter
def object_word(label: str) -> str:
    """Say a kind of object in words."""
    return word_of_object(label)


@register.filter
def entry_words(name: str) -> str:
    """Name a file of a pack; the pack itself in words."""
    return _("the whole pack") if name == WHOLE else name


@register.simple_tag
def pack_state(pack: EvidencePack) -> dict[str, str]:
    """Return look and word of a pack."""
    if pack.released_at:
        return {"status": "released", "text": _("Released to regulators")}
    if pack.stored_id:
        return {"status": "done", "text": _("Ready")}
    return {"status": JobStatus.RUNNING, "text": _("Being made")}


@register.simple_tag
def signed_link(stored: StoredFile, person: Staff) -> str:
    """Return an address of a file for this person alone; empty where the file may not go out."""
    return link_for(stored, person=person) if is_servable(stored) else ""


@register.simple_tag
def evidence_url(thing: Model, person: Staff) -> str:
    """Return where the evidence of an object stands; empty for whoever may not make packs."""
    if not is_provable(thing) or not may(person, Permission.MAKE_EVIDENCE):
        return ""
    return reverse("desk:evidence_object", args=[thing._meta.label_lower, thing.pk])
