"""What commands do with --digits and --enclosure: ask for proved digits, and print them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adcalc.api import Function, Point
from adcalc.api.asked import is_higher
from adcalc.api.proofs import proved
from adcalc.cli import output
from adcalc.cli.point import has_interval
from adcalc.render import proved as render
from adcalc.results.proved import ProvedGradient, ProvedValue

if TYPE_CHECKING:
    from adcalc.results.proved_tables import ProvedHessian, ProvedJacobian, ProvedProduct


def value(asked: Function, point: Point, digits: int | None, enclosure: bool, json: bool) -> ProvedValue:
    """Print the value of a function at an exact point, or between which decimals it lies over intervals.

    >>> from adcalc.api import function
    >>> found = value(function("1/3"), {}, 10, False, False)
    1/3 = 0.3333333333
    """
    if has_interval(point):
        from adcalc.api.uncertainty.boxes import value as over

        result = over(asked, point, digits)
    else:
        result = proved.value(asked, point, digits or proved.ENCLOSED, enclosure)
    if json:
        output.line(render.value_json(result))
    else:
        output.show(render.value(asked.text, result))
    return result


def gradient(
    asked: Function,
    point: Point,
    digits: int | None,
    enclosure: bool,
    json: bool,
    wrt: Sequence[str] | None = None,
    mode: str = "reverse",
    at_kink: str | None = None,
    order: int = 1,
    mixed: bool = False,
) -> ProvedGradient:
    """Print the value and the gradient of a function at an exact point, or between which decimals they lie.

    >>> from adcalc.api import function
    >>> gradient(function("2"), {}, 10, False, False).gradient
    2 = 2
    {}
    """
    others = is_higher(order, mixed, wrt)
    if has_interval(point):
        from adcalc.api.uncertainty.boxes import gradient as over
        from adcalc.errors import UsageError

        if others:
            raise UsageError(
                "first derivatives are enclosed over an interval",
                hint="give the point one number, or leave --order out",
            )
        result = over(asked, point, digits, wrt, mode, at_kink)
    elif others:
        from adcalc.api.series.partials import proved_partials, require_plain

        require_plain(mode, at_kink, enclosure)
        result = proved_partials(asked, point, digits or proved.ENCLOSED, wrt, order, mixed)
    else:
        result = proved.gradient(asked, point, digits or proved.ENCLOSED, wrt, mode, at_kink, enclosure)
    if json:
        output.line(render.gradient_json(result))
    else:
        output.show(render.gradient(asked.text, result))
    return result


def jacobian(
    asked: Function,
    point: Point,
    digits: int | None,
    enclosure: bool,
    json: bool,
    wrt: Sequence[str] | None = None,
    mode: str | None = None,
    at_kink: str | None = None,
) -> "ProvedJacobian":
    """Print the Jacobian of a function at an exact point, or between which decimals its numbers lie.

    >>> from adcalc.api import function
    >>> found = jacobian(function("[x/3]"), {"x": 1}, 5, False, True)
    {"expression": "[x/3]", "at": {"x": "1"}, "mode": "reverse", "value": ["0.33333"], "jacobian": {"x": ["0.33333"]}}
    """
    from adcalc.api.proofs import proved_tables

    result = proved_tables.jacobian(asked, point, digits or proved.ENCLOSED, wrt, mode, at_kink, enclosure)
    if json:
        from adcalc.render import proved_json

        output.line(proved_json.jacobian(result, enclosure))
    else:
        from adcalc.render import proved_tables as lines

        output.show(lines.jacobian(asked.text, result, output.width()))
    return result


def hessian(
    asked: Function,
    point: Point,
    digits: int | None,
    enclosure: bool,
    json: bool,
    wrt: Sequence[str] | None = None,
    mode: str = "reverse",
    sparse: bool = False,
) -> "ProvedHessian":
    """Print the Hessian of a function at an exact point, or between which decimals its numbers lie.

    >>> from adcalc.api import function
    >>> found = hessian(function("2"), {}, 5, False, False)
    2 = 2
      no variables, no second derivatives
    """
    from adcalc.api.proofs import proved_tables

    result = proved_tables.hessian(asked, point, digits or proved.ENCLOSED, wrt, mode, enclosure)
    if json:
        from adcalc.render import proved_json

        output.line(proved_json.hessian(result, sparse, enclosure))
    else:
        from adcalc.render import proved_tables as lines

        output.show(lines.hessian(asked.text, result, output.width(), sparse))
    return result


def product(
    kind: str,
    asked: Function,
    point: Point,
    digits: int | None,
    enclosure: bool,
    json: bool,
    seed: Any,
    **options: Any,
) -> "ProvedProduct":
    """Print a function's Jacobian or Hessian times a seed at an exact point, or between which decimals that lies.

    `kind` is "jvp", "vjp" or "hvp"; `options` are those of the function of that name.

    >>> from adcalc.api import function
    >>> found = product("jvp", function("x/3"), {"x": 1}, 5, False, False, {"x": 2})
    x/3 = 0.33333
      along x = 2
      slope = 0.66667
    """
    from adcalc.api.proofs import proved_products

    makes: Mapping[str, Any] = {
        "jvp": proved_products.jvp,
        "vjp": proved_products.vjp,
        "hvp": proved_products.hvp,
    }
    result: ProvedProduct = makes[kind](asked, point, digits or proved.ENCLOSED, seed, enclosure=enclosure, **options)
    if json:
        from adcalc.render import proved_json

        output.line(proved_json.product(result, enclosure))
    else:
        from adcalc.render import proved_tables as lines

        output.show(lines.product(asked.text, result))
    return result
