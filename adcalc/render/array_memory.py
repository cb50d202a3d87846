"""What a person sees of what a sweep over arrays held: when it was most, what was stored, what was computed again."""

from collections.abc import Iterable, Mapping
from typing import Final

from adcalc.graph.shape import size
from adcalc.render.figures import Cell, counted, cut, facts
from adcalc.render.layout import Block, Grid
from adcalc.results.memory import BYTES, Memory, Moment
from adcalc.results.trace import Trace, TraceNode

_MOMENTS: Final = 20  # rows of a table that is shown whole
_LISTED: Final = 6  # names or expressions in a sentence
_PHASES: Final = {"primal": "up", "again": "again", "return": "back"}


def held(result: Trace) -> str:
    """In which order the nodes were visited, and how much was held at most.

    >>> held(Trace("x", {}, "reverse", 1.0, {}, 0, (), (), held=2))
    'in the order of the text: 0 layers, at most 2 elements (16 bytes) held at once'
    """
    how = {"layered": "a layer at a time", "depth-first": "depth first"}.get(result.order, "in the order of the text")
    return f"{how}: {counted(result.layers, 'layer')}, at most {_amount(result.held)} held at once"


def _amount(elements: int) -> str:
    return f"{_count(elements, 'element')} ({_bytes(elements)})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _bytes(elements: int) -> str:
    amount = float(elements * BYTES)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000 or unit == "MB":
            break
        amount /= 1000
    return f"{amount:,.0f} {unit}" if unit == "bytes" or amount >= 99.5 else f"{amount:.1f} {unit}"


def memory(result: Trace, width: int) -> list[Block]:
    """The blocks of what was held when, what was stored and what was computed again.

    >>> from adcalc.api import function
    >>> for line in memory(function("Y = X@W; L = sum(Y^2); L").trace(X=[[1, 2]], W=[[3], [4]]), 80)[1:]:
    ...     print("".join(word for word, _ in line))
      peak    handing down from Y: adjoints 1, work in hand 4
      stored  Y: 1 element
      again   nothing
      all     every value and adjoint kept would be 12 elements (96 bytes)
    """
    known = result.memory
    if known is None or not known.moments:
        return [[(held(result), "quiet")]]
    names = {node.id: node for node in result.nodes}
    blocks: list[Block] = []
    if result.order == "layered":
        blocks += [_moments(known, names), []]
    blocks.append([(held(result), "quiet")])
    return [*blocks, *facts(_facts(known, names), width)]


def _facts(memory: Memory, names: Mapping[int, TraceNode]) -> list[tuple[str, str]]:
    """What there is to say of what was held, each under a word."""
    peak = memory.peak
    kinds = {"activations": peak.activations, "adjoints": peak.adjoints, "gradients": peak.gradients}
    parts = [f"{kind} {count:,}" for kind, count in (kinds | {"work in hand": peak.work}).items() if count]
    when = {"primal": "computing", "again": "computing once more", "return": "handing down from"}[peak.phase]
    found = [("peak", f"{when} {_listed(names, peak.nodes)}: {', '.join(parts)}")]
    stored = [node for node in memory.stored if node in names]
    sizes = _count(sum(size(names[node].shape) for node in stored), "element")
    found.append(("stored", f"{_listed(names, stored)}: {sizes}" if stored else "nothing but the variables"))
    again = [f"{text} in {names[node].name}" for node, text in memory.inside if node in names]
    if memory.again:
        again.insert(0, f"{_listed(names, dict.fromkeys(memory.again))} ({counted(len(memory.again), 'value')})")
    more = f" and {len(again) - _LISTED} more" if len(again) > _LISTED else ""
    found.append(("again", (", ".join(again[:_LISTED]) or "nothing") + more))
    return [*found, ("all", f"every value and adjoint kept would be {_amount(memory.everything)}")]


def _listed(names: Mapping[int, TraceNode], chosen: Iterable[int]) -> str:
    known = [names[node].name for node in chosen if node in names]
    more = len(known) - _LISTED
    return ", ".join(known) if more <= 0 else f"{', '.join(known[:_LISTED])} and {more} more"


def _moments(memory: Memory, names: Mapping[int, TraceNode]) -> Grid:
    """What was held at the fullest moment of each layer's work, in the order in which it was done."""
    rows = [_moment(moment, names, moment is memory.peak) for moment in memory.moments]
    left_out = len(rows) - _MOMENTS
    if left_out > 1:
        rows[_MOMENTS // 2 : -_MOMENTS // 2] = [(("…", "quiet"), (f"{left_out} more", "quiet"), *[("", "")] * 5)]
    heads = ("sweep", "layer", "activations", "adjoints", "gradients", "in work", "held")
    return Grid([], heads, tuple(rows), frozenset(range(2, len(heads))))


def _moment(moment: Moment, names: Mapping[int, TraceNode], most: bool) -> tuple[Cell, ...]:
    numbers = (moment.activations, moment.adjoints, moment.gradients, moment.work, moment.elements)
    return (
        (_PHASES[moment.phase], ""),
        (f"{moment.layer}: {cut(_listed(names, moment.nodes), 20)}", ""),
        *((f"{number:,}", "value" if most else "") for number in numbers),
    )
