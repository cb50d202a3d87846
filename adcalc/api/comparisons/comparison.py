"""All four modes asked the same question, and judged by digits that are proved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.comparisons import accuracy
from adcalc.api.comparisons.growth import growth as growth_of
from adcalc.api.comparisons.growth import laws
from adcalc.api.comparisons.methods import LARGEST_ORDER, Question, finite, question, sweeps, symbolic
from adcalc.api.comparisons.step_sweep import step_sweep
from adcalc.api.paths import turned
from adcalc.errors import AdcalcError, LimitError, UsageError
from adcalc.modes import cost, differences
from adcalc.modes.base import NodeError
from adcalc.modes.digits import faults
from adcalc.results.comparison import Comparison, Method
from adcalc.syntax.claim import claim_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.arithmetics.enclosure import Enclosure
    from adcalc.errors import Place
    from adcalc.graph.node import Shape
    from adcalc.results.array_comparison import ArrayComparison
    from adcalc.results.comparison import StepSweep

DIGITS: Final = 50


def compare(
    function: Function,
    point: Point,
    wrt: Iterable[str] | None = None,
    order: int = 1,
    growth: bool = False,
    sweep: bool = False,
    digits: int = DIGITS,
    claims: Sequence[str | Place] = (),
    shapes: Mapping[str, Shape] | None = None,
) -> Comparison | ArrayComparison:
    """The derivatives of an order by each variable, by every method, against digits that are proved.

    Costs of first derivatives along the way come with the first order, or when `growth` asks for them; `sweep` asks for
    the error of difference quotients against their step, by the first variable. `digits` are those that are proved.
    Raises what `Function.gradient` raises at the point, UsageError and LimitError for an order that makes no sense.

    >>> from adcalc.api import function
    >>> result = compare(function("exp(x)"), {"x": 0})
    >>> [method.max_error == 0 for method in result.methods if method.mode != "finite"]
    [True, True, True]
    """
    from adcalc.modes.proofs.certified import require_digits

    _require_order(order)
    require_digits(digits)
    if claims or shapes or function.has_arrays(point):
        if order != 1 or growth or sweep:
            raise UsageError(
                "over arrays first derivatives are compared", hint="leave --order, --growth, --sweep-step out"
            )
        from adcalc.api.comparisons.array_comparison import compare as of_arrays

        places = [claim_in(claim) if isinstance(claim, str) else claim for claim in claims]
        return of_arrays(function, point, wrt, places, shapes, digits)
    lowered, at = function.at(point)
    names = list(dict.fromkeys(function.chosen(wrt, lowered)))
    if sweep and not names:
        raise UsageError("there is no variable to step", hint="--sweep-step needs a variable in the expression")
    if sweep and order != 1:
        raise UsageError("--sweep-step is about first derivatives", hint="leave --order out")
    asked = question(function, lowered, at, names, order)
    truth, reason = _reference(asked, digits)
    formulas, swelling = symbolic(asked)
    methods = [_forward(asked), _reverse(asked), formulas]
    methods += [finite(asked, difference) for difference in differences.METHODS]
    kink = any(part.kinks.clauses for part in asked.parts)
    limit = None if kink or order != 1 else cost.bound(asked.tape, function.table)
    rows = growth_of(asked) if growth or (order == 1 and not kink) else ()
    value, warnings = floats.value(Asked(function, lowered, at))
    return Comparison(
        function.source.text,
        at,
        order,
        value,
        None if truth is None else {name: one.digits if one else "0" for name, one in truth.items()},
        reason,
        tuple(methods if truth is None else [_judged(method, truth) for method in methods]),
        asked.value_operations,
        swelling,
        _spread(methods) if truth is None else None,
        limit,
        kink,
        rows,
        laws(rows),
        _swept(asked, truth, methods) if sweep else None,
        warnings,
    )


def _require_order(order: int) -> None:
    if order < 1:
        raise UsageError("the order of the derivatives to compare is 1 or more")
    if order > LARGEST_ORDER:
        raise LimitError(f"derivatives are compared up to order {LARGEST_ORDER}")


def _reference(asked: Question, digits: int) -> tuple[dict[str, Enclosure | None] | None, str]:
    """The proved partials (None where no derivative flows), or None and the reason why there are none."""
    from adcalc.modes.proofs import certified

    turns = turned(asked.function, asked.lowered, asked.at)
    if turns is not None:
        return None, turns.message
    truth: dict[str, Enclosure | None] = {}
    for part in asked.parts:
        try:
            proved = certified.gradient(part.tape.problem, asked.function.table, digits)
        except NodeError as error:
            return None, asked.explained(error).message
        except AdcalcError as error:
            return None, error.message
        truth |= dict(zip(part.names, proved.partials, strict=True))
    return truth, ""


def _reverse(asked: Question) -> Method:
    """Reverse mode, which answers wherever there is an answer. Raises what `Function.gradient` raises elsewhere."""
    try:
        method = sweeps(asked, "reverse")
        if method.gradient is None:
            raise faults.slope_overflow(asked.parts[0].tape, asked.parts[0].kinks.active)
    except NodeError as error:
        raise asked.explained(error) from None
    return method


def _forward(asked: Question) -> Method:
    try:
        method = sweeps(asked, "forward")
    except (NodeError, ValueError, ArithmeticError):
        return Method("forward", None, None, remark="a tangent is beyond the range of floating point")
    if method.gradient is None and not method.remark:
        return method._replace(remark="a tangent is beyond the range of floating point")
    return method


def _judged(method: Method, truth: Mapping[str, Enclosure | None]) -> Method:
    """The method with its largest error, and the digits of its worst partial that are right.

    A partial of 0 is measured by the largest one, or by 1.
    """
    if method.gradient is None:
        return method
    sizes = {name: abs(float(one.digits)) if one else 0.0 for name, one in truth.items()}
    largest = max(sizes.values(), default=0.0) or 1.0
    worst, digits = 0.0, accuracy.ALL
    for name, number in method.gradient.items():
        one = truth[name]
        error = one.distance(number) if one else abs(number)
        worst = max(worst, error)
        digits = min(digits, accuracy.digits(error, sizes[name] or largest))
    if not math.isfinite(worst):
        return method._replace(remark="its error is beyond the range of floating point", digits=0.0)
    return method._replace(max_error=worst, digits=digits)


def _spread(methods: Sequence[Method]) -> float:
    """The largest difference between two methods' answers."""
    found = [method.gradient for method in methods if method.gradient is not None]
    widths = [max(one[name] for one in found) - min(one[name] for one in found) for name in found[0]]
    return min(max(widths, default=0.0), math.nextafter(math.inf, 0.0))


def _swept(asked: Question, truth: Mapping[str, Enclosure | None] | None, methods: Sequence[Method]) -> StepSweep:
    name = asked.names[0]
    tape = asked.tape._replace(problem=asked.tape.problem._replace(wrt=asked.tape.problem.wrt[:1]))
    if truth is None:
        slope = next(method.gradient for method in methods if method.mode == "reverse" and method.gradient)[name]
        return step_sweep(tape, name, lambda quotient: abs(quotient - slope), slope, False)
    proved = truth[name]
    if proved is None:
        return step_sweep(tape, name, abs, 0.0, True)
    return step_sweep(tape, name, proved.distance, float(proved.digits), True)
