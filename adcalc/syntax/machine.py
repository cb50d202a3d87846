"""The stack machine that runs postfix code: its state, its frames, and its loop.

Values are node ids. A call, a branch or a term of an index sum is a block of instructions, pushed on the stack of
frames with its own names; the frame below goes on when it is done. So nothing recurses, and depth is never an issue.
The rarer steps are functions in steps.py and calls.py, handed over as a table.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, NoReturn, TypeAlias

from adcalc.errors import AdcalcError, AdcalcSyntaxError, LimitError, Place
from adcalc.graph.fold import fold
from adcalc.graph.node import NodeId
from adcalc.syntax.code import Block, Definition, Span
from adcalc.syntax.lowered import Library, Lowered
from adcalc.syntax.number import exact

BINARY: Final = frozenset({"add", "sub", "mul", "div", "mod", "pow"})


class Frame:
    """A block being run: what is left of it, the names it sees, and the place to blame if not its own."""

    __slots__ = ("calls", "names", "outer", "span", "steps")

    def __init__(self, block: Block, names: Mapping[str, NodeId], outer: bool, span: Span | None, calls: int) -> None:
        self.steps = iter(block)  # goes on where it was left
        self.names = names
        self.outer = outer  # whether the program's own names and free variables are in sight
        self.span = span
        self.calls = calls  # how many calls of the program's functions it stands in


Step: TypeAlias = Callable[["Machine", Any, Frame], None]


class Machine:
    """Runs blocks over one graph; `values` is the operand stack, `span` the place of the step being run."""

    def __init__(
        self, lowered: Lowered, library: Library, bound: frozenset[str], steps: Mapping[str, Step], maximum: int
    ) -> None:
        self.lowered = lowered
        self.graph = lowered.graph
        self.library = library
        self.bound = bound
        self.steps = steps
        self.maximum = maximum
        self.work = 0  # instructions that calls, choices and sums have unfolded to
        self.values: list[NodeId] = []
        self.names: dict[str, NodeId] = {}  # that the program assigned
        self.known: dict[str, NodeId] = {}  # these and the free variables met so far: what the outermost block sees
        self.elementals: set[tuple[str, int]] = set()  # calls of one argument that are one node each
        self.functions: dict[str, Definition] = {}
        self.constants: dict[NodeId, Fraction] = {}
        self.literals: dict[str, NodeId] = {}
        self.conditions: dict[NodeId, bool | None] = {}  # and their truth, where it is known
        self.frames: list[Frame] = []
        self.span: Span = (0, 0)
        self.result_span: Span | None = None

    def run(self, frame: Frame) -> None:
        """Run a frame, and those that its steps push, to the end."""
        values, graph, spans = self.values, self.graph, self.lowered.spans
        nodes = graph.nodes
        ids = graph.ids
        constants, literals, conditions, steps = self.constants, self.literals, self.conditions, self.steps
        elementals = self.elementals
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
                        node = self.name(operand, frame)
                        if node is None:
                            break  # a constant that the library defines: its body runs first
                    values.append(node)
                elif operation == "number":
                    node = literals.get(operand)
                    if node is None:
                        place = Place(self.lowered.code.source, *span)
                        node = literals[operand] = self.constant(exact(operand, place))
                    values.append(node)
                elif operation in BINARY:
                    right = values.pop()
                    left = values[-1]
                    if conditions and (left in conditions or right in conditions):
                        self.span = span
                        self.not_a_number(left if left in conditions else right)
                    if operation == "pow" or (left in constants and right in constants):
                        node = self.combine(operation, left, right)
                    else:
                        found = ids.get((operation, (left, right), None))
                        node = graph.apply(operation, left, right) if found is None else found
                    values[-1] = node
                elif operation == "call" and operand in elementals and values[-1] not in conditions:
                    values[-1] = node = graph.apply(operand[0], values[-1])
                else:
                    self.span = span
                    steps[operation](self, operand, frame)
                    if frames[-1] is not frame:
                        break
                    node = len(nodes) - 1
                while node >= len(spans):
                    spans.append(span)
            else:
                frames.pop()
        while len(spans) < len(nodes):
            spans.append(self.span)

    def name(self, name: str, frame: Frame) -> NodeId | None:
        """The node that a name stands for; None where its definition has been put on the stack of frames."""
        if frame.outer and name in self.known:
            return self.known[name]
        if not (frame.outer and name in self.bound):
            found = self.library.find(name, 0)
            if isinstance(found, Definition):
                self.push(found.body, {}, False, self.span)
                return None
            if found is not None:
                return self.graph.apply(found)
        if not frame.outer:
            self.fail(f"'{name}' is not a parameter of this row", None)
        node = self.known[name] = self.graph.input(name)
        self.lowered.variables.setdefault(name, node)
        return node

    def constant(self, value: Fraction) -> NodeId:
        """The node of an exact number, known from now on to be one."""
        node = self.graph.constant(value)
        self.constants[node] = value
        return node

    def combine(self, op: str, left: NodeId, right: NodeId) -> NodeId:
        """The node of an operation on two others, folded where both are constants.

        e^x is exp(x): the same function, and the more exact one.
        """
        base = self.graph.nodes[left]
        if op == "pow" and base.op == "exp" and self.constants.get(base.args[0]) == 1:
            return self.graph.apply("exp", right)
        if left in self.constants and right in self.constants:
            folded = fold(op, self.constants[left], self.constants[right])
            if folded is not None:
                return self.constant(folded)
        return self.graph.apply(op, left, right)

    def go_on(self, block: Block, frame: Frame) -> None:
        """Run a block before the given frame goes on, with the names that it sees."""
        self.push(block, frame.names, frame.outer, frame.span, frame.calls)

    def push(self, block: Block, names: Mapping[str, NodeId], outer: bool, span: Span | None, calls: int = 0) -> None:
        """Run a block before the frame that stands on top of the stack goes on."""
        self.work += len(block) + 1
        if self.work > self.maximum:
            message = f"the program unfolds to more than {self.maximum} operations"
            raise LimitError(message, self.place(), "--max-operations raises the limit")
        self.frames.append(Frame(block, names, outer, span, calls))

    def place(self) -> Place:
        """The place of the step being run."""
        return Place(self.lowered.code.source, *self.span)

    def fail(self, message: str, hint: str | None, error: type[AdcalcError] = AdcalcSyntaxError) -> NoReturn:
        """Raise an error at the place of the step being run."""
        raise error(message, self.place(), hint)

    def not_a_number(self, condition: NodeId) -> NoReturn:
        """Raise the error of a condition that is used as a number."""
        if condition < len(self.lowered.spans):
            self.span = self.lowered.spans[condition]
        self.fail("a condition is not a number", "use it as the first argument of if(c, a, b)")
