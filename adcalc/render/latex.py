r"""Graph to LaTeX, by the printer that also writes the language itself."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, DERIVATIVES, INPUT, NodeId
from adcalc.graph.residual import written
from adcalc.render.symbols import greek, parts
from adcalc.syntax.numeral import number_text
from adcalc.syntax.sharing import shared_names
from adcalc.syntax.unparse import (
    AND,
    ATOM,
    BUDGET,
    MODULO,
    NOT,
    OR,
    POWER,
    PRODUCT,
    RELATION,
    SUM,
    Operand,
    Pieces,
    write,
)

if TYPE_CHECKING:
    from adcalc.render.array_products import Marks

_SAME: Final = ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "log", "exp", "min", "max")
_FUNCTIONS: Final = {
    **{name: f"\\{name}" for name in _SAME},
    **{f"a{name}": f"\\arc{name}" for name in ("sin", "cos", "tan")},
    "det": "\\det",
    "gamma": "\\Gamma",
    "log2": "\\log_{2}",
    "log10": "\\log_{10}",
    "beta": "\\mathrm{B}",
    "zeta": "\\zeta",
    "digamma": "\\psi",
}
_AROUND: Final = {
    "sqrt": ("\\sqrt{", "}"),
    "cbrt": ("\\sqrt[3]{", "}"),
    "abs": ("\\left|", "\\right|"),
    "floor": ("\\left\\lfloor ", "\\right\\rfloor"),
    "ceil": ("\\left\\lceil ", "\\right\\rceil"),
}
_NULLARY: Final = {"pi": "\\pi", "inf": "\\infty"}
_RELATIONS: Final = {"lt": "<", "le": "\\le", "gt": ">", "ge": "\\ge", "eq": "=", "ne": "\\ne"}
_BINARY: Final[dict[str, tuple[str, int, int, int]]] = {
    "add": (" + ", SUM, SUM, MODULO),
    "sub": (" - ", SUM, SUM, MODULO),
    "mod": (" \\bmod ", MODULO, PRODUCT, POWER),
    "or": (" \\lor ", OR, OR, AND),
    "and": (" \\land ", AND, AND, NOT),
    **{op: (f" {sign} ", RELATION, SUM, SUM) for op, sign in _RELATIONS.items()},
}
_LEFT: Final = {"add": SUM, "sub": SUM, "mul": PRODUCT, "div": PRODUCT, "mod": PRODUCT}


class _Latex:
    def __init__(self, graph: Graph, names: Mapping[NodeId, str]) -> None:
        self._nodes = graph.nodes
        self._names = names
        self._arrays = None
        if graph.shapes:
            from adcalc.render.array_math import ArrayMath

            self._arrays = ArrayMath(graph, names, _marks())

    def is_named(self, node: NodeId) -> bool:
        return node in self._names

    def brackets(self) -> tuple[str, str]:
        return "\\left(", "\\right)"

    def begins_with_operand(self, op: str) -> int | None:
        return _LEFT.get(op)

    def pieces(self, node: NodeId, minus: bool, wide: bool = False) -> Pieces:
        op, args, label = self._nodes[node]
        if node in self._names:
            return ATOM, [symbol(self._names[node])]
        if op == INPUT:
            return ATOM, [symbol(str(label))]
        if op == CONSTANT:
            assert isinstance(label, Fraction)
            return number(label)
        found = None if self._arrays is None else self._arrays.pieces(node, minus)
        if found is not None:
            return found
        if op == "mul":
            left = Operand(args[0], PRODUCT, minus)
            return PRODUCT, [left, self._times(args[0], args[1]), Operand(args[1], POWER, False)]
        if op == "div":
            sign, numerator = self._signed(args[0])
            return PRODUCT, [sign, "\\frac{", numerator, "}{", Operand(args[1]), "}"]
        if op == "pow":
            return POWER, [Operand(args[0], ATOM, False), "^{", Operand(args[1]), "}"]
        if op == "exp":
            return POWER, ["e"] if self._value(args[0]) == 1 else ["e^{", Operand(args[0]), "}"]
        if op == "exp2":
            return POWER, ["2^{", Operand(args[0]), "}"]
        if op in _BINARY:
            sign, level, first, second = _BINARY[op]
            return level, [Operand(args[0], first, minus), sign, Operand(args[1], second, False)]
        if op == "neg":
            return PRODUCT, ["-", Operand(args[0], PRODUCT, False)]
        if op == "not":
            return NOT, ["\\lnot ", Operand(args[0], NOT, False)]
        if op in ("if", "where"):
            condition, taken, other = (Operand(argument) for argument in args)
            return ATOM, [
                "\\begin{cases}",
                taken,
                " & \\text{if } ",
                condition,
                " \\\\ ",
                other,
                " & \\text{otherwise}\\end{cases}",
            ]
        if op in DERIVATIVES:
            return self._derivative("\\partial " if op == "∂/∂" else "d ", args)
        if op in _AROUND:
            before, after = _AROUND[op]
            return ATOM, [before, Operand(args[0]), after]
        if not args:
            return ATOM, [_NULLARY.get(op) or symbol(op)]
        pieces: list[str | Operand] = [_FUNCTIONS.get(op) or f"\\operatorname{{{_escaped(op)}}}", "\\left("]
        for position, argument in enumerate(args):
            pieces += [", "] * bool(position) + [Operand(argument)]
        return ATOM, [*pieces, "\\right)"]

    def _signed(self, numerator: NodeId) -> tuple[str, str | Operand]:
        """A numerator without its minus, which stands before the fraction."""
        op, args, label = self._nodes[numerator]
        if numerator not in self._names:
            if op == "neg":
                return "-", Operand(args[0])
            if isinstance(label, Fraction) and label < 0:
                return "-", "".join(str(piece) for piece in number(-label)[1])
        return "", Operand(numerator)

    def _derivative(self, sign: str, args: tuple[NodeId, ...]) -> Pieces:
        """A derivative still to be taken: of an expression, or of what has a name."""
        below = f"{{{sign}{symbol(str(self._nodes[args[1]].label))}}}"
        if self._nodes[args[0]].op == INPUT and args[0] != args[1]:
            return POWER, [f"\\frac{{{sign}", Operand(args[0]), f"}}{below}"]
        return POWER, [f"\\frac{{{sign.rstrip()}}}{below}\\left(", Operand(args[0]), "\\right)"]

    def _value(self, node: NodeId) -> Fraction | None:
        label = self._nodes[node].label
        return label if isinstance(label, Fraction) else None

    def _times(self, left: NodeId, right: NodeId) -> str:
        """The sign between two factors: a dot where a number follows, a space between letters, else nothing."""
        op, args, _ = self._nodes[right]
        first = args[0] if op == "pow" else right
        if self._value(first) is not None or (op == "exp2") or self._nodes[first].op == CONSTANT:
            return " \\cdot "
        return " "


def _marks() -> "Marks":
    from adcalc.render.array_products import Marks

    return Marks(
        raised=("", "^{", "}"),
        lowered=("", "_{", "}"),
        group=("{", "}"),
        brackets=("\\left(", "\\right)"),
        norm=("\\left\\lVert ", "\\right\\rVert"),
        top="\\top",
        minus_top="-\\top",
        inverse="-1",
        minus="-",
        times=" ",
        by_elements=" \\odot ",
        divided=" \\oslash ",
        circle="\\circ ",
        comma=", ",
        total="\\sum",
        logarithm="\\log",
        ones="\\mathbf{1}",
        word=lambda name: _FUNCTIONS.get(name) or f"\\operatorname{{{_escaped(name)}}}",
        letter=lambda text: "\\times " if text == "×" else text,
        matrix=("\\begin{pmatrix}", " & ", " \\\\ ", "\\end{pmatrix}"),
    )


def latex(graph: Graph, output: NodeId, names: Mapping[NodeId, str] | None = None) -> str:
    r"""An expression as LaTeX, for math mode. `names` are nodes to be printed as a name.

    >>> graph = Graph()
    >>> x = graph.input("theta")
    >>> print(latex(graph, graph.apply("div", graph.apply("sin", x), graph.apply("sqrt", x))))
    \frac{\sin\left(\theta\right)}{\sqrt{\theta}}
    """
    output, names = written(graph, output, names or {})
    return write(graph, output, _Latex(graph, names))


def latex_program(
    graph: Graph, outputs: Sequence[NodeId], budget: int = BUDGET, taken: frozenset[str] = frozenset()
) -> tuple[list[tuple[str, str]], list[str]]:
    r"""Several expressions as LaTeX, after what they share: (symbol, LaTeX) of each, then the expressions.

    The names are those of `unparse_program`, and so is the promise that the text is linear in the number of nodes.

    >>> graph = Graph()
    >>> node = graph.input("x")
    >>> for _ in range(50):
    ...     node = graph.apply("mul", graph.apply("sin", node), node)
    >>> definitions, (text,) = latex_program(graph, [node])
    >>> len(definitions) + len(text) < 100
    True
    """
    outputs = [written(graph, output, {})[0] for output in outputs]  # as unparse_program, so that the names agree
    known: dict[NodeId, str] = {}
    definitions: list[tuple[str, str]] = []
    for node, name in shared_names(graph, outputs, budget, taken).items():
        definitions.append((symbol(name), latex(graph, node, known)))
        known[node] = name
    return definitions, [latex(graph, output, known) for output in outputs]


def number(value: Fraction) -> Pieces:
    r"""A constant in LaTeX: a quotient as a fraction, an exponent as a power of ten.

    >>> number(Fraction(-1, 3))
    (7, ['-\\frac{1}{3}'])
    >>> number(Fraction(10)**30)[1]
    ['1 \\cdot 10^{30}']
    """
    text = number_text(abs(value))
    level = PRODUCT if value < 0 else ATOM
    if "/" in text:
        numerator, denominator = text.split("/")
        level, text = PRODUCT, f"\\frac{{{numerator}}}{{{denominator}}}"
    elif "e" in text:
        mantissa, exponent = text.split("e")
        level, text = PRODUCT, f"{mantissa} \\cdot 10^{{{exponent}}}"
    return level, [f"-{text}" if value < 0 else text]


def symbol(name: str) -> str:
    r"""A variable's name in LaTeX: Greek letters by name, digits and what follows an underscore as a subscript.

    >>> [symbol(name) for name in ("x", "theta", "x_1", "x1", "μ", "rate", "flow rate")]
    ['x', '\\theta', 'x_{1}', 'x_{1}', '\\mu', '\\mathrm{rate}', '\\mathrm{flow\\ rate}']
    """
    found = parts(name)
    if found is None:
        return f"\\mathrm{{{_escaped(name)}}}"
    body, subscript = _letter(found[0]), found[1]
    return f"{body}_{{{_letter(subscript)}}}" if subscript else body


def _letter(word: str) -> str:
    letter = greek(word)
    if letter is not None:
        return f"\\{letter}"
    return word if len(word) == 1 or word.isdigit() else f"\\mathrm{{{_escaped(word)}}}"


def _escaped(name: str) -> str:
    return re.sub(r"([#$%&_{}])", r"\\\1", name).replace(" ", "\\ ")
