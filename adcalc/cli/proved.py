"""What commands do with --digits and --enclosure: ask for proved digits, and print them."""

from collections.abc import Sequence

from adcalc.api import Function, Point, proved
from adcalc.cli import output
from adcalc.cli.point import has_interval
from adcalc.render import proved as render
from adcalc.results.proved import ProvedGradient, ProvedValue


def value(asked: Function, point: Point, digits: int | None, enclosure: bool, json: bool) -> ProvedValue:
    """Print the value of a function at an exact point, or between which decimals it lies over intervals.

    >>> from adcalc.api import function
    >>> found = value(function("1/3"), {}, 10, False, False)
    1/3 = 0.3333333333
    """
    if has_interval(point):
        from adcalc.api.boxes import value as over

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
    if has_interval(point):
        from adcalc.api.boxes import gradient as over
        from adcalc.errors import UsageError

        if order != 1 or mixed or len(set(wrt or ())) < len(wrt or ()):
            raise UsageError(
                "first derivatives are enclosed over an interval",
                hint="give the point one number, or leave --order out",
            )
        result = over(asked, point, digits, wrt, mode, at_kink)
    elif order != 1 or mixed or len(set(wrt or ())) < len(wrt or ()):
        from adcalc.api.partials import proved_partials, require_plain

        require_plain(mode, at_kink, enclosure)
        result = proved_partials(asked, point, digits or proved.ENCLOSED, wrt, order, mixed)
    else:
        result = proved.gradient(asked, point, digits or proved.ENCLOSED, wrt, mode, at_kink, enclosure)
    if json:
        output.line(render.gradient_json(result))
    else:
        output.show(render.gradient(asked.text, result))
    return result
