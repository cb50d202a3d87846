"""The partials of several results, both ways."""

import random

import pytest

from adcalc.api import function
from adcalc.api.program import real
from adcalc.modes import forward, reverse, several, together
from adcalc.modes.base import NodeError
from adcalc.modes.sweep import activity


def made(text, **point):
    asked = function(text)
    lowered, at = asked.at(point, several=True)
    wrt = tuple(lowered.variables.values())
    inputs = {lowered.variables[name]: value for name, value in at.items()}
    return together.shared_tape(lowered.graph, lowered.results, wrt, inputs, real(asked.table)), lowered.results


@pytest.mark.parametrize("seed", range(20))
def test_both_ways_give_each_results_gradient(seed):
    chance = random.Random(seed)
    parts = ["sin(x)*y", "x/z", "y", "2", "exp(x*y*z)", "if(x > y, x*z, y^2)", "floor(x)", "max(x, z)*y"]
    text = f"[{', '.join(chance.choices(parts, k=chance.randrange(1, 7)))}]"
    point = {name: chance.uniform(0.5, 2.0) for name in ("x", "y", "z") if name in text}
    tape, outputs = made(text, **point)
    active = activity(tape, tape.problem.wrt)
    for mode in ("forward", "reverse"):
        found = several.partials(tape, outputs, active, mode)
        for output, row in zip(outputs, found, strict=True):
            alone = tape._replace(problem=tape.problem._replace(output=output))
            order = [node for node in tape.order if node <= output]
            expected = reverse.run(alone._replace(order=order)).partials
            assert [one or 0.0 for one in row] == pytest.approx([one or 0.0 for one in expected], rel=1e-14)


def test_what_each_would_carry():
    tape, outputs = made("[x*y, x*y*z, sin(x)]", x=1, y=2, z=3)
    active = activity(tape, tape.problem.wrt)
    assert several.work(tape, outputs, active) == (2 + 3 + 1, 2 + 1 + 1)
    assert several.Work(3, 3).cheaper(1, 5) == "forward"
    assert several.Work(3, 3).cheaper(5, 1) == "reverse"
    assert several.Work(3, 3).cheaper(2, 2) == "reverse"


def test_tangents_are_kept_for_every_result():
    tape, outputs = made("[x*y, x*y*z]", x=1, y=2, z=3)
    found = forward.carried(tape, activity(tape, tape.problem.wrt), outputs)
    assert [len(found[output]) for output in outputs] == [2, 3]


def test_no_results_and_no_values():
    tape, _ = made("[x, y]", x=1, y=2)
    assert several.partials(tape, [], activity(tape, tape.problem.wrt), "reverse") == []
    with pytest.raises(NodeError):
        made("[x, log(x)]", x=-1)
