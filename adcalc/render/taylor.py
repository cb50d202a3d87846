"""A Taylor series for people: the polynomial, and a table of its coefficients and the derivatives."""

from collections.abc import Mapping
from textwrap import wrap

from adcalc.render import json
from adcalc.render.figures import Cell, tables
from adcalc.render.layout import Block
from adcalc.results.taylor import Digits, Taylor
from adcalc.syntax.number import short

_TERMS = 12  # of a polynomial that is written out in full
_FIRST = 6  # terms of one that is not
_LONGEST = 1000  # characters of an expression


def taylor(text: str, result: Taylor, width: int) -> list[Block]:
    """The blocks of a series; `text` is the expression as adcalc writes it.

    >>> blocks = taylor("x^2", Taylor("x^2", {"x": 1.0}, "x", "x - 1", 1, (1.0, 2.0), (1.0, 2.0)), 80)
    >>> blocks[1]
    [('  = ', 'quiet'), ('1 + 2*(x - 1) + O((x - 1)^2)', 'value')]
    """
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    blocks: list[Block] = [[(shown, "expression")]]
    for number, line in enumerate(broken(polynomial(result), result.step, max(width - 4, 30))):
        blocks.append([("    " if number else "  = ", "quiet"), (line, "value")])
    if not result.variable or not result.order:
        return blocks
    orders: list[Cell] = [(str(order), "name") for order in range(result.order + 1)]
    columns = [
        (name, [(one, "value") for one in written(numbers, texts)])
        for name, numbers, texts in (
            ("coefficient", result.coefficients, result.texts[0]),
            ("derivative", result.derivatives, result.texts[1]),
        )
    ]
    return [*blocks, *tables([("order", orders), *columns], width)]


def taylor_json(result: Taylor) -> str:
    """A Taylor series: expression, at, order, coefficients, derivatives; null where a number is beyond floats.

    >>> taylor_json(Taylor("x", {"x": 1.0}, "x", "x - 1", 1, (1.0, 1.0), (1.0, 1.0)))
    '{"expression": "x", "at": {"x": 1.0}, "order": 1, "coefficients": [1.0, 1.0], "derivatives": [1.0, 1.0]}'
    """
    names = ("expression", "at", "order", "coefficients", "derivatives")
    keys = {name: getattr(result, name) for name in names}
    return json.record(keys | json.warned(result.warnings))


def broken(text: str, step: str, width: int) -> list[str]:
    """The lines of a polynomial, broken before the signs of its terms.

    >>> broken("1 + (x - 1) - (x - 1)^2", "x - 1", 12)
    ['1 + (x - 1)', '- (x - 1)^2']
    """
    whole = text.replace(step, step.replace(" ", "\0")).replace("+ ", "+\0").replace("- ", "-\0")
    lines = wrap(whole, width, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\0", " ") for line in lines]


def written(numbers: tuple[Digits, ...], texts: Mapping[int, str]) -> list[str]:
    """The numbers as people read them, those that no float holds too.

    >>> written((0.5, None, "0.25"), {1: "1.5e400"})
    ['0.5', '1.5e400', '0.25']
    """
    return [
        texts[order] if order in texts else short(one) if isinstance(one, float) else str(one)
        for order, one in enumerate(numbers)
    ]


def polynomial(result: Taylor) -> str:
    """The polynomial in powers of the step, without the terms that are 0; of a long one its beginning.

    >>> polynomial(Taylor("cos(x)", {}, "x", "x", 3, (1.0, 0.0, -0.5, 0.0), (1.0, 0.0, -1.0, 0.0)))
    '1 - 0.5*x^2 + O(x^4)'
    """
    step = result.step if result.step == result.variable else f"({result.step})"
    found = written(result.coefficients, result.texts[0])
    terms = [(number, order) for order, number in enumerate(found) if number != "0"]
    if not result.variable:
        return found[0]
    text = ""
    for number, order in terms if len(terms) <= _TERMS else terms[:_FIRST]:
        size = number.removeprefix("-")
        factor = "" if order == 0 else step if order == 1 else f"{step}^{order}"
        term = size if not factor else factor if size == "1" else f"{size}*{factor}"
        sign = "-" if number.startswith("-") else "+"
        text = f"{text} {sign} {term}" if text else f"{'-' if sign == '-' else ''}{term}"
    text = text or "0"
    more = "" if len(terms) <= _TERMS else " + …"
    end = f"{step}^{result.order + 1}" if result.order else result.step
    return f"{text}{more} + O({end})"
