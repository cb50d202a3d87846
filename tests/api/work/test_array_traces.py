"""The work over arrays: held to the linear layer of the notes, to NumPy by hand, and to central differences."""

import numpy as np
import pytest

from adcalc.api import function
from adcalc.errors import (
    DomainError,
    NotDifferentiableError,
    NumberOverflowError,
    ShapeError,
    UsageError,
)
from adcalc.results.trace import Large

LAYER = "Y = linear(X, W, B); L = sum((Y - T)^2); L"
X, W = np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([[1.0], [2]])
B, T = np.array([0.5]), np.array([[1.0], [2], [3]])
POINT = {"X": X, "W": W, "B": B, "T": T}
NETWORK = """
layer(U, M, c) = logistic(U @ M + c)
H = layer(X, V, a)
Y = layer(H, W, b)
L = mse(Y, T)
L
"""


def network_point(rows=5):
    random = np.random.default_rng(3)
    shapes = {"X": (rows, 4), "V": (4, 3), "a": (3,), "W": (3, 2), "b": (2,), "T": (rows, 2)}
    return {name: random.normal(size=shape) for name, shape in shapes.items()}


def network_by_hand(point):
    h = 1 / (1 + np.exp(-(point["X"] @ point["V"] + point["a"])))
    y = 1 / (1 + np.exp(-(h @ point["W"] + point["b"])))
    bar = {"Y": 2 * (y - point["T"]) / y.size}
    inner = bar["Y"] * y * (1 - y)
    bar |= {"W": h.T @ inner, "b": inner.sum(axis=0), "H": inner @ point["W"].T}
    below = bar["H"] * h * (1 - h)
    bar |= {"V": point["X"].T @ below, "a": below.sum(axis=0), "X": below @ point["V"].T, "T": -bar["Y"]}
    return {"H": h, "Y": y, "L": np.mean((y - point["T"]) ** 2)}, bar


def by_name(trace):
    return {node.name: node for node in trace.nodes}


def flows(trace):
    names = {node.id: node.name for node in trace.nodes}
    return {(names[edge.target], names[edge.source]): edge.formula for edge in trace.edges}


def test_the_linear_layer_of_the_notes():
    trace = function(LAYER).trace(POINT)
    assert flows(trace) == {
        ("Y", "X"): "dL/dY @ W.T",
        ("Y", "W"): "X.T @ dL/dY",
        ("Y", "B"): "sum(dL/dY, axis=0)",
        ("L", "Y"): "2*(Y - T)",
        ("L", "T"): "-2*(Y - T)",
    }
    bar = 2 * (X @ W + B - T)
    nodes = by_name(trace)
    for name, expected in {"Y": bar, "W": X.T @ bar, "B": bar.sum(axis=0), "X": bar @ W.T, "T": -bar, "L": 1}.items():
        np.testing.assert_allclose(nodes[name].adjoint, expected, rtol=1e-14)
    np.testing.assert_allclose(nodes["Y"].value, X @ W + B, rtol=1e-14)
    assert {name: node.shape for name, node in nodes.items()} == {
        "X": (3, 2),
        "W": (2, 1),
        "B": (1,),
        "T": (3, 1),
        "Y": (3, 1),
        "L": (),
    }


def test_the_loss_without_a_name_is_opened():
    trace = function("sum((X@W + B - T)^2)").trace(POINT)
    assert flows(trace)["v1", "W"] == "X.T @ dv5/dv1"
    assert flows(trace)["v2", "B"] == "sum(dv5/dv2, axis=0)"
    assert [node.name for node in trace.nodes] == ["X", "W", "B", "T", "v1", "v2", "v3", "v4", "v5"]


