"""What a person sees of a comparison over arrays: the gradient, a table of the methods, sentences about the figures."""

from typing import Any, Final

from adcalc.render.check import sign
from adcalc.render.comparison import NAMES
from adcalc.render.elements import shape
from adcalc.render.figures import count, error, facts, seconds, tables
from adcalc.render.layout import Block, Words, cut, equation, valued
from adcalc.results.array_comparison import ArrayComparison, Way
from adcalc.syntax.number import short

_SHOWN: Final = 40  # elements of a gradient that is printed
_ROUNDING: Final = 1e-12  # of the largest element
_LONGEST: Final = 200  # characters of an expression
_NAMES: Final = {**NAMES, ("claim", None): "closed form"}
_REFERENCES: Final = {
    "proved": "against proved digits of every element",
    "extended": "against the same plan over longer floats",
}


def comparison(text: str, result: ArrayComparison, width: int) -> list[Block]:
    """The blocks of a comparison; `text` is the expression as adcalc writes it.

    >>> way = Way("reverse", None, {"x": 6.0}, 0.0, 16.0, 5, 2.0)
    >>> result = ArrayComparison("sum(x)", {}, {"x": (3,)}, (), 3.0, "proved", "", {}, (way,), largest=(3,))
    >>> for block in comparison("sum(x)", result, 80)[:2]:
    ...     print("".join(word for word, _ in block))
    sum(x) = 3
      ∂/∂x = 6
    """
    answer = next((way.gradient for way in result.ways if way.mode == "reverse"), None) or {}
    blocks: list[Block] = [_head(" ".join(text.split()), result)]
    wide = max(map(len, answer), default=0)
    for name, partial in answer.items():
        blocks += _partial(f"  {sign((name.ljust(wide),), result.weighed)}", partial, width)
    return [*blocks, [], *tables(_columns(result), width), [], *facts(_sentences(result), width)]


def _head(text: str, result: ArrayComparison) -> Words:
    text = cut(text, _LONGEST)
    if isinstance(result.value, float):
        return equation(text, result.value)
    return [(text, "expression"), (f" ({shape(result.value.shape)}), weighed by g", "quiet")]


def _partial(head: str, partial: Any, width: int) -> list[Words]:
    if isinstance(partial, float) or partial.size <= _SHOWN:
        return valued([(head, "name")], partial, lambda: width)
    largest = short(float(max(partial.max(), -partial.min())))
    return [[(head, "name"), (f" ({shape(partial.shape)}), of size up to {largest}", "quiet")]]


def _columns(result: ArrayComparison) -> list[tuple[str, list[tuple[str, str]]]]:
    ways = result.ways
    named = [(_NAMES[way.mode, way.difference], "name") for way in ways]
    columns = [
        ("method", named),
        ("error", [(error(way.error), "") for way in ways]),
        ("digits", [("–" if way.digits is None else str(round(way.digits)), "") for way in ways]),
        ("operations", [("–" if way.operations is None else count(way.operations), "") for way in ways]),
        ("passes", [("–" if way.passes is None else _passes(way.passes), "") for way in ways]),
        ("time", [(seconds(way.seconds), "quiet") for way in ways]),
    ]
    return columns if result.reference else [columns[0], *columns[3:]]


def _passes(number: float) -> str:
    return f"{number:.1f}" if number < 1e6 else f"{number:.1e}"


def _sentences(result: ArrayComparison) -> list[tuple[str, str]]:
    lines = [("errors", _REFERENCES[result.reference] if result.reference else f"no reference: {result.reason}")]
    if result.reference:
        lines.append(("digits", "of 16, seen from the largest element of the same variable"))
    ways = {way.name: way for way in result.ways}
    reverse = ways["reverse"]
    if result.operations and reverse.operations:
        ratio = reverse.operations / result.operations
        what = "result and gradient" if result.weighed else "value and gradient"
        lines.append(("cost", f"{what} in reverse mode take {ratio:.2g} times the value's {count(result.operations)}"))
    if result.largest:
        largest = shape(result.largest)
        lines.append(("passes", f"a pass reads or writes {largest} elements, as many as the largest array has"))
    if "claim" in ways:
        lines += _claims(result, reverse, ways["claim"])
    if result.drawn:
        names = ", ".join(result.drawn)
        lines.append(("at", f"{names}: drawn at random, the same numbers in every run; --at gives others"))
    remarks: dict[str, list[str]] = {}
    for way in result.ways:
        if way.remark:
            remarks.setdefault(way.remark, []).append(_NAMES[way.mode, way.difference])
    return lines + [("note", f"{', '.join(names)}: {remark}") for remark, names in remarks.items()]


def _claims(result: ArrayComparison, composed: Way, closed: Way) -> list[tuple[str, str]]:
    """How far graph and closed form agree, and what each takes."""
    share = max((stated.share for stated in result.claims.values()), default=0.0)
    names = ", ".join(sign((name,), result.weighed) for name in result.claims)
    agree = "agree to rounding" if share <= _ROUNDING else "agree in part"
    far = f"they differ by up to {share:.1e} of the largest element" if share else "no element differs"
    lines = [("closed form", f"{names}: graph and closed form {agree}; {far}")]
    if composed.passes and closed.passes and composed.seconds and closed.seconds:
        graph = f"the composed graph takes {_passes(composed.passes)} passes and {seconds(composed.seconds)}"
        form = f"the closed form {_passes(closed.passes)} passes and {seconds(closed.seconds)}"
        lines.append(("closed form", f"{graph}, {form}"))
    return lines
