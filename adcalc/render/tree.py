"""A graph for a terminal: as a tree from the result down, and as the list of its nodes and their users.

The tree prints every node in full once; where it is needed again, an arrow points up to it. So the tree has as many
lines as the graph has edges, however often it would repeat itself if written out.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from adcalc.graph.node import CONSTANT, INPUT
from adcalc.render.elements import shape
from adcalc.render.figures import counted, known
from adcalc.render.layout import Words
from adcalc.render.text import columns
from adcalc.results.trace import Drawing, Shown, TraceNode
from adcalc.syntax.number import short

DEPTH: Final = 12  # levels below the result, where nobody says how many
_BRANCHES: Final = (48, 10)  # lines of a tree, before and after the count of those that are left out
_LISTED: Final = (28, 8)  # and of a list
_LONGEST: Final = 60  # characters of an operation
_SHORTEST: Final = 12  # that are left of it, however narrow the terminal
_ARRAY: Final = 14  # characters of an array that is written out
_ECHO: Final = 2000  # and of the expression
_HEADS: Final = ("value", "adjoint", "partial")
_STYLES: Final = ("value", "name", "quiet")
T = TypeVar("T")


class _Line(NamedTuple):
    """A line of the tree: what stands before the node, the node, how it is printed, and its parent."""

    branches: str
    node: TraceNode
    again: bool
    folded: bool
    parent: int | None


def tree(
    text: str,
    drawing: Drawing,
    depth: int | None = None,
    variables: Sequence[str] = (),
    functions: Sequence[str] = (),
    width: int = 80,
) -> list[Words]:
    """The lines of a graph; `text` is the expression as adcalc writes it, `depth` how many levels the tree has.

    Lines keep to the width where they can.

    `variables` and `functions` are those of a program, named above it. With a point every line has the node's value and
    adjoint, and the partial derivative of the node above it by this one.

    >>> x, square = TraceNode(0, "x", "input", (), "x"), TraceNode(1, "v1", "mul", (0, 0), "x*x")
    >>> for line in tree("x*x", Drawing("x*x", {}, 1, (x, square), ())):
    ...     print("".join(word for word, _ in line))
    x*x
    <BLANKLINE>
    v1 = x*x
    ├─ x
    └─ ↑ x
    <BLANKLINE>
    2 nodes, 0 edges; written out as a tree, 3 nodes
      x         → v1
      v1 = x*x  is the result
    """
    nodes = {node.id: node for node in drawing.nodes}
    result = nodes[drawing.output]
    head: Words = [(_cut(text, _ECHO), "expression")]
    if isinstance(result.value, float):
        head += [(" = ", "quiet"), (short(result.value), "value")]
    blocks = [head, *names_of(variables, functions)]
    branches = list(_branches(nodes, drawing.output, DEPTH if depth is None else depth))
    blocks += [[], *_drawn(branches, drawing, width)]
    deeper = len(nodes) - len({line.node.id for line in branches})
    if drawing.edges and isinstance(result.value, float):
        blocks.append([("partial: the derivative of the node above by this one", "quiet")])
    if deeper:
        levels = DEPTH if depth is None else depth
        words = f"… {counted(deeper, 'node')} deeper than {counted(levels, 'level')}: --depth N"
        blocks.append([(words, "quiet")])
    return [*blocks, [], *_list(drawing, width)]


def names_of(variables: Sequence[str], functions: Sequence[str]) -> list[Words]:
    """The lines that name the free variables and the functions of a program.

    >>> names_of(("x", "y"), ())
    [[('variables: ', 'quiet'), ('x, y', 'name')]]
    """
    kinds = (("variables", variables), ("functions", functions))
    return [[(f"{label}: ", "quiet"), (", ".join(names), "name")] for label, names in kinds if names]


def _branches(nodes: dict[int, TraceNode], output: int, depth: int) -> Iterator[_Line]:
    """The lines of the tree from the result down."""
    printed: set[int] = set()
    waiting: list[tuple[int, int | None, str, str, int]] = [(output, None, "", "", 0)]
    while waiting:
        id, parent, before, below, level = waiting.pop()
        node = nodes[id]
        again = id in printed and node.op != CONSTANT
        folded = bool(node.args) and not again and level >= depth
        yield _Line(before, node, again, folded, parent)
        if again or folded:
            continue
        printed.add(id)
        last = len(node.args) - 1
        for place in range(last, -1, -1):
            tick, line = ("└─ ", "   ") if place == last else ("├─ ", "│  ")
            waiting.append((node.args[place], id, below + tick, below + line, level + 1))


def _drawn(lines: Sequence[_Line], drawing: Drawing, width: int) -> list[Words]:
    """The tree's lines as words, its numbers in columns."""
    partials = {(edge.source, edge.target): edge.partial for edge in drawing.edges}
    first, left_out, last = _shortened(lines, *_BRANCHES)
    shown = [*first, *last]
    cells = []
    for line in shown:
        node = line.node
        own = [None, None] if line.again else [None if node.op == CONSTANT else node.value, node.adjoint]
        partial = None if line.parent is None else partials.get((node.id, line.parent))
        cells.append([_number(number) for number in (*own, partial)])
    numbers = any(any(row) for row in cells)
    widths = [max(map(len, column)) for column in zip(_HEADS, *cells, strict=True)] if numbers else []
    room = width - sum(widths) - 2 * len(widths)
    branches = [_line(line, room) for line in shown]
    wide = max(columns(_plain(words)) for words in branches)
    if wide > room:
        branches = [_line(line._replace(branches=_narrow(line.branches)), room) for line in shown]
        wide = max(columns(_plain(words)) for words in branches)
    drawn = [_columns(words, row, widths, wide) for words, row in zip(branches, cells, strict=True)]
    if left_out:
        drawn.insert(len(first), [(f"… {counted(left_out, 'line')} …", "quiet")])
    if numbers:
        heads = "".join("  " + head.rjust(space) for head, space in zip(_HEADS, widths, strict=True))
        drawn.insert(0, [(" " * wide + heads, "quiet")])
    return drawn


