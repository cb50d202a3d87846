"""Postfix code to graph: a stack machine whose values are node ids.

Calls are inlined, index sums unfold and assignments name nodes, all by the same means: a block of instructions is run
again with other bindings. Waiting blocks stand on an explicit stack of frames, so depth is never an issue. Constants
are folded exactly where no arithmetic could disagree.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NoReturn, Protocol

from adcalc.errors import (
    AdcalcSyntaxError,
    ArityError,
    LimitError,
    Place,
    Source,
    UnknownFunctionError,
    suggestion,
)
from adcalc.graph.fold import connect, fold, holds
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.syntax.code import Block, Code, Definition, Span
from adcalc.syntax.number import exact

MAXIMUM_OPERATIONS = 10_000_000
MAXIMUM_CALLS = 10_000  # nested calls of functions that the program defines


class Library(Protocol):
    """The function table, as lowering sees it."""

    def find(self, name: str, count: int) -> "Definition | str | None":
        """A definition to inline, the name of an elemental operation, or None where there is no such function."""

    def arities(self, name: str) -> list[str]:
        """How the function may be called: ["log(u)", "log(u, b)"]; empty for an unknown name."""

    def names(self) -> list[str]:
        """Every function's name."""


class Lowered:
    """A graph, its result, and what it was made from.

    `spans[id]` is the place in the text that each node came from; `names` are the names that the program gave to
    nodes; `variables` the free variables in order of first appearance.
    """

    def __init__(self, code: Code) -> None:
        self.code = code
        self.graph = Graph()
        self.output: NodeId = -1
        self.spans: list[Span] = []
        self.names: dict[NodeId, str] = {}
        self.variables: dict[str, NodeId] = {}

    def place(self, node: NodeId) -> Place | None:
        """The stretch of the text that a node came from; None for nodes that were made later.

        >>> from adcalc.rules.table import standard
        >>> from adcalc.errors import Source
        >>> from adcalc.syntax.parser import parse
        >>> lowered = lower(parse(Source("x + sin(y)")), standard())
        >>> lowered.place(lowered.output).excerpt
        'x + sin(y)'
        """
        if node >= len(self.spans):
            return None
        return Place(self.code.source, *self.spans[node])


class _Frame:
    """A block being run: how far, with which names, and at which place if not its own."""

    __slots__ = ("calls", "names", "outer", "span", "steps")

    def __init__(
        self, block: Block, names: Mapping[str, NodeId], outer: bool, span: Span | None, calls: int
    ) -> None:
        self.steps = iter(block)  # goes on where it was left
        self.names = names
        self.outer = outer  # whether the program's own names and free variables are in sight
        self.span = span
        self.calls = calls


def lower(
    code: Code,
    library: Library,
    bound: frozenset[str] = frozenset(),
    maximum_operations: int = MAXIMUM_OPERATIONS,
) -> Lowered:
    """The graph of a program.

    `bound` are the names that have a value at the point: they are variables even where the language has a constant
    of that name (`e`, `pi`).

    Raises AdcalcSyntaxError, UnknownFunctionError, ArityError, LimitError.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.errors import Source
    >>> from adcalc.syntax.parser import parse
    >>> lowered = lower(parse(Source("a = x*y; a + a")), standard())
    >>> [node.op for node in lowered.graph.nodes]
    ['input', 'input', 'mul', 'add']
    """
    lowered = Lowered(code)
    machine = _Machine(lowered, library, bound, maximum_operations)
    machine.run(_Frame(code.block, {}, True, None, 0))
    machine.finish()
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
    machine = _Machine(lowered, library, frozenset(), MAXIMUM_OPERATIONS)
    names = {name: lowered.graph.input(name) for name in parameters}
    for block in blocks:
        machine.run(_Frame(block, names, False, None, 0))
    return lowered.graph, machine.values


