"""What a person sees of a work over arrays: nodes with their elements, and what flows as formulas."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Final

from adcalc.render.array_memory import held, memory
from adcalc.render.elements import cell, shape
from adcalc.render.figures import Cell, columns, cut
from adcalc.render.layout import Block, Grid, Words
from adcalc.results.trace import Shown, Trace, TraceNode, Update

_ENDS: Final = 12  # rows that are shown at each end of a long table
_ATTEMPTS: Final = (
    (7, (8, 6)),
    (5, (8, 6)),
    (4, (6, 4)),
    (3, (6, 4)),
    (3, (4, 3)),
    (3, (3, 2)),
)  # digits; rows, columns
_NORMS: Final = (3, (0, 0))  # no elements at all
_FEWEST: Final = 3  # digits of an element; then the operation is cut shorter
_OPERATION: Final = (44, 30, 22, 14)  # characters of an operation
_LINES: Final = 4  # of a formula at an edge
_SHORT: Final = 20  # characters of an array that stands in the line of its formula


def work(result: Trace, width: int, steps: bool = False) -> list[Block]:
    """The blocks of a work over arrays without the result itself.

    >>> from adcalc.api import function
    >>> blocks = work(function("Y = X@W; L = sum(Y^2); L").trace(X=[[1, 2]], W=[[3], [4]]), 80)
    >>> [row[1][0] for row in blocks[3].rows]
    ['dL/dY = 2*Y', 'dL/dX = dL/dY @ W.T', 'dL/dW = X.T @ dL/dY']
    """
    if result.mode == "forward":
        blocks: list[Block] = [[("forward mode: values and tangents along the seed, line by line", "quiet")]]
        blocks += [nodes(result, width, "tangent", {node.id: node.tangents[0] for node in result.nodes}), []]
        return [*blocks, *_tangents(result, width), [], [(held(result), "quiet")]]
    if steps:
        return [*_steps(result, width), [], *memory(result, width)]
    blocks = [[("reverse mode: values on the way up, adjoints on the way back", "quiet")]]
    blocks += [nodes(result, width, "adjoint", {node.id: node.adjoint for node in result.nodes})]
    flows = _flows(result, width)
    blocks += [[], flows] if flows.rows else []
    sums = _sums(result, width)
    return [*blocks, *([[], *sums] if sums else []), [], *memory(result, width)]


def nodes(result: Trace, width: int, head: str, second: Mapping[int, Shown | None]) -> Grid:
    """The table of nodes: values and what else is known of them, with as many elements as fit.

    >>> node = TraceNode(0, "x", "input", (), "x", 1.0)
    >>> nodes(Trace("x", {}, "reverse", 1.0, {}, 0, (node,), ()), 80, "adjoint", {}).header
    ('node', 'is', 'shape', 'value', 'adjoint')
    """
    shown, left_out = _ends(result.nodes)
    grid = Grid([], ("node", "is", "shape", "value", head), ())
    for digits, most in (*_ATTEMPTS, _NORMS):
        for operation in _OPERATION[: 3 if digits > _FEWEST else None]:
            rows = [_row(node, digits, most, operation, second.get(node.id)) for node in shown]
            if left_out:
                rows.insert(_ENDS, (("…", "quiet"), (f"{left_out} more", "quiet"), *[("", "")] * 3))
            grid = grid._replace(rows=tuple(rows))
            if _columns(grid) <= width:
                return grid
    return grid


def _row(node: TraceNode, digits: int, most: tuple[int, int], room: int, second: Shown | None) -> tuple[Cell, ...]:
    text = "" if node.text == node.name else cut(node.text, room)
    return (
        (cut(node.name, 20), ""),
        (text, "expression"),
        (shape(node.shape), "quiet"),
        (cell(node.value, digits, most), "value"),
        (cell(second, digits, most), "value"),
    )


def _columns(grid: Grid) -> int:
    """How many columns of a terminal a table takes whose cells have several lines."""
    lines = [
        tuple((max(text.replace("…", "...").split("\n"), key=len), style) for text, style in row) for row in grid.rows
    ]
    return columns(grid._replace(rows=tuple(lines)))


def _ends(rows: Sequence[TraceNode]) -> tuple[list[TraceNode], int]:
    left_out = len(rows) - 2 * _ENDS
    return (list(rows), 0) if left_out <= 1 else ([*rows[:_ENDS], *rows[-_ENDS:]], left_out)


# ---------------------------------------------------------------- what flows


def adjoint_sign(result: Trace, node: int) -> str:
    """An adjoint by its name: dL/dY.

    >>> node = TraceNode(0, "x", "input", (), "x", 1.0)
    >>> adjoint_sign(Trace("x", {}, "reverse", 1.0, {}, 0, (node,), ()), 0)
    'dx/dx'
    """
    names = {node.id: node.name for node in result.nodes}
    return f"d{names.get(result.output, 'result')}/d{names.get(node, '')}"


def _flows(result: Trace, width: int) -> Grid:
    """What each node hands down to each of its arguments, from the result down."""
    names = {node.id: node.name for node in result.nodes}
    into: dict[int, list[tuple[int, str]]] = {}
    users: dict[int, int] = {}
    for edge in result.edges:
        if edge.formula:
            into.setdefault(edge.target, []).append((edge.source, edge.formula))
            users[edge.source] = users.get(edge.source, 0) + 1
    rows: list[tuple[Cell, ...]] = []
    for node in reversed(result.nodes):
        for source, formula in into.get(node.id, ()):
            sign = "+=" if users[source] > 1 else "="
            flow = f"{adjoint_sign(result, source)} {sign} {formula}"
            rows.append(((f"{names[node.id]} → {names[source]}", ""), (flow, "expression")))
    widest = max((len(row[0][0]) for row in rows), default=0)
    rows = [(row[0], (_wrapped(row[1][0], max(width - widest - 5, 20)), "expression")) for row in rows]
    left_out = len(rows) - 2 * _ENDS
    if left_out > 1:
        rows[_ENDS : len(rows) - _ENDS] = [(("…", "quiet"), (f"{left_out} more", "quiet"))]
    return Grid([], ("edge", "hands down"), tuple(rows))


def _wrapped(formula: str, room: int) -> str:
    """A formula in as many lines as it takes, but not without end."""
    lines = wrap(formula, room, subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines if len(lines) <= _LINES else [*lines[: _LINES - 1], "    …"])


def _sums(result: Trace, width: int) -> list[Words]:
    """The accumulators that several nodes handed down to, written out."""
    last = {update.node: update for step in result.steps for update in step.updates}
    lines = [
        _equation(result, update, width) for _, update in sorted(last.items()) if len(update.terms) + update.earlier > 1
    ]
    return [*lines[:_ENDS], [(f"  … {len(lines) - _ENDS} more", "quiet")]] if len(lines) > _ENDS else lines


def _equation(result: Trace, update: Update, width: int) -> Words:
    return [
        (f"  {adjoint_sign(result, update.node)}", "name"),
        (" = ", "quiet"),
        (cut(sum_text(update), width - 24), "expression"),
    ]


def sum_text(update: Update) -> str:
    """The terms of an accumulator, one for each of the nodes that handed down to it.

    >>> from adcalc.results.trace import Term
    >>> sum_text(Update(0, (Term(1, 0.0, 0.0, "dL/dY @ W.T"), Term(2, 0.0, 0.0, "-dL/dZ")), 1.0))
    'dL/dY @ W.T - dL/dZ'
    """
    text = " + ".join(term.formula for term in update.terms) or "1"
    more = f" + {update.earlier} more" if update.earlier else ""
    return text.replace("+ -", "- ") + more


def _tangents(result: Trace, width: int) -> list[Words]:
    """The tangent of each node as a formula."""
    lines: list[Words] = []
    into: dict[int, list[str]] = {}
    for edge in result.edges:
        if edge.formula:
            into.setdefault(edge.target, []).append(edge.formula)
    for node in result.nodes:
        if node.id in into:
            text = " + ".join(into[node.id]).replace("+ -", "- ")
            lines.append([(f"  d{node.name}", "name"), (" = ", "quiet"), (cut(text, width - 24), "expression")])
    return lines if len(lines) <= 2 * _ENDS else [*lines[:_ENDS], [("  …", "quiet")], *lines[-_ENDS:]]


def _steps(result: Trace, width: int) -> list[Block]:
    """The return sweep one node at a time: each adjoint that it fills, as a formula and as it is then."""
    names = {node.id: node.name for node in result.nodes}
    blocks: list[Block] = [[("primal sweep: the values of the nodes", "name")]]
    table = nodes(result, width, "", {})
    blocks.append(table._replace(header=table.header[:-1], rows=tuple(row[:-1] for row in table.rows)))
    returns = [step for step in result.steps if step.phase == "return"]
    for number, step in enumerate(returns, 1):
        if _ENDS < number <= len(returns) - _ENDS:
            if number == _ENDS + 1:
                blocks.append([(f"… {len(returns) - 2 * _ENDS} more steps", "quiet")])
            continue
        name = names.get(step.node or 0, "")
        blocks += [[], [(f"return sweep, step {number}: {name} hands its adjoint down", "name")]]
        for update in step.updates:
            line, text = _equation(result, update, width), _fitting(update.adjoint, width - 6).split("\n")
            if not update.terms:
                blocks.append([*line, (", the seed", "quiet")])
            elif len(text) == 1 and len(text[0]) < _SHORT:
                blocks.append([*line, (" = ", "quiet"), (text[0], "value")])
            else:
                blocks += [line, *([("      ", ""), (row, "value")] for row in text)]
    return blocks


def _fitting(value: Shown, width: int) -> str:
    text = ""
    for digits, most in (*_ATTEMPTS, _NORMS):
        text = cell(value, digits, most)
        if max(map(len, text.split("\n"))) <= width:
            break
    return text
