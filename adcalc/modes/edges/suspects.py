"""What may spoil a derivative: the clauses of rows that are looked at, node by node, before any mode differentiates."""

from functools import lru_cache
from typing import Any, NamedTuple

from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.modes.base import Tape
from adcalc.modes.sweep import activity
from adcalc.rules.table import Table


class Watched(NamedTuple):
    """A clause of an operation's row that can spoil a derivative, and the argument it speaks of (None: all)."""

    number: int
    kind: str
    parameter: int | None


def watched(tape: Tape[Any], op: str, count: int) -> list[Watched]:
    """The clauses of an operation that can spoil a derivative.

    >>> from adcalc.api import function
    >>> f = function("abs(x)")
    >>> tape = f.tape(*f.at({"x": 1}), (0,))
    >>> watched(tape, "abs", 1)
    [Watched(number=0, kind='kink', parameter=None)]
    """
    if not count or op in CONDITIONS or op == "if":
        return []
    return _clauses(tape.rules.table, op, count)


@lru_cache(maxsize=1024)
def _clauses(table: Table, op: str, count: int) -> list[Watched]:
    rule = table.rule(op)
    found = [Watched(-1, "no_rule", argument) for argument in range(count) if not rule.mentions(argument)]
    found += [
        Watched(index, clause.kind, clause.parameter)
        for index, clause in enumerate(rule.clauses)
        if clause.kind != "on"
    ]
    return found


class Suspects(NamedTuple):
    """The nodes of a tape that a derivative flows through, and `at` which of them something may spoil it, with what.

    `looked` is how many nodes were looked through.

    >>> Suspects(bytearray([1]), [], 1).at
    []
    """

    active: bytearray
    at: list[tuple[NodeId, list[Watched]]]
    looked: int


def suspects(tape: Tape[Any], order: list[NodeId], active: bytearray) -> Suspects:
    """What to look at among some nodes of a tape, of which a derivative flows through the active ones.

    >>> from adcalc.api import function
    >>> f = function("abs(x)*abs(y)")
    >>> tape = f.tape(*f.at({"x": 1, "y": 2}), (0,))
    >>> suspects(tape, tape.order, activity(tape, (0,))).at
    [(1, [Watched(number=0, kind='kink', parameter=None)])]
    """
    nodes = tape.problem.graph.nodes
    known: dict[str, list[Watched]] = {}
    found: list[tuple[NodeId, list[Watched]]] = []
    for node in order:
        op, args, _ = nodes[node]
        clauses = known.get(op)
        if clauses is None:
            clauses = known[op] = watched(tape, op, len(args))
        if clauses and any(active[argument] for argument in args):
            found.append((node, [one for one in clauses if one.parameter is None or active[args[one.parameter]]]))
    return Suspects(active, found, len(order))


def known(tape: Tape[Any]) -> Suspects | None:
    """What to look at `everywhere`, from the second tape on: one alone is looked through sooner.

    >>> from adcalc.api import function
    >>> f = function("abs(x)")
    >>> tape = f.tape(*f.at({"x": 1}), (0,))
    >>> known(tape), known(tape) is everywhere(tape)
    (None, True)
    """
    graph, output, wrt, _ = tape.problem
    asked = graph.known.setdefault("asked", set())
    if (output, wrt) in asked:
        return everywhere(tape)
    asked.add((output, wrt))
    return None


def everywhere(tape: Tape[Any]) -> Suspects | None:
    """What to look at on a tape where that is the same at every point, found once; None where a choice decides.

    >>> from adcalc.api import function
    >>> f, g = function("abs(x)"), function("if(x > 0, x, 0)")
    >>> one, other = (h.tape(*h.at({"x": 1}), (0,)) for h in (f, g))
    >>> everywhere(one) is everywhere(one), everywhere(other) is None
    (True, True)
    """
    graph, output, wrt, _ = tape.problem
    if tape.way is not None:
        return None
    found: Suspects | None = graph.known.get((output, wrt))
    if found is None:
        order = tape.order
        if any(graph.nodes[node].op == "if" for node in order) or order[-1:] != [output] or order != graph.live(output):
            return None
        found = graph.known[output, wrt] = suspects(tape, tape.order, activity(tape, wrt))
    return found if found.looked == len(tape.order) else None
