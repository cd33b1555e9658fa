"""The answer to "who could sign this today, and why not the others?", in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from organization.rules.authority import Reason
from organization.selectors.authority import Signer, lowest_level
from organization.selectors.reasons import recusal_sentence, sentence_of


def answer_of(signers: list[Signer] | None) -> dict[str, Any]:
    """Return the answer to the question who could sign, in words: able, others with reasons."""
    if signers is None:
        return {"asked": False}
    return {
        "asked": True,
        "level": lowest_level(signers),
        "able": [each for each in signers if each.may_sign],
        "others": [(each, _why_not(each)) for each in signers if not each.may_sign],
    }


def _why_not(signer: Signer) -> list[tuple[str, list[str]]]:
    """Every reason: what stands in the person's way, then each authority held against the case."""
    own = [sentence_of(each) for each in signer.hindrances if each != Reason(code="no_grant")]
    own += [recusal_sentence(each) for each in signer.recusals]
    if not signer.trials:
        own.append(sentence_of(Reason(code="no_grant")))
    found = [("", own)] if own else []
    for trial in signer.trials:
        if trial.reasons:
            title = _("Grant #%s") % trial.authority.grant.pk
            if trial.authority.delegation is not None:
                title = _("Delegation #%s") % trial.authority.delegation.pk
            found.append((title, [sentence_of(each) for each in trial.reasons]))
    return found


def could_sign(signers: list[Signer]) -> str:
    """Say in one sentence who could sign today."""
    able = [each.person.name for each in signers if each.may_sign]
    if not able:
        return _("Nobody could sign this today: propose a grant, or put it to a committee.")
    return _("Who could sign this today: %(people)s.") % {"people": "、".join(able)}
