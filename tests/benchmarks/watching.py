"""What looking for lost digits costs ordinary answers, and what a lost one costs to be proved."""

import operator
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import numpy as np
from measuring import Action, expression, seconds

from adcalc.api import floats, function
from adcalc.api.asked import Asked
from adcalc.api.program import Program
from adcalc.modes.base import Tape
from adcalc.modes.digits.watch import Watch
from adcalc.modes.plans import plan
from adcalc.modes.plans.unrolled import Listing
from adcalc.modes.sweep import LAZY
from adcalc.syntax.lowered import Lowered

Around = Callable[[], AbstractContextManager[None]]

LOOPS = {
    "repeat, 100 steps": "y = x; repeat 100 { y = y + 0.01*sin(x*y) } y",
    "Newton, 3 steps": "y = 1; repeat 3 { y = y - (y^2 - x)/(2*y) } y",
    "while, 12 steps": "y = x; while y > 0.01 { y = 0.7*y } y",
}
ARRAYS = {
    "5 elements": ("sum(exp(x)*x)", {"x": np.linspace(0.3, 1.5, 5)}),
    "4 x 3": ("sum((A@x)^2)", {"A": np.linspace(0.3, 1.5, 12).reshape(4, 3), "x": np.linspace(0.2, 0.5, 3)}),
    "100,000": ("sum(exp(x)*x + x)", {"x": np.linspace(0.3, 1.5, 10**5)}),
}


class Blind(Watch):
    """A watch that sees nothing, at no cost."""

    def looked(self, values: Sequence[Any]) -> tuple[Sequence[int], bool]:
        """Nothing."""
        return (), False

    def adder(self, noticed: dict[float, float]) -> Callable[[float, float], float]:
        """Plain addition."""
        return operator.add


@contextmanager
def blind() -> Iterator[None]:
    """Programs that look at nothing; all else is the same."""
    kept = Program.watch, Asked.turns, plan.Plan.__init__, Listing.look, Listing.keep

    def watch(program: Program, tape: Tape[float], lowered: Lowered, outputs: tuple[int, ...] = ()) -> Watch:
        key = "watch", outputs or tape.problem.output
        found: Watch | None = lowered.plans.get(key)
        if found is None:
            found = Blind(lowered.graph, [*tape.order])
            if LAZY.isdisjoint(lowered.graph.ops):
                lowered.plans[key] = found
        return found

    def init(self: Any, *args: Any, watch: Any = None, **options: Any) -> None:
        kept[2](self, *args, **options)
        self.watch = watch

    Program.watch, Asked.turns, plan.Plan.__init__ = watch, lambda *_: [], init  # type: ignore[method-assign,assign]
    Listing.look = Listing.keep = lambda *_: None  # type: ignore[method-assign,assign]
    try:
        yield
    finally:
        Program.watch, Asked.turns, plan.Plan.__init__, Listing.look, Listing.keep = kept  # type: ignore[method-assign]


@contextmanager
def swept() -> Iterator[None]:
    """The same where nothing is written out: a sweep node by node for every answer."""
    kept = floats._again  # there is nobody else who would turn it off
    floats._again = lambda _: None  # type: ignore[assignment]
    try:
        with blind():
            yield
    finally:
        floats._again = kept  # type: ignore[assignment]


def ratios(
    make: Callable[[], Action], others: Sequence[Around] = (blind,), rounds: int = 40, turn: float = 0.003
) -> list[float]:
    """The shortest time of an action with the watch, as a multiple of that in other ways; they take turns."""
    ways: list[Around] = [nullcontext, *others]
    actions, shortest = [make() for _ in ways], [float("inf") for _ in ways]
    counts = [100 for _ in ways]  # at first what is kept is made ready
    for _ in range(rounds):
        for place, around in enumerate(ways):
            with around():
                actions[place]()
                begin = time.process_time()
                for _ in range(counts[place]):
                    actions[place]()
                taken = (time.process_time() - begin) / counts[place]
            shortest[place] = min(shortest[place], taken)
            counts[place] = max(1, round(turn / taken))
    return [shortest[0] / other for other in shortest[1:]]


def asked(text: str, point: Any) -> str:
    """The ratios for one expression: parsed anew; asked again and again; and the same over sweeps node by node."""
    anew, again, over = [], [], []
    for ask in ("value", "gradient"):

        def parsed(ask: str = ask) -> Action:
            return lambda: getattr(function(text), ask)(point)

        def known(ask: str = ask) -> Action:
            question = getattr(function(text), ask)
            return lambda: question(point)

        anew += ratios(parsed)
        same, other = ratios(known, [blind, swept])
        again.append(same)
        over.append(other)
    return "   ".join(f"{one:5.3f} {other:5.3f}" for one, other in (anew, again, over))


def watch() -> None:
    """Values and gradients of ordinary expressions, loops and small arrays; then some that have lost digits."""
    chance = random.Random(1)
    print("with the watch / without, value and gradient")
    print(f"{'':19} parsed anew   asked again   and over sweeps without")
    for size, variables in ((3, 2), (10, 2), (100, 10), (10**3, 30)):
        text, _ = expression(size, variables)
        point = {name: chance.uniform(0.3, 1.5) for name in function(text).variables}
        print(f"{f'{size} operations':19} {asked(text, point)}", flush=True)
    for name, text in LOOPS.items():
        print(f"{name:19} {asked(text, {'x': 2.1})}", flush=True)
    for name, (text, at) in ARRAYS.items():
        print(f"{name:19} {asked(text, at)}", flush=True)
    for text, x in (("(x - sin(x))/x^3", 1e-10), ("log(exp(x))", 1000.0), ("x*(1/x)", 0.3)):
        known, plain = function(text), function(text)
        lost = seconds(lambda known=known, x=x: known.gradient(x=x))  # type: ignore[misc]
        ordinary = seconds(lambda plain=plain: plain.gradient(x=1.0))  # type: ignore[misc]
        print(f"{text:18} at {x:g}: the proved answer takes {lost / ordinary:5.1f} x an ordinary one")
