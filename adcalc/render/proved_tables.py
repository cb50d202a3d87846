"""Matrices of derivatives, and products with them, in proved digits, as people read them.

A matrix whose digits fit into the width is one; a wider one is a list of its entries, so that no digit is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adcalc.graph.shape import elements
from adcalc.render.layout import cut, operator
from adcalc.render.matrix import table, work
from adcalc.render.proved import number
from adcalc.results.proved_tables import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.render.layout import Words
    from adcalc.results.proved_tables import (
        Block,
        ProvedHessian,
        ProvedJacobian,
        ProvedNumber,
        ProvedProduct,
    )

_LIST: Final = 60  # characters of an array that stands in one line
_MOST: Final = 100  # lines of an array or a matrix that is shown whole
_EDGE: Final = 20  # lines at each end of a longer one
_ANY: Final = 10**6  # columns


def jacobian(text: str, result: ProvedJacobian, width: int) -> list[Words]:
    """The lines of a Jacobian: the values, and the matrix, or each of its entries.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs import proved_tables
    >>> for line in jacobian("[x, x^2]", proved_tables.jacobian(function("[x, x^2]"), {"x": "1/3"}, 5), 80):
    ...     print("".join(word for word, _ in line))
    [x, x^2] = [0.33333, 0.11111]
              ∂/∂x
      [0]        1
      [1]  0.66667
      reverse mode
    """
    lines = _named([(cut(text), "expression")], result.value)
    shape = result.value.shape
    if not result.jacobian:
        return lines
    columns: list[str] = []
    blocks: list[list[ProvedNumber]] = [[] for _ in result.value.numbers]
    for name, block in result.jacobian.items():
        own = [f"∂/∂{one}" for one in elements(name, block.shape[len(shape) :])]
        columns += own
        for row, numbers in enumerate(blocks):
            numbers += block.numbers[row * len(own) : (row + 1) * len(own)]
    if not shape:
        lines += _aligned("  ", columns, blocks[0])
    else:
        rows = elements("", shape)
        lines += _matrix(rows, columns, blocks, width) or _rows(rows, columns, blocks)
    return [*lines, [(f"  {result.mode} mode", "quiet")]]


def hessian(text: str, result: ProvedHessian, width: int, sparse: bool = False) -> list[Words]:
    """The lines of a Hessian: value, gradient, matrix, and what it took; or its entries, a line for each.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs import proved_tables
    >>> for line in hessian("x^3", proved_tables.hessian(function("x^3"), {"x": "1/3"}, 5), 80):
    ...     print("".join(word for word, _ in line))
    x^3 = 0.037037
      ∂/∂x = 0.33333
      ∂²
           x
        x  2
      reverse, then 1 forward sweep: 1 colour for 1 variable
    """
    lines = _named([(cut(text), "expression")], result.value)
    longest = max(map(len, result.gradient), default=0)
    for name, block in result.gradient.items():
        lines += _named([(f"  ∂/∂{name.ljust(longest)}", "name")], block)
    names = result.names
    if not names:
        return [*lines, [("  no variables, no second derivatives", "quiet")]]
    entries = dict(zip(zip(result.rows, result.columns, strict=True), result.values, strict=True))
    if sparse:
        lines.append([(f"  ∂², {len(entries)} of {len(names) ** 2} entries", "name")])
        first = max(map(len, names))
        heads = [f"{names[row].ljust(first)}  {names[column].ljust(first)}" for row, column in entries]
        lines += _aligned("    ", heads, result.values)
    else:
        lines += _square(names, entries, width)
    return [*lines, [(f"  {work(result.mode, result.colours, len(names), len(entries))}", "quiet")]]


def _square(names: Sequence[str], entries: Mapping[tuple[int, int], ProvedNumber], width: int) -> list[Words]:
    """The matrix, or, of each pair of entries that can be other than 0, one."""
    count = range(len(names))
    if len(names) <= _MOST:
        matrix = _matrix(names, names, [[entries.get((row, column), ZERO) for column in count] for row in count], width)
        if matrix:
            return [[("  ∂²", "name")], *matrix]
    upper = {pair: one for pair, one in entries.items() if pair[0] <= pair[1]}
    return _aligned("  ", [operator((names[row], names[column])) for row, column in upper], list(upper.values()))


def product(text: str, result: ProvedProduct) -> list[Words]:
    """The lines of a product: the value, the seed of one with the Jacobian, and the product.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs import proved_products
    >>> for line in product("[x, x^2]", proved_products.jvp(function("[x, x^2]"), {"x": 2}, 5, {"x": "1/3"})):
    ...     print("".join(word for word, _ in line))
    [x, x^2] = [2, 4]
      along x = 0.33333
      slope = [0.33333, 1.3333]
    """
    lines = _named([(cut(text), "expression")], result.value)
    if result.kind == "jvp":
        for name, direction in result.seed.items():
            lines += _named([(f"  along {name}", "quiet")], direction)
        return lines + _named([("  slope", "name")], result.product[""])
    sign, indent = "", "    "
    if result.kind == "hvp":
        lines.append([("  ∂²·seed", "name")])
    else:
        ((name, weight),) = result.seed.items()
        lines += _weight(name, weight, result.value)
        sign, indent = "dL/d", "  "
    width = max(map(len, result.product), default=0)
    for name, block in result.product.items():
        lines += _named([(f"{indent}{sign}{name.ljust(width)}", "name")], block)
    return lines


def _weight(name: str, weight: Block, value: Block) -> list[Words]:
    """The seed of a product with a weight of the result, which may have a name."""
    if value.shape and not weight.shape:
        (one,) = weight.numbers
        said = (
            f"dL/d{name} is {one.digits} in every element" if name else f"{one.digits} is the weight of every element"
        )
        return [[(f"  where {said}", "quiet")]]
    return _named([(f"  where {f'dL/d{name}' if name else 'the weight'}", "quiet")], weight)


def _named(head: Words, block: Block) -> list[Words]:
    """A number behind its name, or a list; of a longer list, and of an array, a line for each element."""
    if not block.shape:
        sign, one = number(*block.numbers[0][:2])
        return [[*head, (sign, "quiet"), (one, "value")]]
    if 3 * len(block.numbers) <= _LIST and all(one.bounds is None for one in block.numbers):
        joined = str(block.digits).replace("'", "")
        if len(joined) <= _LIST:
            return [[*head, (" = ", "quiet"), (joined, "value")]]
    indent = "  " + " " * (len(head[0][0]) - len(head[0][0].lstrip()))
    return [head, *_aligned(indent, elements("", block.shape), block.numbers)]


def _aligned(indent: str, names: Sequence[str], numbers: Sequence[ProvedNumber]) -> list[Words]:
    """A line for each number, behind its name; of many only those at both ends."""
    width = max(map(len, names), default=0)
    lines: list[Words] = []
    for name, one in zip(names, numbers, strict=True):
        sign, shown = number(*one[:2])
        lines.append([(f"{indent}{name.ljust(width)}", "name"), (sign, "quiet"), (shown, "value")])
    if len(lines) <= _MOST:
        return lines
    left_out = len(lines) - 2 * _EDGE
    return [*lines[:_EDGE], [(f"{indent}… {left_out} more: --json has all", "quiet")], *lines[-_EDGE:]]


def _rows(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[ProvedNumber]]) -> list[Words]:
    """The entries of a matrix, a line for each, behind its row and its column."""
    head, width = max(map(len, rows), default=0), max(map(len, columns), default=0)
    names = [f"{row.ljust(head)}  {column.ljust(width)}" for row in rows for column in columns]
    return _aligned("  ", names, [one for row in cells for one in row])


def _matrix(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[ProvedNumber]], width: int
) -> list[Words]:
    """A matrix as one, if it fits into the width and has no enclosures."""
    if any(one.bounds is not None for row in cells for one in row) or len(rows) > _MOST:
        return []
    texts = [[one.digits or "" for one in row] for row in cells]
    drawn = table(rows, columns, texts, _ANY)
    return drawn if all(sum(len(word) for word, _ in line) <= width for line in drawn) else []
