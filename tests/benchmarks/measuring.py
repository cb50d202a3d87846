"""What benchmarks share: random expressions, and times of actions that take turns."""

import random
import time
from collections.abc import Callable, Sequence

Action = Callable[[], object]


def expression(operations: int, variables: int, seed: int = 0) -> tuple[str, int]:
    """A wide sum of small random terms, and how many operations it has."""
    chance = random.Random(seed)
    count = 0

    def leaf() -> str:
        return f"x{chance.randrange(variables)}" if chance.random() < 0.8 else f"{chance.uniform(0.1, 1.5):.3f}"

    def term(depth: int) -> str:
        nonlocal count
        if not depth:
            return leaf()
        count += 1
        kind = chance.random()
        if kind < 0.3:
            return f"({term(depth - 1)}+{term(depth - 1)})"
        if kind < 0.55:
            return f"{term(depth - 1)}*{term(depth - 1)}"
        if kind < 0.65:
            return f"({term(depth - 1)}-{term(depth - 1)})"
        if kind < 0.9:
            return f"{'sin' if kind < 0.8 else 'cos'}({term(depth - 1)})"
        count += 1
        return f"exp(0.1*{term(depth - 1)})"

    terms = []
    while count < operations:
        terms.append(term(3))
        count += 1
    return "+".join(terms), count - 1


def seconds(action: Action, rounds: int = 5) -> float:
    """The shortest of a few runs."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def turns(actions: Sequence[Action], rounds: int = 30, turn: float = 0.002) -> list[float]:
    """The shortest time that each of some actions keeps the processor busy, in seconds.

    They take turns, of so many seconds at least: a short action is repeated in its turn.
    """
    shortest, counts = [float("inf")] * len(actions), [1] * len(actions)
    for _ in range(rounds):
        for place, action in enumerate(actions):
            begin = time.process_time()
            for _ in range(counts[place]):
                action()
            taken = (time.process_time() - begin) / counts[place]
            shortest[place] = min(shortest[place], taken)
            counts[place] = max(1, round(turn / taken))
    return shortest
