"""What a person sees of a result: lines of words, each with the style that it is drawn in, and tables.

Plain text joins the words; a terminal colours them. Styles are "expression", "name", "value", "quiet" and "".
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from adcalc.results import Derivative, FunctionRow, Gradient, Value
from adcalc.syntax.number import short

Words: TypeAlias = list[tuple[str, str]]


class Grid(NamedTuple):
    """A table: a line above it, the heads of its columns, and its rows of styled cells.

    `right` are the columns that are aligned to the right.

    >>> Grid([], ("x",), ((("1", "value"),),)).header
    ('x',)
    """

    title: Words
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    right: frozenset[int] = frozenset()


Block: TypeAlias = Words | Grid
Columns: TypeAlias = Callable[[], int]  # asked for only where there is an array
_NARROW = 80
_SHORTEST_FORM, _LONGEST_FORM = 22, 32  # columns of what calls a function, in the table of all
_NO_ERRORS: Final[Mapping[str, Any]] = MappingProxyType({})
_LIST = 60  # characters of a list's values that stand in one line
_LONGEST = 2000  # characters of an expression echoed to a person: enough for any that a person typed


def eighty() -> int:
    """The columns of a line where nobody says how many there are.

    >>> eighty()
    80
    """
    return _NARROW


def value(text: str, result: Value, columns: Columns = eighty) -> list[Words]:
    """The lines of a value; `text` is the expression as adcalc writes it, `columns` says how many a line may take.

    >>> value("1 + 1", Value("1+1", {}, 2.0))
    [[('1 + 1', 'expression'), (' = ', 'quiet'), ('2', 'value')]]
    """
    if isinstance(result.value, tuple):
        numbers = list(map(short, result.value))
        if len(", ".join(numbers)) > _LIST:
            digits = len(str(len(numbers) - 1))
            lines = [
                [(f"  [{place:>{digits}}]", "name"), (" = ", "quiet"), (number, "value")]
                for place, number in enumerate(numbers)
            ]
            return [[(cut(text), "expression")], *lines]
    return valued([(cut(text), "expression")], result.value, columns)


def valued(head: Words, number: Any, columns: Columns = eighty) -> list[Words]:
    """A number, a list of numbers or an array behind what it is the value of.

    >>> valued([("x", "name")], 0.5)
    [[('x', 'name'), (' = ', 'quiet'), ('0.5', 'value')]]
    """
    text = f"[{', '.join(map(short, number))}]" if isinstance(number, tuple) else _shown(number)
    return [[*head, (" = ", "quiet"), (text, "value")]] if text else array(head, number, columns())


def _shown(number: Any) -> str:
    """A number, whose proved digits are a text already; nothing for an array."""
    return number if isinstance(number, str) else short(number) if isinstance(number, float) else ""


def array(head: Words, content: Any, columns: int = _NARROW) -> list[Words]:
    """An array behind what it is the value of: in the same line, or below it.

    >>> import numpy as np
    >>> for line in array([("A", "name")], np.array([[1.0, 2.0], [3.0, 4.0]])):
    ...     print("".join(word for word, _ in line))
    A = (2x2)
        [[1, 2],
         [3, 4]]
    """
    from adcalc.render.array import drawn

    before = sum(len(word) for word, _ in head) + len(" = ")
    note, lines = drawn(content, columns - before, columns)
    if not note:
        return [[*head, (" = ", "quiet"), (lines[0], "value")]]
    return [[*head, (f" = ({note})", "quiet")], *([("    ", ""), (line, "value")] for line in lines)]


def gradient(text: str, result: Gradient, columns: Columns = eighty) -> list[Words]:
    """The lines of a gradient: the value, then one partial a line, or an array in several.

    >>> for line in gradient("x^2", Gradient("x^2", {"x": 3.0}, "reverse", 9.0, {"x": 6.0})):
    ...     print("".join(word for word, _ in line))
    x^2 = 9
      ∂/∂x = 6
    """
    signs = {name: operator(result.mixed or (name,) * result.order) for name in result.gradient}
    found = {signs[name]: partial for name, partial in result.gradient.items()}
    errors = {signs[name]: error for name, error in result.error_estimate.items() if name in signs}
    return [equation(text, result.value), *parts(found, "", errors, columns=columns)]


def parts(
    found: Mapping[str, Any],
    sign: str,
    errors: Mapping[str, Any] = _NO_ERRORS,
    indent: int = 2,
    columns: Columns = eighty,
) -> list[Words]:
    """A line for each variable, or several for an array: its name behind a sign, and its part of a result.

    >>> parts({"x": 6.0}, "∂/∂")
    [[('  ∂/∂x', 'name'), (' = ', 'quiet'), ('6', 'value')]]
    """
    lines: list[Words] = []
    width = max((len(name) for name in found), default=0)
    for name, part in found.items():
        head = f"{' ' * indent}{sign}{name.ljust(width)}"
        if not isinstance(part, float):
            lines += array([(head, "name")], part, columns())
            continue
        line: Words = [(head, "name"), (" = ", "quiet"), (short(part), "value")]
        if name in errors:
            line.append((f" ± {errors[name]:.1g}", "quiet"))
        lines.append(line)
    return lines


def derivative(text: str, result: Derivative, format: str = "text", columns: Columns = eighty) -> list[Words]:
    """The lines of derivatives as formulas, with the names that they share before them, in a format.

    >>> from adcalc.results import Formula
    >>> result = Derivative("x^2", "x^{2}", {}, 1, (Formula(("x",), "2*x", "2 x"),))
    >>> for line in derivative("x^2", result):
    ...     print("".join(word for word, _ in line))
    x^2
      ∂/∂x = 2*x
    """
    if format == "latex":
        shared = [f"{one.name} = {one.latex}" for one in result.named]
        return [[(line, "expression")] for line in (*shared, *(formula.latex for formula in result.formulas))]
    if format == "mathml":
        shared = [one.mathml.replace("<math>", f"<math><mi>{one.name}</mi><mo>=</mo>", 1) for one in result.named]
        return [[(line, "expression")] for line in (*shared, *(formula.mathml for formula in result.formulas))]
    head: Words = [(cut(text), "expression")]
    lines = [head]
    if result.value is not None and not result.of:
        lines = valued(head, result.value, columns)
    lines += [[(f"  {name}", "name"), (" = ", "quiet"), (part, "expression")] for name, part, *_ in result.named]
    signs = [operator(formula.wrt, result.of) for formula in result.formulas]
    width = max((len(sign) for sign in signs), default=0)
    for sign, formula in zip(signs, result.formulas, strict=True):
        line: Words = [(f"  {sign.ljust(width)}", "name"), (" = ", "quiet"), (formula.text, "expression")]
        number = formula.evaluated
        lines += [line] if number is None or formula.text == _shown(number) else valued(line, number, columns)
    if result.assumptions:
        lines.append([(f"  for {', '.join(result.assumptions)}", "quiet")])
    if result.operations is not None:
        counts = result.operations
        lines += [
            [("  operations", "name")],
            [(f"    expression: {counts.expression_tree} as a tree, {counts.expression_graph} as a graph", "")],
            [(f"    derivatives: {counts.derivative_tree} as a tree, {counts.derivative_graph} as a graph", "")],
            [(f"    simplified: {counts.simplified}", "")],
        ]
    return lines


def operator(wrt: tuple[str, ...], of: str = "") -> str:
    """The derivative operator: ∂/∂x, ∂²/∂x², ∂³/∂x²∂y; or the derivative of a variable, dy/dx.

    >>> operator(("x", "x", "y"))
    '∂³/∂x²∂y'
    """
    order = "" if len(wrt) == 1 else str(len(wrt)).translate(_SUPERSCRIPTS)
    below = ""
    for name in dict.fromkeys(wrt):
        times = wrt.count(name)
        below += f"∂{name}" + ("" if times == 1 else str(times).translate(_SUPERSCRIPTS))
    sign, name = of[:1] or "∂", of[1:]
    return f"{sign}{order}{name}/{below.replace('∂', sign)}" if wrt else "itself"


def function_table(rows: list[FunctionRow]) -> list[Words]:
    """The function table: one line for each way of calling each function, by group."""
    lines: list[Words] = []
    widths: dict[str, int] = {}
    for row in rows:
        widths[row.group] = min(_LONGEST_FORM, max(len(row.form), widths.get(row.group, _SHORTEST_FORM)))
    group = None
    for row in rows:
        if row.group != group:
            group = row.group
            lines += [[], [(group, "expression")]]
        line: Words = [(f"  {row.form.ljust(widths[row.group])}", "name")]
        line.append((f"  {row.rule or row.definition or row.meaning}", ""))
        lines.append(line)
    return lines[1:]


def function_row(row: FunctionRow) -> list[Words]:
    """One function in full."""
    facts = [
        ("meaning", row.meaning),
        ("rule", row.rule),
        ("dual number", row.dual),
        ("definition", row.definition),
        ("domain", row.domain),
        ("smooth on", row.smooth),
        ("kinks, jumps", row.kinks),
        ("example", row.example),
    ]
    lines: list[Words] = [[(row.form, "expression")]]
    lines += [[(f"  {label.ljust(13)}", "name"), (text, "")] for label, text in facts if text]
    return lines


def equation(text: str, number: float) -> Words:
    """An expression and its value.

    >>> equation("1 + 1", 2.0)
    [('1 + 1', 'expression'), (' = ', 'quiet'), ('2', 'value')]
    """
    return [(cut(text), "expression"), (" = ", "quiet"), (short(number), "value")]


def cut(text: str, most: int = _LONGEST) -> str:
    """An expression as it is echoed to a person: one of more characters than `most` without its middle.

    >>> cut("x^2")
    'x^2'
    """
    return text if len(text) <= most else f"{text[: most - 29]} … {text[-26:]}"


_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
