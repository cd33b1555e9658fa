"""Premium formulas: a text of the filing, evaluated in decimals over declared variables. Pure.

The text is a small part of Python's expressions, read into a tree and walked by this module alone:
numbers, declared variables, + - * /, comparisons, `a if test else b`, `and or not`, and the
functions `min`, `max`, `round_fen`. Nothing else is read, so nothing else can be done. Amounts are
yuan, rates and ratios fractions, terms months. Source: PRE-36a; safety.md A11.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DecimalException, localcontext
from functools import lru_cache
from itertools import pairwise
from typing import Any

from core.errors import RuleBroken
from core.money import FEN, round_fen

LONGEST_TEXT = 500  # characters
MOST_NODES = 120
DEEPEST = 20
DIGITS = 50
MOST_PLACES = 12  # printed in a step
LARGEST = Decimal("1E+18")
NUMBER, TEST = "number", "test"
ARTICLE = "PRE-36a"

# What a formula may speak of, and in which unit it stands.
VARIABLES = {
    "sum_insured": "yuan",  # of the period, or of the term
    "rate": "fraction",  # of the tariff, or agreed inside its band
    "share": "fraction",  # the part of the rate that the period takes
    "principal": "yuan",
    "annual_rate": "fraction",
    "ltv": "fraction",
    "term": "months",
    "period": "number",
    "periods": "number",
    "days": "days",
}

SIGNS = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥"}
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS = {"min": (2, 10), "max": (2, 10), "round_fen": (1, 1)}  # how many arguments


@dataclass(frozen=True)
class Formula:
    """A formula that was read and found sound: its text, the variables it uses, its tree."""

    text: str
    used: frozenset[str]
    tree: ast.expr


def read_formula(text: str, variables: Collection[str]) -> Formula:
    """Read a formula over declared variables.

    Raises:
        RuleBroken: it is empty, too long or too deep, or says anything but what a formula may;
            the message is one sentence. Source: PRE-36a; safety.md A11.
    """
    words = text.strip()
    if not words:
        raise _refusal("formula_empty", "The formula is empty.")
    if len(words) > LONGEST_TEXT:
        raise _refusal("formula_long", f"A formula has at most {LONGEST_TEXT} characters.")
    strange = sorted(set(variables) - set(VARIABLES))
    if strange:
        raise _refusal("variable_unknown", f"There is no variable “{strange[0]}”.", name=strange[0])
    try:
        tree = ast.parse(words, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as broken:
        raise _refusal("formula_unreadable", "The formula cannot be read.") from broken
    _check_size(tree)
    tree = _Exact(words).visit(tree)
    used: set[str] = set()
    if _Reader(frozenset(variables), used).kind(tree) != NUMBER:
        raise _refusal("formula_no_number", "A formula gives a number, not yes or no.")
    return Formula(text=words, used=frozenset(used), tree=tree)


def evaluate(formula: Formula, values: Mapping[str, Decimal | int]) -> Decimal:
    """Return what the formula gives, a decimal number unrounded unless the text rounds.

    Raises:
        RuleBroken: a value is missing, something is divided by zero, or a number is beyond all
            money.
    """
    missing = sorted(formula.used - set(values))
    if missing:
        raise _refusal("value_missing", f"The formula needs “{missing[0]}”.", name=missing[0])
    try:
        with localcontext(prec=DIGITS):
            known = {name: Decimal(value) for name, value in values.items()}
            result = _Worker(known).of(formula.tree)
    except DecimalException as failure:
        raise _refusal(
            "formula_undefined", "The formula divides by zero or has no result."
        ) from failure
    if abs(result) > LARGEST:
        raise _refusal("formula_large", "A number is beyond all money.")
    return result


@dataclass(frozen=True)
class FormulaCase:
    """A case of the filing: values by variable, and what the premium is, in yuan to the fen."""

    values: Mapping[str, Decimal]
    expected: Decimal


@dataclass(frozen=True)
class CaseResult:
    """What a formula gave for a case, in yuan to the fen; or why it gave nothing."""

    case: FormulaCase
    result: Decimal | None
    refusal: str = ""

    @property
    def agrees(self) -> bool:
        """Tell whether it is the filing's figure, to the fen."""
        return self.result == self.case.expected


def run_cases(formula: Formula, cases: Sequence[FormulaCase]) -> tuple[CaseResult, ...]:
    """Return what the formula gives for every case of the filing, rounded HALF_UP to the fen.

    Source: PRE-36a (unit tests from the filing).
    """
    results = []
    for case in cases:
        try:
            given = round_fen(evaluate(formula, case.values))
        except RuleBroken as refusal:
            results.append(CaseResult(case, None, refusal.message))
        else:
            results.append(CaseResult(case, given))
    return tuple(results)


