"""Both sweeps over arrays, a layer at a time: what is held is let go as soon as nobody needs it.

The primal sweep keeps what the return sweep will take: all of it, or only the values at some layers (checkpoints). From
those the return sweep computes the layer that it needs once more, and lets it go again. So it holds the adjoints of one
layer, the values of one layer, and the checkpoints. (Griewank & Walther 2008, chapter 12.)
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from adcalc.modes.plans.ledger import Ledger, run
from adcalc.results.memory import Moment

if TYPE_CHECKING:
    from adcalc.graph.node import NodeId
    from adcalc.modes.plans.pieces import Piece

See: TypeAlias = Callable[[str, "NodeId", Any], None]


class Layers(NamedTuple):
    """The nodes that are computed, in groups that need one another only in this order; layer 1 is the first.

    `level` has the layer of each of them, `users` those that are computed from a node, `last` the layer of the last.

    >>> layered([[3], [4, 5]], {3: (0,), 4: (3,), 5: (3, 0)}).users[3]
    [4, 5]
    """

    groups: Sequence[Sequence[NodeId]]
    level: Mapping[NodeId, int]
    users: Mapping[NodeId, Sequence[NodeId]]
    last: Mapping[NodeId, int]

    def across(self, layer: int) -> set[NodeId]:
        """The nodes up to a layer that later ones are computed from: all that has to be known to go on from there."""
        return {node for node, level in self.level.items() if level <= layer < self.last[node]}


def layered(groups: Sequence[Sequence[NodeId]], args: Mapping[NodeId, Collection[NodeId]]) -> Layers:
    """The groups with what is computed from what.

    >>> layered([[3], [4]], {3: (0,), 4: (3,)}).across(1)
    {3}
    """
    level = {node: number for number, group in enumerate(groups, 1) for node in group}
    users: dict[NodeId, list[NodeId]] = {node: [] for node in level}
    for node in level:
        for argument in args[node]:
            if argument in users:
                users[argument].append(node)
    last = {node: max((level[user] for user in found), default=level[node]) for node, found in users.items()}
    return Layers(groups, level, users, last)


def spread(layers: int, count: int) -> list[int]:
    """Which layers are the checkpoints, where so many are asked for; the last layer is the result, and none.

    >>> spread(9, 2), spread(3, 9), spread(5, 0)
    ([3, 6], [1, 2], [])
    """
    count = min(count, max(layers - 1, 0))
    return [max(1, round(number * layers / (count + 1))) for number in range(1, count + 1)]


class Execution:
    """The sweeps over some pieces; `given` are the values of variables and data, `output` is the result.

    `checkpoints` are layers whose values are kept; None keeps all that the return sweep takes.
    After `run` the `moments` say what was held; `on_edge` are nodes that stand on a kink, a jump or an infinite slope;
    `gradients` has what arrived at the variables.
    """

    def __init__(
        self,
        pieces: Mapping[NodeId, Piece],
        layers: Layers,
        given: Mapping[NodeId, Any],
        output: NodeId,
        checkpoints: Sequence[int] | None = None,
    ) -> None:
        self.pieces, self.layers, self.given, self.output = pieces, layers, given, output
        self.checkpoints = checkpoints
        self.values: dict[NodeId, Any] = {}
        self.bars: dict[NodeId, Any] = {}
        self.gradients: dict[NodeId, Any] = {}
        self.moments: list[Moment] = []
        self._fullest = Moment("primal", 0, (), 0, 0, 0, 0)
        self.at = output
        self.on_edge: list[NodeId] = []
        self.again: list[NodeId] = []
        self.ledger = Ledger(given.values())
        self.kept = self._to_keep()
        self.lifetimes = self._last_needs()

    def run(self, see: See) -> None:
        """Do both sweeps. `see` is told every value, "primal" or "again", every complete adjoint, "return", and every
        accumulator that something was "handed" down to.

        Raises NodeError, about the node of a piece's own graph; `at` is then the node in hand.
        """
        for number, group in enumerate(self.layers.groups, 1):
            self._evaluate("primal", number, group, see)
            done = [node for node in self.values if self.layers.last[node] <= number and node not in self.kept]
            self._let_go(node for node in done if node != self.output)
        if self.output in self.given:
            self.gradients[self.output] = 1.0
            return
        self._hold(self.bars, "adjoints", self.output, 1.0)
        for number in range(len(self.layers.groups), 0, -1):
            group = [node for node in self.layers.groups[number - 1] if node in self.bars]
            if group:
                self._compute_again(number, group, see)
                self._return(number, group, see)
            soon = self._needed(self.layers.groups[number - 2]) if number > 1 else set()
            done = [node for node in self.values if self.lifetimes.get(node, number) >= number]
            self._let_go(node for node in done if node not in soon)

    # ------------------------------------------------------------ what is kept

    def _to_keep(self) -> set[NodeId]:
        if self.checkpoints is not None:
            return {node for layer in self.checkpoints for node in self.layers.across(layer)}
        return {node for piece in self.pieces.values() for node in piece.needs if node in self.layers.level}

    def _last_needs(self) -> dict[NodeId, int]:
        """The last layer whose return sweep needs a kept value, or computes from it what it needs."""
        level = self.layers.level
        found: dict[NodeId, int] = {}
        for node in self.kept:
            needing = [level[user] for user in self.layers.users[node]]
            if self.checkpoints is None:
                needing = [level[user] for user in self.layers.users[node] if node in self.pieces[user].needs]
            found[node] = level[node] if self.pieces[node].own else min(needing, default=level[node])
        return found

    # ------------------------------------------------------------ the sweeps

    def _evaluate(self, phase: str, number: int, group: Sequence[NodeId], see: See) -> None:
        self._begin(phase, number, group)
        for node in group:
            self.at = node
            piece = self.pieces[node]
            (value, *conditions), work = run(piece.up, piece.up_point(self._known()), self.ledger)
            self._look(work)
            if phase == "primal" and any(np.any(condition) for condition in conditions):
                self.on_edge.append(node)
            del conditions
            self._hold(self.values, "activations", node, value)
            see(phase, node, value)
        self._look(0)
        self.moments.append(self._fullest)

    def _compute_again(self, number: int, group: Sequence[NodeId], see: See) -> None:
        """Compute the values that a layer's return sweep takes and that were let go, from what was kept below."""
        wanted = self._needed(group)
        missing: set[NodeId] = set()
        waiting = [node for node in wanted if node not in self.values]
        if not waiting:
            return
        while waiting:
            node = waiting.pop()
            if node not in missing:
                missing.add(node)
                args = self.pieces[node].args
                waiting.extend(below for below in args if below in self.layers.level and below not in self.values)
        for layer, whole in enumerate(self.layers.groups[:number], 1):
            part = [node for node in whole if node in missing]
            if not part:
                continue
            self._evaluate("again", layer, part, see)
            self.again += part
            missing -= set(part)
            after = {below for node in missing for below in self.pieces[node].args} | wanted | self.kept
            self._let_go(node for node in list(self.values) if node not in after and node != self.output)

    def _needed(self, group: Sequence[NodeId]) -> set[NodeId]:
        """The computed values that the return sweep of a layer takes, as far as something arrived there."""
        active = [self.pieces[node] for node in group if node in self.bars]
        return {node for piece in active for node in piece.needs if node in self.layers.level}

    def _return(self, number: int, group: Sequence[NodeId], see: See) -> None:
        self._begin("return", number, group)
        for node in reversed(group):
            self.at = node
            piece, bar = self.pieces[node], self.bars[node]
            see("return", node, bar)
            if piece.down is not None:
                point = piece.down_point(self._known(), bar)
                whole = self._working(*point.values())  # an adjoint may be repeated there
                flows, work = run(piece.down, point, self.ledger)
                self._look(whole + work)
                del point
                for argument in [piece.inputs[one] for one in piece.flows]:
                    see("handed", argument, self._added(argument, flows))
            self.ledger.drop("adjoints", bar)
            del self.bars[node], bar
        self.moments.append(self._fullest)

    def _added(self, argument: NodeId, flows: list[Any]) -> Any:
        """The accumulator of an argument after the first of the flows, which is taken from them."""
        home, kind = (self.bars, "adjoints") if argument in self.layers.level else (self.gradients, "gradients")
        before = home.get(argument)
        total = flows[0] if before is None else np.add(before, flows[0])
        self._look(self._working(*flows, total))
        del flows[0]
        if before is not None:
            self.ledger.drop(kind, before)
        self._hold(home, kind, argument, total)
        return total

    # ------------------------------------------------------------ what is held

    def _known(self) -> Mapping[NodeId, Any]:
        return ChainMap(self.values, self.given)  # type: ignore[arg-type]  # nobody writes to it

    def _hold(self, home: dict[NodeId, Any], kind: str, node: NodeId, array: Any) -> None:
        home[node] = array
        self.ledger.take(kind, array)

    def _let_go(self, nodes: Iterable[NodeId]) -> None:
        for node in nodes:
            self.ledger.drop("activations", self.values.pop(node))

    def _working(self, *arrays: Any) -> int:
        """How many elements there are in arrays beside those that are held."""
        work = sum(self.ledger.take("work", array) for array in arrays)
        for array in arrays:
            self.ledger.drop("work", array)
        return work

    def _begin(self, phase: str, number: int, group: Sequence[NodeId]) -> None:
        self._fullest = Moment(phase, number, tuple(group), 0, 0, 0, 0)

    def _look(self, work: int) -> None:
        """Take note of what is held now, beside what is in work."""
        held = [self.ledger.held(kind) for kind in ("activations", "adjoints", "gradients")]
        phase, number, group, *_ = self._fullest
        now = Moment(phase, number, group, held[0], held[1], held[2], work)
        self._fullest = max(self._fullest, now, key=_elements)


def _elements(moment: Moment) -> int:
    return moment.elements
