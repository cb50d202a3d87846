"""Jacobians and Hessians in digits that are all proved, at points that are exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api.proofs.exact_question import Question, require_provable
from adcalc.api.proofs.exact_second import Second
from adcalc.graph.elements import elements
from adcalc.modes.proofs.attempt import Demand
from adcalc.results.proved import Bounds
from adcalc.results.proved_tables import ZERO, Block, ProvedHessian, ProvedJacobian, ProvedNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.arithmetics.enclosure import Enclosure
    from adcalc.graph.node import Shape


def jacobian(
    function: Function,
    point: Point,
    digits: int,
    wrt: Iterable[str] | None = None,
    mode: str | None = None,
    at_kink: str | None = None,
    enclosure: bool = False,
) -> ProvedJacobian:
    """The values of a result and the partials of each, with so many significant digits, all proved.

    Each row is a gradient; without a mode, a return sweep's. Raises PrecisionError for what cannot be proved, and what
    `jacobian` in floats raises.

    >>> from adcalc.api import function
    >>> jacobian(function("[x^2, sin(x)]"), {"x": "pi/3"}, 20).jacobian["x"].digits
    ['2.0943951023931954923', '0.5']
    """
    chosen = mode or "reverse"
    require_provable(chosen, at_kink)
    asked = Question.make(function, point, Demand(digits, True, enclosure), several=True)
    names = asked.named(wrt)
    flat = asked.chosen(names)
    found = []
    for output in asked.lowered.results:
        terms = asked.swept(output, flat, chosen, at_kink)
        found.append(asked.gradient(output, flat, terms))
    rows = [[number(one, enclosure) for one in row.partials] for row in found]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(flat)}
    shape = result_shape(asked)
    blocks = {}
    for name in names:
        own = [columns[one] for one in elements(name, asked.shapes.get(name, ()))]
        numbers = [column[place] for place in range(len(rows)) for column in own]
        blocks[name] = Block(tuple(numbers), (*shape, *asked.shapes.get(name, ())))
    value = Block(tuple(number(row.value, enclosure) for row in found), shape)
    return ProvedJacobian(function.source.text, blocks_of(asked.shown, asked.shapes), chosen, digits, value, blocks)


def hessian(
    function: Function,
    point: Point,
    digits: int,
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    enclosure: bool = False,
) -> ProvedHessian:
    """Value, gradient and second derivatives, with so many significant digits, all proved; symmetric to the last one.

    Raises PrecisionError for what cannot be proved, and what `hessian` in floats raises.

    >>> from adcalc.api import function
    >>> hessian(function("exp(x*y)"), {"x": "1/3", "y": 0}, 20).hessian["x"]["y"].digits
    '1'
    """
    require_provable(mode)
    asked = Question.make(function, point, Demand(digits, True, enclosure))
    variables = asked.named(wrt)
    names = asked.chosen(variables)
    found = asked.search(Second(asked, names, mode).matrix, lambda: function.hessian(point, wrt=variables))
    entries = [(row, column, number(one, enclosure)) for row, column, one in found.entries]
    entries += [(column, row, one) for row, column, one in entries if row != column]
    entries.sort(key=lambda entry: entry[:2])
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    slopes = dict(zip(names, (number(one, enclosure) for one in found.gradient), strict=True))
    gradient = {name: block_of(slopes, name, asked.shapes) for name in variables}
    value = Block((number(found.value, enclosure),))
    at = blocks_of(asked.shown, asked.shapes)
    shapes = {name: asked.shapes.get(name, ()) for name in gradient}
    return ProvedHessian(
        function.source.text, at, mode, digits, value, gradient, tuple(names), shapes, rows, columns, values,
        found.colours,
    )  # fmt: skip


def number(found: Enclosure | None, enclosure: bool = False) -> ProvedNumber:
    """A proof as plain data, with its bounds where these were asked for; None is 0.

    >>> number(None).digits
    '0'
    """
    if found is None:
        return ZERO
    return ProvedNumber(found.digits or None, Bounds(found.low, found.high) if enclosure else None, found.exact)


def result_shape(asked: Question) -> Shape:
    """The shape of a question's result, a list's too.

    >>> from adcalc.api import function
    >>> result_shape(Question.make(function("[x, x^2]"), {"x": 1}, Demand(5), several=True))
    (2,)
    """
    results = asked.lowered.results
    is_list = results != (asked.lowered.output,)
    return asked.shape or ((len(results),) if is_list else ())


def blocks_of(shown: Mapping[str, str], shapes: Mapping[str, Shape]) -> dict[str, Block]:
    """Digits by elements, put together by variables.

    >>> blocks_of({"x[0]": "1", "x[1]": "2"}, {"x": (2,)})["x"].digits
    ['1', '2']
    """
    numbers = {label: ProvedNumber(digits) for label, digits in shown.items()}
    names = dict.fromkeys(label.partition("[")[0] if shapes else label for label in shown)
    return {name: block_of(numbers, name, shapes) for name in names}


def block_of(numbers: Mapping[str, ProvedNumber], name: str, shapes: Mapping[str, Shape]) -> Block:
    """Numbers by elements, put together for one variable.

    >>> block_of({"x[0]": ZERO, "x[1]": ZERO}, "x", {"x": (2,)}).digits
    ['0', '0']
    """
    shape = shapes.get(name, ())
    return Block(tuple(numbers[one] for one in elements(name, shape)), shape)
