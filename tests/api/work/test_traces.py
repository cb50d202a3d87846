"""The work of a mode: held to the notes' worked example, to grad, and to mpmath."""

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.errors import DomainError, NotDifferentiableError, UnknownVariableError, UsageError

NOTES = "f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)"
PROGRAMS = [
    (NOTES, {"x": 0.5}),
    ("cos(x*y) + y", {"x": 0, "y": 1}),
    ("a = x*y; b = sin(x); a + b", {"x": 2, "y": 3}),
    ("a = x*y; cos(a) + sin(x)*a", {"x": 0.3, "y": 1.7}),
    ("f(u) = u^2 + 1; f(x)*f(y) + f(f(x))", {"x": 0.4, "y": -1.2}),
    ("a = exp(x); b = a*a; c = b/(1 + b); c*a", {"x": 0.7}),
    ("if(x > 1, x^2, 3*x) + hypot(x, y)", {"x": 3, "y": 4}),
    ("atan2(y, x)*x^y", {"x": 1.3, "y": 0.6}),
    ("x*x*x + 2", {"x": 1.1}),
    ("sum(sin(k*x), k = 1..5)", {"x": 0.2}),
    ("s = x; s = s*y; s = s*y; s + 1", {"x": 2, "y": 3}),
]


def by_name(trace):
    return {node.name: node for node in trace.nodes}


def test_the_worked_example_of_reverse_mode():
    trace = function(NOTES).trace(x=0.5)
    assert [(node.name, node.value, node.adjoint) for node in trace.nodes] == [
        ("x", 0.5, 1.25),
        ("a", 0.25, 0.5),
        ("b", 0.125, 1.0),
        ("f", 0.25, 1.0),
    ]
    names = {node.id: node.name for node in trace.nodes}
    assert [(names[edge.target], names[edge.source], edge.partial) for edge in trace.edges] == [
        ("a", "x", 1.0),
        ("b", "x", 0.75),
        ("f", "a", 0.5),
        ("f", "b", 1.0),
    ]
    after_f, after_b, after_a = (step for step in trace.steps if step.phase == "return")
    assert {names[update.node]: update.adjoint for update in after_f.updates} == {"f": 1.0, "b": 1.0, "a": 0.5}
    assert {names[update.node]: update.adjoint for update in after_b.updates} == {"x": 0.75}
    (update,) = after_a.updates
    assert [(term.adjoint, term.partial) for term in update.terms] == [(0.5, 1.0), (1.0, 0.75)]
    assert update.adjoint == 1.25


def test_the_worked_substitution_of_dual_numbers():
    trace = function("cos(x*y) + y").trace(x=0, y=1, mode="forward")
    assert trace.substitution == (
        ("cos(⟨0, 1⟩ × ⟨1, 0⟩) + ⟨1, 0⟩", "cos(⟨0, 1⟩) + ⟨1, 0⟩", "⟨1, 0⟩ + ⟨1, 0⟩", "⟨2, 0⟩"),
        ("cos(⟨0, 0⟩ × ⟨1, 1⟩) + ⟨1, 1⟩", "cos(⟨0, 0⟩) + ⟨1, 1⟩", "⟨1, 0⟩ + ⟨1, 1⟩", "⟨2, 1⟩"),
    )


def test_opened_names_show_every_operation():
    trace = function(NOTES).trace(x=0.5, detail="all")
    assert [node.name for node in trace.nodes] == ["x", "a", "b", "v1", "f"]
    assert {node.name: node.adjoint for node in trace.nodes} == {"x": 1.25, "a": 0.5, "b": 1.0, "v1": 1.0, "f": 1.0}


@pytest.mark.parametrize(("text", "point"), PROGRAMS)
@pytest.mark.parametrize("detail", ["names", "all"])
@pytest.mark.parametrize("order", ["creation", "depth-first", "layered"])
def test_the_adjoints_of_the_inputs_are_the_gradient(text, point, detail, order):
    f = function(text)
    trace = f.trace(point, detail=detail, order=order)
    nodes = by_name(trace)
    assert {name: nodes[name].adjoint for name in point} == pytest.approx(f.gradient(point).gradient, rel=1e-14)
    assert trace.gradient == pytest.approx(f.gradient(point).gradient, rel=1e-14)
    assert trace.value == f.value(point)
    place = {node.id: number for number, node in enumerate(trace.nodes)}
    assert all(place[argument] < place[node.id] for node in trace.nodes for argument in node.args)


@pytest.mark.parametrize(("text", "point"), PROGRAMS)
def test_every_step_adds_up(text, point):
    """The steps alone, added up by hand, give the adjoints that the table shows."""
    trace = function(text).trace(point)
    partials = {(edge.source, edge.target): edge.partial for edge in trace.edges}
    sums = {trace.output: 1.0}
    for node in reversed(trace.nodes):
        for below in node.args:
            if partials[below, node.id] is not None and node.id in sums:
                sums[below] = sums.get(below, 0.0) + sums[node.id] * partials[below, node.id]
    for node in trace.nodes:
        if node.adjoint is not None:
            assert sums.get(node.id, 0.0) == pytest.approx(node.adjoint, rel=1e-12)
    last = {update.node: update for step in trace.steps for update in step.updates}
    for node in trace.nodes:
        if node.id in last:
            assert last[node.id].adjoint == node.adjoint


