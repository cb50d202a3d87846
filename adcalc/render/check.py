"""What a person sees of claims that hold: each with its evidence, and both numbers at the point of the question."""

from adcalc.render.layout import Words, cut, operator
from adcalc.results.check import Check
from adcalc.syntax.number import short

_LONGEST = 200  # characters of an expression that a person reads again


def check(result: Check) -> list[Words]:
    """The lines of the claims that hold; none where none does, for refutations are errors.

    >>> from adcalc.errors import Place, Source
    >>> from adcalc.results.check import Verdict
    >>> right = Verdict(("x",), "x + x", Place(Source("x: x + x"), 3, 8), True, "both simplify to 2*x", "2*x")
    >>> for line in check(Check("x^2", "x^2", {}, (right,))):
    ...     print("".join(word for word, _ in line))
    x^2
      ∂/∂x = x + x
        holds: both simplify to 2*x
    """
    lines: list[Words] = []
    for verdict in result.verdicts:
        if verdict.holds:
            lines.append(
                [
                    (f"  {sign(verdict.wrt, result.weighed)}", "name"),
                    (" = ", "quiet"),
                    (cut(" ".join(verdict.claim.split()), _LONGEST), "expression"),
                ]
            )
            lines.append([("    holds", "value"), (f": {verdict.evidence}", "quiet")])
            if verdict.point and not verdict.element:
                where = ", ".join(
                    f"{name} = {value if isinstance(value, str) else short(value)}"
                    for name, value in verdict.point.items()
                )
                lines.append([(f"    at {where} both are ", "quiet"), (verdict.derivative, "value")])
                if verdict.bounds is not None:
                    low, high = verdict.bounds[0]
                    lines[-1] += [(", in ", "quiet"), (f"[{low}, {high}]", "value")]
    weight: list[Words] = [[("  g = dL/d(result)", "quiet")]] if result.weighed else []
    return [[(cut(" ".join(result.text.split()), _LONGEST), "expression")], *weight, *lines] if lines else []


def sign(wrt: tuple[str, ...], weighed: bool) -> str:
    """How a derivative is written: of a number, or of the loss L that has the weight g as its slope by the result.

    >>> sign(("x",), False), sign(("x",), True)
    ('∂/∂x', 'dL/dx')
    """
    return f"dL/d{wrt[0]}" if weighed else operator(wrt)
