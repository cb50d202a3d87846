"""What is shown of a work over arrays: as many elements as fit, formulas in full, and what was held."""

import numpy as np
import pytest

from adcalc.api import function
from adcalc.render.array_trace import adjoint_sign, nodes, sum_text, work
from adcalc.render.figures import columns
from adcalc.render.layout import Grid
from adcalc.results.trace import Term, Update

LAYER = "Y = linear(X, W, B); L = sum((Y - T)^2); L"
POINT = {"X": [[1, 2], [3, 4], [5, 6]], "W": [[1], [2]], "B": [0.5], "T": [[1], [2], [3]]}


def text(blocks):
    lines = []
    for block in blocks:
        if isinstance(block, Grid):
            lines.append(" | ".join(block.header))
            lines += [" | ".join(cell for cell, _ in row) for row in block.rows]
        else:
            lines.append("".join(word for word, _ in block))
    return "\n".join(lines)


def lines_of(grid):
    return [tuple((max(cell.split("\n"), key=len), style) for cell, style in row) for row in grid.rows]


@pytest.mark.parametrize("width", [66, 80, 120])
@pytest.mark.parametrize("size", [1, 3, 5, 9])
def test_a_table_keeps_to_the_width(width, size):
    matrix = np.linspace(-1, 1, size * size).reshape(size, size) / 3
    trace = function("Y = M @ M; L = sum(exp(Y)); L").trace(M=matrix)
    grid = nodes(trace, width, "adjoint", {node.id: node.adjoint for node in trace.nodes})
    assert columns(grid._replace(rows=tuple(lines_of(grid)))) <= width
    shown = [row[3][0] for row in grid.rows]
    assert (size <= 3) == shown[0].startswith("[") or width < 120


def test_the_edges_are_equations_of_adjoints():
    shown = text(work(function(LAYER).trace(POINT), 80))
    for equation in ("dL/dW = X.T @ dL/dY", "dL/dB = sum(dL/dY, axis=0)", "dL/dY = 2*(Y - T)"):
        assert equation in shown
    assert "+=" not in shown


def test_what_several_nodes_hand_down_is_added_up():
    trace = function("Y = M @ M; L = sum(M*Y); L").trace(M=[[1, 2], [3, 4]])
    shown = text(work(trace, 80))
    assert "L → M | dL/dM += Y" in shown
    assert "Y → M | dL/dM += dL/dY@M.T + M.T@dL/dY" in shown
    assert "  dL/dM = dL/dY@M.T + M.T@dL/dY + Y" in shown


def test_the_signs_of_a_sum():
    update = Update(0, (Term(1, 0.0, 0.0, "A"), Term(2, 0.0, 0.0, "-B"), Term(3, 0.0, 0.0, "C")), 1.0)
    assert sum_text(update) == "A - B + C"
    assert sum_text(update._replace(earlier=3)) == "A - B + C + 3 more"
    assert sum_text(Update(0, (), 1.0)) == "1"


def test_the_sign_of_an_adjoint():
    trace = function(LAYER).trace(POINT)
    (y,) = [node.id for node in trace.nodes if node.name == "Y"]
    assert adjoint_sign(trace, y) == "dL/dY"


def test_steps_show_each_adjoint_as_formula_and_number():
    shown = text(work(function(LAYER).trace(POINT), 80, steps=True))
    assert "return sweep, step 2: Y hands its adjoint down" in shown
    assert "  dL/dW = X.T @ dL/dY\n      [[211]\n       [268]]" in shown
    assert "  dL/dB = sum(dL/dY, axis=0) = [57]" in shown
    assert "dL/dL = 1, the seed" in shown


def test_what_was_held_is_said_for_each_layer():
    trace = function(LAYER).trace(POINT, order="layered", checkpoints=0)
    shown = text(work(trace, 80))
    assert "again | 1: Y" in shown
    assert "stored  nothing but the variables" in shown
    assert "again   Y (1 value), Y - T in L" in shown
    assert f"at most {trace.held} elements ({8 * trace.held} bytes) held at once" in shown
    assert "again | " not in text(work(function(LAYER).trace(POINT, order="layered"), 80))


def test_a_long_formula_is_broken_and_not_cut():
    names = " + ".join(f"tanh(X*{k})" for k in range(2, 9))
    trace = function(f"L = sum(({names})^2); L").trace(X=[0.1, 0.2])
    grid = next(block for block in work(trace, 80) if isinstance(block, Grid) and block.header[0] == "edge")
    formula = grid.rows[0][1][0]
    assert "\n" in formula
    assert max(map(len, formula.split("\n"))) <= 75


def test_many_nodes_are_shown_by_the_first_and_the_last():
    trace = function("h = x; repeat 40 { h = tanh(h*1.1) } sum(h)").trace(x=[0.1, 0.2])
    shown = text(work(trace, 100))
    assert "more" in shown
    assert len(shown.split("\n")) < 100


def test_a_tangent_is_a_formula_too():
    shown = text(work(function(LAYER).trace(POINT, mode="forward", seed={"W": 1, "T": -1}), 80))
    assert "  dY = X @ dW" in shown
    assert "  dL = sum(2*(Y - T)*dY) + sum(2*(Y - T)*(-dT))" in shown
