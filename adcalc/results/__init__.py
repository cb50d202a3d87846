"""Results as plain frozen data. Drawing them is somebody else's job.

What the everyday commands answer is here; the rest has one file for each noun, loaded when it is asked for.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from adcalc.results.derivation import Derivation


Number: TypeAlias = Any  # a float, or NumPy's array of them


class Value(NamedTuple):
    """The value of an expression at a point, or its values; `warnings` are pairs of a kind and a message.

    >>> Value("x^2", {"x": 3.0}, 9.0).value
    9.0
    """

    expression: str
    at: Mapping[str, Number]
    value: Number | tuple[float, ...]
    warnings: tuple[tuple[str, str], ...] = ()


class Gradient(NamedTuple):
    """A value and its partial derivatives at a point, each in the shape of its variable.

    `error_estimate` is what finite differences say of themselves; empty in the exact modes. `warnings` are pairs of a
    kind and a message. The derivatives are of an `order` by each variable, or the one that is `mixed` by some.

    >>> Gradient("x^2", {"x": 3.0}, "reverse", 9.0, {"x": 6.0}).gradient["x"]
    6.0
    """

    expression: str
    at: Mapping[str, Number]
    mode: str
    value: Number
    gradient: Mapping[str, Number]
    error_estimate: Mapping[str, float] = {}
    warnings: tuple[tuple[str, str], ...] = ()
    order: int = 1
    mixed: tuple[str, ...] = ()


class Formula(NamedTuple):
    """One derivative as a formula: by which variables, as text, as LaTeX and as a MathML element.

    `evaluated` is its number at the point, where one was given; in proved digits it is a text.

    >>> Formula(("x",), "2*x", "2 x").text
    '2*x'
    """

    wrt: tuple[str, ...]
    text: str
    latex: str
    evaluated: float | str | None = None
    mathml: str = ""


class Named(NamedTuple):
    """A sub-expression that formulas share: its name, and itself as text, as LaTeX and as a MathML element.

    >>> Named("a", "2*x", "2 x", "<math><mn>2</mn><mi>x</mi></math>").name
    'a'
    """

    name: str
    text: str
    latex: str
    mathml: str


class Operations(NamedTuple):
    """How many operations a set of formulas takes: as trees, as one shared graph, and simplified.

    >>> Operations(3, 3, 5, 4, 2).simplified
    2
    """

    expression_tree: int
    expression_graph: int
    derivative_tree: int
    derivative_graph: int
    simplified: int


class Derivative(NamedTuple):
    """The derivatives of an expression as formulas.

    `named` are sub-expressions that several formulas share, in order; `assumptions` the conditions that simplifying
    added; `value` the expression's own value at the point, where one was given; `steps` how each derivative was found.
    `of` is the variable that is differentiated, where an equation defines it: "dy" as a function of one variable, "∂y"
    of several. `warnings` are pairs of a kind and a message.

    >>> Derivative("x^2", "x^{2}", {}, 1, (Formula(("x",), "2*x", "2 x"),)).formulas[0].text
    '2*x'
    """

    expression: str
    latex: str
    at: Mapping[str, float] | Mapping[str, str]
    order: int
    formulas: tuple[Formula, ...]
    named: tuple[Named, ...] = ()
    assumptions: tuple[str, ...] = ()
    value: float | str | None = None
    operations: Operations | None = None
    steps: tuple["Derivation", ...] = ()
    of: str = ""
    warnings: tuple[tuple[str, str], ...] = ()

    def _repr_latex_(self) -> str:
        lines = [
            rf"\frac{{\partial{_power(len(f.wrt))}}}{{{_denominator(f.wrt)}}}\left({self.latex}\right) &= {f.latex}"
            for f in self.formulas
        ]
        lines[:0] = [f"{shared.name} &= {shared.latex}" for shared in self.named]
        return r"$\displaystyle \begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}$"


class FunctionRow(NamedTuple):
    """One row of the function table, in words.

    >>> FunctionRow("sin", "trigonometric", "sin(u)", "the sine", "d sin(u) = cos(u)*du").name
    'sin'
    """

    name: str
    group: str
    form: str
    meaning: str
    rule: str
    dual: str = ""
    domain: str = ""
    smooth: str = ""
    kinks: str = ""
    definition: str = ""
    example: str = ""


def _power(order: int) -> str:
    return "" if order == 1 else f"^{{{order}}}"


def _denominator(wrt: tuple[str, ...]) -> str:
    return r" \, ".join(rf"\partial {name}{_power(wrt.count(name))}" for name in dict.fromkeys(wrt))