def shown(formula: Formula, values: Mapping[str, Decimal | int]) -> str:
    """Print the formula with its values in place of its variables."""
    texts = {
        name: _plain(Decimal(values[name])) if name in values else name for name in formula.used
    }
    return _with_gaps(formula.text).format_map(texts)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Print a sound formula with other names for its variables and functions, signs as in print."""
    words = ast.unparse(_Named(names).visit(ast.parse(text.strip(), mode="eval")))
    for sign, printed in SIGNS.items():
        words = words.replace(f" {sign} ", f" {printed} ")
    return words


@lru_cache(maxsize=256)
def _with_gaps(text: str) -> str:
    """Print a formula with a gap to fill for each of its variables."""
    return ast.unparse(_Gaps().visit(ast.parse(text, mode="eval")))


class _Exact(ast.NodeTransformer):
    """Read decimal numbers as they are written, not as the nearest float."""

    def __init__(self, text: str):
        self.text = text

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, float):
            written = ast.get_source_segment(self.text, node) or str(node.value)
            node.value = Decimal(written.replace("_", ""))
        return node


class _Named(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]):
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node


class _Gaps(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.Call:
        node.args = [self.visit(each) for each in node.args]
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(id=f"{{{node.id}}}", ctx=node.ctx)


def _plain(value: Decimal) -> str:
    """Print a value for a reader; of a long fraction ten places."""
    if -int(value.as_tuple().exponent) > MOST_PLACES:
        return f"{value:.10f}…"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if text.count(".") and len(text.split(".")[1]) > 2 else text


def _check_size(tree: ast.expr) -> None:
    number, layer = 0, [(tree, 1)]
    while layer:
        node, depth = layer.pop()
        number += 1
        if number > MOST_NODES or depth > DEEPEST:
            raise _refusal("formula_deep", "The formula is too long or too deep.")
        layer += [(each, depth + 1) for each in ast.iter_child_nodes(node)]


@dataclass
class _Reader:
    """Tells whether a part gives a number or a test; refuses what a formula may not say."""

    variables: frozenset[str]
    used: set[str]

    def kind(self, node: ast.AST) -> str:
        read = getattr(self, f"_{type(node).__name__.lower()}", self._nothing)
        return read(node)

    def _constant(self, node: ast.Constant) -> str:
        if isinstance(node.value, bool) or not isinstance(node.value, int | Decimal):
            raise _refusal("formula_constant", "A formula holds numbers, no texts.")
        if abs(Decimal(node.value)) > LARGEST:
            raise _refusal("formula_large", "A number is beyond all money.")
        return NUMBER

    def _name(self, node: ast.Name) -> str:
        if node.id not in self.variables:
            raise _refusal("name_unknown", f"“{node.id}” is not declared.", name=node.id)
        self.used.add(node.id)
        return NUMBER

    def _binop(self, node: ast.BinOp) -> str:
        return self._of(NUMBER, node, type(node.op) in _BINARY, (node.left, node.right))

    def _unaryop(self, node: ast.UnaryOp) -> str:
        if isinstance(node.op, ast.Not):
            return self._of(TEST, node, True, (node.operand,), gives=TEST)
        is_sign = isinstance(node.op, ast.USub | ast.UAdd)
        return self._of(NUMBER, node, is_sign, (node.operand,))

    def _compare(self, node: ast.Compare) -> str:
        is_known = {*map(type, node.ops)} <= {*_COMPARE}
        return self._of(NUMBER, node, is_known, (node.left, *node.comparators), gives=TEST)

    def _boolop(self, node: ast.BoolOp) -> str:
        return self._of(TEST, node, True, node.values, gives=TEST)

    def _ifexp(self, node: ast.IfExp) -> str:
        self._of(TEST, node, True, (node.test,))
        return self._of(NUMBER, node, True, (node.body, node.orelse))

    def _call(self, node: ast.Call) -> str:
        name = getattr(node.func, "id", "")
        is_known = name in _FUNCTIONS and not node.keywords
        kind = self._of(NUMBER, node, is_known, node.args)
        least, most = _FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            words = f"“{name}” takes {least} to {most} numbers."
            raise _refusal("formula_arguments", words, name=name, least=least, most=most)
        return kind

    def _nothing(self, node: ast.AST) -> str:
        said = _said(node)
        raise _refusal("formula_part", f"A formula may not say “{said}”.", part=said)

    def _of(
        self,
        wanted: str,
        node: ast.AST,
        is_known: bool,
        parts: Sequence[ast.AST],
        gives: str = NUMBER,
    ) -> str:
        if not is_known:
            self._nothing(node)
        for part in parts:
            if self.kind(part) != wanted:
                said = _said(part)
                words = f"“{said}” is a number where a test stands, or the reverse."
                raise _refusal("formula_mixed", words, part=said)
        return gives


def _said(node: ast.AST) -> str:
    return ast.unparse(node)[:40]


@dataclass(frozen=True)
class _Worker:
    """Works a tree out that a reader found sound."""

    values: Mapping[str, Decimal]

    def of(self, node: ast.AST) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def _constant(self, node: ast.Constant) -> Decimal:
        return Decimal(node.value)

    def _name(self, node: ast.Name) -> Decimal:
        return self.values[node.id]

    def _binop(self, node: ast.BinOp) -> Decimal:
        return _BINARY[type(node.op)](self.of(node.left), self.of(node.right))

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.of(node.operand)
        if isinstance(node.op, ast.Not):
            return not value
        return -value if isinstance(node.op, ast.USub) else value

    def _compare(self, node: ast.Compare) -> bool:
        terms = [self.of(each) for each in (node.left, *node.comparators)]
        pairs = zip(node.ops, pairwise(terms), strict=True)
        return all(_COMPARE[type(op)](*pair) for op, pair in pairs)

    def _boolop(self, node: ast.BoolOp) -> bool:
        test = all if isinstance(node.op, ast.And) else any
        return test(self.of(each) for each in node.values)

    def _ifexp(self, node: ast.IfExp) -> Decimal:
        return self.of(node.body if self.of(node.test) else node.orelse)

    def _call(self, node: ast.Call) -> Decimal:
        values = [self.of(each) for each in node.args]
        name = getattr(node.func, "id", "")
        if name == "round_fen":
            return values[0].quantize(FEN, ROUND_HALF_UP)
        return min(values) if name == "min" else max(values)


def _refusal(code: str, message: str, **values: object) -> RuleBroken:
    return RuleBroken(code, message, field="formula", article=ARTICLE, values=values)
