"""What a person sees of products with a Jacobian: the value, the seed, and what comes of it."""

from adcalc.render.layout import Columns, Words, eighty, value, valued
from adcalc.results import Value
from adcalc.results.products import Jvp, Vjp
from adcalc.syntax.number import short


def vjp(text: str, result: Vjp, columns: Columns = eighty) -> list[Words]:
    """The lines of a vector-Jacobian product; L stands for whatever has the seed as its slope by the result.

    >>> for line in vjp("[x, 2*x]", Vjp("[x, 2*x]", {"x": 1.0}, "reverse", (1.0, 2.0), "", 1.0, {"x": 3.0})):
    ...     print("".join(word for word, _ in line))
    [x, 2*x] = [1, 2]
      where 1 is the weight of every element
      dL/dx = 3
    """
    lines = value(text, Value(result.expression, result.at, result.value), columns)
    name = f"dL/d{result.name}" if result.name else "the weight"
    if isinstance(result.seed, float) and not isinstance(result.value, float):
        given = f"dL/d{result.name} is {short(result.seed)} in every element" if result.name else ""
        lines.append([(f"  where {given or f'{short(result.seed)} is the weight of every element'}", "quiet")])
    else:
        lines += valued([(f"  where {name}", "quiet")], result.seed, columns)
    width = max((len(one) for one in result.vjp), default=0)
    for one, partial in result.vjp.items():
        made = valued([(f"  dL/d{one.ljust(width)}", "name")], partial, columns)
        if one in result.error_estimate:
            made[0].append((f" ± {result.error_estimate[one]:.1g}", "quiet"))
        lines += made
    return lines


def jvp(text: str, result: Jvp, columns: Columns = eighty) -> list[Words]:
    """The lines of a Jacobian-vector product.

    >>> for line in jvp("[x, 2*x]", Jvp("[x, 2*x]", {"x": 1.0}, (1.0, 2.0), {"x": 3.0}, (3.0, 6.0))):
    ...     print("".join(word for word, _ in line))
    [x, 2*x] = [1, 2]
      along x = 3
      slope = [3, 6]
    """
    lines = value(text, Value(result.expression, result.at, result.value), columns)
    for name, direction in result.seed.items():
        lines += valued([(f"  along {name}", "quiet")], direction, columns)
    return lines + valued([("  slope", "name")], result.jvp, columns)
