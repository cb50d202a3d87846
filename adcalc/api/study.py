"""Questions about the work of differentiation itself: to see it, to compare its methods, to check somebody's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from adcalc.api.provable import Provable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.point import Number, Point
    from adcalc.errors import Place
    from adcalc.graph.node import Shape
    from adcalc.results.array_comparison import ArrayComparison
    from adcalc.results.check import Check
    from adcalc.results.comparison import Comparison
    from adcalc.results.propagation import Propagation
    from adcalc.results.proved import ProvedGradient, ProvedValue
    from adcalc.results.trace import DifferentialProgram, Drawing, Trace

    Shapes: TypeAlias = Mapping[str, Shape]


class Study(Provable):
    """What can be asked of a function beside its values and derivatives.

    >>> from adcalc.api import function
    >>> isinstance(function("x"), Study)
    True
    """

    def trace(
        self,
        point: Point | None = None,
        /,
        *,
        wrt: Iterable[str] | None = None,
        mode: str = "reverse",
        order: str = "creation",
        detail: str | None = None,
        seed: Mapping[str, Number] | None = None,
        only: Iterable[str] | None = None,
        depth: int | None = None,
        checkpoints: int | None = None,
        **values: Number,
    ) -> Trace:
        """The work of forward or reverse mode at a point: nodes, edges and the steps that fill them.

        `order` is "creation", "depth-first" or "layered"; `detail` is "names" (what the program names is one node) or
        "all"; `seed` is a direction of forward mode, which arrays need; `only` and `depth` leave nodes out.
        `checkpoints` says of how many layers "layered" order keeps the values of arrays; the rest is computed again.
        Raises what `gradient` raises; the error's `work` is then the trace as far as it went.

        >>> from adcalc.api import function
        >>> [node.name for node in function("cos(x*y) + y").trace(x=0, y=1).nodes]
        ['x', 'y', 'v1', 'v2', 'v3']
        """
        from adcalc.api.work.traces import Request, narrowed, trace

        made = trace(Request(self, {**(point or {}), **values}, wrt, mode, order, detail, seed, checkpoints))
        return made if only is None and depth is None else narrowed(made, only, depth)

    def enclosed(self, box: Mapping[str, Any], digits: int | None = None) -> ProvedValue:
        """Between which decimals the value, or each value of a list, lies for all values of the inputs in a box.

        Inputs are intervals such as "[1.9 .. 2.1]" or "2±0.1", or exact numbers. The ends have so many `digits`, or as
        many as their distance is worth. Raises DomainError where there may be no value, and what `value` raises.

        >>> from adcalc.api import function
        >>> function("x^2").enclosed({"x": "[-1 .. 2]"}).enclosures
        (Bounds(low='0', high='4'),)
        """
        from adcalc.api.uncertainty.boxes import value

        return value(self._whole, box, digits)

    def enclosed_gradient(
        self,
        box: Mapping[str, Any],
        digits: int | None = None,
        *,
        wrt: Iterable[str] | None = None,
        mode: str = "reverse",
        at_kink: str | None = None,
    ) -> ProvedGradient:
        """Between which decimals the value and the partials lie for all values of the inputs in a box: see `enclosed`.

        Where a kink may lie in it they are those of both sides and all between. Raises NotDifferentiableError where
        there may be a jump, and what `enclosed` raises.

        >>> from adcalc.api import function
        >>> function("x^2").enclosed_gradient({"x": "2±0.1"}).enclosures
        {'x': Bounds(low='3.8', high='4.2')}
        """
        from adcalc.api.uncertainty.boxes import gradient

        return gradient(self._whole, box, digits, wrt, mode, at_kink)

    def propagate(
        self,
        estimates: Mapping[str, Any],
        correlations: Mapping[tuple[str, str], Number] | None = None,
        coverage: float | None = None,
    ) -> Propagation:
        """The value with its combined standard uncertainty, for inputs such as "2.0±0.1"; others are exact.

        Correlations are by pairs of names; `coverage` is the factor of an expanded uncertainty. A correction of second
        order, and the enclosure within the uncertainties, come with it. Raises UsageError for what is no uncertainty
        and no correlation, and what `gradient` raises.

        >>> from adcalc.api import function
        >>> function("x*y").propagate({"x": "2±0.1", "y": "3±0.2"}).uncertainty
        0.5
        """
        from adcalc.api.uncertainty.propagation import propagate

        return propagate(self._whole, estimates, correlations or {}, coverage)

    def differential_program(
        self, point: Point | None = None, seed: Point | None = None, mode: str = "forward", detail: str | None = None
    ) -> DifferentialProgram:
        """The program with the statement of each differential beside that of its value; what has no number stays free.

        >>> from adcalc.api import function
        >>> function("x^2").differential_program().program.splitlines()
        ['v1 = x^2', 'dv1 = 2*x*dx', 'dv1']
        """
        from adcalc.api.formulas.programs import differential_program

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
        claims: Sequence[str | Place] = (),
        shapes: Shapes | None = None,
        **values: Number,
    ) -> Comparison | ArrayComparison:
        """All four modes at a point: gradients, errors against proved digits, operations, seconds, growth.

        `order` compares the derivatives of an order by each variable; `growth` asks how the costs of first derivatives
        grow in any case, and `sweep` for the error of differences at many steps. `claims` are closed forms of gradients
        over arrays, compared with the composed graph. Raises what `gradient` raises.

        >>> from adcalc.api import function
        >>> function("x^2").compare(x=3).reference
        {'x': '6'}
        """
        from adcalc.api.comparisons.comparison import compare

        return compare(self._whole, {**(point or {}), **values}, wrt, order, growth, sweep, digits, claims, shapes)

    def check(
        self,
        claims: Sequence[str | Place],
        point: Point | None = None,
        shapes: Shapes | None = None,
        digits: int | None = None,
        enclosure: bool = False,
    ) -> Check:
        """Whether claimed derivatives, such as "x: 2*x", are right: decided by proved digits all over the domain.

        At a point they are checked there first; variables that are arrays have their shapes there, or in `shapes`. With
        `digits` they are compared in so many, at exact points; `enclosure` says between which decimals both lie.
        Raises AdcalcSyntaxError and its like with the place in the claim, PrecisionError where nothing can be decided.

        >>> from adcalc.api import function
        >>> function("x^2").check(["x: 2*x"]).holds
        True
        """
        from adcalc.api.checks.checking import check

        return check(self._whole, claims, point, shapes, digits, enclosure)

    def graph(self, point: Point | None = None, /, *, wrt: Iterable[str] | None = None, **values: Number) -> Drawing:
        """The graph of the result, to be drawn; at a point with values, adjoints and partial derivatives.

        >>> from adcalc.api import function
        >>> [node.name for node in function("cos(x*y) + y").graph().nodes]
        ['x', 'y', 'v1', 'v2', 'v3']
        """
        from adcalc.api.work.drawings import draw

        return draw(self._whole, None if point is None and not values else {**(point or {}), **values}, wrt)
