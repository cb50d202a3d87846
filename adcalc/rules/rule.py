"""A rule: what one row of the function table says about one elemental function.

The row's expressions are kept as one small graph. Its inputs are the parameters, `v` for the function's own value, and
one d-name for each parameter; its outputs are the differential and the clauses.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from adcalc.errors import Place, UsageError
from adcalc.graph.node import CONDITIONS, CONSTANT, Label, Node, NodeId, Shape
from adcalc.graph.shape import LINEAR, inferred, known
from adcalc.syntax.lower import lower_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adcalc.graph.graph import Graph
    from adcalc.syntax.code import Block, Code, Definition, Head
    from adcalc.syntax.lowered import Library


AXIS = "axis"  # the parameter of a row that stands for the axes which the operation's label names


class Clause(NamedTuple):
    """A condition of a row: `kind` is "on", "smooth", "kink" or "jump".

    `parameter` is the argument that it speaks of (None: all of them), `slope` the directional derivative of a kink.
    """

    kind: str
    parameter: int | None
    condition: NodeId
    slope: NodeId | None


class Rule(NamedTuple):
    """One elemental function: its differential, its clauses and, where it is defined by others, its value.

    >>> from adcalc.rules.table import standard
    >>> standard().rule("mul").parameters
    ('u', 'w')
    """

    name: str
    parameters: tuple[str, ...]
    variadic: bool
    graph: Graph
    differential: NodeId
    clauses: tuple[Clause, ...]
    body: NodeId | None
    text: str

    @classmethod
    def make(
        cls,
        text: str,
        place: Place,
        code: Code,
        body: Definition | None,
        library: Library,
        shapes: tuple[Shape, ...] = (),
        label: Label = None,
    ) -> Rule:
        """The rule of a parsed row; that of an operation on arrays is made for their shapes, and its label.

        Raises AdcalcSyntaxError or UsageError, naming the row's place, where the row makes no sense.
        """
        row = code.block
        head: Head = row[0][1]
        parameters = tuple(name for name in head.parameters if name != AXIS)
        names = (*parameters, "v", *(f"d{name}" for name in parameters))
        if len(set(names)) < len(names):
            raise UsageError(f"the parameters of {head.name} hide each other, v or a differential", place)
        end = next((i for i, step in enumerate(row) if step[0] in _CLAUSES), len(row) - 1)
        steps = [step for step in row[end:-1] if step[0] in _CLAUSES]
        blocks: list[Block] = [row[1:end], *(step[1][1] for step in steps)]
        if body is not None:
            renamed = dict(zip(body.parameters, head.parameters, strict=True))
            if any(key != value for key, value in renamed.items()):
                raise UsageError(f"the two rows of {head.name} name their parameters differently", place)
            blocks.append(body.body)
        if known(head.name):
            sizes = dict(zip(parameters, shapes, strict=True))
            sizes |= {"v": inferred(head.name, shapes, label), **{f"d{name}": sizes[name] for name in parameters}}
            axes = label[0] if isinstance(label, tuple) and AXIS in head.parameters else ()
            graph, outputs = lower_row(code.source, blocks, names, library, sizes, {AXIS: axes} if axes else {})
        else:
            graph, outputs = lower_row(code.source, blocks, names, library)
        clauses: list[Clause] = []
        for number, (kind, (parameter, _), _) in enumerate(steps, 1):
            if kind == "kink_slope":
                continue
            if parameter is not None and parameter not in head.parameters:
                raise UsageError(f"'{parameter}' is not a parameter of {head.name}", place)
            slope = outputs[number + 1] if kind == "kink" else None
            index = None if parameter is None else parameters.index(parameter)
            clauses.append(Clause(kind, index, outputs[number], slope))
        rule = cls(
            head.name,
            parameters,
            head.variadic,
            graph,
            outputs[0],
            tuple(clauses),
            outputs[-1] if body is not None else None,
            text,
        )
        rule.check_names(place)
        rule.check_linear(place)
        return rule

    def d_inputs(self) -> list[NodeId]:
        """The ids of du, dw, … in the rule's graph, in the order of the parameters."""
        count = len(self.parameters)
        return list(range(count + 1, 2 * count + 1))

    def mentions(self, parameter: int) -> bool:
        """Whether the differential has a term in the differential of this argument.

        >>> from adcalc.rules.table import standard
        >>> [standard().rule("besselj").mentions(argument) for argument in (0, 1)]
        [False, True]
        """
        return self.d_inputs()[parameter] in self.graph.live(self.differential)

    def check_names(self, place: Place) -> None:
        """Raise UsageError unless each part of the row is of the right kind and speaks of what it may speak of."""
        nodes, d_names = self.graph.nodes, set(self.d_inputs())
        own_value = len(self.parameters)
        for clause in self.clauses:
            if nodes[clause.condition].op not in CONDITIONS:
                hint = "compare something: u > 0"
                raise UsageError(f"what follows '{clause.kind}' in {self.name} is no condition", place, hint)
            if d_names.intersection(self.graph.live(clause.condition)):
                raise UsageError(f"a condition of {self.name} speaks of a differential", place)
        if self.body is not None and {own_value, *d_names}.intersection(self.graph.live(self.body)):
            raise UsageError(f"the definition of {self.name} uses v or a differential", place)
        numbers = [self.differential, *(clause.slope for clause in self.clauses), self.body]
        if any(node is not None and nodes[node].op in CONDITIONS for node in numbers):
            raise UsageError(f"{self.name} gives a condition where a number is meant", place)

    def check_linear(self, place: Place) -> None:
        """Raise UsageError unless the differential is linear in its d-names, as a differential is."""
        graph, d_names = self.graph, self.d_inputs()
        degree: dict[NodeId, int] = {}
        for node in graph.live(self.differential):
            op, args, _ = graph.nodes[node]
            degrees = [degree[argument] for argument in args]
            if node in d_names:
                degree[node] = 1
            elif op in ("add", "sub") or op == "if":
                sides = zip(args[-2:], degrees[-2:], strict=True)
                proper = {power for side, power in sides if not _is_zero(graph, side)} or {0}
                degree[node] = proper.pop() if len(proper) == 1 and not (op == "if" and degrees[0]) else 2
            elif op in ("mul", "matmul", "outer"):
                degree[node] = sum(degrees)
            elif op in LINEAR:
                degree[node] = degrees[0]
            elif op == "solve":
                degree[node] = degrees[1] if not degrees[0] else 2
            elif op == "neg" or (op == "div" and not degrees[1]):
                degree[node] = degrees[0]
            else:
                degree[node] = 2 if any(degrees) else 0
        wanted = 1 if self.parameters else 0
        if degree[self.differential] != wanted and not _is_zero(graph, self.differential):
            names = ", ".join(f"d{name}" for name in self.parameters)
            raise UsageError(
                f"the differential of {self.name} is not linear in {names}",
                place,
                "each term holds exactly one of them, as a factor",
            )


