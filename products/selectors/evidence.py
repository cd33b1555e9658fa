"""What an evidence pack of a version holds: filing, terms, price, votes, reviews. Source: EVID-03.

The filed documents leave with it, byte for byte; their hashes stand in the terms, frozen with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.evidence import PackContent, Section
from core.evidence.parts import copy_of, document, instant_text, table
from organization.models import CommitteeVote, Resolution, ResolutionFile, Staff
from organization.selectors.committees import resolutions_on
from products.enums import DutyKind
from products.models import PremiumFormula, ProductReview, ProductVersion
from products.permissions import check_see_products
from products.rules.formula import FormulaCase, read_formula, run_cases
from products.selectors.differences import filed_terms, tariff_of
from products.selectors.duties import duties_on, duty_table
from products.selectors.refunds import refund_lines
from products.selectors.reviews import reviews_of
from products.selectors.tracking import figure_lines
from products.selectors.versions import formulas_of, version_of

Rows = list[tuple[str, ...]]


def provable_version(person: Staff, pk: int, _as_of: dt.date) -> ProductVersion:
    """Return a version for somebody of the business.

    Raises:
        NotPermitted: an administrator or a regulator.
        Missing: there is none.
    """
    check_see_products(person)
    return version_of(pk=pk)


def version_title(version: ProductVersion) -> str:
    """Name a version in one line."""
    words = f"{version.product.name} · {_('Version')} {version.number}"
    return f"{words} · {version.filing_no}" if version.filing_no else words


def version_pack(version: ProductVersion) -> PackContent:
    """Return a version with its filing, formula, rates, committee, duties and reviews.

    Staff are named by their numbers. Source: EVID-03, PRE-33a to PRE-33c, PRE-34a, PRE-36a.
    """
    formulas = list(formulas_of(version=version))
    resolutions = list(resolutions_on(subject=version))
    reviews = list(reviews_of(version=version))
    sections = [
        Section(_("Filed terms"), [_("Term"), _("Content")], filed_terms(version)),
        Section(_("Rate table"), _cell_words(), _cells(version)),
        Section(
            _("Short-rate table of refunds"),
            [_("Cover has run"), pgettext("refund", "Kept")],
            [(line.words, f"{line.kept:f}") for line in refund_lines(version.refund_rule)],
        ),
        Section(_("Premium formula"), _formula_words(), [_formula(each) for each in formulas]),
        Section(_("Case of the filing"), _case_words(), _cases(formulas)),
        Section(_("Committee"), _resolution_words(), [_resolution(each) for each in resolutions]),
        Section(pgettext("evidence", "Votes"), _vote_words(), _votes(resolutions)),
        Section(_("Duties"), [_("Activity"), *map(str, DutyKind.labels)], _duties(version)),
        Section(_("Product reviews"), _review_words(), [_review(each) for each in reviews]),
    ]
    named = ("terms", "rates", "refunds", "formulas", "cases", "resolutions", "votes", "duties",
             "reviews")  # fmt: skip
    papers = [each for each in (version.clauses_file, version.rates_file) if each is not None]
    materials = ResolutionFile.objects.filter(resolution__in=resolutions).select_related("stored")
    return PackContent(
        title=version_title(version),
        facts=[
            (_("Filing no."), version.filing_no),
            (_("Filed on"), f"{version.filed_on:%Y-%m-%d}" if version.filed_on else ""),
            (_("State"), version.get_status_display()),
            (_("Clauses (SHA-256)"), version.clauses_sha256),
            (_("Rates (SHA-256)"), version.rates_sha256),
            (_("On sale"), instant_text(version.on_sale_at)),
            (_("first sold"), instant_text(version.sold_at)),
        ],
        subjects=[version, *formulas, *resolutions, *reviews],
        sections=sections,
        artefacts=[
            *(
                table(f"{name}.csv", section.header, section.rows)
                for name, section in zip(named, sections, strict=True)
            ),
            document("reviews.json", [each.figures for each in reviews]),
            *(copy_of(each, of=version.pk) for each in papers),
            *(copy_of(each.stored, of=each.resolution_id) for each in materials.order_by("pk")),
        ],
    )


def _cell_words() -> list[str]:
    return [
        _("Grade"), _("Channel"), _("Months"), _("Loan-to-value"), _("Lowest rate"),
        _("Filed rate"), _("Highest rate"),
    ]  # fmt: skip


def _cells(version: ProductVersion) -> Rows:
    return [
        (
            row.grade,
            row.channel,
            f"{row.term_from} – {row.term_to}",
            "" if row.ltv_to is None else f"{row.ltv_from:f} – {row.ltv_to:f}",
            f"{row.rate_low:f}",
            f"{row.rate:f}",
            f"{row.rate_high:f}",
        )
        for row in tariff_of(version=version)
    ]


def _formula_words() -> list[str]:
    return [
        _("Text no."), pgettext("formula", "Text"), _("Variables"), _("Entered"), _("Staff no."),
        _("Reviewed"), _("Staff no."),
    ]  # fmt: skip


def _formula(row: PremiumFormula) -> tuple[str, ...]:
    return (
        str(row.number),
        row.text,
        ", ".join(row.variables),
        instant_text(row.entered_at),
        str(row.entered_by_id),
        instant_text(row.reviewed_at),
        str(row.reviewed_by_id or ""),
    )


def _case_words() -> list[str]:
    return [
        _("Text no."), _("Case of the filing"), _("Premium filed (yuan)"),
        _("Formula gives (yuan)"), _("State"),
    ]  # fmt: skip


def _cases(formulas: Sequence[PremiumFormula]) -> Rows:
    """Run the cases of the filing again: what the engine of today gives for each text."""
    found = []
    for row in formulas:
        cases = [
            FormulaCase(
                values={name: Decimal(str(value)) for name, value in each["values"].items()},
                expected=Decimal(str(each["expected"])),
            )
            for each in row.cases
        ]
        for each in run_cases(read_formula(row.text, row.variables), cases):
            given = " ".join(f"{name}={value}" for name, value in each.case.values.items())
            said = _("agrees") if each.agrees else _("differs")
            result = "" if each.result is None else f"{each.result:f}"
            found.append((str(row.number), given, f"{each.case.expected:f}", result, said))
    return found


def _resolution_words() -> list[str]:
    return [
        _("Committee"), _("Meeting"), _("Held on"), _("Outcome"), _("Resolved at"),
        _("Staff no."),
    ]  # fmt: skip


def _resolution(row: Resolution) -> tuple[str, ...]:
    return (
        row.committee.name,
        row.meeting,
        row.held_on.isoformat(),
        row.get_outcome_display(),
        instant_text(row.resolved_at),
        str(row.resolved_by_id or ""),
    )


def _vote_words() -> list[str]:
    return [_("Meeting"), _("Staff no."), _("Vote"), _("Remark"), _("Time")]


def _votes(resolutions: Sequence[Resolution]) -> Rows:
    votes = CommitteeVote.objects.filter(resolution__in=resolutions).select_related(
        "member", "resolution"
    )
    return [
        (
            each.resolution.meeting,
            str(each.member.person_id),
            each.get_choice_display(),
            each.remark,
            instant_text(each.at),
        )
        for each in votes.order_by("pk")
    ]


def _duties(version: ProductVersion) -> Rows:
    """Return the duties that held when it went on sale, or that hold last."""
    began = version.on_sale_at
    day = timezone.localdate(began) if began else dt.date.max
    held = duties_on(product=version.product, on=day)
    return [(activity, *names) for activity, names in duty_table(duties=held)]


def _review_words() -> list[str]:
    return [
        pgettext("review", "Period"), pgettext("review", "Decision"), _("Reason"), _("State"),
        _("Figures"), _("Staff no."), _("Decided"),
    ]  # fmt: skip


def _review(row: ProductReview) -> tuple[str, ...]:
    figures = "；".join(
        f"{each.label} {'—' if each.value is None else f'{each.value:f}'}"
        for each in figure_lines(row)
    )
    return (
        f"{row.period_from:%Y-%m-%d} – {row.period_to:%Y-%m-%d}",
        row.get_decision_display(),
        row.reason,
        row.get_status_display(),
        figures,
        f"{row.drafted_by_id} / {row.decided_by_id or ''}",
        instant_text(row.decided_at),
    )
