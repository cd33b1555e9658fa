"""The rate table and the premium formula of a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from products.errors import RuleBroken, WrongState
from products.models import PremiumFormula, ProductVersion, TariffRow
from products.permissions import check_edit, check_review
from products.rules.formula import CaseResult, Formula, FormulaCase, read_formula, run_cases
from products.selectors import sentence, with_article, worded
from products.services.versions import changed, locked_draft, locked_version


@transaction.atomic
def set_tariff(
    *, version: ProductVersion, cells: Sequence[dict[str, Any]], by: Staff, at: dt.datetime
) -> ProductVersion:
    """Put a whole rate table in the place of that of a draft.

    A cell is {grade, term_from, term_to, ltv_from, ltv_to, channel, rate_low, rate, rate_high}:
    rates and loan-to-value as fractions, terms in months, `*` any, nothing where it does not
    matter.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: it is no draft (PRE-34a).
        RuleBroken: two cells overlap, or one is unsound; `article` is PRE-34b.
    Source: PRE-34a, PRE-34b.
    """
    check_edit(by)
    locked = locked_draft(version)
    locked.tariff.all().delete()
    for number, cell in enumerate(cells, 1):
        row = TariffRow(version=locked, **cell)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as clash:
            message = _(
                "Line %(line)s of the rate table overlaps another, or is not in order: the rate"
                " lies inside its band, ends follow beginnings."
            ) % {"line": number}
            raise RuleBroken(
                "tariff_cell", with_article(message, "PRE-34b"), field="tariff", article="PRE-34b"
            ) from clash
    return changed(locked, by, at, "tariff")


@transaction.atomic
def enter_formula(
    *,
    version: ProductVersion,
    text: str,
    variables: Collection[str],
    cases: Sequence[dict[str, Any]],
    dated_on: dt.date,
    by: Staff,
    at: dt.datetime,
) -> PremiumFormula:
    """Enter another text of the premium formula of a draft; the texts before stay readable.

    `cases` are those of the filing, {values: {variable: number}, expected: yuan}; the formula must
    give each of them to the fen.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: it is no draft (PRE-34a).
        RuleBroken: the text is no formula, no case is given, or one does not agree; `findings`
            holds the results of all cases.
    Source: PRE-36a.
    """
    check_edit(by)
    locked = locked_draft(version)
    formula = _read(text, variables)
    _check_cases(formula, cases)
    number = locked.formulas.count() + 1
    before = list(locked.formulas.filter(is_current=True))
    locked.formulas.filter(is_current=True).update(is_current=False)
    entered = PremiumFormula.objects.create(
        version=locked,
        number=number,
        text=formula.text,
        variables=sorted(variables),
        cases=list(cases),
        dated_on=dated_on,
        entered_by=by,
        entered_at=at,
    )
    changed(locked, by, at, "formula")
    record_audit(
        action="products.formula_entered", subject=entered, by=by, at=at, text=formula.text,
        number=number,
    )  # fmt: skip
    align_work(subjects=[*before, entered], by=by, at=at, outcome="replaced")
    return entered


@transaction.atomic
def review_formula(*, formula: PremiumFormula, by: Staff, at: dt.datetime) -> PremiumFormula:
    """Confirm as another person that the text is that of the filing; its cases are run again.

    Raises:
        NotPermitted: the person entered it, or does not review products.
        WrongState: it is no current text of a draft, or was reviewed.
        RuleBroken: a case of the filing does not agree.
    Source: PRE-36a.
    """
    locked_version(formula.version)
    locked = PremiumFormula.objects.select_for_update(of=("self",)).get(pk=formula.pk)
    check_review(by, maker_id=locked.entered_by_id)
    locked_draft(locked.version)
    if locked.reviewed_at is not None or not locked.is_current:
        raise WrongState("formula_reviewed", _("This text does not wait for a review."))
    _check_cases(_read(locked.text, locked.variables), locked.cases)
    locked.reviewed_by, locked.reviewed_at = by, at
    locked.save(update_fields=["reviewed_by", "reviewed_at"])
    record_audit(action="products.formula_reviewed", subject=locked, by=by, at=at)
    align_work(subjects=[locked], by=by, at=at, outcome="reviewed")
    return locked


def check_formula_of(version: ProductVersion) -> None:
    """Run the cases of the filing once more against the formula in force of a version.

    Raises:
        RuleBroken: there is no reviewed formula, or a case does not agree; it names the case.
    Source: PRE-36a, PRE-41c.
    """
    formula = version.formulas.filter(is_current=True, reviewed_at__isnull=False).first()
    if formula is None:
        message = _("Another person must review the formula first.")
        raise RuleBroken("formula_review", with_article(message, "PRE-36a"), article="PRE-36a")
    _check_cases(_read(formula.text, formula.variables), formula.cases)


def formula_results(
    *, text: str, variables: Collection[str], cases: Sequence[dict[str, Any]]
) -> tuple[CaseResult, ...]:
    """Return what a formula gives for the cases of a filing, in yuan to the fen.

    Raises:
        RuleBroken: the text is no formula, or a case is none.
    Source: PRE-36a.
    """
    return run_cases(_read(text, variables), [_case(each) for each in cases])


def _read(text: str, variables: Collection[str]) -> Formula:
    try:
        return read_formula(text, variables)
    except RuleBroken as refusal:
        raise worded(refusal) from refusal


def _case(words: dict[str, Any]) -> FormulaCase:
    refusal = RuleBroken(
        "formula_case", _("A case of the filing names values and a premium."), field="cases"
    )
    try:
        values = {name: Decimal(str(value)) for name, value in words["values"].items()}
        expected = Decimal(str(words["expected"]))
    except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as broken:
        raise refusal from broken
    if not all(each.is_finite() for each in (expected, *values.values())):
        raise refusal
    return FormulaCase(values=values, expected=expected)


def _check_cases(formula: Formula, cases: Sequence[dict[str, Any]]) -> None:
    if not cases:
        raise RuleBroken(
            "formula_cases",
            with_article(_("Enter at least one case of the filing."), "PRE-36a"),
            field="cases",
            article="PRE-36a",
        )
    results = run_cases(formula, [_case(each) for each in cases])
    for number, each in enumerate(results, 1):
        if not each.agrees:
            given = each.result if each.result is not None else sentence("formula_undefined")
            message = _(
                "Case %(number)s of the filing is %(expected)s; the formula gives %(given)s."
            ) % {"number": number, "expected": each.case.expected, "given": given}
            raise RuleBroken(
                "formula_case_differs",
                with_article(message, "PRE-36a"),
                field="cases",
                article="PRE-36a",
                findings=results,
            )
