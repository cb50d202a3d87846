"""A trace as one page to step through: it needs no network and no program but a browser.

The finished tables stand in the page itself, so that it says everything without a script and on paper. The steps are
data beside them, only what each one changes; the script folds them up to the step that is to be seen. Whatever a user
wrote is escaped here, and reaches the page as text only.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

from adcalc.errors import LimitError
from adcalc.render.figures import decimal
from adcalc.render.page.tables import WRITTEN, section
from adcalc.render.page.work import Number, adjoints, data, has_arrays, number, result, tangents
from adcalc.render.svg import STYLE
from adcalc.results.derivation import Derivation, DerivationLine
from adcalc.results.trace import Trace, TraceEdge

DRAWABLE: Final = 300  # nodes; a drawing of more shows nothing that the tables do not show better
MOST: Final = 10_000  # nodes and edges of a page that a browser still opens at once
_ASSETS: Final = Path(__file__).with_name("page")
_SCRIPTS: Final = ("state.js", "show.js", "story.js", "controls.js")
_LISTED: Final = 8  # variables of a point or a gradient that stand above the page
_TITLE: Final = 60  # characters
_LEGEND: Final = "v is the value of the node itself; u, w, … are its arguments, du, dw, … their differentials."


def page(
    forward: Trace,
    reverse: Trace,
    drawing_svg: str,
    formula: str,
    derivations: Sequence[Derivation] = (),
    start: str = "reverse",
) -> str:
    """The page of an expression's forward and reverse mode, `start` first, as the text of an HTML file.

    `drawing_svg` is a drawing whose elements are called node-3 and edge-0-3 after the ids of the traces ("" for none),
    `formula` is MathML. Both are markup and go into the page as they are; everything else is text.
    Raises LimitError where no browser could show the work.

    >>> from adcalc.results.trace import TraceNode, TraceStep
    >>> node = TraceNode(0, "x", "input", (), "x", 1.0, 1.0, (1.0,))
    >>> steps = (TraceStep("start"), TraceStep("primal", 0))
    >>> reverse = Trace("x", {"x": 1.0}, "reverse", 1.0, {"x": 1.0}, 0, (node,), (), steps)
    >>> forward = reverse._replace(mode="forward", directions=("x",))
    >>> page(forward, reverse, "", "").splitlines()[0]
    '<!doctype html>'
    """
    size = len(reverse.nodes) + len(reverse.edges)
    if size > MOST:
        raise LimitError(
            f"the page would show {len(reverse.nodes):,} nodes and {len(reverse.edges):,} edges, of at most {MOST:,}",
            hint="--only and --depth choose a part; --json has the whole work as data",
        )
    script = "".join(map(_asset, _SCRIPTS))
    modes = {"reverse": (reverse, adjoints(reverse)), "forward": (forward, tangents(forward, reverse))}
    folded = {
        "start": start if start in modes else "reverse",
        "written": WRITTEN,
        "arrays": has_arrays(reverse),
        "edges": [[edge.source, edge.target, _carried(reverse, edge)] for edge in reverse.edges],
        "modes": {mode: data(trace, sums) for mode, (trace, sums) in modes.items()},
    }
    return Template(_asset("page.html")).substitute(
        hash=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
        title=escape(_cut(reverse.expression)),
        css=f"{STYLE}\n{_asset('page.css')}",
        formula=formula,
        expression=escape(reverse.expression),
        facts=_facts(reverse),
        warnings="".join(f'<p class="warning">{escape(words)}</p>' for _, words in reverse.warnings),
        graph=_graph(reverse, drawing_svg),
        **{mode: section(trace, sums, reverse.edges) for mode, (trace, sums) in modes.items()},
        rules=_rules(reverse, forward),
        legend=_LEGEND,
        derivations=_derivations(derivations),
        data=_embedded(folded),
        script=script,
    )


def _carried(trace: Trace, edge: TraceEdge) -> Number | None:
    """What stands at an edge: the partial, or in a work over arrays what is handed down."""
    if has_arrays(trace):
        return edge.formula or None
    return None if edge.partial is None else number(edge.partial)


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _embedded(content: Mapping[str, Any]) -> str:
    """Data inside a script element: no text in it can end the element, or begin a comment."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"


def _facts(trace: Trace) -> str:
    """The point, the value and the gradient: what the work began with, and what came of it."""
    name_of_result, sign = escape(result(trace)), "d" if has_arrays(trace) else "∂"
    at = [f"<li>{escape(name)} = <b>{decimal(value)}</b></li>" for name, value in trace.at.items()]
    slopes = [
        f'<li>{sign}{name_of_result}/{sign}{escape(name)} = <b class="adjoint">{decimal(partial)}</b></li>'
        for name, partial in trace.gradient.items()
    ]
    groups = [
        ("at", at),
        ("value", [f"<li>{name_of_result} = <b>{decimal(trace.value)}</b></li>"]),
        ("gradient", slopes),
    ]
    if has_arrays(trace):
        groups.append(("held", [f"<li>at most {trace.held:,} elements at once, {escape(trace.order)} order</li>"]))
    elif trace.order != "creation":
        held = f"{trace.order}, in {trace.layers} layers, at most {trace.held} values held at once"
        groups.append(("order", [f"<li>{escape(held)}</li>"]))
    return "".join(
        f"<div><dt>{name}</dt><dd><ul>{''.join(_first(items))}</ul></dd></div>" for name, items in groups if items
    )


def _first(items: list[str]) -> list[str]:
    left_out = len(items) - _LISTED
    return items if left_out <= 0 else [*items[:_LISTED], f'<li class="quiet">and {left_out} more, below</li>']


def _graph(trace: Trace, drawing_svg: str) -> str:
    if drawing_svg and len(trace.nodes) <= DRAWABLE:
        return f'<div class="scroll">{drawing_svg}</div>'
    words = "There is no drawing of this graph."
    if len(trace.nodes) > DRAWABLE:
        words = f"A drawing of {len(trace.nodes):,} nodes would show nothing: the tables below have all of them."
    return f'<p class="quiet">{words}</p>'


def _rules(*traces: Trace) -> str:
    rows = {op: row for trace in traces for op, row in trace.rules.items() if row}
    return "".join(
        f'<div data-op="{escape(op)}"><dt>{escape(op)}</dt><dd><code>{escape(row)}</code></dd></div>'
        for op, row in rows.items()
    )


def _derivations(derivations: Sequence[Derivation]) -> str:
    """The derivation as formulas, line by line, each with the rule that it comes from."""
    blocks = []
    for derivation in derivations:
        below = " ".join(f"∂{escape(name)}" for name in derivation.wrt)
        lines = "".join(map(_line, derivation.lines))
        checked = ""
        if derivation.points:
            points = "1 random point" if derivation.points == 1 else f"{derivation.points} random points"
            checked = f'<p class="quiet">Every line was found equal to the first at {points}.</p>'
        blocks.append(f'<h3>∂/{below}</h3><ol class="derivation">{lines}</ol>{checked}')
    if not blocks:
        return ""
    return f'<details class="card"><summary>The derivation, rule by rule</summary>{"".join(blocks)}</details>'


def _line(line: DerivationLine) -> str:
    left = line.left.mathml if line.left is not None else ""
    right = line.mathml if not line.rule and line.left is None else f"<mo>=</mo>{line.mathml}"
    applied = f", on <math>{line.applied.mathml}</math>" if line.applied is not None and line.applied.mathml else ""
    rule = f'<p class="by">{escape(line.rule)}{applied}</p>' if line.rule else ""
    return f'<li><div class="scroll"><math><mrow>{left}{right}</mrow></math></div>{rule}</li>'
