"""Reads of policies."""

import datetime as dt

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from core.selectors import parameter
from organization.models import Staff
from reporting.models import PolicyDocument, PolicyVersion
from reporting.permissions import check_see_governance


def policies(*, staff: Staff) -> QuerySet[PolicyDocument]:
    """Return every policy with its versions, newest version first; policies are for all readers.

    Raises:
        NotPermitted: the person does not read the registers.
    """
    check_see_governance(staff)
    versions = PolicyVersion.objects.select_related(
        "stored", "drafted_by", "published_by"
    ).order_by("-number")
    return PolicyDocument.objects.prefetch_related(Prefetch("versions", versions)).order_by("code")


def policy_of(*, staff: Staff, pk: int) -> PolicyDocument:
    """Return one policy.

    Raises:
        Missing: it does not exist.
    """
    found = policies(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("policy_missing", _("There is no such policy."))
    return found


def policy_version_of(*, staff: Staff, pk: int, number: int) -> PolicyVersion:
    """Return one version with its file.

    Raises:
        Missing: it does not exist.
    """
    check_see_governance(staff)
    found = (
        PolicyVersion.objects.filter(document_id=pk, number=number)
        .select_related("stored", "document")
        .first()
    )
    if found is None:
        raise Missing("policy_missing", _("There is no such policy."))
    return found


def mandatory_clauses(*, kind: str, as_of: dt.date) -> dict[str, str]:
    """Return what a policy of this kind must say, by code. Source: PRE-12g."""
    return parameter(name="policy.mandatory_clauses", as_of=as_of).value.get(kind, {})
