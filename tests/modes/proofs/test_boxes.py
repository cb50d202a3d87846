"""Sweeps over boxes: what is evaluated, what a box leaves open, and what has slopes."""

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpq

from adcalc.api import function
from adcalc.arithmetics.interval import Interval, point
from adcalc.modes.proofs.boxes import BoxError, primal, require_slopes, slopes
from adcalc.modes.proofs.narrowing import cover, narrowed
from adcalc.rules.boxing import Boxing
from adcalc.rules.table import standard

RULES = Boxing(standard())


def swept(text, **box):
    lowered = function(text).lowered()
    at = {lowered.variables[name]: Interval(fmpq(low), fmpq(high)) for name, (low, high) in box.items()}
    return lowered, at, primal(lowered.graph, lowered.output, at, RULES, lowered.marks, lowered.guards)


def ends(one):
    return one.low, one.high


def test_only_the_side_that_is_taken_is_evaluated():
    _, _, found = swept("if(x > 0, x, log(x))", x=(1, 2))
    assert ends(found.tape.value) == (1, 2)
    assert found.open == ()


def test_a_choice_that_is_left_open_has_both_values():
    _, _, found = swept("if(x > 0, x, 2 - x)", x=(-1, 2))
    assert ends(found.tape.value) == (-1, 3)
    assert len(found.open) == 1


@pytest.mark.parametrize(
    ("text", "truth"), [("x > 0 and y > 0", False), ("y > 0 and x > 0", False), ("y < 0 or x > 0", True)]
)
def test_a_condition_of_which_one_part_decides(text, truth):
    _, _, found = swept(f"if({text}, 1, 2)", x=(-1, 1), y=(-2, -1))
    assert ends(found.tape.value) == ((1, 1) if truth else (2, 2))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1/x", "border"),
        ("log(x - 9)", "outside"),
        ("log(x)", "border"),
        ("root(t^3 - x, t, 1)", "solution"),
        ("diff(abs(x), x)", "kink"),
    ],
)
def test_what_has_no_value_over_the_box(text, kind):
    with pytest.raises(BoxError) as refused:
        swept(text, x=(-1, 2))
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [("floor(x)", "jump"), ("if(x > 0, 1, 2)", "choice"), ("cbrt(x)", "slope")],
)
def test_what_has_no_slopes_over_the_box(text, kind):
    lowered, _, found = swept(text, x=(-1, 2))
    with pytest.raises(BoxError) as refused:
        slopes(found, [lowered.variables["x"]])
    assert refused.value.kind == kind


def test_a_kink_has_slopes_and_is_told_where_that_is_asked():
    lowered, _, found = swept("abs(x)", x=(-1, 2))
    node = lowered.variables["x"]
    assert [ends(one) for one in slopes(found, [node])] == [(-1, 1)]
    moved = found._replace(tape=found.tape._replace(problem=found.tape.problem._replace(wrt=(node,))))
    with pytest.raises(BoxError, match="kink"):
        require_slopes(moved, kinks=False)


def test_what_another_input_does_is_not_asked():
    lowered, _, found = swept("floor(x)*y", x=(-1, 2), y=(1, 2))
    assert [ends(one) for one in slopes(found, [lowered.variables["y"]])] == [(-1, 2)]


def test_the_slope_of_an_input_itself():
    lowered, _, found = swept("x", x=(0, 1))
    assert [ends(one) for one in slopes(found, [lowered.variables["x"]])] == [(1, 1)]


def test_a_box_is_cut_until_each_part_has_an_answer():
    lowered, at, _ = swept("x", x=(0, 3))
    f = function("log(x^2 - x + 1)").lowered()
    box = {f.variables["x"]: at[lowered.variables["x"]]}

    def sweep(part):
        return primal(f.graph, f.output, part, RULES)

    with pytest.raises(BoxError):
        sweep(box)
    pieces = cover(sweep, box)
    assert len(pieces) > 1
    edges = sorted((piece.box[f.variables["x"]].low, piece.box[f.variables["x"]].high) for piece in pieces)
    assert edges[0][0] == 0
    assert edges[-1][1] == 3
    assert all(one[1] == other[0] for one, other in pairwise(edges))


def test_more_work_makes_a_range_narrower():
    f = function("x^4 - 3*x^2 + x").lowered()
    box = {f.variables["x"]: Interval(fmpq(-2), fmpq(2))}

    def sweep(part):
        return primal(f.graph, f.output, part, RULES)

    rough, fine = narrowed(sweep, box, 10**9), narrowed(sweep, box, 1)
    assert fine.high == 6
    assert rough.low < fine.low
    assert (
        -3.5239 < float(Fraction(int(fine.low.p), int(fine.low.q))) < -3.5139
    )  # the least value lies near x = -1.3008
    assert ends(narrowed(sweep, {f.variables["x"]: point(fmpq(1))}, 1)) == (-1, -1)