def _number(number: Shown | None) -> str:
    """A number, or a short array, at a node: the columns are for both values and adjoints."""
    if isinstance(number, float | int) or number is None:
        return known(number)
    from adcalc.render.elements import line

    return line(number, _ARRAY)


def _line(line: _Line, room: int) -> Words:
    words: Words = [(line.branches, "quiet")]
    if line.again:
        return [*words, ("↑ ", "quiet"), (_cut(line.node.name, _LONGEST), "name")]
    words += _named(line.node, room - len(line.branches))
    return [*words, (" …", "quiet")] if line.folded else words


def _narrow(branches: str) -> str:
    """The same branches with two columns for each level instead of three."""
    return "".join(branches[place : place + 2].replace("─", " ") for place in range(0, len(branches), 3))


def _columns(words: Words, cells: Sequence[str], widths: Sequence[int], wide: int) -> Words:
    """A line of the tree with its numbers beside it."""
    gap = " " * (wide - columns(_plain(words)))
    for cell, width, style in zip(cells, widths, _STYLES, strict=False):
        gap += "  " + " " * (width - len(cell))
        if cell:
            words = [*words, (gap, ""), (cell, style)]
            gap = ""
    return words


def _list(drawing: Drawing, width: int) -> list[Words]:
    """How large the graph is, and its nodes in evaluation order, each with the nodes that use it."""
    names = {node.id: _cut(node.name, _LONGEST) for node in drawing.nodes}
    users: dict[int, list[str]] = {}
    for node in drawing.nodes:
        for argument in dict.fromkeys(node.args):
            users.setdefault(argument, []).append(names[node.id])
    sizes = f"{counted(len(drawing.nodes), 'node')}, {counted(len(drawing.edges), 'edge')}"
    lines: list[Words] = [[(sizes, ""), (f"; written out as a tree, {_written_out(drawing)}", "quiet")]]
    first, left_out, last = _shortened(drawing.nodes, *_LISTED)
    named = [(node, _named(node, width // 2)) for node in (*first, *last)]
    wide = max(columns(_plain(words)) for _, words in named) + 2
    for node, words in named:
        gap = " " * (wide - columns(_plain(words)))
        if node.id == drawing.output:
            lines.append([("  ", ""), *words, (f"{gap}is the result", "quiet")])
        else:
            listed = _listed(users.get(node.id, []), width - wide - 4)
            lines.append([("  ", ""), *words, (f"{gap}→ ", "quiet"), (listed, "name")])
    if left_out:
        lines.insert(1 + len(first), [(f"  … {counted(left_out, 'node')} …", "quiet")])
    return lines


def _listed(names: Sequence[str], room: int) -> str:
    """As many names as there is room for, and how many there are besides."""
    whole = ", ".join(names[: room + 1])
    if columns(whole) <= room:
        return whole
    shown = 1
    while columns(", ".join(names[: shown + 1])) + len(f", … {len(names)} more") <= room:
        shown += 1
    listed = f"{', '.join(names[:shown])}, … {len(names) - shown} more"
    return listed if columns(listed) <= room else counted(len(names), "node")


def _written_out(drawing: Drawing) -> str:
    """How many nodes the tree would have without sharing, in words."""
    uses = dict.fromkeys((node.id for node in drawing.nodes), 0.0)
    uses[drawing.output] = 1.0
    for node in reversed(drawing.nodes):
        for argument in node.args:
            uses[argument] += uses[node.id]
    total = sum(uses.values())
    if math.isinf(total):
        return "more than 10^308"
    return counted(int(total), "node") if total < 1e15 else f"about 10^{math.floor(math.log10(total))}"


def _named(node: TraceNode, room: int) -> Words:
    """A node's name and operation, the latter cut to the room that there is."""
    if node.op == CONSTANT:
        return [(_cut(node.text, _LONGEST), ""), *_shape(node)]
    name = _cut(node.name, _LONGEST)
    if node.op == INPUT or node.name == node.text:
        return [(name, "name"), *_shape(node)]
    rest = max(_SHORTEST, min(_LONGEST, room - columns(_plain([(name, ""), *_shape(node)])) - 3))
    return [(name, "name"), (" = ", "quiet"), (_cut(node.text, rest), ""), *_shape(node)]


def _shape(node: TraceNode) -> Words:
    """The shape of an array, behind what it is."""
    return [(f"  ({shape(node.shape)})", "quiet")] if node.shape else []


def _shortened(lines: Sequence[T], first: int, last: int) -> tuple[Sequence[T], int, Sequence[T]]:
    """The first and the last lines, and how many there are between."""
    left_out = len(lines) - first - last
    return (lines, 0, ()) if left_out < 2 else (lines[:first], left_out, lines[-last:])


def _plain(words: Words) -> str:
    return "".join(word for word, _ in words)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most * 2 // 3 - 3]} … {text[-(most // 3) :]}"