@pytest.mark.parametrize("order", ["creation", "depth-first", "layered"])
@pytest.mark.parametrize("detail", ["names", "all"])
def test_values_and_adjoints_are_those_by_hand(order, detail):
    point = network_point()
    values, bars = network_by_hand(point)
    trace = function(NETWORK).trace(point, order=order, detail=detail)
    nodes = by_name(trace)
    for name, expected in values.items():
        np.testing.assert_allclose(nodes[name].value, expected, rtol=1e-13)
    for name, expected in bars.items():
        np.testing.assert_allclose(nodes[name].adjoint, expected, rtol=1e-12)
        if name in point:
            np.testing.assert_allclose(trace.gradient[name], expected, rtol=1e-12)
    assert trace.order == order
    place = {node.id: number for number, node in enumerate(trace.nodes)}
    assert all(place[argument] < place[node.id] for node in trace.nodes for argument in node.args)


@pytest.mark.parametrize("checkpoints", [None, 0, 1, 2])
def test_the_layers_of_a_network(checkpoints):
    point = network_point()
    trace = function(NETWORK).trace(point, order="layered", wrt=["V", "a", "W", "b"], checkpoints=checkpoints)
    names = {node.id: node.name for node in trace.nodes}
    memory = trace.memory
    assert trace.layers == 4
    assert trace.held == memory.peak.elements == max(moment.elements for moment in memory.moments)
    shown = [(moment.phase, moment.layer, [names[node] for node in moment.nodes]) for moment in memory.moments]
    up = [("primal", 1, ["H"]), ("primal", 2, ["Y"]), ("primal", 3, ["L"])]
    assert shown[:3] == up
    assert [one for one in shown if one[0] == "return"] == [("return", *one[1:]) for one in reversed(up)]
    stored, again = [names[node] for node in memory.stored], [names[node] for node in memory.again]
    expected = {None: (["H", "Y"], []), 2: (["H", "Y"], []), 1: (["Y"], ["H"]), 0: ([], ["H", "Y", "H"])}
    if checkpoints == 1:
        assert len(stored) == 1
        assert again
    else:
        assert (stored, again) == expected[checkpoints]
    gradient = network_by_hand(point)[1]
    for name in ("V", "a", "W", "b"):
        np.testing.assert_allclose(trace.gradient[name], gradient[name], rtol=1e-12)


def test_what_is_computed_once_more_inside_a_layer_is_said():
    trace = function(NETWORK).trace(network_point(), order="layered", wrt=["V"])
    names = {node.id: node.name for node in trace.nodes}
    inside = [(names[node], text) for node, text in trace.memory.inside]
    assert inside == [("H", "X@V + a"), ("Y", "H@W + b"), ("L", "Y - T")]


def test_the_steps_add_up_to_the_adjoints():
    trace = function("H = tanh(X @ W); L = sum(H*H + H); L").trace(X=X, W=W, detail="all")
    returns = [step for step in trace.steps if step.phase == "return"]
    names = {node.id: node.name for node in trace.nodes}
    assert names[returns[0].node] == by_name(trace)["L"].name
    last = {update.node: update for step in returns for update in step.updates}
    for node in trace.nodes:
        if node.id in last:
            np.testing.assert_array_equal(last[node.id].adjoint, node.adjoint)
    (h,) = [node.id for node in trace.nodes if node.name == "H"]
    formulas = [term.formula for term in last[h].terms]
    assert len(formulas) == 2
    assert {"H" in formula for formula in formulas} == {True, False}


def test_what_is_handed_down_by_a_function_of_numbers_has_its_partial():
    trace = function("a = sum(x)*s; b = a^2; b*s").trace(x=[1, 2], s=3)
    names = {node.id: node.name for node in trace.nodes}
    partials = {(names[e.target], names[e.source]): e.partial for e in trace.edges}
    assert partials["b", "a"] == 18.0
    assert partials["a", "x"] is None


def test_data_in_the_text_are_no_nodes_unless_they_have_a_name():
    trace = function("A = [[1, 2], [3, 4]]; L = sum(A @ x * [5, 6]); L").trace(x=[1, 1])
    assert [node.name for node in trace.nodes] == ["x", "A", "L"]
    assert by_name(trace)["A"].args == ()
    assert by_name(trace)["A"].adjoint is None
    np.testing.assert_allclose(trace.gradient["x"], [5 + 18, 10 + 24])


