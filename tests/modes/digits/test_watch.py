"""What is noticed on a tape, and what is not worth a look."""

import pytest
from mpmath import mp

from adcalc.api import function
from adcalc.modes.digits.watch import Watch


def noticed(text, **at):
    f = function(text)
    lowered, numbers = f.at(at)
    tape = f.tape(lowered, numbers, ())
    watch = Watch(lowered.graph, tape.order)
    return sorted({lowered.graph.nodes[node].op for node in watch.noticed(tape.values)})


@pytest.mark.parametrize(
    ("text", "at", "ops"),
    [
        ("1 - cos(x)", {"x": 1e-5}, ["sub"]),
        ("1 - cos(x)", {"x": 1}, []),
        ("x - y", {"x": 1, "y": 1 + 1e-12}, []),  # both are exact
        ("x - 0.1", {"x": 0.1000001}, ["sub"]),
        ("x - 0.5", {"x": 0.5000001}, []),
        ("log(1 + x)", {"x": 1e-9}, ["log"]),
        ("log(x)", {"x": 1 + 1e-9}, []),
        ("sin(x + x^2)", {"x": 1e9}, ["sin"]),
        ("cos(x*2)", {"x": 3.141592653589793}, ["cos"]),  # the slope is what loses digits
        ("cos(x*2)", {"x": 1e-9}, []),
        ("asin(1 - x^2)", {"x": 1e-6}, ["asin"]),
        ("(1 + x)^(1/x)", {"x": 1e-6}, ["pow"]),
        ("(x*x) % 0.1", {"x": 1000}, ["mod"]),
        ("exp(x) + 1e8 + x - 1e8 - 1 - x - x^2/2", {"x": 1e-3}, ["sub"]),  # a row: its end is small beside its start
    ],
)
def test_places(text, at, ops):
    assert noticed(text, **at) == ops


def test_small_losses_multiply_in_a_loop():
    assert noticed("a = 4; b = x; repeat 30 { c = 108 - (815 - 1500/a)/b; a = b; b = c } b", x=4.25)
    assert not noticed("y = x; repeat 30 { y = y + sin(x*y)/10 } y", x=0.5)


def test_a_sum_that_is_used_twice_is_looked_at_itself():
    assert noticed("d = cos(x) - cos(y); d + 1 + x + y + d*d", x=1, y=1 + 1e-9) == ["sub"]


def test_a_sum_on_the_side_that_is_taken():
    assert noticed("if(x > 0, 1 - cos(x), cos(x) - 2)", x=1e-9) == ["sub"]
    assert noticed("if(x > 0, 1 - cos(x), cos(x) - 2)", x=-1e-9) == []


def test_what_chance_reports_goes_down_with_the_size():
    f = function("+".join(f"sin({k}*x)" for k in range(1, 1000)))
    lowered, _ = f.at({"x": 1})
    assert Watch(lowered.graph, lowered.graph.live(lowered.output)).small < 1e-5


@pytest.mark.parametrize(
    ("text", "x", "wide"),
    [
        ("x^2", 1e-200, True),
        ("x^2", 0, False),
        ("1e-200*x", 1, True),
        ("exp(-x)", 200, True),
        ("exp(-x)", 2, False),
        ("x^40", 1e-10, True),
    ],
)
def test_numbers_that_may_leave_the_range(text, x, wide):
    f = function(text)
    lowered, at = f.at({"x": x})
    tape = f.tape(lowered, at, ())
    assert Watch(lowered.graph, tape.order).is_wide(tape.values) is wide


def test_an_addition_of_adjoints_that_cancel():
    found = {}
    add = Watch(function("x").lowered().graph, [0]).adder(found)
    assert (add(1.0, 1.0), add(0.0, 0.0), add(0.0, 2.0), found) == (2.0, 0.0, 2.0, {})
    small = add(3.0, -3.0 + 2.0**-40)
    assert found == {2.0**-40: 3.0 - 2.0**-40}
    assert add(small, small) in found  # it is still small beside what cancelled
    assert add(small, 2.0) not in found


@pytest.mark.parametrize(
    ("text", "x", "lost"), [("sin(x)/x", 1e-9, True), ("sin(x)/x", 1, False), ("x*(1/x)", 0.3, True)]
)
def test_tangents_that_cancel(text, x, lost):
    from adcalc.modes.forward import tangent_sweep

    f = function(text)
    lowered, at = f.at({"x": x})
    tape = f.tape(lowered, at, (0,))
    watch = Watch(lowered.graph, tape.order)
    assert watch.pushed(tape, tangent_sweep(tape, {0: 1.0})) is lost


@pytest.mark.parametrize(
    ("text", "x", "true"),
    [
        ("besselj(x*y, 2.5)", 0.03653534131923221, lambda u: mp.besselj(u, 2.5)),  # a zero by the order
        ("hyp2f1(-2.5, 1.5, 0.75, 1 - x*y)", 0.43, lambda u: mp.hyp2f1(-2.5, 1.5, 0.75, 1 - u)),
        ("hyp2f1(x*y, 1.5, 0.75, 0.25)", -1.686475727318084, lambda u: mp.hyp2f1(u, 1.5, 0.75, 0.25)),
    ],
)
def test_a_function_near_a_zero_by_any_of_its_arguments(text, x, true):
    with mp.workdps(50):
        x = float(mp.findroot(lambda one: true(one * mp.mpf(1.7)), x))
        value = true(mp.mpf(x) * mp.mpf(1.7))
    assert abs(value) < 1e-14
    found = function(text).evaluate({"x": x, "y": 1.7})
    assert found.value == pytest.approx(float(value), rel=1e-12)
    assert found.warnings[0][0] == "cancellation"
