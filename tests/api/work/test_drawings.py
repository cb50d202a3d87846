"""A graph as data: its nodes, its edges, and the numbers of reverse mode on them."""

import math

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.api.work.drawings import defined, draw
from adcalc.errors import AdcalcError

NOTES = "f(u, v) = u/2 + v; a = x^2; b = x^3; f(a, b)"
POINT = {"x": 0.7, "y": 1.3, "z": 2.1}


def by_name(drawing):
    return {node.name: node for node in drawing.nodes}


def partials(drawing):
    names = {node.id: node.name for node in drawing.nodes}
    return {(names[edge.source], names[edge.target]): edge.partial for edge in drawing.edges}


def test_a_graph_without_a_point_has_no_numbers():
    drawing = draw(function("cos(x*y) + y"))
    assert [(node.name, node.op, node.args, node.text) for node in drawing.nodes] == [
        ("x", "input", (), "x"),
        ("y", "input", (), "y"),
        ("v1", "mul", (0, 1), "x*y"),
        ("v2", "cos", (2,), "cos(v1)"),
        ("v3", "add", (3, 1), "v2 + y"),
    ]
    assert [(edge.source, edge.target) for edge in drawing.edges] == [(0, 2), (1, 2), (2, 3), (3, 4), (1, 4)]
    assert drawing.output == 4
    assert drawing.at == {}
    assert {node.value for node in drawing.nodes} == {node.adjoint for node in drawing.nodes} == {None}
    assert {edge.partial for edge in drawing.edges} == {None}
    assert [node.shared for node in drawing.nodes] == [False, True, False, False, False]


def test_the_numbers_of_the_notes():
    drawing = draw(function(NOTES), {"x": 0.5})
    nodes = by_name(drawing)
    assert [nodes[name].value for name in "xabf"] == [0.5, 0.25, 0.125, 0.25]
    assert [nodes[name].adjoint for name in "xabf"] == [1.25, 0.5, 1.0, 1.0]
    found = partials(drawing)
    assert (found["x", "a"], found["x", "b"], found["a", "v1"], found["v1", "f"], found["b", "f"]) == (
        1,
        0.75,
        0.5,
        1,
        1,
    )


def test_constants_are_nodes_through_which_no_derivative_flows():
    drawing = draw(function("x/3 + 2^x"), {"x": 1})
    constants = [node for node in drawing.nodes if node.op == "constant"]
    assert [(node.text, node.value, node.adjoint) for node in constants] == [("3", 3.0, None), ("2", 2.0, None)]
    assert partials(drawing)["3", "v1"] is None


def test_what_the_result_does_not_need_is_not_drawn():
    drawing = draw(function("a = sin(x); b = cos(x); b + 1"))
    assert [node.name for node in drawing.nodes] == ["x", "b", "1", "v1"]
    known = {node.id for node in drawing.nodes}
    assert all({edge.source, edge.target} <= known for edge in drawing.edges)


def test_an_argument_that_is_used_twice_has_one_edge_with_both_partials():
    drawing = draw(function("x*x"), {"x": 3})
    assert drawing.nodes[-1].args == (0, 0)
    assert [(edge.source, edge.target, edge.partial) for edge in drawing.edges] == [(0, 1, 6.0)]
    assert draw(function("x^x"), {"x": 2}).edges[0].partial == pytest.approx(4 * (1 + math.log(2)), rel=1e-15)


def test_the_side_of_a_choice_that_is_not_taken_has_no_numbers():
    drawing = draw(function("if(x < 1, x^2, log(-x))"), {"x": 0.5})
    nodes = by_name(drawing)
    assert nodes["v1"].value is True
    assert nodes["v4"].text == "log(v3)"
    assert (nodes["v4"].value, nodes["v4"].adjoint, nodes["v3"].value) == (None, None, None)
    found = partials(drawing)
    assert (found["v2", "v5"], found["v4", "v5"], found["v1", "v5"], found["x", "v2"]) == (1.0, None, None, 1.0)


def test_only_the_chosen_variables_are_differentiated_by():
    drawing = draw(function("x*y + y"), {"x": 2, "y": 3}, ["x"])
    nodes = by_name(drawing)
    assert (nodes["x"].adjoint, nodes["y"].adjoint, nodes["y"].value) == (3.0, None, 3.0)
    assert partials(drawing)["y", "v1"] is None


def test_where_the_slopes_on_both_sides_of_a_kink_agree_the_inputs_have_them():
    drawing = draw(function("max(x, -x) + min(x, -x)"), {"x": 0})
    nodes = by_name(drawing)
    assert (nodes["x"].adjoint, nodes["v1"].adjoint, nodes["v2"].adjoint) == (0.0, None, 1.0)
    assert partials(drawing)["x", "v2"] is None