def test_variables_that_are_not_asked_for_have_no_adjoint():
    nodes = by_name(function(LAYER).trace(POINT, wrt=["W"]))
    assert nodes["X"].adjoint is None
    assert nodes["W"].adjoint is not None


def test_a_variable_that_does_not_matter_has_adjoint_zero():
    trace = function("L = sum(x) + 0*sum(floor(y)); L").trace(x=[1.5, 2.5], y=[1.5, 2.5])
    assert trace.gradient["y"].tolist() == [0.0, 0.0]
    assert by_name(trace)["y"].adjoint.tolist() == [0.0, 0.0]


def test_large_arrays_are_shown_by_their_norm():
    x = np.linspace(-1, 1, 4000).reshape(40, 100)
    trace = function("Y = 3*X; L = sum(Y^2); L").trace(X=x)
    nodes = by_name(trace)
    assert nodes["Y"].value == Large((40, 100), pytest.approx(3 * np.linalg.norm(x)))
    assert nodes["Y"].adjoint == Large((40, 100), pytest.approx(6 * np.linalg.norm(x)))
    np.testing.assert_allclose(trace.gradient["X"], 18 * x, rtol=1e-14)
    assert by_name(function("Y = 0*X; L = sum(Y); L").trace(X=x))["Y"].value == Large((40, 100), 0.0)
    huge = by_name(function("Y = 1e200*X; L = sum(Y); L").trace(X=x))["Y"].value
    assert huge.norm == pytest.approx(1e200 * np.linalg.norm(x))


def test_forward_mode_goes_along_a_seed():
    seed = {"W": [[1.0], [-2.0]], "B": 3}
    trace = function(LAYER).trace(POINT, mode="forward", seed=seed)
    nodes = by_name(trace)
    tangent = X @ np.array(seed["W"]) + 3
    np.testing.assert_allclose(nodes["Y"].tangents[0], tangent, rtol=1e-14)
    assert nodes["L"].tangents[0] == pytest.approx(np.sum(2 * (X @ W + B - T) * tangent), rel=1e-14)
    assert nodes["X"].tangents == (None,)
    assert {pair: text for pair, text in flows(trace).items() if text} == {
        ("Y", "W"): "X @ dW",
        ("Y", "B"): "dB",
        ("L", "Y"): "sum(2*(Y - T)*dY)",
    }
    assert trace.directions == ("seed",)


def test_the_tangent_along_a_seed_is_the_gradient_times_the_seed():
    point = network_point()
    seed = {name: np.cos(np.arange(point[name].size)).reshape(point[name].shape) for name in ("V", "a", "W", "b")}
    trace = function(NETWORK).trace(point, mode="forward", seed=seed)
    gradient = network_by_hand(point)[1]
    expected = sum(np.sum(gradient[name] * part) for name, part in seed.items())
    assert by_name(trace)["L"].tangents[0] == pytest.approx(expected, rel=1e-12)


def test_among_arrays_forward_mode_needs_a_seed():
    with pytest.raises(UsageError) as caught:
        function(LAYER).trace(POINT, mode="forward")
    assert '--seed "X=1"' in caught.value.hint
    with pytest.raises(ShapeError, match="the seed of W is a vector of 2, and W is 2x1"):
        function(LAYER).trace(POINT, mode="forward", seed={"W": [1, 2]})
    assert function("sum([1, 2]*x)").trace(x=3, mode="forward").nodes[-1].tangents == (3.0,)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(
    ("text", "x", "error", "words"),
    [
        ("sum(log(x))", [1, -1], DomainError, r"x\[1\] = -1"),
        ("sum(sqrt(x))", [1, 0], NotDifferentiableError, r"x\[1\] = 0"),
        ("sum(abs(x))", [1, 0], NotDifferentiableError, "slope by x"),
        ("sum(exp(x))", [1, 1000], NumberOverflowError, r"x\[1\] = 1000"),
        ("sum(floor(x))", [1.5, 2], NotDifferentiableError, "jumps"),
        ("a = sum(x); b = 1/(a - 3); b", [1, 2], DomainError, "no value"),
    ],
)
def test_where_there_is_no_derivative_the_work_so_far_comes_with_the_error(mode, text, x, error, words):
    seed = {"x": 1.0} if mode == "forward" else None
    with pytest.raises(error, match=words) as caught:
        function(text).trace(x=x, mode=mode, seed=seed)
    node = by_name(caught.value.work)["x"]
    np.testing.assert_array_equal(node.value, x)


