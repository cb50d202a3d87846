"""The function table in words: each row's rule, its dual number form, where it holds, and an example to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api import array_functions
from adcalc.errors import UnknownFunctionError, suggestion
from adcalc.graph import shape
from adcalc.graph.graph import Graph
from adcalc.results import FunctionRow
from adcalc.rewrite.simplify import simplify
from adcalc.syntax.array_calls import INTERNAL, function_names
from adcalc.syntax.machine import OPTIONAL
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Callable

    from adcalc.graph.node import NodeId
    from adcalc.rules.entry import Entry
    from adcalc.rules.rule import Rule
    from adcalc.rules.table import Table

_LETTERS = ("a", "b", "p", "q")
_VARIABLES = ("x", "y", "z", "w")


def rows(table: Table, name: str | None = None) -> list[FunctionRow]:
    """Every row of the table in words, or those of one function.

    Raises UnknownFunctionError with a suggestion.

    >>> from adcalc.rules.table import standard
    >>> rows(standard(), "mul")[0].rule
    'c = a·b ⟹ dc = b·da + a·db'
    >>> rows(standard(), "sin")[0].dual
    "sin(u + u'ε) = sin(u) + cos(u)·u'ε"
    """
    entries = [entry for entry in table.entries() if entry.name not in INTERNAL and name in (None, entry.name)]
    found = [_row(table, entry) for entry in entries]
    found += [row for row in array_functions.others() if name in (None, row.name)]
    if not found:
        hint = suggestion(str(name), function_names(table.names()))
        raise UnknownFunctionError(f"there is no function '{name}'", None, hint)
    return found if name is not None else sorted(found, key=_by_group(found))


def _by_group(found: list[FunctionRow]) -> Callable[[FunctionRow], int]:
    """The groups in the order in which they begin, each in one piece."""
    groups = list(dict.fromkeys(row.group for row in found))
    return lambda row: groups.index(row.group)


def _row(table: Table, entry: Entry) -> FunctionRow:
    definition = entry if not entry.differential else table.definition_of(entry)
    value = "" if definition is None else array_functions.plain(definition.text.partition("=")[2].strip())
    parameters = [f"{name}=…" if name in OPTIONAL else name for name in entry.parameters]
    form = f"{entry.name}({', '.join(parameters)}{', ...' if entry.variadic else ''})"
    if not entry.parameters:
        form = entry.name
    example = f'adcalc diff "{_call(entry)}"' if entry.parameters else f"adcalc eval {entry.name}"
    example = array_functions.example(entry.name) or example
    if not entry.differential:
        plain = f"{entry.name}({', '.join(entry.parameters)})" if entry.parameters else entry.name
        return FunctionRow(
            entry.name, entry.group, form, entry.comment, "", definition=f"{plain} = {value}", example=example
        )
    rule = table.rule(entry.name)
    if shape.known(entry.name):
        return array_functions.row(entry, rule)
    if not rule.parameters:
        return FunctionRow(entry.name, entry.group, form, entry.comment, "", example=example)
    clauses: dict[str, list[str]] = {}
    for clause in rule.clauses:
        text = unparse(rule.graph, clause.condition)
        if clause.slope is not None:
            text = f"kink where {text}: slope {unparse(rule.graph, clause.slope)}"
        elif clause.kind == "jump":
            text = f"jump where {text}"
        elif clause.parameter is not None:
            text = f"in {rule.parameters[clause.parameter]}: {text}"
        clauses.setdefault({"kink": "jump"}.get(clause.kind, clause.kind), []).append(text)
    return FunctionRow(
        entry.name,
        entry.group,
        form,
        entry.comment,
        _implication(rule, table),
        _dual(rule, table),
        ", ".join(clauses.get("on", [])),
        "; ".join(clauses.get("smooth", [])),
        "; ".join(clauses.get("jump", [])),
        f"{form} = {value}" if value else "",
        example,
    )


_GUARDS = frozenset({"if", "xlogy"})  # what rows need for floating point at the edges, and readers do not


def _call(entry: Entry) -> str:
    names = _VARIABLES[: len(entry.parameters)]
    return _SYMBOLS[entry.name].format(*names) if entry.name in _SYMBOLS else f"{entry.name}({', '.join(names)})"


_SYMBOLS = {
    "add": "{}+{}",
    "sub": "{}-{}",
    "mul": "{}*{}",
    "div": "{}/{}",
    "mod": "{}%{}",
    "pow": "{}^{}",
    "neg": "-{}",
}


def _implication(rule: Rule, table: Table) -> str:
    """C = f(a, b) ⟹ dc = …"""
    names = {
        **dict(zip(rule.parameters, _LETTERS, strict=False)),
        "v": "c",
        **{f"d{name}": f"d{letter}" for name, letter in zip(rule.parameters, _LETTERS, strict=False)},
    }
    graph, call, differential = _renamed(rule, names, table)
    return _dots(f"c = {unparse(graph, call)} ⟹ dc = {unparse(graph, differential)}")


def _dual(rule: Rule, table: Table) -> str:
    """f(u + u'ε) = f(u) + f'(u)·u'ε"""
    names = {f"d{name}": f"{name}'ε" for name in rule.parameters}
    graph, call, differential = _renamed(rule, names, table)
    inputs = {node: f"({graph.nodes[node].label} + {graph.nodes[node].label}'ε)" for node in graph.nodes[call].args}
    raised = unparse(graph, call, inputs)
    if graph.nodes[call].op not in _SYMBOLS:
        raised = raised.replace("((", "(").replace("))", ")").replace("), (", ", ")
    value = unparse(graph, call)
    slope = unparse(
        graph, differential, {node: names[str(graph.nodes[node].label)] for node in _d_inputs(graph, names)}
    )
    tangent = slope.removeprefix("-")
    return _dots(f"{raised} = {value} {'-' if slope.startswith('-') else '+'} {tangent}")


def _d_inputs(graph: Graph, names: dict[str, str]) -> list[NodeId]:
    return [node for node, step in enumerate(graph.nodes) if step.op == "input" and step.label in names]


def _renamed(rule: Rule, names: dict[str, str], table: Table) -> tuple[Graph, NodeId, NodeId]:
    """The function's call and its differential, over inputs with other names; v is the call where it has no other."""
    graph = Graph()
    inputs = [graph.input(names.get(name, name) if name in rule.parameters else name) for name in rule.parameters]
    call = graph.apply(rule.name, *inputs)
    moved: dict[NodeId, NodeId] = {}
    for node in rule.graph.live(rule.differential):
        op, args, label = rule.graph.nodes[node]
        if op == "input" and label in rule.parameters:
            moved[node] = inputs[rule.parameters.index(str(label))]
        elif op == "input" and label == "v" and "v" not in names:
            moved[node] = call
        elif op == "input":
            moved[node] = graph.input(names.get(str(label), str(label)) if "v" in names else str(label))
        else:
            moved[node] = graph.copy(rule.graph, node, [moved[argument] for argument in args])
    differential = moved[rule.differential]
    if any(graph.nodes[node].op in _GUARDS for node in graph.live(differential)):
        (differential,) = simplify(graph, [differential], table).outputs
    return graph, call, differential


def _dots(text: str) -> str:
    return text.replace("*", "·")
