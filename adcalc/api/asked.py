"""A question about a function of numbers at a point: the ways to its answer, floats and balls, begin with the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.syntax.lowered import Lowered


class Asked(NamedTuple):
    """A function of numbers at a point, the inputs to differentiate by, and one of its results.

    `names` are those of the inputs; `is_part` says that the graph is that of arrays unfolded: then the way that the
    program took stays the way. `output` is the node that is asked about, the result where it is None; `at_kink` what to
    say at a kink.

    >>> from adcalc.api import function
    >>> f = function("x*y")
    >>> Asked(f, *f.at({"x": 2, "y": 3}), ("y",)).wrt
    (1,)
    """

    program: Program
    lowered: Lowered
    at: Mapping[str, float]
    names: tuple[str, ...] = ()
    is_part: bool = False
    output: NodeId | None = None
    at_kink: str | None = None

    @property
    def wrt(self) -> tuple[NodeId, ...]:
        """The inputs to differentiate by."""
        return tuple([self.lowered.variables[name] for name in self.names])

    @property
    def node(self) -> NodeId:
        """The node that is asked about."""
        return self.lowered.output if self.output is None else self.output

    def turns(self, tape: Tape[float]) -> list[NodeId]:
        """The comparisons that led a program to a tape, off the tape, whose truth may come from lost digits.

        >>> from adcalc.api import function
        >>> f = function("s = 0; n = 0; while s < 1 { s = s + x; n = n + 1 }; n")
        >>> asked = Asked(f, *f.at({"x": 0.1}))
        >>> asked.lowered.graph.nodes[asked.turns(asked.tape(()))[0]].op
        'lt'
        """
        seen, values = self.lowered.seen, tape.values
        if not seen or self.lowered.graph.shapes:
            return []
        from adcalc.modes.digits.decisions import doubtful

        plans, key = self.lowered.plans, ("turns", tape.problem.output)
        if key not in plans:  # a way belongs to one point
            known = len(values)
            off = [n for n, value in enumerate(seen) if value is not None and (n >= known or values[n] is None)]
            plans[key] = doubtful(self.lowered.graph, off, seen)
        found: list[NodeId] = plans[key]
        return found

    def tape(self, wrt: tuple[NodeId, ...], output: NodeId | None = None) -> Tape[float]:
        """The primal sweep, up to the node that is asked about, or to another."""
        tape = self.program.tape(self.lowered, self.at, wrt, self.output if output is None else output)
        if self.is_part:
            return tape._replace(way=None)
        if tape.way is not None and wrt and self.output not in (None, self.lowered.output):
            from adcalc.api.paths import on_its_own

            return on_its_own(tape)
        return tape


def is_higher(order: int, mixed: bool, wrt: Sequence[str] | None) -> bool:
    """Whether other derivatives are asked for than the first ones by each variable.

    >>> is_higher(1, False, ["x", "y"]), is_higher(1, False, ["x", "x"])
    (False, True)
    """
    names = wrt or ()
    return order != 1 or mixed or len(set(names)) < len(names)