def test_a_kink_whose_sides_agree_is_traced_where_the_rows_say_so():
    assert function("sum(x*abs(x))").trace(x=[2.0, 0.0]).gradient["x"].tolist() == [4.0, 0.0]
    with pytest.raises(UsageError, match="one-sided"):
        function("sum(max(x, 2*x) + min(x, 2*x))").trace(x=[1.0, 0.0])


def test_checkpoints_belong_to_layers_of_arrays():
    with pytest.raises(UsageError) as caught:
        function(LAYER).trace(POINT, checkpoints=1)
    assert caught.value.hint == "add --order layered"
    with pytest.raises(UsageError, match="arrays"):
        function("x^2").trace(x=1, order="layered", checkpoints=1)


def test_a_result_that_is_no_number_is_refused():
    with pytest.raises(ShapeError):
        function("X @ W").trace(X=X, W=W)


def test_data_alone_have_a_trace():
    trace = function("a = [1, 2]; sum(a)").trace()
    assert trace.value == 3.0
    assert trace.gradient == {}


def test_a_part_of_the_work():
    trace = function(LAYER).trace(POINT, only=["B"])
    assert [node.name for node in trace.nodes] == ["B", "Y"]
    assert [edge.formula for edge in trace.edges] == ["sum(dL/dY, axis=0)"]


def test_a_loop_makes_a_node_each_time():
    trace = function("h = x; repeat 3 { h = tanh(M @ h) } sum(h)").trace(x=[0.1, 0.2], M=[[1, 2], [3, 4]])
    step = 1e-6

    def value(x):
        h = np.array(x)
        for _ in range(3):
            h = np.tanh(np.array([[1, 2], [3, 4]]) @ h)
        return h.sum()

    for k in range(2):
        ahead, behind = [0.1, 0.2], [0.1, 0.2]
        ahead[k] += step
        behind[k] -= step
        assert trace.gradient["x"][k] == pytest.approx((value(ahead) - value(behind)) / (2 * step), rel=1e-6)


def test_the_gradient_is_the_callers_own():
    """Arrays that are somebody else's too are copied; so nothing changes when one of them is written over."""
    x, z = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])
    for text in ("L = sum(X*Z); L", "L = sum((X + Z)^2); L", "L = sum(X + Z); L"):
        trace = function(text).trace(X=x, Z=z)
        before = trace.gradient["Z"].copy()
        trace.gradient["X"][:] = 99.0
        np.testing.assert_array_equal(trace.gradient["Z"], before)
        np.testing.assert_array_equal(z, [[3.0, 4.0]])


def test_a_layered_trace_takes_the_memory_that_it_says():
    import tracemalloc

    random = np.random.default_rng(5)
    shapes = {"X": (256, 512), "W": (512, 256), "B": (256,), "T": (256, 256)}
    point = {name: random.normal(size=shape) for name, shape in shapes.items()}
    f = function("Y = linear(X, W, B); L = mean((Y - T)^2); L")
    f.trace(point, order="layered", wrt=["W", "B"])
    tracemalloc.start()
    try:
        trace = f.trace(point, order="layered", wrt=["W", "B"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 8 * trace.held == pytest.approx(peak, rel=0.1)
    assert peak < sum(array.nbytes for array in point.values())
