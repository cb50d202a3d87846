"""The tables of the page as they are in the end: what paper gets, and a browser without a script."""

from collections.abc import Sequence
from html import escape
from typing import Final

from adcalc.render.elements import shape
from adcalc.render.page.work import DIRECTIONS, Number, Sum, Sums, directions, has_arrays, number, result
from adcalc.results.trace import Trace, TraceEdge, TraceNode

WRITTEN: Final = 6  # terms of a sum that are written out
_WINDOW: Final = 40  # rows of a table that are shown without a window to scroll in


def section(trace: Trace, sums: Sums, edges: Sequence[TraceEdge]) -> str:
    """The finished tables of one mode, and forward mode's worked substitution.

    >>> node = TraceNode(0, "x", "input", (), "x", 1.0, 1.0)
    >>> made = section(Trace("x", {"x": 1.0}, "reverse", 1.0, {"x": 1.0}, 0, (node,), ()), {0: [None]}, ())
    >>> '<tr data-node="0"><th scope="row">x</th>' in made
    True
    """
    body = "".join(_row(trace, node, sums[node.id]) for node in trace.nodes)
    results = "".join(f'<th scope="col" class="result">{head}</th>' for head in _heads(trace))
    left_out = len(trace.directions) - DIRECTIONS
    more = f'<p class="quiet">{left_out} more directions; --wrt or --seed chooses.</p>' if left_out > 0 else ""
    return (
        f'<section class="mode" id="{trace.mode}"><h2 class="title">{trace.mode.capitalize()} mode</h2>'
        f'<div class="tables"><div class="card"><h3>Nodes</h3><div class="{_window(trace.nodes)}">'
        f'<table class="nodes{_arrays(trace)}"><thead><tr><th scope="col">node</th><th scope="col">operation</th>'
        f'<th scope="col" class="value">value</th>{results}</tr></thead><tbody>{body}</tbody></table></div>{more}</div>'
        f"{_edges(trace, edges)}</div>{_substitution(trace)}</section>\n"
    )


def _heads(trace: Trace) -> list[str]:
    if trace.mode == "reverse":
        sign = "d" if has_arrays(trace) else "∂"
        return [f'adjoint <small class="sign">{sign}{escape(result(trace))}/{sign}…</small>']
    return [f'tangent <small class="sign">{escape(name)}</small>' for name in directions(trace)]


def _edges(trace: Trace, edges: Sequence[TraceEdge]) -> str:
    names = {node.id: node.name for node in trace.nodes}
    flows = has_arrays(trace)
    rows = "".join(
        f'<tr data-edge="{edge.source}-{edge.target}"><th scope="row">'
        f"{_edge(names[edge.source], names[edge.target], flows)}</th>"
        f'<td class="partial">{escape(edge.formula) or "–" if flows else _text(edge.partial)}</td></tr>'
        for edge in edges
    )
    if not rows:
        return ""
    head = "hands down" if flows else "partial"
    return (
        f'<div class="card"><h3>Edges</h3><div class="{_window(edges)}">'
        f'<table class="edges{_arrays(trace)}"><thead><tr>'
        f'<th scope="col">edge</th><th scope="col" class="partial">{head}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></div>"
    )


def _arrays(trace: Trace) -> str:
    return " arrays" if has_arrays(trace) else ""


def _edge(source: str, target: str, flows: bool) -> str:
    return f"{escape(target)} → {escape(source)}" if flows else f"∂{escape(target)}/∂{escape(source)}"


def _window(rows: Sequence[object]) -> str:
    return "scroll window" if len(rows) > _WINDOW else "scroll"


def _row(trace: Trace, node: TraceNode, sums: Sequence[Sum | None]) -> str:
    kind, seeded = "tangent", node.op == "input"
    if trace.mode == "reverse":
        kind, seeded = "adjoint", node.id == trace.output
    operation = '<span class="quiet">input</span>' if node.op == "input" else f"<code>{escape(node.text)}</code>"
    if node.shape:
        operation += f' <small class="quiet">{shape(node.shape)}</small>'
    cells = "".join(f'<td class="result">{_written(one, kind, seeded)}</td>' for one in sums)
    return (
        f'<tr data-node="{node.id}"><th scope="row">{escape(node.name)}</th><td class="op">{operation}</td>'
        f'<td class="value">{_text(node.value)}</td>{cells}</tr>'
    )


def _text(value: float | bool | None) -> str:
    return "–" if value is None else _short(number(value))


def _short(shown: Number) -> str:
    return shown if isinstance(shown, str) else shown[0]


def _written(one: Sum | None, kind: str, seeded: bool) -> str:
    """A sum as the script writes it too: 0.5×1.0 + 1.0×0.75 = 1.25, with ≈ where what is seen is rounded."""
    if one is None:
        return "–"
    total = f'<b class="{kind}">{_short(one.total)}</b>'
    if not one.terms:
        return f'<span class="seed">seed</span> {total}' if seeded else total
    first, second = ("adjoint", "partial") if kind == "adjoint" else ("partial", "tangent")
    terms = [
        f'<span class="term"><span class="{first}">{_short(term[0])}</span>×'
        f'<span class="{second}">{_factor(_short(term[1]))}</span></span>'
        if len(term) > 1
        else f'<span class="term partial">{escape(_short(term[0]))}</span>'
        for term in one.terms
    ]
    more = one.more
    if len(terms) > WRITTEN:
        terms, more = terms[:WRITTEN], -1 if more < 0 else more + len(terms) - WRITTEN
    if more:
        terms.append("…" if more < 0 else f"{more} more")
    rounded = [pair for pair in (*one.terms, (one.total,)) if "0.0" not in pair and not all(map(_is_whole, pair))]
    sign = "=" if one.exact and not rounded else "≈"
    return f'<span class="sum">{" + ".join(terms)} {sign}</span> {total}'


def _is_whole(shown: Number) -> bool:
    return isinstance(shown, str) or shown[0] == shown[1]


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _substitution(trace: Trace) -> str:
    """Dual numbers put into the expression, and worked out."""
    blocks = []
    for name, lines in zip(directions(trace), trace.substitution, strict=False):
        written = "\n".join(f"{'=' if k else ' '} {escape(line)}" for k, line in enumerate(lines))
        blocks.append(f'<h3>{escape(name)}</h3><pre class="scroll">{written}</pre>')
    if not blocks:
        return ""
    summary = "The same in one expression: dual numbers ⟨value, tangent⟩ put in and worked out"
    return f'<details class="card"><summary>{summary}</summary>{"".join(blocks)}</details>'