class _Machine:
    def __init__(self, lowered: Lowered, library: Library, bound: frozenset[str], maximum: int) -> None:
        self.lowered = lowered
        self.graph = lowered.graph
        self.library = library
        self.bound = bound
        self.maximum = maximum
        self.values: list[NodeId] = []
        self.names: dict[str, NodeId] = {}
        self.functions: dict[str, Definition] = {}
        self.constants: dict[NodeId, Fraction] = {}
        self.literals: dict[str, NodeId] = {}
        self.conditions: dict[NodeId, bool | None] = {}  # and their truth, where it is known
        self.frames: list[_Frame] = []
        self.span: Span = (0, 0)
        self.result_span: Span | None = None

    def run(self, frame: "_Frame") -> None:
        values, graph, spans = self.values, self.graph, self.lowered.spans
        nodes = graph.nodes
        constants, literals, conditions = self.constants, self.literals, self.conditions
        frames = self.frames
        frames.append(frame)
        while frames:
            frame = frames[-1]
            names, fixed = frame.names, frame.span
            for operation, operand, span in frame.steps:
                if fixed is not None:
                    span = fixed
                if operation == "name":
                    node = names.get(operand)
                    if node is None:
                        self.span = span
                        node = self._name(operand, frame)
                        if node is None:
                            break  # a constant that the library defines: its body runs first
                    values.append(node)
                elif operation == "number":
                    node = literals.get(operand)
                    if node is None:
                        place = Place(self.lowered.code.source, *span)
                        node = literals[operand] = self._constant(exact(operand, place))
                    values.append(node)
                elif operation in _BINARY:
                    right = values.pop()
                    left = values[-1]
                    folded = None
                    if left in constants and right in constants:
                        folded = fold(operation, constants[left], constants[right])
                    if folded is not None:
                        values[-1] = self._constant(folded)
                    elif conditions and (left in conditions or right in conditions):
                        self.span = span
                        self._not_a_number(left if left in conditions else right)
                    elif operation == "pow" and self._is_e(left):
                        values[-1] = graph.apply("exp", right)  # e^x is exp(x), and exp is the more exact
                    else:
                        values[-1] = graph.apply(operation, left, right)
                else:
                    self.span = span
                    _STEPS[operation](self, operand, frame)
                    if frames[-1] is not frame:
                        break
                while len(spans) < len(nodes):
                    spans.append(span)
            else:
                frames.pop()
        while len(spans) < len(nodes):
            spans.append(self.span)

    def finish(self) -> None:
        if self.result_span is None:
            names = [name for name in self.names]
            text = self.lowered.code.source.text
            raise AdcalcSyntaxError(
                "the program has no result" if names or self.functions else "there is nothing to compute",
                Place(self.lowered.code.source, len(text.rstrip()), len(text.rstrip())),
                f"end it with an expression, such as {names[-1]}" if names else None,
            )
        self.lowered.output = self.values[-1]
        if self.lowered.output in self.conditions:
            self.span = self.result_span
            self._fail("a condition is not a number", "conditions are for if(c, a, b)")

    # ------------------------------------------------------------ names and numbers

    def _name(self, name: str, frame: _Frame) -> NodeId | None:
        """The node that a name stands for; None where its definition has been put on the stack of frames."""
        if frame.outer and name in self.names:
            return self.names[name]
        if not (frame.outer and name in self.bound):
            found = self.library.find(name, 0)
            if isinstance(found, Definition):
                self._push(found.body, {}, False, self.span)
                return None
            if found is not None:
                return self.graph.apply(found)
        if not frame.outer:
            self._fail(f"'{name}' is not a parameter of this row", None)
        node = self.graph.input(name)
        self.lowered.variables.setdefault(name, node)
        return node

    def _is_e(self, node: NodeId) -> bool:
        op, args, _ = self.graph.nodes[node]
        return op == "exp" and self.constants.get(args[0]) == 1

    def _constant(self, value: Fraction) -> NodeId:
        node = self.graph.constant(value)
        self.constants[node] = value
        return node

    # ------------------------------------------------------------ operations

    def neg(self, operand: Any, frame: _Frame) -> None:
        argument = self.values[-1]
        if argument in self.constants:
            self.values[-1] = self._constant(-self.constants[argument])
            return
        if argument in self.conditions:
            self._not_a_number(argument)
        self.values[-1] = self.graph.apply("neg", argument)

    def factorial(self, operand: Any, frame: _Frame) -> None:
        one = self._constant(Fraction(1))
        argument = self.values.pop()
        value = self.constants.get(argument)
        successor = self.graph.apply("add", argument, one) if value is None else self._constant(value + 1)
        self.values.append(self.graph.apply("gamma", successor))

    def compare(self, relation: str, frame: _Frame) -> None:
        right = self.values.pop()
        left = self.values.pop()
        self.values.append(self._relation(relation, left, right))

    def compare_chain(self, relation: str, frame: _Frame) -> None:
        right = self.values.pop()
        before = self.values.pop()
        last = self.graph.nodes[before]
        if last.op == "and":
            last = self.graph.nodes[last.args[1]]
        step = self._relation(relation, last.args[1], right)
        self.values.append(self._connect("and", before, step))

    def logic(self, op: str) -> None:
        operands = [self.values.pop() for _ in range(1 if op == "not" else 2)][::-1]
        for operand in operands:
            if operand not in self.conditions:
                self._fail(f"'{op}' joins conditions, and this is a number", "compare it with something: x > 0")
        self.values.append(self._connect(op, *operands))

    def _relation(self, relation: str, left: NodeId, right: NodeId) -> NodeId:
        for side in (left, right):
            if side in self.conditions:
                self._not_a_number(side)
        node = self.graph.apply(relation, left, right)
        known = left in self.constants and right in self.constants
        self.conditions[node] = holds(relation, self.constants[left], self.constants[right]) if known else None
        return node

    def _connect(self, op: str, *operands: NodeId) -> NodeId:
        node = self.graph.apply(op, *operands)
        self.conditions[node] = connect(op, [self.conditions[operand] for operand in operands])
        return node

    # ------------------------------------------------------------ calls

    def call(self, operand: tuple[str, int], frame: _Frame) -> None:
        name, count = operand
        args = self.values[len(self.values) - count :]
        del self.values[len(self.values) - count :]
        for argument in args:
            if argument in self.conditions:
                self._not_a_number(argument)
        definition = self.functions.get(name) if frame.outer else None
        if definition is not None:
            if len(definition.parameters) != count:
                self._wrong_arity(name, count, [f"{name}({', '.join(definition.parameters)})"])
            if frame.calls >= MAXIMUM_CALLS:
                raise LimitError(
                    f"{name} calls itself more than {MAXIMUM_CALLS} times", self._place(), "does its recursion end?"
                )
            self._push(definition.body, dict(zip(definition.parameters, args, strict=True)), True, None, frame.calls + 1)
            return
        self._library_call(name, args, frame)

    def _library_call(self, name: str, args: list[NodeId], frame: _Frame) -> None:
        found = self.library.find(name, len(args))
        if isinstance(found, Definition):
            if len(found.parameters) < len(args):
                self._fold_call(name, args, frame)
                return
            self._push(found.body, dict(zip(found.parameters, args, strict=True)), False, self.span, frame.calls + 1)
        elif found is not None:
            node = args[0] if args else self.graph.apply(found)
            if len(args) == 1:
                node = self.graph.apply(found, *args)
            elif len(args) == self.library_arity(found, len(args)):
                node = self.graph.apply(found, *args)
            else:
                for argument in args[1:]:
                    node = self.graph.apply(found, node, argument)
            self.values.append(node)
        else:
            self._unknown_function(name, len(args))

    def library_arity(self, name: str, count: int) -> int:
        """How many arguments one node of this row takes: two, where more are folded from the left."""
        return 2 if count > 2 and any("..." in form for form in self.library.arities(name)) else count

    def _fold_call(self, name: str, args: list[NodeId], frame: _Frame) -> None:
        """`hypot(a, b, c)` is `hypot(hypot(a, b), c)`."""
        self.values.append(args[0])
        steps: Block = []
        names: dict[str, NodeId] = {}
        for number, argument in enumerate(args[1:]):
            names[str(number)] = argument
            steps += [("name", str(number), self.span), ("call", (name, 2), self.span)]
        self._push(steps, names, False, self.span)

    def lazy(self, operand: tuple[str, tuple[Block, ...], tuple[str, ...]], frame: _Frame) -> None:
        name, blocks, ranges = operand
        if name in ("sum", "prod"):
            if len(ranges) != 1 or len(blocks) != 3:
                self._fail(
                    f"{name} needs an expression and one range", f"write {name}(k^2, k = 1..10)", ArityError
                )
            body, first, last = blocks
            self._continue([("range_begins", (name, body, ranges[0]), self.span)], frame)
            self._continue(last, frame)
            self._continue(first, frame)
            return
        if len(blocks) != 3 or ranges:
            self._wrong_arity(name, len(blocks), [f"{name}(condition, a, b)"])
        self._continue([("choose", blocks[1:], self.span)], frame)
        self._continue(blocks[0], frame)

    def choose(self, branches: tuple[Block, Block], frame: _Frame) -> None:
        condition = self.values[-1]
        if condition not in self.conditions:
            self._fail("the first argument of if is a condition, and this is a number", "compare it: if(x > 0, a, b)")
        truth = self.conditions[condition]
        if truth is None:
            self._continue([("select", None, self.span)], frame)
            self._continue(branches[1], frame)
            self._continue(branches[0], frame)
        else:
            self.values.pop()
            self._mention(branches[1 if truth else 0], frame)
            self._continue(branches[0 if truth else 1], frame)

    def select(self, operand: Any, frame: _Frame) -> None:
        other = self.values.pop()
        taken = self.values.pop()
        condition = self.values.pop()
        for side in (taken, other):
            if side in self.conditions:
                self._not_a_number(side)
        self.values.append(self.graph.apply("if", condition, taken, other))

    def range_begins(self, operand: tuple[str, Block, str], frame: _Frame) -> None:
        name, body, index = operand
        bounds: list[int] = []
        for bound in (self.values.pop(), self.values.pop()):
            value = self.constants.get(bound)
            if value is None or value.denominator != 1:
                self._fail(f"the range of {name} goes from one whole number to another", "write k = 1..10")
            bounds.append(int(value))
        last, first = bounds
        if last - first > self.maximum:
            raise LimitError(f"{name} has {last - first + 1} terms; the limit is {self.maximum}", self._place())
        self.values.append(self._constant(Fraction(0 if name == "sum" else 1)))
        if last >= first:
            self._push_range(operand, first, last, frame)

    def next_term(self, operand: tuple[tuple[str, Block, str], int, int], frame: _Frame) -> None:
        (name, body, index), current, last = operand
        term = self.values.pop()
        total = self.values[-1]
        start = Fraction(0 if name == "sum" else 1)
        if total in self.constants and self.constants[total] == start:
            self.values[-1] = term
        else:
            op = "add" if name == "sum" else "mul"
            folded = None
            if total in self.constants and term in self.constants:
                folded = fold(op, self.constants[total], self.constants[term])
            self.values[-1] = self.graph.apply(op, total, term) if folded is None else self._constant(folded)
        if len(self.graph) > self.maximum:
            raise LimitError(f"more than {self.maximum} operations", self._place())
        if current < last:
            self._push_range(operand[0], current + 1, last, frame)

    def _push_range(self, operand: tuple[str, Block, str], current: int, last: int, frame: _Frame) -> None:
        _, body, index = operand
        self._continue([("next_term", (operand, current, last), self.span)], frame)
        names = {**frame.names, index: self._constant(Fraction(current))}
        self._push(body, names, frame.outer, frame.span, frame.calls)

    # ------------------------------------------------------------ statements

    def assign(self, name: str, frame: _Frame) -> None:
        self._unused()
        node = self.values.pop()
        self.names[name] = node
        if node not in self.constants:
            self.lowered.names[node] = name

    def define(self, definition: Definition, frame: _Frame) -> None:
        self._unused()
        self.functions[definition.name] = definition

    def result(self, operand: Any, frame: _Frame) -> None:
        self._unused()
        self.result_span = self.span

    def _unused(self) -> None:
        if self.result_span is None:
            return
        goes_on = self.lowered.code.source.text[self.span[0]] in "+-−"
        self.span = self.result_span
        self._fail(
            "nobody uses the value of this expression",
            "an expression goes on in the next line after an operator or inside brackets"
            if goes_on
            else "name it with '=', or remove it",
        )

    # ------------------------------------------------------------ helpers

    def _continue(self, block: Block, frame: _Frame) -> None:
        self._push(block, frame.names, frame.outer, frame.span, frame.calls)

    def _push(
        self, block: Block, names: Mapping[str, NodeId], outer: bool, span: Span | None, calls: int = 0
    ) -> None:
        self.frames.append(_Frame(block, names, outer, span, calls))

    def _mention(self, block: Block, frame: _Frame) -> None:
        """Make the free variables of a block that is not lowered variables all the same."""
        waiting = [block]
        while waiting:
            for operation, operand, _ in waiting.pop():
                if operation == "lazy":
                    waiting.extend(operand[1])
                known = operation != "name" or operand in frame.names or operand in self.names or not frame.outer
                if not known and (operand in self.bound or self.library.find(operand, 0) is None):
                    self.lowered.variables.setdefault(operand, self.graph.input(operand))

    def _place(self) -> Place:
        return Place(self.lowered.code.source, *self.span)

    def _fail(self, message: str, hint: str | None, error: type[Exception] = AdcalcSyntaxError) -> NoReturn:
        raise error(message, self._place(), hint)

    def _not_a_number(self, condition: NodeId) -> NoReturn:
        if condition < len(self.lowered.spans):
            self.span = self.lowered.spans[condition]
        self._fail("a condition is not a number", "use it as the first argument of if(c, a, b)")

    def _wrong_arity(self, name: str, count: int, forms: list[str]) -> NoReturn:
        given = "no argument" if not count else "1 argument" if count == 1 else f"{count} arguments"
        raise ArityError(f"{name} does not take {given}", self._place(), f"write {' or '.join(forms)}")

    def _unknown_function(self, name: str, count: int) -> NoReturn:
        forms = self.library.arities(name)
        if forms:
            self._wrong_arity(name, count, forms)
        begin, _ = self.span
        argument = self.lowered.code.source.text[begin + len(name) : self.span[1]]
        self.span = (begin, begin + len(name))
        known = [*self.functions, *self.library.names()]
        hint = suggestion(name, known) if len(name) > 1 else None
        if (hint is None and count == 1) or name in self.names or name in self.lowered.variables:
            hint = f"a product is written with '*': {name}*{argument.strip()}"
        raise UnknownFunctionError(f"unknown function '{name}'", self._place(), hint)


_BINARY = frozenset({"add", "sub", "mul", "div", "mod", "pow"})
_STEPS = {
    "neg": _Machine.neg,
    "factorial": _Machine.factorial,
    "compare": _Machine.compare,
    "compare_chain": _Machine.compare_chain,
    **{op: (lambda machine, operand, frame, op=op: machine.logic(op)) for op in ("and", "or", "not")},
    "call": _Machine.call,
    "lazy": _Machine.lazy,
    "choose": _Machine.choose,
    "select": _Machine.select,
    "range_begins": _Machine.range_begins,
    "next_term": _Machine.next_term,
    "assign": _Machine.assign,
    "define": _Machine.define,
    "result": _Machine.result,
}
