"""Postfix code to graph.

Calls are inlined, index sums unfold and assignments name nodes, all by the same means: the stack machine of machine.py
runs a block of instructions again with other bindings. Constants are folded exactly where no arithmetic could disagree.
"""

from collections.abc import Callable
from typing import Final

from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.syntax import calls, control, derivatives, roots, steps
from adcalc.syntax.code import Block, Code, differentiated
from adcalc.syntax.collector import Paused
from adcalc.syntax.derivatives import resolve
from adcalc.syntax.lowered import Library, Lowered
from adcalc.syntax.machine import Differentiate, Frame, Guide, Machine

MAXIMUM_OPERATIONS: Final = 10_000_000
_STEPS: Final = {**steps.STEPS, **calls.STEPS, **control.STEPS, **derivatives.STEPS, **roots.STEPS}


def lower(
    code: Code,
    library: Library,
    bound: frozenset[str] = frozenset(),
    maximum_operations: int = MAXIMUM_OPERATIONS,
    guide: Callable[[Lowered], Guide] | None = None,
    differentiate: Differentiate | None = None,
) -> Lowered:
    """The graph of a program.

    `bound` are the names that have a value at the point: they are variables even where the language has a constant
    of that name (`e`, `pi`). `guide` makes what knows the values at the point, where the way of the program depends
    on them; `differentiate` gives the partials of a node as nodes, for `diff(f, x)`.

    Raises AdcalcSyntaxError, UnknownFunctionError, ArityError, LimitError; PathError where a guide is needed.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.errors import Source
    >>> from adcalc.syntax.parser import parse
    >>> lowered = lower(parse(Source("a = x*y; a + a")), standard())
    >>> [node.op for node in lowered.graph.nodes]
    ['input', 'input', 'mul', 'add']
    """
    lowered = Lowered(code)
    machine = Machine(lowered, library, bound, _STEPS, maximum_operations, guide and guide(lowered), differentiate)
    if "diff" in code.source.text or "grad" in code.source.text:
        machine.marked = differentiated(code.block)
    with Paused():
        machine.run(Frame(code.block, machine.known, True, None, 0))
        steps.finish(machine)
        resolve(machine)
    return lowered


def lower_row(
    source: Source, blocks: list[Block], parameters: tuple[str, ...], library: Library
) -> tuple[Graph, list[NodeId]]:
    """The graph of a row: one output for each block, over inputs named as the row's parameters.

    Raises AdcalcSyntaxError for any other name.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.errors import Source
    >>> graph, outputs = lower_row(Source("u"), [[("name", "u", (0, 1))]], ("u", "du"), standard())
    >>> outputs
    [0]
    """
    lowered = Lowered(Code(source, []))
    machine = Machine(lowered, library, frozenset(), _STEPS, MAXIMUM_OPERATIONS)
    names = {name: lowered.graph.input(name) for name in parameters}
    for block in blocks:
        machine.run(Frame(block, names, False, None, 0))
    return lowered.graph, machine.values
