"""A graph in the language of Graphviz: `dot -Tsvg` and its kin draw it."""

from adcalc.graph.node import CONSTANT, INPUT
from adcalc.render.elements import shape
from adcalc.render.figures import cut, known
from adcalc.results.trace import Drawing, TraceEdge, TraceNode


def dot(drawing: Drawing) -> str:
    r"""A drawing as a digraph; labels have the operation, then value and adjoint where there is a point.

    >>> print(dot(Drawing("x", {}, 0, (TraceNode(0, "x", "input", (), "x"),), ())))
    digraph {
      node [shape=box, style=rounded, fontname="monospace"];
      edge [fontname="monospace", fontsize=10];
      n0 [label="x", style="rounded,filled", fillcolor="#eeeeee", penwidth=2];
    }
    """
    lines = ["digraph {"]
    lines.append('  node [shape=box, style=rounded, fontname="monospace"];')
    lines.append('  edge [fontname="monospace", fontsize=10];')
    evaluated = any(node.value is not None for node in drawing.nodes)
    for node in drawing.nodes:
        marks = _SHAPES.get(node.op, "")
        if node.id == drawing.output:
            marks += ", penwidth=2"
        if evaluated and node.value is None:
            marks += ", color=gray, fontcolor=gray"
        lines.append(f"  n{node.id} [label={_quoted(label(node))}{marks}];")
    for edge in drawing.edges:
        mark = f" [label={_quoted(flow(edge))}]" if flow(edge) else ""
        lines.append(f"  n{edge.source} -> n{edge.target}{mark};")
    return "\n".join([*lines, "}"])


def label(node: TraceNode) -> str:
    """What a node is called in a drawing made of text: its name and operation, and below them its numbers.

    >>> label(TraceNode(2, "v1", "mul", (0, 1), "x*y", 6.0, 1.0))
    'v1 = x*y\\nvalue 6\\nadjoint 1'
    """
    plain = node.op in (INPUT, CONSTANT) or node.name == node.text
    lines = [(node.text if node.op == CONSTANT else node.name) if plain else f"{node.name} = {node.text}"]
    if node.shape:
        lines[0] += f"  ({shape(node.shape)})"
    if node.op != CONSTANT and node.value is not None:
        lines.append(f"value {known(node.value)}")
    if node.adjoint is not None:
        lines.append(f"adjoint {known(node.adjoint)}")
    return "\n".join(lines)


def flow(edge: TraceEdge) -> str:
    """What stands at an edge: the partial derivative, or between arrays what flows, shortened.

    >>> flow(TraceEdge(0, 1, 0.5)), flow(TraceEdge(0, 1, None, "X.T @ dL/dY"))
    ('0.5', 'X.T @ dL/dY')
    """
    return known(edge.partial) if edge.partial is not None else cut(edge.formula, _FORMULA)


_FORMULA = 28  # characters of a formula at an edge
_SHAPES = {INPUT: ', style="rounded,filled", fillcolor="#eeeeee"', CONSTANT: ", shape=plaintext"}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\0", "\ufffd")
    return '"' + escaped.replace("\n", "\\n").replace("\r", " ") + '"'
