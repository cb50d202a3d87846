"""Derivatives inside expressions: `diff(f, x)` becomes nodes, before anything is evaluated.

A name that something is differentiated by may stand for any value: a parameter, a step of an iteration, a constant.
While the program is lowered it is an input of its own (a mark), which no other expression can coincide with; what it
stands for is kept beside it, and is put in its place at the end. Derivatives pass through marks as through any other
node, so that nested derivatives cannot be confused.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import takewhile
from typing import Final

from adcalc.errors import ArityError
from adcalc.graph.node import INPUT, NodeId
from adcalc.syntax.code import Block
from adcalc.syntax.lowered import Guard
from adcalc.syntax.machine import BINARY, Frame, Machine, Step

MAXIMUM_ORDER: Final = 1000


def marked(machine: Machine, name: str, node: NodeId) -> NodeId:
    """What a name stands for from now on: its value, or a mark where something is differentiated by it."""
    if name not in machine.marked or node in machine.conditions:
        return node
    mark = machine.graph.input(f"{name}#{len(machine.definitions)}", machine.graph.shape(node))
    machine.definitions[mark] = node
    return mark


def derivative(machine: Machine, blocks: tuple[Block, ...], ranges: tuple[str, ...], frame: Frame) -> None:
    """Run the expression of diff(f, x) or diff(f, x, n), then take its derivative."""
    if len(blocks) not in (2, 3) or ranges:
        machine.fail("diff takes an expression, a variable and perhaps an order", "write diff(x^3, x, 2)", ArityError)
    name = _variable(machine, blocks[1], frame)
    if len(blocks[0]) == 1 and blocks[0][0][0] == "name":
        _, word, span = blocks[0][0]
        if word in machine.functions and not (word in frame.names or word in machine.known or word in machine.bound):
            machine.span = span
            machine.fail(f"'{word}' is a function, and diff takes an expression", f"write diff({word}({name}), {name})")
    machine.go_on([("differentiate", name, machine.span)], frame)
    machine.go_on(blocks[2] if len(blocks) == 3 else [("number", "1", machine.span)], frame)
    machine.go_on(blocks[0], frame)


def gradient(machine: Machine, blocks: tuple[Block, ...], ranges: tuple[str, ...], frame: Frame) -> None:
    """Run the expression of grad(f, [x, y]), then take its derivatives."""
    variables = blocks[1] if len(blocks) == 2 and not ranges else []
    if not variables or variables[-1][0] != "array" or variables[-1][1] != len(variables) - 1:
        machine.fail("grad takes an expression and a list of variables", "write grad(x*y, [x, y])", ArityError)
    names = tuple(_variable(machine, [step], frame) for step in variables[:-1])
    machine.go_on([("gradient", names, machine.span)], frame)
    machine.go_on(blocks[0], frame)


def _gradient(machine: Machine, names: tuple[str, ...], frame: Frame) -> None:
    node = machine.values.pop()
    steps: Block = [("array", len(names), machine.span)]
    machine.go_on(steps, frame)
    for name in reversed(names):
        machine.go_on([("again_of", (node, name), machine.span)], frame)


def _again_of(machine: Machine, operand: tuple[NodeId, str], frame: Frame) -> None:
    node, name = operand
    machine.values += [node, machine.constant(Fraction(1))]
    _differentiate(machine, name, frame)


def _variable(machine: Machine, block: Block, frame: Frame) -> str:
    """The name that a block is, which must be that of a variable."""
    if len(block) != 1 or block[0][0] not in ("name", "quoted"):
        machine.span = (block[0][2][0], block[-1][2][1]) if block else machine.span
        machine.fail("the second argument of diff is a variable", "name the value first: u = x^2; diff(f(u), u)")
    _, name, span = block[0]
    known = name in frame.names or name in machine.known or name in machine.bound
    if not known and name in machine.library.constants:
        machine.span = span
        machine.fail(f"'{name}' is a constant, and the second argument of diff is a variable", "use another name")
    return str(name)


def _differentiate(machine: Machine, name: str, frame: Frame) -> None:
    order = machine.constants.get(machine.values.pop())
    if order is None or order.denominator != 1 or not 0 <= order <= MAXIMUM_ORDER:
        machine.fail(f"the order of a derivative is a whole number from 0 to {MAXIMUM_ORDER}", "write diff(f, x, 2)")
    node = machine.values.pop()
    if node in machine.conditions:
        machine.not_a_number(node)
    variable = frame.names.get(name)
    if variable is None:
        variable = machine.name(name, frame)
    assert variable is not None
    for _ in range(int(order)):
        slope = _total(machine, node, variable)
        machine.guards.append(_guard(machine, node, variable, slope))
        node = slope
    machine.values.append(node)


def _total(machine: Machine, output: NodeId, variable: NodeId) -> NodeId:
    """The derivative of a node by an input, through the marks whose values depend on it: a return sweep over those."""
    graph = machine.graph
    if graph.shapes:
        return _of_arrays(machine, output, variable)
    bars: dict[NodeId, NodeId] = {}
    waiting: list[NodeId] = []
    node, bar = output, machine.constant(Fraction(1))
    while True:
        inside = [one for one in _inputs(machine, node) if _leads_to(machine, one, variable)]
        for mark, partial in zip(inside, machine.partials(graph, node, tuple(inside)), strict=True):
            if partial is None:
                continue
            term = _times(machine, bar, _known(machine, partial))
            if mark in bars:
                bars[mark] = machine.combine("add", bars[mark], term)
            else:
                bars[mark] = term
                if mark != variable:
                    heappush(waiting, -mark)
        if not waiting:
            break
        mark = -heappop(waiting)
        node, bar = machine.definitions[mark], bars.pop(mark)
    return bars.get(variable, machine.constant(Fraction(0)))


def _of_arrays(machine: Machine, output: NodeId, variable: NodeId) -> NodeId:
    """The derivative where there are arrays: by one sweep, with the values of marks in their places.

    It has the shape of the variable; that of an array by a number has the shape of the array.
    """
    graph = machine.graph
    (output,) = opened(machine, [output], variable)
    (partial,) = machine.partials(graph, output, (variable,))
    shape = graph.shape(variable) or graph.shape(output)
    found = machine.constant(Fraction(0)) if partial is None else _known(machine, partial)
    return found if graph.shape(found) == shape else graph.arrange("broadcast", shape, found)


def _times(machine: Machine, bar: NodeId, partial: NodeId) -> NodeId:
    if machine.constants.get(bar) == 1:
        return partial
    return bar if machine.constants.get(partial) == 1 else machine.combine("mul", bar, partial)


def _guard(machine: Machine, node: NodeId, variable: NodeId, slope: NodeId) -> Guard:
    """What was differentiated; where that was by a mark, it and the conditions above it are made to depend on it alone.

    The value of a mark may be a node that has other users: by that, they would be differentiated, too.
    """
    if variable not in machine.definitions:
        return Guard(node, variable, slope, len(machine.decided))
    later = takewhile(lambda condition: condition > variable, reversed(machine.decided))  # no earlier one depends on it
    inside, *own = opened(machine, [node, *later], variable)
    return Guard(inside, variable, slope, len(machine.decided), tuple(own))


def _known(machine: Machine, node: NodeId) -> NodeId:
    """The node itself, known to be a constant if it is one."""
    label = machine.graph.nodes[node].label
    if isinstance(label, Fraction):
        machine.constants[node] = label
    return node


def _inputs(machine: Machine, output: NodeId) -> list[NodeId]:
    return [node for node in machine.graph.below(output) if machine.graph.nodes[node].op == INPUT]


def _leads_to(machine: Machine, mark: NodeId, variable: NodeId) -> bool:
    """Whether an input is the variable, or a mark whose value depends on it."""
    seen = {mark}
    waiting = [mark]
    while waiting:
        node = waiting.pop()
        if node == variable:
            return True
        if node in machine.definitions:
            inside = machine.inside.get(node)
            if inside is None:
                inside = machine.inside[node] = _inputs(machine, machine.definitions[node])
            waiting.extend(one for one in inside if one not in seen and one >= variable)  # none before it depends on it
            seen.update(inside)
    return False


def opened(machine: Machine, outputs: Sequence[NodeId], variable: NodeId | None = None) -> list[NodeId]:
    """The outputs with values in the places of marks: of all, or of those whose values depend on a variable."""
    graph, lowered, known = machine.graph, machine.lowered, machine.definitions
    if not known:
        return list(outputs)
    definitions: dict[NodeId, NodeId] = {}  # those that are opened
    reached = set(outputs)
    waiting = list(reached)
    while waiting:
        node = waiting.pop()
        wanted = graph.nodes[node].args
        if node in known and (variable is None or (node != variable and _leads_to(machine, node, variable))):
            definitions[node] = known[node]
            wanted = (known[node],)
        waiting.extend(one for one in wanted if one not in reached)
        reached.update(wanted)
    if not definitions:
        return list(outputs)
    images: dict[NodeId, NodeId] = {}
    for node in sorted(reached):
        op, args, _ = graph.nodes[node]
        below = tuple([images[argument] for argument in args])
        if node in definitions:
            image = images[definitions[node]]
        elif below == args:
            image = node
        elif op in BINARY:
            image = machine.combine(op, *below)
        else:
            image = graph.copy(graph, node, below)
        images[node] = image
        lowered.spans.extend(lowered.spans[node] for _ in range(len(graph) - len(lowered.spans)))
        for names in (lowered.names, lowered.calls):
            if node in names and graph.nodes[image].args:
                names[image] = names[node]
    return [images[output] for output in outputs]


def resolve(machine: Machine) -> None:
    """Put the values of all marks in their places; but what was differentiated by a mark keeps it."""
    lowered, known = machine.lowered, machine.definitions
    inputs = {one for guard in machine.guards if guard.own is not None for one in _read(machine, guard)}
    marks = [mark for mark in inputs if mark in known]
    wanted = [lowered.output, *machine.decided, *(known[mark] for mark in marks)]
    for guard in machine.guards:
        wanted += [guard.slope, guard.node if guard.own is None else guard.slope]
    found = iter(opened(machine, wanted))
    lowered.output = next(found)
    lowered.decided = [next(found) for _ in machine.decided]
    lowered.marks = {mark: next(found) for mark in marks}
    for guard in machine.guards:
        slope, node = next(found), next(found)
        lowered.guards.append(guard._replace(slope=slope, node=node if guard.own is None else guard.node))


def _read(machine: Machine, guard: Guard) -> list[NodeId]:
    """The inputs that a guard's nodes need."""
    return [guard.variable, *(one for node in (guard.node, *(guard.own or ())) for one in _inputs(machine, node))]


STEPS: Final[Mapping[str, Step]] = {
    "differentiate": _differentiate,
    "gradient": _gradient,
    "again_of": _again_of,
}
