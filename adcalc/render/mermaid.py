"""A graph in the language of Mermaid, which Markdown pages draw."""

import re
from typing import Final

from adcalc.graph.node import CONSTANT, INPUT
from adcalc.render.dot import flow, label
from adcalc.results.trace import Drawing

_SAFE: Final = re.compile(r"[^\w .,+/()^-]")
_BRACKETS: Final = {INPUT: ("([", "])"), CONSTANT: ("((", "))")}


def mermaid(drawing: Drawing) -> str:
    """A drawing as a flowchart from top to bottom; the result has a thick border.

    >>> from adcalc.results.trace import TraceNode
    >>> print(mermaid(Drawing("x", {}, 0, (TraceNode(0, "x", "input", (), "x"),), ())))
    flowchart TB
      n0(["x"])
      style n0 stroke-width:3px
    """
    lines = ["flowchart TB"]
    for node in drawing.nodes:
        opening, closing = _BRACKETS.get(node.op, ("[", "]"))
        text = "<br>".join(_escaped(line) for line in label(node).split("\n"))
        lines.append(f'  n{node.id}{opening}"{text}"{closing}')
    for edge in drawing.edges:
        arrow = f'-- "{_escaped(flow(edge))}" -->' if flow(edge) else "-->"
        lines.append(f"  n{edge.source} {arrow} n{edge.target}")
    lines.append(f"  style n{drawing.output} stroke-width:3px")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """What might be a sign of the language is written by its number."""
    return _SAFE.sub(lambda found: f"#{ord(found[0])};", text)
