"""Keep the register of regulations: enter one, name its articles, note that it was checked."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Conflict
from core.services import record_audit
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from reporting.models import Regulation, RegulationArticle, RegulationCheck
from reporting.services.words import check_words


@transaction.atomic
def enter_regulation(
    *,
    code: str,
    title: str,
    number: str,
    issuer: str,
    issued_on: dt.date | None,
    effective_on: dt.date | None,
    by: Staff,
    at: dt.datetime,
) -> Regulation:
    """Enter a regulation that rules may cite.

    Raises:
        NotPermitted: the person does not maintain registers.
        RuleBroken: code or title is missing.
        Conflict: the code is taken.
    Source: HQ-46.
    """
    check(by, Permission.MAINTAIN_REGISTERS)
    check_words(_("Fill in code and title."), code=code, title=title)
    if Regulation.objects.filter(code=code).exists():
        raise Conflict("regulation_code", _("This code is taken."), field="code")
    entered = Regulation.objects.create(
        code=code,
        title=title,
        number=number,
        issuer=issuer,
        issued_on=issued_on,
        effective_on=effective_on,
    )
    record_audit(action="reporting.regulation_entered", subject=entered, by=by, at=at)
    return entered


@transaction.atomic
def name_article(
    *, regulation: Regulation, article: str, about: str, by: Staff, at: dt.datetime
) -> RegulationArticle:
    """Name an article, so that a rule can cite it.

    Raises:
        NotPermitted: the person does not maintain registers.
        RuleBroken: a word is missing.
        Conflict: the article is named already.
    """
    check(by, Permission.MAINTAIN_REGISTERS)
    check_words(_("Fill in the article and what it is about."), article=article, about=about)
    Regulation.objects.select_for_update().get(pk=regulation.pk)
    if regulation.articles.filter(article=article).exists():
        raise Conflict("article_named", _("This article is named already."), field="article")
    named = RegulationArticle.objects.create(regulation=regulation, article=article, about=about)
    record_audit(action="reporting.article_named", subject=named, by=by, at=at)
    return named


@transaction.atomic
def note_check(
    *,
    regulation: Regulation,
    standing: str,
    looked_at: str,
    remark: str,
    by: Staff,
    at: dt.datetime,
) -> RegulationCheck:
    """Note that a regulation was looked up again, where, and how it stands.

    Raises:
        NotPermitted: the person does not maintain registers.
        RuleBroken: it is not said where it was looked up.
    Source: HQ-46.
    """
    check(by, Permission.MAINTAIN_REGISTERS)
    check_words(_("Say where you looked it up."), looked_at=looked_at)
    noted = RegulationCheck.objects.create(
        regulation=regulation,
        standing=standing,
        looked_at=looked_at,
        remark=remark,
        checked_by=by,
        checked_at=at,
    )
    record_audit(
        action="reporting.regulation_checked",
        subject=regulation,
        by=by,
        at=at,
        reason=remark,
        standing=standing,
    )
    return noted