def test_a_partial_that_no_float_can_hold_is_left_out():
    drawing = draw(function("x/(y*1e-200)*1e-300"), {"x": 1e100, "y": 1e-3})
    nodes = by_name(drawing)
    assert nodes["y"].adjoint == pytest.approx(-1e6)
    assert partials(drawing)["v1", "v2"] is None
    assert all(edge.partial is None or math.isfinite(edge.partial) for edge in drawing.edges)


def test_no_number_is_a_negative_zero():
    drawing = draw(function("-x*0 + cos(x)"), {"x": 0})
    numbers = [node.value for node in drawing.nodes] + [node.adjoint for node in drawing.nodes]
    numbers += [edge.partial for edge in drawing.edges]
    assert all(math.copysign(1, number) > 0 for number in numbers if number == 0)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("abs(x)", {"x": 0}),
        ("sqrt(x^2)", {"x": 0}),
        ("log(x)", {"x": -1}),
        ("1/x", {"x": 0}),
        ("exp(x)", {"x": 1000}),
        ("floor(x)", {"x": 1}),
        ("if(x < 1, x, 2)", {"x": 1}),
        ("x*y", {"x": 1}),
        ("x", {"x": 1, "z": 1}),
        ("1e300*(1e300*x)^2*1e-300", {"x": 1e-200}),
    ],
)
def test_errors_are_those_of_the_gradient(text, point):
    with pytest.raises(AdcalcError) as expected:
        function(text).gradient(point)
    with pytest.raises(AdcalcError) as found:
        draw(function(text), point)
    assert type(found.value) is type(expected.value)
    assert found.value.as_dict() == expected.value.as_dict()


def test_an_unknown_variable_is_refused_without_a_point_too():
    with pytest.raises(AdcalcError, match="no variable 'q'"):
        draw(function("x*y"), None, ["q"])


def test_what_a_program_defines():
    text = "f(u, v) = u*v; g(w) = w^2; a = f(x, y); b = g(a); a = b; a + b"
    assert defined(function(text)) == (("f(u, v)", "g(w)"), ("a", "b"))
    assert defined(function("x + 1")) == ((), ())


def test_the_method_takes_values_as_the_others_do():
    f = function("x*y")
    assert f.graph() == draw(f)
    assert f.graph(x=2, y=3) == draw(f, {"x": 2, "y": 3}) == f.graph({"x": 2}, y=3)
    assert f.graph({"x": 2, "y": 3}, wrt=["y"]).nodes[0].adjoint is None


# ------------------------------------------------------------------ every number, by other means

LEAVES = st.sampled_from(["x", "y", "z", "2", "0.5", "3"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*"), inner, inner).map(lambda t: f"({t[1]} {t[0]} {t[2]})"),
        st.tuples(st.sampled_from(["sin", "cos", "exp", "atan"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        inner.map(lambda e: f"({e})^2"),
        inner.map(lambda e: f"(1/(2 + ({e})^2))"),
    ),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(EXPRESSIONS)
def test_values_partials_and_adjoints_are_what_sympy_says(text):
    f = function(text)
    point = {name: POINT[name] for name in f.variables}
    try:
        drawing = draw(f, point)
    except AdcalcError as error:
        assert error.kind == "overflow"  # noqa: PT017
        return
    nodes = {node.id: node for node in drawing.nodes}
    symbols = {node.name: sympy.Symbol(node.name) for node in drawing.nodes if node.op != "constant"}
    values = {symbols[node.name]: sympy.Float(node.value, 40) for node in nodes.values() if node.op != "constant"}
    found = {(edge.source, edge.target): edge.partial for edge in drawing.edges}
    formulas = {}
    for node in drawing.nodes:
        formula = sympy.sympify(node.text.replace("^", "**"), symbols)
        assert close(node.value, formula.evalf(40, subs=values)), node
        formulas[node.id] = formula
        for argument in node.args:
            if nodes[argument].op != "constant" and found[argument, node.id] is not None:
                slope = formula.diff(symbols[nodes[argument].name]).evalf(40, subs=values)
                assert close(found[argument, node.id], slope), (node, argument)
    whole = sympy.sympify(text.replace("^", "**"), symbols)
    for name in f.variables:
        exact = whole.diff(symbols[name]).evalf(40, subs={symbols[other]: point[other] for other in point})
        adjoint = by_name(drawing)[name].adjoint
        assert abs(mpmath.mpf(adjoint or 0.0) - mpmath.mpf(str(exact))) <= 1e-9 * (1 + scale(drawing)), name


def close(number, exact):
    return math.isclose(number, float(exact), rel_tol=1e-12, abs_tol=1e-12)


def scale(drawing):
    """How large the products along a path can be: an adjoint is a sum of them."""
    largest = {drawing.output: 1.0}
    for edge in sorted(drawing.edges, key=lambda edge: -edge.target):
        if edge.partial is not None and edge.target in largest:
            flow = abs(edge.partial) * largest[edge.target]
            largest[edge.source] = largest.get(edge.source, 0.0) + flow
    return max(largest.values())
