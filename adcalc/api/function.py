"""One method for each question: text → graph → mode → result.

The command line and Python ask the same `Function`, and get the same results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.api import floats
from adcalc.api.asked import Asked, is_higher
from adcalc.api.study import Study
from adcalc.errors import Source
from adcalc.modes.base import require_mode
from adcalc.results import Derivative, Gradient, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.api.point import Number, Point
    from adcalc.graph.node import Shape
    from adcalc.results.jacobian import Jacobian
    from adcalc.results.products import Jvp, Vjp
    from adcalc.results.proved import ProvedGradient, ProvedValue
    from adcalc.results.second import Hessian, HessianProduct


def function(text: str, functions: str | None = None, shapes: Mapping[str, Shape] | None = None) -> Function:
    """A mathematical function that can be asked for its value, gradient and derivatives.

    `functions` names a file of further rows of the function table; `shapes` are those of variables that are arrays,
    where formulas are asked for and no point says them.
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
        return Function(Source(text), shapes=shapes)
    from adcalc.rules.table import extended

    return Function(Source(text), extended(functions), shapes=shapes)


class Function(Study):
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
            from adcalc.api.proofs import array_repair
            from adcalc.api.readings import readings

            value, warnings = array_repair.value(self, lowered, at)
            return Value(self.source.text, at, value, warnings + readings(lowered))
        found = [floats.value(Asked(self, lowered, at, output=result)) for result in lowered.results]
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
        order: int = 1,
        mixed: bool = False,
        **values: Number,
    ) -> Gradient:
        """The value and the partial derivatives at a point, of the first or another `order`.

        `mode` is "forward", "reverse", "symbolic" or "finite"; `difference`, for the last, is "richardson", "central",
        "forward" or "complex". All modes agree on where there is no derivative. `at_kink` is what to say at a kink
        instead of an error: "right" or "left" slope, "zero", or their "mean". Derivatives of another order go by Taylor
        series, as does the one mixed derivative that `mixed`, or a variable named twice in `wrt`, asks for.
        Raises NotDifferentiableError there, and what `value` raises.

        >>> function("x*y").gradient(x=2, y=3, mode="forward").gradient
        {'x': 3.0, 'y': 2.0}
        """
        require_mode(mode, at_kink)
        chosen = None if wrt is None else tuple(wrt)
        if is_higher(order, mixed, chosen):
            return self.partials({**(point or {}), **values}, chosen, order, mixed, mode, at_kink)
        lowered, at = self.at({**(point or {}), **values})
        names = self.chosen(chosen, lowered)
        if lowered.has_arrays:
            from adcalc.api.proofs import array_repair
            from adcalc.api.readings import readings

            slopes, warnings = array_repair.slopes(self, lowered, at, names, mode, difference, at_kink)
            warnings += readings(lowered)
            return Gradient(self.source.text, at, mode, slopes.value, slopes.partials, slopes.errors, warnings)
        if mode == "symbolic" and self.needs_point:
            self.lowered()  # refuses: it has no point
        found = floats.slopes(Asked(self, lowered, at, tuple(names), at_kink=at_kink), mode, difference)
        partials = dict(zip(names, found.partials, strict=True))
        return Gradient(self.source.text, at, mode, found.value, partials, found.errors, found.warnings)

    def proved(self, digits: int, point: Point | None = None, /, **values: Number) -> ProvedValue:
        """The value at an exact point, or its values: so many significant digits, every one of them proved.

        >>> function("x/3").proved(20, x="0.1").value
        '0.033333333333333333333'
        """
        from adcalc.api.proofs.proved import value

        return value(self, {**(point or {}), **values}, digits)

    def proved_gradient(
        self, digits: int, point: Point | None = None, /, wrt: Iterable[str] | None = None, **values: Number
    ) -> ProvedGradient:
        """The value and the partial derivatives at an exact point, in digits of which every one is proved.

        >>> function("sin(x)").proved_gradient(20, x="pi/3").gradient
        {'x': '0.5'}
        """
        from adcalc.api.proofs import proved  # of a package: a quicker way than from a module

        return proved.gradient(self, {**(point or {}), **values}, digits, wrt)

    def vjp(
        self,
        point: Point | None = None,
        /,
        seed: Any = 1.0,
        *,
        wrt: Iterable[str] | None = None,
        mode: str = "reverse",
        difference: str = "richardson",
        at_kink: str | None = None,
        **values: Number,
    ) -> Vjp:
        """The product of a weight of the result with the Jacobian. Raises ShapeError where the weight does not fit.

        >>> function("[x^2, x*y]").vjp({"x": 2, "y": 3}, [1, 10]).vjp
        {'x': 34.0, 'y': 20.0}
        """
        from adcalc.api.matrices.products import vjp

        return vjp(self, {**(point or {}), **values}, seed, wrt, mode, difference, at_kink)

    def jvp(self, point: Point | None = None, /, seed: Any = None, at_kink: str | None = None, **values: Number) -> Jvp:
        """The product of the Jacobian with a direction of the variables. Raises ShapeError where it does not fit one.

        >>> function("[x^2, x*y]").jvp({"x": 2, "y": 3}, {"x": 1, "y": 10}).jvp
        (4.0, 23.0)
        """
        from adcalc.api.matrices.products import jvp

        return jvp(self, {**(point or {}), **values}, seed or {}, at_kink)

    def jacobian(self, point: Point, /, **options: Any) -> Jacobian:
        """The partials of every result; `options` are those of `gradient`, and the cheaper mode is the default.

        >>> function("[x^2, x*y]").jacobian({"x": 1, "y": 2}).jacobian
        {'x': (2.0, 2.0), 'y': (0.0, 1.0)}
        """
        from adcalc.api.matrices.jacobian import jacobian

        return jacobian(self, point, **options)

    def hessian(self, point: Point, /, **options: Any) -> Hessian:
        """The second derivatives; `options` are `wrt`, `mode` and `difference`, as in `gradient`.

        >>> function("x^2*y").hessian({"x": 1, "y": 2}).hessian["x"]
        {'x': 4.0, 'y': 2.0}
        """
        from adcalc.api.matrices.hessian import hessian

        return hessian(self, point, **options)

    def hvp(self, point: Point, seed: Point, /, **options: Any) -> HessianProduct:
        """The product of the Hessian with a direction; `options` are those of `hessian`.

        >>> function("x^2*y").hvp({"x": 1, "y": 2}, {"x": 1}).hvp
        {'x': 4.0, 'y': 2.0}
        """
        from adcalc.api.matrices.hvp import hvp

        return hvp(self, point, seed, **options)

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
        >>> function("sum((X@w - t)^2)", shapes={"X": (4, 3), "w": (3,), "t": (4,)}).derivative("w").formulas[0].text
        '2*X.T @ (X@w - t)'
        """
        from adcalc.api.formulas.formulas import derivative, orders

        lowered, at = self.at(point, several=True) if point is not None else (self.lowered(several=True), {})
        names = self.chosen(wrt or None, lowered)
        ways = orders(names, order, mixed)
        found = derivative(self, lowered, at, ways, point, operations, steps)
        return found if ways else found._replace(order=order)  # without variables it is of the order that was asked
