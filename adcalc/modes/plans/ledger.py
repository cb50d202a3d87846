"""What is held in memory, counted in elements as the arrays that they are: a view counts as what it looks at, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from adcalc.results.memory import BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.graph.node import NodeId
    from adcalc.modes.plans.plan import Plan


class Ledger:
    """Arrays that are held, each for something, and how many elements their memory has together.

    What belongs to somebody else, as the values of variables do, is not counted. An array that is held for several
    things counts for the first of them.

    >>> ledger, array = Ledger(()), np.zeros((2, 3))
    >>> ledger.take("activations", array), ledger.take("adjoints", array.T)
    (6, 0)
    >>> ledger.drop("activations", array), ledger.held("adjoints")
    (0, 6)
    """

    def __init__(self, others: Iterable[Any]) -> None:
        self._others = {id(root(array)) for array in others}
        self._held: dict[int, tuple[int, list[str]]] = {}  # by memory: elements, and what it is held for
        self._sums: dict[str, int] = {}

    def take(self, kind: str, array: Any) -> int:
        """Hold an array: how many elements more there are now."""
        memory = root(array)
        if id(memory) in self._others:
            return 0
        size, kinds = self._held.setdefault(id(memory), (-(-getattr(memory, "nbytes", BYTES) // BYTES), []))
        kinds.append(kind)
        if len(kinds) > 1:
            return 0
        self._sums[kind] = self._sums.get(kind, 0) + size
        return size

    def drop(self, kind: str, array: Any) -> int:
        """Let an array go: how many elements fewer there are now."""
        memory = root(array)
        if id(memory) not in self._held:
            return 0
        size, kinds = self._held[id(memory)]
        counts = kinds[0]
        kinds.remove(kind)
        self._sums[counts] -= size
        if kinds:
            self._sums[kinds[0]] = self._sums.get(kinds[0], 0) + size
            return 0
        del self._held[id(memory)]
        return size

    def held(self, *kinds: str) -> int:
        """How many elements are held for some things; without any, for all."""
        return sum(size for kind, size in self._sums.items() if not kinds or kind in kinds)


def root(array: Any) -> Any:
    """The array whose memory an array is, or is a part of.

    >>> whole = np.zeros((2, 3))
    >>> root(whole[0].T) is whole
    True
    """
    while isinstance(array, np.ndarray) and isinstance(array.base, np.ndarray):
        array = array.base
    return array


def run(plan: Plan, point: Mapping[NodeId, Any], ledger: Ledger) -> tuple[list[Any], int]:
    """The values of a plan's outputs, and how many elements it held at most beside what is in the ledger.

    It makes the very steps of the plan, one by one; what NumPy's functions hold inside is theirs. Raises NodeError
    where a node has no value.
    """
    before = ledger.held()
    values: list[Any] = [None] * len(plan.graph)
    for node, number in plan.constants.items():
        values[node] = number
    for node, value in point.items():
        values[node] = value
    made: dict[NodeId, None] = {}
    most = 0
    try:
        for strictness, steps in plan.stretches:
            with np.errstate(**strictness):
                for node, evaluate, args, over, _, frees in steps:
                    given = [values[argument] for argument in args]
                    values[node] = evaluate(*given) if over is None else evaluate(*given, out=values[over])
                    del given
                    made[node] = None
                    ledger.take("work", values[node])
                    most = max(most, ledger.held() - before)
                    for argument in frees:
                        if values[argument] is not None and argument in made:
                            ledger.drop("work", values[argument])
                        values[argument] = None
        return [values[output] for output in plan.outputs], most
    except (ValueError, ArithmeticError):
        plan.run(point)  # which blames a node
        raise
    finally:
        for node in made:
            if values[node] is not None:
                ledger.drop("work", values[node])