@pytest.mark.parametrize(("text", "point"), PROGRAMS)
def test_forward_tangents_are_the_gradient(text, point):
    f = function(text)
    trace = f.trace(point, mode="forward")
    (output,) = (node for node in trace.nodes if node.id == trace.output)
    assert dict(zip(trace.directions, output.tangents, strict=True)) == pytest.approx(
        f.gradient(point).gradient, rel=1e-14
    )
    for lines in trace.substitution:
        assert lines[-1].startswith("⟨")


@pytest.mark.parametrize(("text", "point"), PROGRAMS)
def test_the_partial_on_an_edge_is_the_slope_of_its_statement(text, point):
    """Each statement, read again as a function of its own, differentiated by mpmath."""
    trace = function(text).trace(point)
    values = {node.name: node.value for node in trace.nodes}
    names = {node.id: node.name for node in trace.nodes}
    for node in trace.nodes:
        if not node.args:
            continue
        statement = function(node.text)
        at = {name: values[name] for name in statement.variables}
        assert statement.value(at) == pytest.approx(node.value, rel=1e-13)
        for edge in trace.edges:
            if edge.target == node.id and edge.partial is not None:
                name = names[edge.source]
                step = 1e-5
                ahead, behind = (statement.value({**at, name: at[name] + shift}) for shift in (step, -step))
                assert float(mpmath.mpf(ahead - behind) / (2 * step)) == pytest.approx(edge.partial, rel=1e-6, abs=1e-8)


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2))
@settings(max_examples=30)
def test_a_seed_is_a_direction(x, y, dx, dy):
    trace = function("sin(x)*y + x").trace(x=x, y=y, seed={"x": dx, "y": dy}, mode="forward")
    (output,) = (node for node in trace.nodes if node.id == trace.output)
    expected = (mpmath.cos(x) * y + 1) * dx + mpmath.sin(x) * dy
    assert output.tangents[0] == pytest.approx(float(expected), rel=1e-12, abs=1e-13)
    assert trace.gradient == {}


def test_names_that_are_used_twice_are_told_apart():
    names = [node.name for node in function("s = x; s = s*y; s = s*y; s + 1").trace(x=2, y=3).nodes]
    assert len(set(names)) == len(names)


def test_only_shows_a_node_and_its_neighbours():
    trace = function("a = x*y; b = sin(x); c = a + b; c*c").trace(x=1, y=2, only=["b"])
    assert [node.name for node in trace.nodes] == ["x", "b", "c"]
    assert len(trace.edges) == 2
    with pytest.raises(UnknownVariableError) as caught:
        function("x*y").trace(x=1, y=2, only=["xy"])
    assert caught.value.hint == "did you mean 'y'?"


def test_depth_counts_edges_from_the_result():
    names = [node.name for node in function("sin(cos(exp(x)))").trace(x=1, depth=1).nodes]
    assert names == ["v2", "v3"]


def test_the_branch_that_is_not_taken_is_not_shown():
    trace = function("if(x > 0, sqrt(x), -x)").trace(x=-1)
    assert [node.op for node in trace.nodes] == ["input", "neg", "if"]
    assert all(edge.source in {node.id for node in trace.nodes} for edge in trace.edges)


def test_where_the_return_sweep_fails_the_work_goes_so_far():
    with pytest.raises(NotDifferentiableError) as caught:
        function("y + sqrt(x^2)").trace(x=0, y=1)
    nodes = by_name(caught.value.work)
    assert caught.value.place.excerpt == "sqrt(x^2)"
    assert nodes["v2"].adjoint == 1.0
    assert nodes["v1"].value == 0.0
    assert nodes["v1"].adjoint is None


def test_where_the_primal_sweep_fails_the_work_goes_so_far():
    with pytest.raises(DomainError) as caught:
        function("exp(log(x - 2))").trace(x=1)
    values = [node.value for node in caught.value.work.nodes]
    assert values == [1.0, -1.0, None, None]


def test_a_kink_whose_sides_agree_is_shown_where_the_rows_say_so():
    assert function("x*abs(x)").trace(x=0).gradient == {"x": 0.0}
    with pytest.raises(UsageError, match="one-sided"):
        function("max(x, 2*x) + min(x, 2*x)").trace(x=0)
    assert function("max(x, 2*x) + min(x, 2*x)").trace(x=0, mode="forward").gradient == {"x": 3.0}


def test_an_underflow_is_a_warning():
    assert function("1 + exp(-x)").trace(x=800).warnings == (("underflow", "exp(-x) underflows to 0 where -x = -800"),)


@pytest.mark.parametrize(
    "arguments", [{"mode": "symbolic"}, {"mode": "revers"}, {"detail": "some"}, {"order": "any"}, {"seed": {"x": 1.0}}]
)
def test_what_cannot_be_traced_is_said(arguments):
    with pytest.raises(UsageError) as caught:
        function("x^2").trace(x=1, **arguments)
    assert caught.value.hint


def test_long_sums_stay_linear():
    text = " + ".join(f"sin({k}*x)" for k in range(1, 400))
    trace = function(text).trace(x=0.001)
    x = by_name(trace)["x"].id
    update = [update for step in trace.steps for update in step.updates if update.node == x][-1]
    assert update.earlier == 398
    assert len(update.terms) == 1
    assert update.adjoint == pytest.approx(float(mpmath.fsum(k * mpmath.cos(k * 0.001) for k in range(1, 400))))


def test_a_constant_has_a_trace():
    trace = function("2").trace()
    assert [node.value for node in trace.nodes] == [2.0]
    assert trace.gradient == {}
