"""A program and its derivative as one program: every value statement beside the statement of its differential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.api.work.statements import statement
from adcalc.api.work.traces import DETAILS, MODES, named
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.errors import UsageError, suggestion
from adcalc.modes import forward, reverse
from adcalc.modes.base import Problem
from adcalc.modes.sweep import primal
from adcalc.modes.trace import view
from adcalc.results.trace import DifferentialProgram
from adcalc.rules.compiled import Compiled
from adcalc.syntax.naming import node_names
from adcalc.syntax.number import short
from adcalc.syntax.unparse import quoted, unparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from adcalc.api.program import Program
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId


def differential_program(
    program: Program,
    at: Mapping[str, float],
    seed: Mapping[str, float],
    mode: str = "forward",
    detail: str | None = None,
) -> DifferentialProgram:
    """The statements of forward mode (a value, then its differential) or of reverse mode (values, then adjoints).

    What has a value in `at` and `seed` is written as a statement too; the rest stays free. The program is valid input:
    its value is the differential of the result, or the adjoint of the first variable.

    >>> from adcalc.api import function
    >>> print(differential_program(function("a = x*y; b = sin(x); z = a + b; z"), {}, {}).program)
    a = x*y
    da = y*dx + x*dy
    b = sin(x)
    db = cos(x)*dx
    z = a + b
    dz = da + db
    dz
    """
    if mode not in MODES:
        raise UsageError(f"there is no program of mode '{mode}'", hint=suggestion(mode, MODES) or "forward or reverse")
    if detail is not None and detail not in DETAILS:
        raise UsageError(f"there is no detail '{detail}'", hint="names or all")
    arrays = program.needs_shapes or any(hasattr(value, "shape") for value in (*at.values(), *seed.values()))
    if arrays or program.lowered(at).has_arrays:
        raise UsageError("a differential program is of numbers", hint="the trace of arrays itself has the formulas")
    lowered = program.lowered(at)
    program.chosen(at, lowered)
    program.chosen(seed, lowered)
    graph, output = lowered.graph, lowered.output
    closed = None if detail == "all" else named(lowered)
    seen = view(graph, graph.live(output), output, closed)
    names = node_names(lowered, seen.nodes)
    names.setdefault(output, "f")  # a constant has no name
    write = _Statements(program, graph, names, seen.args)
    lines = [f"{quoted(name)} = {short(value)}" for name, value in at.items()]
    if mode == "forward":
        lines += [f"{write.differential(lowered.variables[name])} = {short(value)}" for name, value in seed.items()]
        lines += write.forward(seen.nodes)
        lines.append(write.differential(output))
    else:
        lines += write.reverse(seen.nodes, output)
        first = next(iter(lowered.variables.values()), output)
        lines.append(write.adjoint(first))
    return DifferentialProgram(program.source.text, dict(at), mode, "\n".join(lines))


class _Statements:
    """Writes the statements of the seen nodes."""

    def __init__(
        self, program: Program, graph: Graph, names: Mapping[NodeId, str], args: Mapping[NodeId, tuple[NodeId, ...]]
    ) -> None:
        self.program = program
        self.graph = graph
        self.names = names
        self.args = args
        self.taken = set(names.values())
        self.given: dict[tuple[str, NodeId], str] = {}

    def differential(self, node: NodeId) -> str:
        """The name of a node's differential: da."""
        return quoted(self._fresh("d", node, lambda name: f"d{name}"))

    def adjoint(self, node: NodeId) -> str:
        """The name of a node's adjoint: a_bar."""
        return quoted(self._fresh("bar", node, lambda name: f"{name}_bar"))

    def _fresh(self, kind: str, node: NodeId, form: Callable[[str], str]) -> str:
        key = (kind, node)
        if key not in self.given:
            name = form(self.names[node])
            while name in self.taken:
                name += "_"
            self.taken.add(name)
            self.given[key] = name
        return self.given[key]

    def _value(self, node: NodeId) -> str:
        small, output = statement(self.graph, node, self.names)
        return f"{quoted(self.names[node])} = {unparse(small, output)}"

    def _depends(self, nodes: Iterable[NodeId]) -> set[NodeId]:
        """The nodes that depend on an input: the others have no differential."""
        moving: set[NodeId] = set()
        for node in nodes:
            if self.graph.nodes[node].op == "input" or moving.intersection(self.args[node]):
                moving.add(node)
        return moving

    def forward(self, nodes: list[NodeId]) -> list[str]:
        """The value and the differential of each node, interleaved."""
        lines: list[str] = []
        moving = self._depends(nodes)
        for node in nodes:
            if self.graph.nodes[node].op == "input":
                continue
            lines.append(self._value(node))
            small, tape = self._tape(node)
            below = [argument for argument in self.args[node] if argument in moving]
            seed = {small.input(self.names[n]): small.input(self._unquoted("d", n)) for n in below}
            tangent = forward.push(tape, seed) if seed else None
            text = "0" if tangent is None else unparse(small, tangent)
            lines.append(f"{self.differential(node)} = {text}")
        return lines

    def _unquoted(self, kind: str, node: NodeId) -> str:
        (self.differential if kind == "d" else self.adjoint)(node)
        return self.given[kind, node]

    def _tape(self, node: NodeId) -> tuple[Graph, Any]:
        small, output = statement(self.graph, node, self.names)
        inputs = tuple(small.input(self.names[argument]) for argument in self.args[node])
        rules: Compiled[Any] = Compiled(self.program.table, Symbolic(small))
        problem = Problem(small, output, inputs, {n: n for n in range(len(small)) if small.nodes[n].op == "input"})
        return small, primal(problem, rules)

    def reverse(self, nodes: list[NodeId], output: NodeId) -> list[str]:
        """The values of all nodes, then their adjoints from the result back to the inputs."""
        lines = [self._value(node) for node in nodes if self.graph.nodes[node].op != "input"]
        moving = self._depends(nodes)
        sums: dict[NodeId, list[str]] = {output: ["1"]}
        for node in reversed(nodes):
            lines.append(f"{self.adjoint(node)} = {' + '.join(sums.get(node, ['0']))}")
            if not self.args[node] or node not in sums:
                continue
            small, tape = self._tape(node)
            bar = small.input(self._unquoted("bar", node))
            multiply = Symbolic(small).operation("mul")
            assert multiply is not None
            for argument, partial in zip(self.args[node], reverse.run(tape).partials, strict=True):
                if partial is not None and argument in moving:
                    term = unparse(small, multiply(bar, partial))
                    sums.setdefault(argument, []).append(f"({term})" if term.startswith("-") else term)
        return lines
