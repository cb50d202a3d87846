"""Products with the Jacobian or the Hessian in digits that are all proved; seeds are as exact as points are."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from adcalc.api.matrices.products import DIRECTION, STEP, moved_along, weighed_by, weight_names
from adcalc.api.matrices.seeds import named_weight, require_active, require_direction, require_variable, require_weight
from adcalc.api.point import shape_of
from adcalc.api.proofs.exact import exact
from adcalc.api.proofs.exact_question import Question, digits_of, require_provable
from adcalc.api.proofs.exact_second import Second
from adcalc.api.proofs.proved_tables import block_of, blocks_of, number, result_shape
from adcalc.errors import Place, PrecisionError, Source, UsageError
from adcalc.graph.elements import elements
from adcalc.graph.shape import size
from adcalc.modes.proofs.attempt import Demand
from adcalc.results.proved_tables import ZERO, Block, ProvedNumber, ProvedProduct
from adcalc.syntax.lowered import Lowered
from adcalc.syntax.point import Binding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import Shape
    from adcalc.modes.proofs.attempt import Exact
    from adcalc.rules.table import Table


def vjp(
    function: Function,
    point: Point,
    digits: int,
    seed: Any = 1,
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    at_kink: str | None = None,
    enclosure: bool = False,
) -> ProvedProduct:
    """The weight of a result times its Jacobian, with so many significant digits, all proved.

    Raises PrecisionError for what cannot be proved, and what `Function.vjp` raises.

    >>> from adcalc.api import function
    >>> vjp(function("[x^2, x*y]"), {"x": 2, "y": "1/3"}, 20, "[1/3, 10]").product["x"].digits
    '4.6666666666666666667'
    """
    require_provable(mode, at_kink)
    demand = Demand(digits, True, enclosure)
    plain = Question.make(function, point, demand, several=True)
    names, shape = plain.named(wrt), result_shape(plain)
    named, seed = named_weight(seed, plain.name, plain.named(None))
    other = shape_of(seed, function.table)
    require_weight(named, shape, other, seed)
    weight = exact(named or "the seed", seed, function.table)
    label = weight_names(plain.lowered, None if not shape or plain.shape else shape[0])
    if isinstance(label, str):
        numbers = {label: _given(weight)}
    else:
        numbers = dict(zip(label, map(_given, _spread(weight, shape, other, function.table)), strict=True))
    asked = Question.make(weighed_by(function, label), {**point, **numbers}, demand)
    flat = asked.chosen(names)
    output = asked.lowered.output
    partials = asked.gradient(output, flat, asked.swept(output, flat, mode, at_kink)).partials
    found = dict(zip(flat, (number(one, enclosure) for one in partials), strict=True))
    each = Block(tuple(_shown(function, one, digits) for one in _spread(weight, other, other, function.table)), other)
    return _product("vjp", plain, mode, {named: each}, {name: block_of(found, name, plain.shapes) for name in names})


def jvp(
    function: Function,
    point: Point,
    digits: int,
    seed: Mapping[str, Any],
    at_kink: str | None = None,
    enclosure: bool = False,
) -> ProvedProduct:
    """The slope of a result along a direction of the variables, with so many significant digits, all proved.

    Raises PrecisionError for what cannot be proved, and what `Function.jvp` raises.

    >>> from adcalc.api import function
    >>> jvp(function("[x^2, x*y]"), {"x": 2, "y": 3}, 20, {"x": "1/3"}).product[""].digits
    ['1.3333333333333333333', '1']
    """
    require_provable("forward", at_kink)
    demand = Demand(digits, True, enclosure)
    plain = Question.make(function, point, demand, several=True)
    if not seed:
        raise UsageError("a seed gives a direction of the variables", hint='write --seed "x=1, y=0"')
    for name, given in seed.items():
        require_variable(name, plain.named(None), given)
        require_direction(name, plain.shapes.get(name, ()), shape_of(given, function.table), given)
    along = {f"{DIRECTION}{name}": given for name, given in seed.items()}
    asked = Question.make(moved_along(function, tuple(seed)), {**point, STEP: 0, **along}, demand, several=True)
    slopes = []
    try:
        for output in asked.lowered.results:
            terms = asked.swept(output, [STEP], "forward", at_kink)
            slopes.append(number(asked.gradient(output, [STEP], terms).partials[0], enclosure))
    except PrecisionError as error:
        message = error.message
        for name in seed:  # a sub-expression is said as it was written
            moved = re.escape(f"{name} + `{STEP}`*`{DIRECTION}{name}`")
            message = re.sub(rf"(?<!\w)\({moved}\)|{moved}", name, message)
        raise PrecisionError(message, error.place, error.hint) from None
    shown = {}
    for name, given in seed.items():
        shape, direction = shape_of(given, function.table), exact(name, given, function.table)
        shown[name] = Block(
            tuple(_shown(function, one, digits) for one in _spread(direction, shape, shape, function.table)), shape
        )
    return _product("jvp", plain, "forward", shown, {"": Block(tuple(slopes), result_shape(plain))})


def hvp(
    function: Function,
    point: Point,
    digits: int,
    seed: Mapping[str, Any],
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    enclosure: bool = False,
) -> ProvedProduct:
    """The Hessian times a direction of the variables, with so many significant digits, all proved.

    Raises PrecisionError for what cannot be proved, and what `Function.hvp` raises.

    >>> from adcalc.api import function
    >>> found = hvp(function("x^2*y"), {"x": "1/3", "y": 2}, 20, {"x": "1/3"})
    >>> found.product["x"].digits, found.product["y"].digits
    ('1.3333333333333333333', '0.22222222222222222222')
    """
    require_provable(mode)
    asked = Question.make(function, point, Demand(digits, True, enclosure))
    names = asked.named(wrt)
    flat = asked.chosen(names)
    direction: dict[str, Exact] = {}
    for name, given in seed.items():
        shape, other = asked.shapes.get(name, ()), shape_of(given, function.table)
        require_variable(name, asked.named(None), given)
        require_direction(name, shape, other, given)
        require_active(name, names, given)
        each = _spread(exact(name, given, function.table), shape, other, function.table)
        direction |= {one: part for one, part in zip(elements(name, shape), each, strict=True) if part != 0}
    shown = {name: _shown(function, direction[name], digits) if name in direction else ZERO for name in flat}
    second = Second(asked, flat, mode)
    value, parts = asked.search(
        lambda attempt: second.product(attempt, direction), lambda: function.hvp(point, seed, wrt=names)
    )
    found = dict(zip(flat, (number(one, enclosure) for one in parts), strict=True))
    return _product(
        "hvp",
        asked,
        mode,
        {name: block_of(shown, name, asked.shapes) for name in names},
        {name: block_of(found, name, asked.shapes) for name in names},
        Block((number(value, enclosure),)),
    )


def _product(
    kind: str,
    asked: Question,
    mode: str,
    seed: Mapping[str, Block],
    product: Mapping[str, Block],
    value: Block | None = None,
) -> ProvedProduct:
    """A product at a point, with the value there."""
    function, digits, bounds = asked.function, asked.demand.digits, asked.demand.bounds
    if value is None:
        results = asked.lowered.results
        value = Block(tuple(number(asked.value(one), bounds) for one in results), result_shape(asked))
    at = blocks_of(asked.shown, asked.shapes)
    return ProvedProduct(kind, function.source.text, at, mode, digits, value, seed, product)


def _spread(value: Any, shape: Shape, own: Shape, table: Table) -> list[Exact]:
    """The elements of an exact value of its own shape; a number is that of every element of another shape."""
    if not own:
        return [value] * size(shape)
    from adcalc.api.proofs.exact_arrays import exact_elements

    return exact_elements(value, table)


def _given(value: Any) -> Any:
    """An exact value as one of a point."""
    return Binding(value, Place(Source(""), 0, 0)) if isinstance(value, Lowered) else value


def _shown(function: Function, value: Exact, digits: int) -> ProvedNumber:
    return ProvedNumber(
        digits_of(function, value, digits), exact=None if isinstance(value, Lowered) else Fraction(value)
    )
