"""Uncertainties propagated by derivatives, after the Guide to the expression of uncertainty in measurement.

JCGM 100:2008. With slopes c and the covariances u(x, y) of the inputs the variance of the result is to first order
Σ c[i]·c[j]·u(i, j) (5.1.2, 5.2.2). Where the function is curved, the note to 5.1.2 has further terms, with second and
third derivatives. They are here for correlated inputs, too: with Σ the matrix of covariances, H that of second
derivatives and c the slopes, ½·tr(HΣHΣ) + c'·Σ·∇tr(HΣ); and the mean of the result lies ½·tr(HΣ) beside its value at
the estimates. All of that is for normally distributed inputs.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.uncertainty.correlations import coefficient, correlations
from adcalc.api.uncertainty.ends import read
from adcalc.errors import AdcalcError, NotDifferentiableError, NumberOverflowError, UsageError
from adcalc.modes.base import NodeError
from adcalc.modes.edges import singular
from adcalc.results.propagation import Propagation, SecondOrder
from adcalc.syntax.number import short
from adcalc.syntax.point import Binding, Interval, Spread
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.uncertainty.correlations import Pair
    from adcalc.graph.node import NodeId
    from adcalc.results.proved import Bounds
    from adcalc.syntax.correlation import Correlation
    from adcalc.syntax.lowered import Lowered

NOTICED: Final = 0.05  # of the uncertainty: a correction that is smaller does not show in two digits of it
_Enclosed: TypeAlias = "tuple[Bounds, tuple[float, float]]"
_SQUARE: Final = math.sqrt(3)
_FLAT: Final = "flat", "every slope is 0 here, and so is the uncertainty to second order: the enclosure tells more"


def propagate(
    function: Function,
    values: Mapping[str, Any],
    given: Sequence[Correlation] | Mapping[Pair, Any] = (),
    coverage: float | None = None,
) -> Propagation:
    """The value of a function with its combined standard uncertainty, for inputs such as "2.0±0.1"; others are exact.

    A kink or a jump that the estimates do not meet, and their uncertainties reach, is a warning; so is an uncertainty
    that is 0 because the function is flat at the estimates.
    `given` are correlations, by pairs of names: {("x", "y"): 0.3}; `coverage` is the factor of an expanded uncertainty.
    Raises UsageError for what is no uncertainty and no correlation, NotDifferentiableError where there is no slope by
    an uncertain input, and what `Function.value` raises.

    >>> from adcalc.api import function
    >>> found = propagate(function("x*y"), {"x": "2±0.1", "y": "3±0.2"})
    >>> found.value, found.uncertainty
    (6.0, 0.5)
    >>> found.contributions["x"], found.contributions["y"]
    (0.36, 0.64)
    """
    inputs = {name: _Input.of(function, name, value) for name, value in values.items()}
    estimates = {name: one.estimate for name, one in inputs.items()}
    off = {name: one.off for name, one in inputs.items() if one.off is not None}
    if coverage is not None and not (coverage > 0 and math.isfinite(coverage)):
        raise UsageError("a coverage factor is a positive number", hint="--coverage 2")
    known = [name for name in function.inputs(values) if name in off]
    moving = [name for name in known if off[name] > 0]
    try:
        gradient = function.gradient(estimates, wrt=moving)
    except NotDifferentiableError as error:
        error.hint = error.hint or "without slopes at the estimates no uncertainty can be propagated"
        raise
    if not isinstance(gradient.value, float) or not all(isinstance(one, float) for one in gradient.at.values()):
        raise UsageError("uncertainties are propagated through numbers, and there are arrays")
    coefficients = correlations(function, given, known)
    slopes = {name: float(slope) for name, slope in gradient.gradient.items()}
    shares, variance = _shares({name: Fraction(slopes[name]) * Fraction(off[name]) for name in moving}, coefficients)
    uncertainty = _root(variance)
    if coverage is not None and not math.isfinite(coverage * uncertainty):
        raise NumberOverflowError("the expanded uncertainty is beyond the range of floating point")
    second = _second_order(function, estimates, _Spread(moving, off, coefficients, slopes), gradient.value, uncertainty)
    enclosure, warnings = _enclosure(function, values)
    if enclosure is not None and moving and not any(slopes.values()) and (second is None or not second.uncertainty):
        low, high = enclosure[1]
        warnings = warnings or ((_FLAT,) if low < high else ())
    return Propagation(
        function.source.text,
        gradient.at,
        {name: off[name] for name in known},
        gradient.value,
        uncertainty,
        {name: shares.get(name, 0.0) for name in known},
        second,
        None if enclosure is None else enclosure[1],
        slopes,
        {f"{one},{other}": float(number) + 0.0 for (one, other), number in coefficients.items()},
        coverage,
        None if enclosure is None else enclosure[0],
        (*gradient.warnings, *warnings),
    )


class _Input(NamedTuple):
    """An input: its estimate, as a value of a point, and its standard uncertainty; None where it is exact."""

    estimate: Any
    off: float | None

    @classmethod
    def of(cls, function: Function, name: str, value: Any) -> _Input:
        found = read(name, value, function.table)
        if isinstance(found, Interval):
            ends = function.numbers({f"{end}": Binding(getattr(found, end), found.place) for end in ("low", "high")})
            middle, size = ends["low"] / 2 + ends["high"] / 2, abs(ends["high"] - ends["low"]) / 2 / _SQUARE
            raise UsageError(
                f"{name} has an interval, and a standard uncertainty is needed",
                found.place,
                f"of a value that is equally likely all over it: {quoted(name)}={short(middle)}±{size:.2g}",
            )
        if not isinstance(found, Spread):
            return cls(found, None)
        size = function.numbers({name: Binding(found.spread, found.place)})[name]
        if not isinstance(size, float):
            raise UsageError(f"{name} is an array, and an uncertainty is of a number", found.place)
        if size < 0:
            raise UsageError(f"the uncertainty of {name} is negative", found.place, "write its size behind the ±")
        return cls(Binding(found.middle, found.place), size + 0.0)


class _Spread(NamedTuple):
    """The inputs that have an uncertainty, their uncertainties and correlations, and the slopes by them."""

    names: list[str]
    off: Mapping[str, float]
    coefficients: Mapping[Pair, Fraction]
    slopes: Mapping[str, float]

    def covariance(self, one: str, other: str) -> Fraction:
        """The covariance of two inputs, exactly that of the floats."""
        return Fraction(self.off[one]) * Fraction(self.off[other]) * coefficient(self.coefficients, one, other)


def _shares(parts: Mapping[str, Fraction], found: Mapping[Pair, Fraction]) -> tuple[dict[str, float], Fraction]:
    """The share of each input in the variance, and the variance; exact numbers, as covariances may cancel."""
    own = {
        name: part * sum((coefficient(found, name, other) * parts[other] for other in parts), Fraction(0))
        for name, part in parts.items()
    }
    variance = sum(own.values(), Fraction(0))
    if variance <= 0:
        return dict.fromkeys(parts, 0.0), Fraction(0)
    return {name: float(share / variance) + 0.0 for name, share in own.items()}, variance


def _root(number: Fraction) -> float:
    """The square root of an exact number, also where its square is beyond floats. Raises NumberOverflowError."""
    if not number:
        return 0.0
    shift = (number.numerator.bit_length() - number.denominator.bit_length()) // 2
    scaled = number / Fraction(4) ** shift
    try:
        return math.ldexp(math.sqrt(scaled), shift)
    except OverflowError:
        raise NumberOverflowError("the uncertainty is beyond the range of floating point") from None


# ------------------------------------------------------------------ second order


def _second_order(
    function: Function, estimates: Mapping[str, Any], spread: _Spread, value: float, first: float
) -> SecondOrder | None:
    """What curvature adds; None where a second or a third derivative does not exist, or is beyond floats."""
    names = spread.names
    try:
        lowered, at = function.at(estimates)
        rows = _Derivatives(function, lowered, at, names)
        hessian = {(one, other): rows.number(one, other) for one in names for other in names}
        covariance = {(one, other): spread.covariance(one, other) for one in names for other in names}
        product = {
            (one, other): sum((hessian[one, via] * covariance[via, other] for via in names), Fraction(0))
            for one in names
            for other in names
        }
        shift = sum((product[name, name] for name in names), Fraction(0)) / 2
        curved = sum((product[one, other] * product[other, one] for one in names for other in names), Fraction(0)) / 2
        turned = rows.third(names, covariance, spread.slopes)
        variance = Fraction(first) ** 2 + curved + turned
        corrected = _root(variance) if variance >= 0 else None
        moved = float(shift) + 0.0
        if not math.isfinite(value + moved):
            return None
    except (AdcalcError, OverflowError):
        return None
    matters = abs(moved) > NOTICED * first or corrected is None or abs(corrected - first) > NOTICED * first
    return SecondOrder(moved, value + moved, corrected, matters)


class _Derivatives:
    """The second and third derivatives at a point, each made once as a formula, and held to what is true of all."""

    def __init__(self, function: Function, lowered: Lowered, at: Mapping[str, float], names: Sequence[str]) -> None:
        self._function, self._lowered, self._at = function, lowered, at
        self._curves: dict[Pair, NodeId | None] = {}
        ordered = sorted(names)
        for place, (one, slope) in enumerate(self._partials(lowered.output, ordered).items()):
            for other, node in self._partials(slope, ordered[place:]).items():
                self._curves[one, other] = self._curves[other, one] = node

    def number(self, one: str, other: str) -> Fraction:
        """A second derivative. Raises AdcalcError where there is none."""
        return self._evaluated(self._curves[one, other])

    def third(self, names: Sequence[str], covariance: Mapping[Pair, Fraction], slopes: Mapping[str, float]) -> Fraction:
        """The term of the third derivatives: the slope of tr(HΣ) along Σc. Raises AdcalcError where it has none."""
        graph = self._lowered.graph
        total: NodeId | None = None
        for one in names:
            for other in names:
                node, weight = self._curves[one, other], covariance[one, other]
                if node is not None and weight:
                    term = graph.apply("mul", graph.constant(weight), node)
                    total = term if total is None else graph.apply("add", total, term)
        if total is None:
            return Fraction(0)
        along = {
            name: sum((covariance[name, other] * Fraction(slopes[other]) for other in names), Fraction(0))
            for name in names
        }
        moving = [name for name in names if along[name]]
        partials = self._partials(total, moving)
        return sum((along[name] * self._evaluated(partials[name]) for name in moving), Fraction(0))

    def _partials(self, node: NodeId | None, names: Sequence[str]) -> Mapping[str, NodeId | None]:
        """The derivatives of a node as formulas, where they exist at the point. Raises AdcalcError where one does not.

        None is 0: no derivative flows there.
        """
        if node is None:
            return dict.fromkeys(names)
        function, lowered = self._function, self._lowered
        wrt = tuple(lowered.variables[name] for name in names)
        try:
            tape = function.tape(lowered, self._at, wrt, node)
            kinks = singular.find(tape)
            if kinks.clauses:
                singular.one_sided(tape, kinks)  # raises where the slopes of both sides are not one
        except NodeError as error:
            raise function.explained(error, lowered) from None
        return dict(zip(names, function.symbolic(lowered, node, wrt), strict=True))

    def _evaluated(self, node: NodeId | None) -> Fraction:
        if node is None:
            return Fraction(0)
        try:
            return Fraction(floats.value(Asked(self._function, self._lowered, self._at, output=node))[0])
        except ValueError:  # it is no finite number
            raise NumberOverflowError("a derivative is beyond the range of floating point") from None


# ------------------------------------------------------------------ the enclosure


def _enclosure(function: Function, values: Mapping[str, Any]) -> tuple[_Enclosed | None, tuple[tuple[str, str], ...]]:
    """Between which numbers the result lies when every input is within its uncertainty, and the warnings about it."""
    from adcalc.api.uncertainty.boxes import enclosed, turns

    try:
        found = enclosed(function, values)
        turn = turns(function, values)
    except AdcalcError as error:
        return None, (("enclosure", f"within the uncertainties of the inputs there are no bounds: {error.message}"),)
    return found, (("kink", f"{turn}; the error bars are those of a smooth function"),) if turn else ()
