"""Rules as Python functions: each row printed once for an arithmetic and compiled.

A row's differential is linear in its d-names. Multiplication by a number is its own transpose, so the pull of a
scalar row is the row itself: one d-name set to the adjoint, the others struck out. Push and pull are printed for each
set of active arguments, so that what is absent is not computed at all: (-2)^3 never meets log(-2).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, cast

from adcalc.arithmetics.base import Arithmetic, Operation, V
from adcalc.graph.graph import Graph
from adcalc.rules.made import made
from adcalc.rules.printer import Printer
from adcalc.rules.rule import Rule, strike

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType

    from adcalc.arithmetics.base import Solving
    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table


class Row(NamedTuple):
    """Expressions of a row that are wanted: a graph without what is struck out, and the names of its inputs."""

    graph: Graph
    outputs: Sequence[NodeId | None]
    names: Mapping[Any, str]


class Compiled(Generic[V]):
    """The rules of a function table in one arithmetic, compiled on first use.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> rules = Compiled(standard(), Real())
    >>> rules.pull("mul", (0, 1))(1.0, 6.0, 2.0, 3.0)
    (3.0, 2.0)
    >>> rules.push("mul", (0, 1))(6.0, 2.0, 3.0, 1.0, 0.0)
    3.0
    """

    def __init__(self, table: Table, arithmetic: Arithmetic[V]) -> None:
        self.table = table
        self.arithmetic = arithmetic
        self._values: dict[str, Operation] = {}
        self._made: dict[tuple[Any, ...], Operation] = {}
        self._flows: dict[tuple[str, tuple[int, ...]], bool] = {}
        self._open: dict[tuple[str, int], bool] = {}
        self._pull_rows: dict[tuple[str, tuple[int, ...]], Row] = {}

    def value(self, op: str) -> Operation:
        """The function that computes an operation: of its arguments.

        It raises ValueError or ZeroDivisionError outside the domain, OverflowError beyond the range.
        """
        found = self._values.get(op)
        if found is None:
            found = self.arithmetic.operation(op)
            if found is None and op in self.table.residuals:
                found = self._solution(op)
            if found is None:
                rule = self.table.rule(op)
                if rule.body is None:
                    raise ValueError(f"this arithmetic has no {op}")
                domain = [clause.condition for clause in rule.clauses if clause.kind == "on"]
                found = self._function(rule, [rule.body], [], guard=domain if self.arithmetic.decides else [])
            self._values[op] = found
        return found

    def _solution(self, op: str) -> Operation:
        """The function that solves an equation by the arithmetic's own method."""
        rule, residual = self.table.rule(op), self.table.residuals[op]
        equation = self._function(rule, [residual.output], [])
        slope = self._function(rule, [residual.slope], [])
        solve = cast("Solving", self.arithmetic).solve

        def solution(*args: Any) -> Any:
            return solve(lambda v: equation(v, *args), lambda v: slope(v, *args), args)

        return solution

    def active(self, op: str, arguments: tuple[int, ...]) -> bool:
        """Whether a derivative flows through an operation from these arguments: not through floor."""
        key = (op, arguments)
        if key not in self._flows:
            rule = self.table.rule(op)
            left = strike(rule.graph, rule.differential, self._absent(rule, arguments), Graph())
            missing = any(not rule.mentions(argument) for argument in arguments)
            self._flows[key] = left is not None or missing
        return self._flows[key]

    def is_open(self, op: str, count: int) -> bool:
        """Whether a derivative flows through an operation from each of its arguments, so many."""
        found = self._open.get((op, count))
        if found is None:
            found = self._open[op, count] = all(self.active(op, (argument,)) for argument in range(count))
        return found

    def pull(self, op: str, active: tuple[int, ...]) -> Operation:
        """The return sweep's step: of (adjoint, value, arguments…); gives the adjoints that flow to the active ones.

        One active argument gives one adjoint, several a tuple.
        """
        key = ("pull", op, active)
        if key not in self._made:
            row = self._pull_row(op, active)
            count = len(self.table.rule(op).parameters)
            self._made[key] = self._made_of(row, ["bar", "v", *_arguments(count)])
        return self._made[key]

    def pull_texts(
        self, printer: Printer, op: str, active: tuple[int, ...], bar: str, value: str, args: Sequence[str]
    ) -> tuple[list[str], list[str]]:
        """The same step as lines and texts of a larger function, in which the numbers have these names."""
        return self._texts(printer, self._pull_row(op, active), {"bar": bar, "v": value}, args)

    def condition_texts(
        self, printer: Printer, op: str, clause: int, value: str, args: Sequence[str]
    ) -> tuple[list[str], list[str]]:
        """The same as lines and a text of a larger function, in which the numbers have these names."""
        rule = self.table.rule(op)
        return self._texts(printer, self._row(rule, [rule.clauses[clause].condition], []), {"v": value}, args)

    def received(self, flow: V, value: V, argument: V) -> V:
        """What of the adjoint of a value arrives at an argument that has it element by element: all of it."""
        return flow

    def push(self, op: str, active: tuple[int, ...]) -> Operation:
        """The forward sweep's step: of (value, arguments…, tangents of the active ones…); gives the tangent."""
        key = ("push", op, active)
        if key not in self._made:
            rule = self.table.rule(op)
            self._made[key] = self._function(rule, [rule.differential], list(active))
        return self._made[key]

    def condition(self, op: str, clause: int) -> Operation:
        """Whether a clause's condition holds: of (value, arguments…)."""
        key = ("clause", op, clause)
        if key not in self._made:
            rule = self.table.rule(op)
            self._made[key] = self._function(rule, [rule.clauses[clause].condition], [])
        return self._made[key]

    def slope(self, op: str, clause: int, active: tuple[int, ...]) -> Operation:
        """The one-sided derivative at a kink: of (value, arguments…, tangents of the active ones…)."""
        key = ("slope", op, clause, active)
        if key not in self._made:
            rule = self.table.rule(op)
            slope = rule.clauses[clause].slope
            assert slope is not None
            self._made[key] = self._function(rule, [slope], list(active))
        return self._made[key]

    @staticmethod
    def _absent(rule: Rule, active: tuple[int, ...]) -> list[NodeId]:
        return [node for k, node in enumerate(rule.d_inputs()) if k not in active]

    def _pull_row(self, op: str, active: tuple[int, ...]) -> Row:
        key = op, active
        if key not in self._pull_rows:
            rule = self.table.rule(op)
            short = Graph()
            outputs = [strike(rule.graph, rule.differential, self._absent(rule, (k,)), short) for k in active]
            bars = {rule.graph.nodes[rule.d_inputs()[k]].label: "bar" for k in active}
            self._pull_rows[key] = Row(short, outputs, _names(rule) | bars)
        return self._pull_rows[key]

    def _row(self, rule: Rule, outputs: Sequence[NodeId], active: Sequence[int]) -> Row:
        short = Graph()
        absent = self._absent(rule, tuple(active))
        struck = [strike(rule.graph, output, absent, short) for output in outputs]
        tangents = {rule.graph.nodes[rule.d_inputs()[k]].label: f"t{k}" for k in active}
        return Row(short, struck, _names(rule) | tangents)

    def _function(
        self, rule: Rule, outputs: list[NodeId], active: list[int], guard: Sequence[NodeId] = ()
    ) -> Operation:
        leading = [] if rule.body in outputs else ["v"]
        parameters = [*leading, *_arguments(len(rule.parameters)), *(f"t{k}" for k in active)]
        return self._made_of(self._row(rule, [*guard, *outputs], active), parameters, len(guard))

    def _made_of(self, row: Row, parameters: Sequence[str], guards: int = 0) -> Operation:
        """The expressions of a row as a function; the first ones are no results, but have to hold."""
        printer = Printer(self.arithmetic, self.value)
        lines, texts = printer.texts(row.graph, row.names, row.outputs)
        lines += [f"if not {text}: raise ValueError" for text in texts[:guards]]
        body = "".join(f"    {line}\n" for line in (*lines, f"return {', '.join(texts[guards:])}"))
        function: Operation = made(_code(f"def function({', '.join(parameters)}):\n{body}"), "function", printer.space)
        return function

    @staticmethod
    def _texts(
        printer: Printer, row: Row, given: Mapping[str, str], args: Sequence[str]
    ) -> tuple[list[str], list[str]]:
        given = {**given, **dict(zip(_arguments(len(args)), args, strict=True))}
        named = {label: given[name] for label, name in row.names.items() if name in given}
        return printer.texts(row.graph, named, row.outputs)


def _arguments(count: int) -> list[str]:
    return [f"a{k}" for k in range(count)]


def _names(rule: Rule) -> dict[Any, str]:
    """The names of what a row speaks of: its parameters, and its own value."""
    return {**dict(zip(rule.parameters, _arguments(len(rule.parameters)), strict=True)), "v": "v"}


@lru_cache(maxsize=4096)
def _code(source: str) -> CodeType:
    """A function's code, which the same row has in many graphs."""
    return compile(source, "<rule>", "exec")
