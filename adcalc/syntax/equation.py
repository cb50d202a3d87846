"""Equations: `x^2 + y^2 = 25` as the code of what vanishes where it holds, the left side minus the right one."""

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax.code import Block, Code
from adcalc.syntax.parser import parse


def parse_equation(source: Source) -> tuple[Code, tuple[Code, ...]]:
    """The code of an equation's residual, and that of its sides; a program without '=' vanishes itself.

    Raises AdcalcSyntaxError with its place in the text.

    >>> code, sides = parse_equation(Source("x^2 + y^2 = 25"))
    >>> [operation for operation, _, _ in code.block][-3:], len(sides)
    (['number', 'sub', 'result'], 2)
    """
    try:
        block = parse(source, "identity").block
    except AdcalcSyntaxError as error:
        try:
            return parse(source), ()
        except AdcalcSyntaxError:
            raise error from None
    operation, _, span = block[-1]
    if operation != "identity" or any(step == "condition" for step, _, _ in block):
        raise AdcalcSyntaxError("an equation is two expressions with '=' between them", Place(source, *span))
    begin = _right_side(block[:-1], source.text)
    left, right = block[:begin], block[begin:-1]
    sides = tuple(Code(source, [*side, ("result", None, span)]) for side in (left, right))
    return Code(source, [*left, *right, ("sub", None, span), ("result", None, span)]), sides


def _right_side(block: Block, text: str) -> int:
    """Where the code of the right side begins: after the last instruction that ends before the equals sign."""
    last = block[-1][2][0]  # the whole right side begins here, for its last instruction spans it
    return next(number for number, (_, _, (start, _)) in enumerate(block) if start >= last)