_ZERO = Fraction(0)
_ABSORBING = frozenset({"mul", "neg", "matmul", "outer", *LINEAR})  # nothing is left of them without an argument
_CLAUSES = frozenset({"on", "smooth", "kink", "kink_slope", "jump"})


def _is_zero(graph: Graph, node: NodeId) -> bool:
    op, _, label = graph.nodes[node]
    return op == CONSTANT and label == 0


def strike(graph: Graph, output: NodeId, absent: Iterable[NodeId], into: Graph) -> NodeId | None:
    """The output with the absent inputs struck out, rebuilt in another graph; None where nothing is left.

    An absent tangent is not the number zero: a product with it is absent too, whatever the other factor is.

    >>> from adcalc.graph.graph import Graph
    >>> graph, short = Graph(), Graph()
    >>> u, du, dw = graph.input("u"), graph.input("du"), graph.input("dw")
    >>> total = graph.apply("add", graph.apply("mul", u, du), dw)
    >>> short.nodes[strike(graph, total, [dw], short)].op
    'mul'
    """
    gone = set(absent)
    kept: dict[NodeId, NodeId | None] = {}
    for node in graph.live(output):
        args = graph.nodes[node].args
        if node in gone or _is_zero(graph, node):
            kept[node] = None
        elif not args:
            kept[node] = into.copy(graph, node)
        else:
            kept[node] = _apply(into, graph.nodes[node], [kept[argument] for argument in args])
    return kept[output]


def _apply(into: Graph, node: Node, args: list[NodeId | None]) -> NodeId | None:
    op = node.op
    present = [argument for argument in args if argument is not None]
    if len(present) == len(args):
        return into.adopt(node._replace(args=tuple(present)))
    if op == "add":
        return present[0] if present else None
    if op == "sub":
        return None if not present else present[0] if args[1] is None else into.apply("neg", present[0])
    if op in _ABSORBING or (op == "div" and args[0] is None) or (op == "solve" and args[1] is None):
        return None
    if op == "if" and args[1] is None and args[2] is None:
        return None
    zero = into.constant(_ZERO)
    return into.apply(op, *(zero if argument is None else argument for argument in args))
