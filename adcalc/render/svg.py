"""A graph as a picture: inputs above, the result below, values and adjoints in the boxes, partials on the edges.

Letters are set in a font of fixed width, so that what fits here fits everywhere. Whatever a style or a script may want
to reach has a class; the elements of node 3 and of the edge from 0 to 3 are called node-3 and edge-0-3.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from adcalc.errors import LimitError
from adcalc.graph.node import CONSTANT, INPUT
from adcalc.render.dot import flow
from adcalc.render.elements import shape
from adcalc.render.figures import known
from adcalc.render.placing import Arrow, Route, place
from adcalc.render.text import columns
from adcalc.results.trace import Drawing, TraceEdge, TraceNode

MOST: Final = 400  # nodes that a picture can show and an eye can follow
STYLE: Final = """
.drawing { --paper: #faf9f6; --card: #fff; --ink: #1c2230; --quiet: #5b6475; --line: #b9b5aa; --soft: #efece4;
  --value: #1d4fb8; --partial: #6a3fa3; --adjoint: #a8410a; --edge: #e0a100; }
@media (prefers-color-scheme: dark) { .drawing { --paper: #14171c; --card: #1c2027; --ink: #e9e7e1; --quiet: #a0a8b8;
  --line: #596273; --soft: #2a303a; --value: #93b8ff; --partial: #cbb0ff; --adjoint: #ffb183; --edge: #e6b93f; } }
.drawing text { font: 14px ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: var(--ink); white-space: pre; }
.drawing .paper { fill: var(--paper); }
.drawing .box { fill: var(--card); stroke: var(--line); stroke-width: 1.25; }
.drawing .input .box { fill: var(--soft); stroke: var(--quiet); }
.drawing .constant .box { fill: var(--soft); stroke: none; }
.drawing .constant .op, .drawing text.quiet { fill: var(--quiet); font-size: 12px; }
.drawing .output .box { stroke: var(--ink); stroke-width: 2.5; }
.drawing .unused { opacity: .55; }
.drawing .unused .box { stroke-dasharray: 4 3; }
.drawing .name { font-weight: 700; }
.drawing .shape { fill: var(--quiet); font-weight: 400; }
.drawing .divider { stroke: var(--line); stroke-width: .75; }
.drawing .value { fill: var(--value); font-size: 12px; }
.drawing .adjoint { fill: var(--adjoint); font-size: 12px; }
.drawing .partial { fill: var(--partial); font-size: 12px; }
.drawing .way { fill: none; stroke: var(--quiet); stroke-width: 1.25; }
.drawing .head { fill: var(--quiet); stroke: none; }
""".strip()
_LETTER: Final = 8.6  # the width of a letter of 14 pixels
_SMALL: Final = 7.4  # and of 12
_LONGEST: Final = 40  # characters of an operation; the title has it all
_ROOM: Final = 9 * _SMALL  # for a number that a script writes
_LINE: Final = 22.0
_PADDING: Final = 11.0
_MARGIN: Final = 16.0
_HEAD: Final = 8.0
_BEND: Final = 0.42  # of the way down, a curve keeps its direction
_LEGEND: Final = (("value", "value"), ("adjoint", "adjoint"), ("partial", "partial derivative"))
_FLOWS: Final = (*_LEGEND[:2], ("partial", "what the adjoint hands down"))  # between arrays
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Card(NamedTuple):
    """A box of the picture: its node, its name in the file, and its size."""

    node: TraceNode
    id: str
    width: float
    height: float


def svg(drawing: Drawing, steps: bool = False) -> str:
    """A drawing as a complete <svg> element, with its own style for light and dark.

    With `steps` it is part of a page: style, background and legend are the page's (the style is STYLE), and every box
    has its texts, empty where there is no number, with room for a script to write others.
    A constant stands beside each of its users. Raises LimitError for more than MOST nodes: nobody could read it.

    >>> picture = svg(Drawing("x", {"x": 2.0}, 0, (TraceNode(0, "x", "input", (), "x", 2.0, 1.0),), ()))
    >>> 'id="node-0"' in picture, ">2<" in picture
    (True, True)
    """
    if len(drawing.nodes) > MOST:
        raise LimitError(
            f"the graph has {len(drawing.nodes)} nodes, and a picture shows {MOST} at most",
            hint="--format dot writes it for Graphviz, --format tree lists its first and last nodes",
        )
    numbers = steps or any(node.value is not None for node in drawing.nodes)
    cards, arrows = _cards(drawing, numbers, _ROOM if steps else 0.0)
    tail = ".0" if steps else ""  # a script may write 1.0 where here is 1
    texts = [flow(edge) for edge in drawing.edges]
    rooms = [_width(text + tail, _SMALL) + 8 if text else None for text in texts]
    placed = place(
        [(card.width, card.height) for card in cards],
        [
            Arrow(source, target, None if room is None else (room + 2, 18.0))
            for (source, target), room in zip(arrows, rooms, strict=True)
        ],
    )
    legend = numbers and not steps
    width, height = placed.width, placed.height + (36.0 if legend else 0.0)
    shift = 0.0
    if legend:
        entries = _FLOWS if any(edge.formula for edge in drawing.edges) else _LEGEND
        least = _width("".join(words for _, words in entries), _SMALL) + 3 * 14 + 2 * 20
        shift = max(0.0, least - width) / 2
        width = max(width, least)
    evaluated = {node.id for node in drawing.nodes if node.value is not None}
    body = []
    for edge, route, room in zip(drawing.edges, placed.routes, rooms, strict=True):
        unused = bool(evaluated) and not {edge.source, edge.target} <= evaluated
        body.append(_edge(edge, route, room, unused))
    for card, (x, y) in zip(cards, placed.boxes, strict=True):
        unused = bool(evaluated) and card.node.id not in evaluated
        body.append(_box(card, x, y, card.node.id == drawing.output, numbers, unused))
    if legend:
        body.append(_legend(entries, placed.width / 2, placed.height + 28.0))
    box = f"{-_MARGIN - shift:g} {-_MARGIN:g} {width + 2 * _MARGIN:g} {height + 2 * _MARGIN:g}"
    size = f'width="{width + 2 * _MARGIN:g}" height="{height + 2 * _MARGIN:g}"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" viewBox="{box}" {size} role="img">']
    lines.append(f"<title>{_escaped(_cut(drawing.expression, 200))}</title>")
    if not steps:
        left, top, wide, high = box.split()
        lines.append(f"<style>\n{STYLE}\n</style>")
        lines.append(f'<rect class="paper" x="{left}" y="{top}" width="{wide}" height="{high}"/>')
    return "\n".join([*lines, *body, "</svg>"])


def _cards(drawing: Drawing, numbers: bool, room: float) -> tuple[list[_Card], list[tuple[int, int]]]:
    """The boxes in evaluation order, constants once for each user, and for each edge the positions of its ends."""
    nodes = {node.id: node for node in drawing.nodes}
    positions: dict[int, int] = {}
    cards: list[_Card] = []
    arrows: dict[tuple[int, int], tuple[int, int]] = {}
    seen: set[int] = set()
    above: dict[int, list[int]] = {}
    for edge in drawing.edges:
        above.setdefault(edge.target, []).append(edge.source)
    for node in drawing.nodes:
        if node.op == CONSTANT and node.id != drawing.output:
            continue
        for source in above.get(node.id, ()):
            if nodes[source].op == CONSTANT:
                name = f"node-{source}-in-{node.id}" if source in seen else f"node-{source}"
                seen.add(source)
                arrows[source, node.id] = (len(cards), -1)
                cards.append(_card(nodes[source], name, False, 0.0))
        positions[node.id] = len(cards)
        cards.append(_card(node, f"node-{node.id}", numbers, room))
    pairs = []
    for edge in drawing.edges:
        copy = arrows.get((edge.source, edge.target))
        pairs.append((copy[0] if copy else positions[edge.source], positions[edge.target]))
    return cards, pairs


def _card(node: TraceNode, name: str, numbers: bool, room: float) -> _Card:
    wide = _width(_title(node), _LETTER)
    if node.op == CONSTANT and not numbers:
        return _Card(node, name, _width(_cut(node.text, _LONGEST), _SMALL) + 14, 20.0)
    if not numbers:
        return _Card(node, name, max(wide + 2 * _PADDING, 36.0), _LINE + 8)
    value, adjoint = (max(room, _width(text, _SMALL)) for text in _numbers(node))
    wide = max(wide, value + adjoint + 2 * _PADDING, 4 * _SMALL)
    return _Card(node, name, wide + 2 * _PADDING, 2 * _LINE + 6)


def _edge(edge: TraceEdge, route: Route, room: float | None, unused: bool) -> str:
    kind = "edge unused" if unused else "edge"
    parts = [f'<g class="{kind}" id="edge-{edge.source}-{edge.target}">{_way(route)}']
    if room is not None and route.label is not None:
        x, y = route.label
        parts.append(
            f'<rect class="paper" x="{x - room / 2:.1f}" y="{y - 9:.1f}" width="{room:.1f}" height="18"/>'
            f'<text class="partial" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{_escaped(flow(edge))}</text>'
        )
    return "".join([*parts, "</g>"])


def _box(card: _Card, x: float, y: float, output: bool, numbers: bool, unused: bool) -> str:
    node = card.node
    left, top = x - card.width / 2, y - card.height / 2
    kind = {INPUT: " input", CONSTANT: " constant"}.get(node.op, "")
    kind += " output" if output else ""
    kind += " unused" if unused else ""
    parts = [f'<g class="node{kind}" id="{card.id}"><title>{_escaped(_full(node))}</title>']
    parts.append(
        f'<rect class="box" x="{left:.1f}" y="{top:.1f}" width="{card.width:.1f}" height="{card.height:.1f}"'
        f' rx="{10 if node.op == CONSTANT else 8}"/>'
    )
    line = top + 20 if card.height > 2 * _LINE else y + 5
    name, text = _parts(node)
    if node.op == CONSTANT:
        parts.append(
            f'<text class="op" x="{x:.1f}" y="{line - 1:.1f}" text-anchor="middle">{text}{_shaped(node)}</text>'
        )
    elif not text:
        parts.append(f'<text class="name" x="{x:.1f}" y="{line:.1f}" text-anchor="middle">{name}{_shaped(node)}</text>')
    else:
        parts.append(
            f'<text x="{x:.1f}" y="{line:.1f}" text-anchor="middle"><tspan class="name">{name}</tspan>'
            f'<tspan class="op"> = {text}</tspan>{_shaped(node)}</text>'
        )
    if numbers and card.height > 2 * _LINE:
        value, adjoint = _numbers(node)
        rule, line = top + 29, top + 43
        parts.append(f'<path class="divider" d="M{left:.1f} {rule:.1f}h{card.width:.1f}"/>')
        parts.append(f'<text class="value" x="{left + _PADDING:.1f}" y="{line:.1f}">{_escaped(value)}</text>')
        parts.append(
            f'<text class="adjoint" x="{left + card.width - _PADDING:.1f}" y="{line:.1f}" text-anchor="end">'
            f"{_escaped(adjoint)}</text>"
        )
    return "".join([*parts, "</g>"])


def _way(route: Route) -> str:
    """An edge as a smooth curve with a head."""
    x, y, _ = route.points[-1]
    (before, level, slope), *rest = (*route.points[:-1], (x, y - _HEAD, 0.0))
    path = f"M{before:.1f} {level:.1f}"
    for here, height, slant in rest:
        arm = (height - level) * _BEND
        first, second = before + slope * arm, here - slant * arm
        path += f"C{first:.1f} {level + arm:.1f} {second:.1f} {height - arm:.1f} {here:.1f} {height:.1f}"
        before, level, slope = here, height, slant
    return f'<path class="way" d="{path}"/><path class="head" d="M{x:.1f} {y:.1f}l-4.5 {-_HEAD:g}h9z"/>'


def _legend(entries: Sequence[tuple[str, str]], middle: float, y: float) -> str:
    x = 0.0
    parts = []
    for kind, words in entries:
        parts.append(
            f'<circle class="{kind}" cx="{x + 4:.1f}" cy="{y - 4:.1f}" r="4"/>'
            f'<text class="quiet" x="{x + 14:.1f}" y="{y:.1f}">{words}</text>'
        )
        x += _width(words, _SMALL) + 14 + 20
    return f'<g class="legend" transform="translate({middle - (x - 20) / 2:.1f} 0)">{"".join(parts)}</g>'


def _parts(node: TraceNode) -> tuple[str, str]:
    """A node's name and operation as they stand in its box, escaped; the operation of an input is empty."""
    text = "" if node.op == INPUT or node.text == node.name else _escaped(_cut(node.text, _LONGEST))
    if node.op == CONSTANT:
        text = _escaped(_cut(node.text, _LONGEST))
    return _escaped(_cut(node.name, _LONGEST)), text


def _title(node: TraceNode) -> str:
    name = _cut(node.name, _LONGEST)
    plain = node.op == INPUT or node.text == node.name
    return (name if plain else f"{name} = {_cut(node.text, _LONGEST)}") + _shape(node)


def _full(node: TraceNode) -> str:
    plain = node.op == CONSTANT or node.text == node.name
    return (node.text if plain else f"{node.name} = {node.text}") + _shape(node)


def _shape(node: TraceNode) -> str:
    return f"  {shape(node.shape)}" if node.shape else ""


def _shaped(node: TraceNode) -> str:
    """The shape of an array, behind what it is."""
    return f'<tspan class="shape">{_shape(node)}</tspan>' if node.shape else ""


def _numbers(node: TraceNode) -> tuple[str, str]:
    return known(node.value), known(node.adjoint)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-most // 4 :]}"


def _escaped(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text))


def _width(text: str, letter: float) -> float:
    return columns(text) * letter
