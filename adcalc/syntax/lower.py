"""Postfix code to graph.

Calls are inlined, index sums unfold and assignments name nodes, all by the same means: the stack machine of machine.py
runs a block of instructions again with other bindings. Constants are folded exactly where no arithmetic could disagree.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId, Shape
from adcalc.syntax import arrays, calls, control, derivatives, roots, steps
from adcalc.syntax.code import Block, Code, differentiated
from adcalc.syntax.collector import Paused
from adcalc.syntax.derivatives import resolve
from adcalc.syntax.lowered import Differentiate, Guide, Library, Lowered
from adcalc.syntax.machine import OMITTED, OPTIONAL, Frame, Machine

MAXIMUM_OPERATIONS: Final = 10_000_000
_STEPS: Final = {**steps.STEPS, **calls.STEPS, **arrays.STEPS, **control.STEPS, **derivatives.STEPS, **roots.STEPS}
NO_SHAPES: Final[Mapping[str, Shape]] = MappingProxyType({})


def lower(
    code: Code,
    library: Library,
    bound: frozenset[str] = frozenset(),
    maximum_operations: int = MAXIMUM_OPERATIONS,
    guide: Callable[[Lowered], Guide] | None = None,
    differentiate: Differentiate | None = None,
    shapes: Mapping[str, Shape] = NO_SHAPES,
) -> Lowered:
    """The graph of a program.

    `bound` are the names that have a value at the point: they are variables even where the language has a constant
    of that name (`e`, `pi`). `guide` makes what knows the values at the point, where the way of the program depends
    on them; `differentiate` gives the partials of a node as nodes, for `diff(f, x)`; `shapes` are those of the
    variables that are arrays.

    Raises AdcalcSyntaxError, UnknownFunctionError, ArityError, ShapeError, LimitError; PathError where a guide is
    needed.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.errors import Source
    >>> from adcalc.syntax.parser import parse
    >>> lowered = lower(parse(Source("a = x*y; a + a")), standard())
    >>> [node.op for node in lowered.graph.nodes]
    ['input', 'input', 'mul', 'add']
    """
    lowered = Lowered(code)
    machine = Machine(lowered, library, bound, _STEPS, maximum_operations, guide and guide(lowered), differentiate)
    machine.shapes = shapes
    if "diff" in code.source.text or "grad" in code.source.text:
        machine.marked = differentiated(code.block)
    with Paused():
        machine.run(Frame(code.block, machine.known, True, None, 0))
        steps.finish(machine)
        resolve(machine)
    return lowered


def lower_row(
    source: Source,
    blocks: list[Block],
    parameters: tuple[str, ...],
    library: Library,
    shapes: Mapping[str, Shape] = NO_SHAPES,
    numbers: Mapping[str, tuple[int, ...]] = NO_SHAPES,
) -> tuple[Graph, list[NodeId]]:
    """The graph of a row: one output for each block, over inputs named as the row's parameters.

    `shapes` are those of parameters that are arrays; `numbers` are further names, with the lists of numbers that they
    stand for.

    Raises AdcalcSyntaxError for any other name.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.errors import Source
    >>> graph, outputs = lower_row(Source("u"), [[("name", "u", (0, 1))]], ("u", "du"), standard())
    >>> outputs
    [0]
    """
    lowered = Lowered(Code(source, []))
    machine = Machine(lowered, library, frozenset(), _STEPS, MAXIMUM_OPERATIONS)
    names = {name: lowered.graph.input(name, shapes.get(name, ())) for name in parameters}
    for name, values in numbers.items():
        names[name] = lowered.graph.apply("array", *(machine.constant(Fraction(value)) for value in values))
    names.update(dict.fromkeys(OPTIONAL - set(parameters) - set(numbers), OMITTED))
    for block in blocks:
        machine.run(Frame(block, names, False, None, 0))
    return lowered.graph, machine.values
