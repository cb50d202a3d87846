"""Small graphs printed as Python: what functions, and lines of larger ones, are made of.

Names are numbered, operations looked up, constants bound: no text of a user reaches the compiler (made.py).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from adcalc.graph.node import CONSTANT, INPUT, RELATIONS, NodeId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adcalc.arithmetics.base import Arithmetic, Operation
    from adcalc.graph.graph import Graph

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
_DEEP = 50  # brackets in brackets: Python reads no more than 200
_LONG = 1000  # characters that are not written twice


class Printer:
    """Prints small graphs, in one arithmetic, as texts of one function; what these name is in its `space`.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> graph, real = Graph(), Real()
    >>> output = graph.apply("pow", graph.input("u"), graph.constant(Fraction(2)))
    >>> Printer(real, real.operation).texts(graph, {"u": "x7"}, [output])
    ([], ['(x7 * x7)'])
    """

    def __init__(self, arithmetic: Arithmetic[Any], value: Callable[[str], Operation]) -> None:
        self.space: dict[str, Any] = {"cache": cache}
        self._constant = arithmetic.constant
        self._infix = arithmetic.infix
        self._decides = arithmetic.decides
        self._value = value
        self._bound: dict[tuple[str, Any], str] = {}
        self._shared = 0

    def texts(
        self, graph: Graph, names: Mapping[Any, str], outputs: Sequence[NodeId | None]
    ) -> tuple[list[str], list[str]]:
        """Lines, and then the texts of the outputs, 0 where there is none; inputs have the names of their labels."""
        present = [output for output in outputs if output is not None]
        certain = self._certain(graph, present)
        often = self._used_often(graph, present)
        texts: dict[NodeId, str] = {}
        depths: dict[NodeId, int] = {}
        lines: list[str] = []
        for node in graph.live(*present):
            text = self._text(graph, node, names, texts)
            depths[node] = max([depths[argument] for argument in graph.nodes[node].args], default=0) + 1
            is_certain = node in certain
            if depths[node] > _DEEP or (node in often and (is_certain or len(text) > _LONG)):
                name = f"s{self._shared}"
                self._shared += 1
                lines.append(f"{name} = {text}" if is_certain else f"{name} = cache(lambda: {text})")
                text, depths[node] = name if is_certain else f"{name}()", 0
            texts[node] = text
        return lines, [self.constant(Fraction(0)) if output is None else texts[output] for output in outputs]

    def constant(self, value: Fraction) -> str:
        """The name of a number. Raises OverflowError where the arithmetic has none for it."""
        return self._bind("constant", value, self._constant)

    def operation(self, op: str) -> str:
        """The name of an operation."""
        return self._bind("operation", op, self._value)

    def _certain(self, graph: Graph, outputs: Sequence[NodeId]) -> set[NodeId]:
        """The nodes that are evaluated whatever the conditions say."""
        certain: set[NodeId] = set()
        waiting = list(outputs)
        while waiting:
            node = waiting.pop()
            if node in certain:
                continue
            certain.add(node)
            op, args, _ = graph.nodes[node]
            lazy = _BRANCHES.get(op, ()) if self._decides else ()
            waiting.extend(argument for place, argument in enumerate(args) if place not in lazy)
        return certain

    def _used_often(self, graph: Graph, outputs: Sequence[NodeId]) -> set[NodeId]:
        """The nodes that are used twice and more, and computed."""
        uses: dict[NodeId, int] = dict.fromkeys(outputs, 0)
        for node in graph.live(*outputs):
            for argument in graph.nodes[node].args:
                uses[argument] = uses.get(argument, 0) + (2 if self._is_square(graph, node) else 1)
        return {node for node, times in uses.items() if times > 1 and graph.nodes[node].args}

    def _is_square(self, graph: Graph, node: NodeId) -> bool:
        op, args, _ = graph.nodes[node]
        return "mul" in self._infix and op == "pow" and graph.nodes[args[1]].label == 2

    def _text(self, graph: Graph, node: NodeId, names: Mapping[Any, str], texts: Mapping[NodeId, str]) -> str:
        op, args, label = graph.nodes[node]
        if op == INPUT:
            return names.get(label, "None")
        if op == CONSTANT:
            return self.constant(label)  # type: ignore[arg-type]  # a constant's label is its value
        if self._is_square(graph, node):
            return f"({texts[args[0]]} * {texts[args[0]]})"
        if self._decides and op == "if":
            return f"({texts[args[1]]} if {texts[args[0]]} else {texts[args[2]]})"
        if op in self._infix:
            return INFIX[op].format(*(texts[argument] for argument in args))
        return f"{self.operation(op)}({', '.join(texts[argument] for argument in args)})"

    def _bind(self, kind: str, what: Any, meaning: Callable[[Any], Any]) -> str:
        name = self._bound.get((kind, what))
        if name is None:
            name = self._bound[kind, what] = f"{kind[0]}{len(self._bound)}"
            self.space[name] = meaning(what)
        return name
