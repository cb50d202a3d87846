"""The stack machine that runs postfix code: its state, its frames, and its loop.

Values are node ids. A call, a branch or a term of an index sum is a block of instructions, pushed on the stack of
frames with its own names; the frame below goes on when it is done. So nothing recurses, and depth is never an issue.
The rarer steps are functions in steps.py and calls.py, handed over as a table.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, NoReturn, TypeAlias

from adcalc.errors import AdcalcError, AdcalcSyntaxError, LimitError, PathError, Place, ShapeError
from adcalc.graph.fold import fold
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId, Shape
from adcalc.syntax.code import Block, Definition, Span
from adcalc.syntax.lowered import Differentiate, Guard, Guide, Library, Lowered
from adcalc.syntax.number import exact

BINARY: Final = frozenset({"add", "sub", "mul", "matmul", "div", "mod", "pow"})
OPTIONAL: Final = frozenset({"axis", "keepdims"})  # parameters that may be left out
OMITTED: Final[NodeId] = -1  # what a parameter is that was left out


class Scope(dict[str, NodeId]):
    """The names of the program, or of a call of one of its functions, and the value of its last expression."""

    __slots__ = ("result", "span")

    def __init__(self, names: Mapping[str, NodeId] | None = None) -> None:
        super().__init__(names or {})
        self.result: NodeId | None = None
        self.span: Span | None = None  # of the last expression


class Frame:
    """A block being run: what is left of it, the names it sees, and the place to blame if not its own."""

    __slots__ = ("calls", "names", "outer", "recursive", "span", "steps")

    def __init__(
        self,
        block: Block,
        names: dict[str, NodeId],
        outer: bool,
        span: Span | None,
        calls: int,
        recursive: bool = False,
    ) -> None:
        self.steps = iter(block)  # goes on where it was left
        self.names = names
        self.outer = outer  # whether the program's own names and free variables are in sight
        self.span = span
        self.calls = calls  # how many calls of the program's functions it stands in
        self.recursive = recursive  # whether it belongs to a function that calls itself


Loop: TypeAlias = tuple[Span, NodeId, int]  # a while loop: its condition's place and node, and the rounds so far
Step: TypeAlias = Callable[["Machine", Any, Frame], None]


class Machine:
    """Runs blocks over one graph; `values` is the operand stack, `span` the place of the step being run."""

    def __init__(
        self,
        lowered: Lowered,
        library: Library,
        bound: frozenset[str],
        steps: Mapping[str, Step],
        maximum: int,
        guide: Guide | None = None,
        differentiate: Differentiate | None = None,
    ) -> None:
        self.lowered = lowered
        self.graph = lowered.graph
        self.library = library
        self.bound = bound
        self.steps = steps
        self.maximum = maximum
        self.guide = guide
        self.differentiate = differentiate
        self.work = 0  # instructions that calls, choices and sums have unfolded to
        self.values: list[NodeId] = []
        self.assigned: dict[str, None] = {}  # the names that the program assigned
        self.known = Scope()  # these and the free variables met so far: what the outermost block sees
        self.elementals: set[tuple[str, int]] = set()  # calls of one argument that are one node each
        self.functions: dict[str, Definition] = {}
        self.recursive: dict[str, bool] = {}  # which of them call themselves, as far as that was asked
        self.constants: dict[NodeId, Fraction] = {}
        self.literals: dict[str, NodeId] = {}
        self.conditions: dict[NodeId, bool | None] = {}  # and their truth, where it is known; no numbers
        self.shapes: Mapping[str, Shape] = {}  # of the variables that are arrays
        self.marked: frozenset[str] = frozenset()  # names that something is differentiated by
        self.definitions: dict[NodeId, NodeId] = {}  # what stands for such a name for now, and its value
        self.inside: dict[NodeId, list[NodeId]] = {}  # the inputs of such a value, as far as that was asked
        self.guards: list[Guard] = []
        self.decided: list[NodeId] = []  # the conditions whose truth the guide told, in the order of the way
        self.loops: list[Loop] = []  # the while loops being run
        self.frames: list[Frame] = []
        self.span: Span = (0, 0)

    def run(self, frame: Frame) -> None:
        """Run a frame, and those that its steps push, to the end. Raises ShapeError at the place of the operation."""
        try:
            self._run(frame)
        except ShapeError as error:
            if error.place is None:
                error.place = self.place()
                if error.hint is None and error.operation is not None:
                    from adcalc.syntax.shape_hints import hint

                    error.hint = hint(*error.operation, error.place.excerpt)
            raise

    def _run(self, frame: Frame) -> None:
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
                    if node is not None:
                        values.append(node)
                        continue  # nothing is new
                    self.span = span
                    node = self.name(operand, frame)
                    if node is None:
                        break  # a constant that the library defines: its body runs first
                    values.append(node)
                elif operation == "number":
                    node = literals.get(operand)
                    if node is not None:
                        values.append(node)
                        continue
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
                        self.span = span
                        node = self.combine(operation, left, right)
                    else:
                        found = ids.get((operation, (left, right), None))
                        if found is not None:
                            values[-1] = found
                            continue
                        self.span = span
                        node = graph.apply(operation, left, right)
                    values[-1] = node
                elif operation == "call" and operand in elementals and values[-1] not in conditions:
                    self.span = span
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
        node = self.known[name] = self.variable(name)
        return node

    def variable(self, name: str) -> NodeId:
        """The input of a free variable."""
        return self.lowered.variables.setdefault(name, self.graph.input(name, self.shapes.get(name, ())))

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
        self.push(block, frame.names, frame.outer, frame.span, frame.calls, frame.recursive)

    def go_round(self, block: Block, frame: Frame) -> None:
        """Run a block in the place of the given frame, whose last step this is: so that loops do not pile up frames."""
        self.frames.pop()
        self.go_on(block, frame)

    def push(
        self,
        block: Block,
        names: dict[str, NodeId],
        outer: bool,
        span: Span | None,
        calls: int = 0,
        recursive: bool = False,
    ) -> None:
        """Run a block before the frame that stands on top of the stack goes on."""
        self.work += len(block) + 1
        if self.work > self.maximum:
            self.too_much()
        self.frames.append(Frame(block, names, outer, span, calls, recursive))

    def partials(self, graph: Graph, output: NodeId, wrt: tuple[NodeId, ...]) -> list[NodeId | None]:
        """The partial derivatives of a node as nodes of its graph."""
        if self.differentiate is None:
            self.fail("nothing can be differentiated or solved here", "diff and root belong into the expression")
        return self.differentiate(graph, output, wrt)

    def truth(self, condition: NodeId, what: str) -> bool:
        """Whether a condition holds at the point. Raises PathError where there is no point."""
        known = self.conditions[condition]
        if known is not None:
            return known
        if self.guide is None:
            formula = "; if(c, a, b) is a formula" if what == "if" else ""
            raise PathError(
                f"the values at the point decide which way this '{what}' goes, and symbolic mode has no point",
                self.place(),
                f"forward and reverse mode follow the point{formula}",
            )
        self.decided.append(condition)
        return self.guide.decide(condition, self.definitions)

    def too_much(self) -> NoReturn:
        """Raise the error of a program that goes on and on; where it is in a while loop, that is the one to blame."""
        message = f"the program unfolds to more than {self.maximum} operations"
        hint = "--max-operations raises the limit"
        if self.loops:
            self.span, condition, rounds = self.loops[-1]
            message = f"'while' has not ended after {rounds} rounds and {self.maximum} operations"
            if self.guide is not None:
                hint = f"{self.guide.describe(condition, self.definitions)} still holds; {hint}"
        raise LimitError(message, self.place(), hint)

    def place(self) -> Place:
        """The place of the step being run."""
        return Place(self.lowered.code.source, *self.span)

    def fail(self, message: str, hint: str | None, error: type[AdcalcError] = AdcalcSyntaxError) -> NoReturn:
        """Raise an error at the place of the step being run."""
        raise error(message, self.place(), hint)

    def is_condition(self, node: NodeId) -> bool:
        """Whether a node is a condition."""
        return node in self.conditions

    def not_a_number(self, node: NodeId) -> NoReturn:
        """Raise the error of a condition that is used as a number."""
        if node < len(self.lowered.spans):
            self.span = self.lowered.spans[node]
        self.fail("a condition is not a number", "use it as the first argument of if(c, a, b)")
