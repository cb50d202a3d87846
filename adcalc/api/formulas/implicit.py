"""Derivatives of what an equation defines: dy/dx along x^2 + y^2 = 25, without solving for y.

By the implicit function theorem dy/dx = -(∂F/∂x)/(∂F/∂y). A further derivative takes y along: what depends on x and y
changes by ∂/∂x + dy/dx·∂/∂y.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.formulas.formulas import formulated, orders
from adcalc.api.function import Function
from adcalc.errors import NotDifferentiableError, Source, UsageError
from adcalc.rewrite.simplify import simplify
from adcalc.syntax.echo import echo
from adcalc.syntax.equation import parse_equation
from adcalc.syntax.lower import MAXIMUM_OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.point import Point
    from adcalc.graph.node import NodeId
    from adcalc.results import Derivative
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered

_CLOSE: Final = 1e-9  # of the size of an equation's sides: how well it has to hold at the point


class Equation(Function):
    """An equation in several variables, one of which is taken to be a function of the others.

    >>> Equation(Source("x^2 + y^2 = 25")).implicit("y").formulas[0].text
    '-x/y'
    """

    def __init__(
        self, source: Source, table: Table | None = None, maximum_operations: int = MAXIMUM_OPERATIONS
    ) -> None:
        code, self._sides = parse_equation(source)
        super().__init__(source, table, maximum_operations, code)

    @property
    def text(self) -> str:
        """The equation, spaced as adcalc writes it."""
        return " = ".join(echo(side) for side in self._sides) if self._sides else f"{super().text} = 0"

    def implicit(
        self, unknown: str, *wrt: str, order: int = 1, mixed: bool = False, point: Point | None = None
    ) -> Derivative:
        """The derivatives of one variable by the others, as formulas in all of them.

        `wrt`, `order` and `mixed` are those of `derivative`. With a point, which has to satisfy the equation, the
        formulas are evaluated too. Raises UnknownVariableError, UsageError for a point that does not, and
        NotDifferentiableError where the equation does not determine the variable.

        >>> Equation(Source("x^2 + y^2 = 25")).implicit("y", "x", order=2, point={"x": 3, "y": 4}).formulas[0].evaluated
        -0.390625
        """
        if order < 1:
            raise UsageError("the order of an implicit derivative is 1 or more")
        lowered, at = self.at(point) if point is not None else (self.lowered(), {})
        self.chosen([unknown], lowered)
        names = self.chosen(wrt or [name for name in lowered.variables if name != unknown], lowered)
        if unknown in names:
            raise UsageError(f"'{unknown}' is what is differentiated, and cannot be in --wrt", hint="leave it out")
        ways = orders(names, order, mixed)
        of = f"{'d' if len(lowered.variables) == 2 else '∂'}{unknown}"
        slopes = self._slopes(lowered, unknown, {name for way in ways for name in way})
        raw = [self._total(lowered, unknown, way, slopes) for way in ways]
        if point is None:
            return formulated(self, lowered, at, ways, raw, [None] * len(ways))._replace(of=of)
        self._require_on_curve(lowered, at)
        self._require_slope(lowered, at, unknown)
        found = [floats.value(Asked(self, lowered, at, output=node)) for node in raw]
        warnings = tuple(dict.fromkeys(warning for _, some in found for warning in some))
        made = formulated(self, lowered, at, ways, raw, [number for number, _ in found])
        return made._replace(of=of, value=at[unknown], warnings=warnings)

    def _slopes(self, lowered: Lowered, unknown: str, names: set[str]) -> dict[str, NodeId]:
        graph, variables = lowered.graph, lowered.variables
        zero = graph.constant(Fraction(0))
        slopes = {}
        for name in names:
            by_name, by_unknown = self.symbolic(lowered, lowered.output, (variables[name], variables[unknown]))
            if by_unknown is None:
                raise NotDifferentiableError(f"the equation does not determine '{unknown}': it does not depend on it")
            slopes[name] = zero if by_name is None else graph.apply("neg", graph.apply("div", by_name, by_unknown))
        return slopes

    def _total(self, lowered: Lowered, unknown: str, way: tuple[str, ...], slopes: Mapping[str, NodeId]) -> NodeId:
        """The derivative of the unknown along a way of variables, one after the other."""
        graph, variables = lowered.graph, lowered.variables
        node = slopes[way[0]]
        for name in way[1:]:
            (node,) = simplify(graph, [node], self.table).outputs
            direct, by_unknown = self.symbolic(lowered, node, (variables[name], variables[unknown]))
            total = graph.constant(Fraction(0)) if direct is None else direct
            if by_unknown is not None:
                total = graph.apply("add", total, graph.apply("mul", by_unknown, slopes[name]))
            node = total
        return node

    def _require_on_curve(self, lowered: Lowered, at: Mapping[str, float]) -> None:
        tape = self.tape(lowered, at, ())
        op, args, _ = lowered.graph.nodes[lowered.output]
        left, right = (tape.values[side] for side in args) if op == "sub" and self._sides else (tape.value, 0.0)
        if not math.isclose(left, right, rel_tol=_CLOSE, abs_tol=_CLOSE):
            raise UsageError(
                f"the equation does not hold at this point: its left side is {left:.10g}, its right side {right:.10g}",
                hint="root(f, y, start) finds a point of the curve",
            )

    def _require_slope(self, lowered: Lowered, at: Mapping[str, float], unknown: str) -> None:
        (slope,) = self.symbolic(lowered, lowered.output, (lowered.variables[unknown],))
        if slope is None or self.tape(lowered, at, (), slope).value == 0.0:
            raise NotDifferentiableError(
                f"the equation does not determine '{unknown}' here: its derivative by {unknown} is 0 at the point"
            )
