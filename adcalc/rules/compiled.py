"""Rules as Python functions: each row printed once for an arithmetic and compiled.

A row's differential is linear in its d-names. Multiplication by a number is its own transpose, so the pull of a
scalar row is the row itself: one d-name set to the adjoint, the others struck out. Push and pull are printed for each
set of active arguments, so that what is absent is not computed at all: (-2)^3 never meets log(-2).

Names are numbered, operations looked up, constants bound: no text of a user reaches the compiler (made.py).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, cast

from adcalc.arithmetics.base import Arithmetic, Operation, V
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, RELATIONS, NodeId
from adcalc.rules.made import made
from adcalc.rules.rule import Rule, strike

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from adcalc.arithmetics.base import Solving
    from adcalc.rules.table import Table

INFIX = {
    "add": "({} + {})",
    "sub": "({} - {})",
    "mul": "({} * {})",
    "div": "({} / {})",
    "neg": "(-{})",
    "and": "({} and {})",
    "or": "({} or {})",
    "not": "(not {})",
    **{op: f"({{}} {symbol} {{}})" for op, symbol in RELATIONS.items()},
}
_BRANCHES = {"if": (1, 2)}  # arguments that are evaluated only when chosen


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
            rule = self.table.rule(op)
            short = Graph()
            outputs = [strike(rule.graph, rule.differential, self._absent(rule, (k,)), short) for k in active]
            named = {rule.graph.nodes[rule.d_inputs()[k]].label: "bar" for k in active}
            self._made[key] = self._print(rule, short, outputs, named, ["bar", "v"], [])
        return self._made[key]

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

    def _function(
        self, rule: Rule, outputs: list[NodeId], active: list[int], guard: Sequence[NodeId] = ()
    ) -> Operation:
        short = Graph()
        absent = self._absent(rule, tuple(active))
        struck = [strike(rule.graph, output, absent, short) for output in (*outputs, *guard)]
        tangents = {rule.graph.nodes[rule.d_inputs()[k]].label: f"t{k}" for k in active}
        leading = [] if rule.body in outputs else ["v"]
        return self._print(
            rule, short, struck[: len(outputs)], tangents, leading, [f"t{k}" for k in active], struck[len(outputs) :]
        )

    def _print(
        self,
        rule: Rule,
        graph: Graph,
        outputs: Sequence[NodeId | None],
        d_names: dict[Any, str],
        leading: list[str],
        trailing: list[str],
        guard: Sequence[NodeId | None] = (),
    ) -> Operation:
        arguments = [f"a{k}" for k in range(len(rule.parameters))]
        names: dict[Any, str] = {**dict(zip(rule.parameters, arguments, strict=True)), "v": "v", **d_names}
        printer = _Printer(graph, names, self)
        return printer.function([*leading, *arguments, *trailing], outputs, guard)


@lru_cache(maxsize=4096)
def _code(source: str) -> CodeType:
    """A function's code, which the same row has in many graphs."""
    return compile(source, "<rule>", "exec")


class _Printer:
    """Prints a small graph as one Python function."""

    def __init__(self, graph: Graph, names: dict[Any, str], rules: Compiled[Any]) -> None:
        self.graph = graph
        self.names = names
        self.rules = rules
        self.infix = rules.arithmetic.infix
        self.decides = rules.arithmetic.decides
        self.space: dict[str, Any] = {}
        self.bound: dict[tuple[str, Any], str] = {}

    def function(
        self, parameters: list[str], outputs: Sequence[NodeId | None], guard: Sequence[NodeId | None]
    ) -> Operation:
        present = [output for output in (*guard, *outputs) if output is not None]
        shared = self._shared(present)
        texts: dict[NodeId, str] = {}
        lines: list[str] = []
        for node in self.graph.live(*present):
            text = self._text(node, texts)
            if node in shared:
                lines.append(f"    x{node} = {text}")
                text = f"x{node}"
            texts[node] = text
        checks = [f"    if not {texts[node]}: raise ValueError" for node in guard if node is not None]
        zero = self._bind("constant", Fraction(0))
        results = [zero if output is None else texts[output] for output in outputs]
        source = f"def function({', '.join(parameters)}):\n"
        source += "\n".join([*lines, *checks, f"    return {', '.join(results)}"])
        function: Operation = made(_code(source), "function", self.space)
        return function

    def _shared(self, outputs: list[NodeId]) -> set[NodeId]:
        """The nodes worth a name: used twice, and evaluated whatever the conditions say."""
        certain: set[NodeId] = set()
        uses: dict[NodeId, int] = dict.fromkeys(outputs, 0)
        waiting = list(outputs)
        while waiting:
            node = waiting.pop()
            if node in certain:
                continue
            certain.add(node)
            op, args, _ = self.graph.nodes[node]
            lazy = _BRANCHES.get(op, ()) if self.decides else ()
            waiting.extend(argument for place, argument in enumerate(args) if place not in lazy)
        for node in self.graph.live(*outputs):
            op, args, _ = self.graph.nodes[node]
            for argument in args:
                uses[argument] = uses.get(argument, 0) + (2 if self._is_square(node) else 1)
        return {node for node in certain if uses[node] > 1 and self.graph.nodes[node].args}

    def _is_square(self, node: NodeId) -> bool:
        op, args, _ = self.graph.nodes[node]
        return "mul" in self.infix and op == "pow" and self.graph.nodes[args[1]].label == 2

    def _text(self, node: NodeId, texts: dict[NodeId, str]) -> str:
        op, args, label = self.graph.nodes[node]
        if op == INPUT:
            return self.names.get(label, "None")
        if op == CONSTANT:
            return self._bind("constant", label)
        if self._is_square(node):
            return f"({texts[args[0]]} * {texts[args[0]]})"
        if self.decides and op == "if":
            return f"({texts[args[1]]} if {texts[args[0]]} else {texts[args[2]]})"
        if op in self.infix:
            return INFIX[op].format(*(texts[argument] for argument in args))
        return f"{self._bind('operation', op)}({', '.join(texts[argument] for argument in args)})"

    def _bind(self, kind: str, what: Any) -> str:
        name = self.bound.get((kind, what))
        if name is None:
            name = self.bound[kind, what] = f"{kind[0]}{len(self.bound)}"
            if kind == "constant":
                value: Fraction = what
                self.space[name] = self.rules.arithmetic.constant(value)
            else:
                self.space[name] = self.rules.value(what)
        return name
