"""One method for each question: text → graph → mode → result.

The command line and Python ask the same `Function`, and get the same results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api import floats
from adcalc.api.program import Program
from adcalc.errors import Source, UsageError
from adcalc.modes.base import require_mode
from adcalc.results import Derivative, Gradient, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.point import Number, Point
    from adcalc.errors import Place
    from adcalc.results.check import Check
    from adcalc.results.comparison import Comparison
    from adcalc.results.proved import ProvedGradient, ProvedValue
    from adcalc.results.trace import DifferentialProgram, Drawing, Trace


def function(text: str, functions: str | None = None) -> Function:
    """A mathematical function that can be asked for its value, gradient and derivatives.

    `functions` names a file of further rows of the function table.
    Raises AdcalcSyntaxError, UnknownFunctionError and ArityError, each with the place in the text.

    >>> f = function("cos(x*y) + y")
    >>> f.value(x=0, y=1)
    2.0
    >>> f.gradient(x=0, y=1).gradient
    {'x': 0.0, 'y': 1.0}
    >>> f.derivative("x").formulas[0].text
    '-y*sin(x*y)'
    """
    if functions is None:
        return Function(Source(text))
    from adcalc.rules.table import extended

    return Function(Source(text), extended(functions))


class Function(Program):
    """An expression or program, ready to be evaluated and differentiated at any point.

    >>> Function(Source("a = x*y; a + sin(x)")).variables
    ('x', 'y')
    """

    def value(self, point: Point | None = None, /, **values: Number) -> float | tuple[float, ...]:
        """The value at a point; a tuple where the result is a list of values.

        Numbers are floats, fractions, or texts such as "pi/3".
        Raises UnboundVariableError, UnknownVariableError, and DomainError or NumberOverflowError where there is none.

        >>> function("x^2 + 1").value(x="1/2")
        1.25
        >>> function("[x, x^2]").value(x=3)
        (3.0, 9.0)
        """
        return self.evaluate({**(point or {}), **values}).value

    def evaluate(self, point: Point) -> Value:
        """The value at a point, with all that belongs to it.

        >>> function("x^2").evaluate({"x": 3}).at
        {'x': 3.0}
        """
        lowered, at = self.at(point, several=True)
        if lowered.has_arrays:
            from adcalc.api.arrays import evaluated

            return Value(self.source.text, at, evaluated(self, lowered, at, [lowered.output])[0])
        found = [floats.value(self, lowered, at, result) for result in lowered.results]
        values = tuple(value for value, _ in found)
        lost = [warning for _, warnings in found for warning in warnings]
        one = lowered.results == (lowered.output,)
        return Value(self.source.text, at, values[0] if one else values, tuple(dict.fromkeys(lost)))

    def gradient(
        self,
        point: Point | None = None,
        /,
        *,
        wrt: Iterable[str] | None = None,
        mode: str = "reverse",
        difference: str = "richardson",
        at_kink: str | None = None,
        **values: Number,
    ) -> Gradient:
        """The value and the partial derivatives at a point.

        `mode` is "forward", "reverse", "symbolic" or "finite"; `difference`, for the last, is "richardson", "central",
        "forward" or "complex". All modes agree on where there is no derivative. `at_kink` is what to say at a kink
        instead of an error: "right" or "left" slope, "zero", or their "mean".
        Raises NotDifferentiableError there, and what `value` raises.

        >>> function("x*y").gradient(x=2, y=3, mode="forward").gradient
        {'x': 3.0, 'y': 2.0}
        """
        require_mode(mode, at_kink)
        lowered, at = self.at({**(point or {}), **values})
        names = self.chosen(wrt, lowered)
        if lowered.has_arrays:
            from adcalc.api import arrays

            slopes = arrays.gradient(self, lowered, at, names, mode, difference, at_kink)
            met = tuple(("branch", f"finite differences by {name} took different branches") for name in slopes.branches)
            return Gradient(self.source.text, at, mode, slopes.value, slopes.partials, slopes.errors, met)
        if mode == "symbolic" and self.needs_point:
            self.lowered()  # refuses: it has no point
        return floats.gradient(self, lowered, at, names, mode, difference, at_kink)

    def proved(self, digits: int, point: Point | None = None, /, **values: Number) -> ProvedValue:
        """The value at an exact point, or its values: so many significant digits, every one of them proved.

        >>> function("x/3").proved(20, x="0.1").value
        '0.033333333333333333333'
        """
        from adcalc.api.proved import value

        return value(self, {**(point or {}), **values}, digits)

    def proved_gradient(
        self, digits: int, point: Point | None = None, /, wrt: Iterable[str] | None = None, **values: Number
    ) -> ProvedGradient:
        """The value and the partial derivatives at an exact point, in digits of which every one is proved.

        >>> function("sin(x)").proved_gradient(20, x="pi/3").gradient
        {'x': '0.5'}
        """
        from adcalc.api.proved import gradient

        return gradient(self, {**(point or {}), **values}, digits, wrt)

    def derivative(
        self,
        *wrt: str,
        order: int = 1,
        mixed: bool = False,
        point: Point | None = None,
        operations: bool = False,
        steps: bool = False,
    ) -> Derivative:
        """The derivatives as formulas: by every variable, or by those of `wrt`, `order` times each.

        A variable named twice, or `mixed`, makes one mixed partial of all: ("x", "x", "y") is ∂³/∂x²∂y. With a point
        the formulas are evaluated too; with `operations` they are counted; with `steps` they are derived rule by rule.
        Raises UnknownVariableError, and what `gradient` raises at the point.

        >>> function("x^x").derivative().formulas[0].text
        'x^x*(log(x) + 1)'
        >>> function("x^3*y").derivative("x", "x", "y").formulas[0].text
        '6*x'
        """
        from adcalc.api.formulas import derivative

        if order < 0:
            raise UsageError("the order of a derivative is 0 or more")
        lowered, at = self.at(point) if point is not None else (self.lowered(), {})
        names = self.chosen(wrt or None, lowered)
        is_one = mixed or not order or len(set(names)) < len(names)  # of order 0 there is one, whatever the variables
        ways = [tuple(names) * order] if is_one else [(name,) * order for name in names]
        return derivative(self, lowered, at, ways, point is not None, operations, steps)

    def trace(
        self,
        point: Point | None = None,
        /,
        *,
        wrt: Iterable[str] | None = None,
        mode: str = "reverse",
        order: str = "creation",
        detail: str | None = None,
        seed: Mapping[str, float] | None = None,
        only: Iterable[str] | None = None,
        depth: int | None = None,
        **values: Number,
    ) -> Trace:
        """The work of forward or reverse mode at a point: nodes, edges and the steps that fill them.

        `order` is "creation", "depth-first" or "layered"; `detail` is "names" (what the program names is one node) or
        "all"; `seed` is a direction of forward mode; `only` and `depth` leave nodes out.
        Raises what `gradient` raises; the error's `work` is then the trace as far as it went.

        >>> [node.name for node in function("cos(x*y) + y").trace(x=0, y=1).nodes]
        ['x', 'y', 'v1', 'v2', 'v3']
        """
        from adcalc.api.traces import Request, narrowed, trace

        made = trace(Request(self, {**(point or {}), **values}, wrt, mode, order, detail, seed))
        return made if only is None and depth is None else narrowed(made, only, depth)

    def differential_program(
        self,
        point: Point | None = None,
        seed: Mapping[str, float] | None = None,
        mode: str = "forward",
        detail: str | None = None,
    ) -> DifferentialProgram:
        """The program with the statement of each differential beside the statement of its value, as text.

        Variables without a value at the point, and differentials without a seed, stay free.

        >>> function("x^2").differential_program().program.splitlines()
        ['v1 = x^2', 'dv1 = 2*x*dx', 'dv1']
        """
        from adcalc.api.programs import differential_program

        return differential_program(self, self.numbers(point or {}), seed or {}, mode, detail)

    def compare(
        self,
        point: Point | None = None,
        /,
        *,
        wrt: Iterable[str] | None = None,
        order: int = 1,
        growth: bool = False,
        sweep: bool = False,
        digits: int = 50,
        **values: Number,
    ) -> Comparison:
        """All four modes at a point: gradients, errors against proved digits, operations, seconds, growth.

        `order` compares the derivatives of an order by each variable; `growth` asks how the costs of first derivatives
        grow in any case, and `sweep` for the error of differences at many steps. Raises what `gradient` raises.

        >>> function("x^2").compare(x=3).reference
        {'x': '6'}
        """
        from adcalc.api.comparison import compare

        return compare(self, {**(point or {}), **values}, wrt, order, growth, sweep, digits)

    def check(self, claims: Sequence[str | Place], point: Point | None = None) -> Check:
        """Whether claimed derivatives, such as "x: 2*x", are right: decided by proved digits all over the domain.

        At a point they are checked there first. Raises AdcalcSyntaxError and its like with the place in the claim, and
        PrecisionError where nothing can be decided.

        >>> function("x^2").check(["x: 2*x"]).holds
        True
        """
        from adcalc.api.checking import check

        return check(self, claims, point)

    def graph(self, point: Point | None = None, /, *, wrt: Iterable[str] | None = None, **values: Number) -> Drawing:
        """The graph of the result, to be drawn; at a point with values, adjoints and partial derivatives.

        Raises what `gradient` raises at the point.

        >>> [node.name for node in function("cos(x*y) + y").graph().nodes]
        ['x', 'y', 'v1', 'v2', 'v3']
        """
        from adcalc.api.drawings import draw

        return draw(self, None if point is None and not values else {**(point or {}), **values}, wrt)
