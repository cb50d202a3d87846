"""A program made over so that a product with its Jacobian becomes a gradient.

The gradient of the weighed sum of a result is the vector-Jacobian product with the weight; the slope of the result
where the variables move along a direction is the Jacobian-vector product. So whatever can be asked about a gradient can
be asked about both, in every mode and along the way that a point takes.
"""

from collections.abc import Mapping

from adcalc.syntax.code import Code, place_of


def weighed(code: Code, weights: str | tuple[str, ...]) -> Code:
    """The program of the weighed sum: its weight is one variable in the result's shape, or one for each of a list.

    >>> from adcalc.api import Function
    >>> from adcalc.errors import Source
    >>> f = Function(Source("[x^2, x*y]"))
    >>> Function(f.source, code=weighed(f.code, ("u", "w"))).gradient(x=2, y=3, u=1, w=10).gradient["x"]
    34.0
    """
    return Code(code.source, [*code.block, ("weigh", weights, code.block[-1][2])] if code.block else [])


def moved(code: Code, directions: Mapping[str, str], step: str) -> Code:
    """The program with some variables moved a step along a direction: each x is x + step*direction.

    >>> from adcalc.api import Function
    >>> from adcalc.errors import Source
    >>> f = Function(Source("x*y"))
    >>> along = Function(f.source, code=moved(f.code, {"x": "u", "y": "w"}, "t"))
    >>> along.gradient(x=2, y=3, u=1, w=10, t=0).gradient["t"]
    23.0
    """
    places = {name: place_of(code, name) for name in directions}
    spans = {name: (place.start, place.end) if place else (0, 0) for name, place in places.items()}
    along = [(name, direction, spans[name]) for name, direction in directions.items()]
    return Code(code.source, [("move", (along, step), (0, 0)), *code.block])
