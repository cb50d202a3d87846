"""Arrays at nodes: in a line, in a cell, or by their norm."""

import numpy as np
import pytest

from adcalc.render.elements import cell, line, shape
from adcalc.results.trace import Large


@pytest.mark.parametrize(
    ("array", "text"),
    [
        ([1.0, 2.5], "[1, 2.5]"),
        ([[1.0], [2.0]], "[[1], [2]]"),
        ([[[1.0, 2.0]], [[3.0, 4.0]]], "[[[1, 2]], [[3, 4]]]"),
        ([1 / 3], "[0.33333]"),
        ([-1e-20 / 3], "[-3.3333e-21]"),
        (np.zeros((0,)), "[]"),
        (np.ones(31), "norm 5.567764"),
        (np.full(64, 1e200), "norm 8e+200"),
        (np.full(64, 1e-200), "norm 8e-200"),
        (np.full(40, np.inf), "norm inf"),
        (np.zeros(40), "norm 0"),
        ([1.123456789] * 5, "norm 2.512126"),
    ],
)
def test_a_line(array, text):
    assert line(np.array(array)) == text


def test_a_large_array_has_its_norm():
    assert line(Large((20, 100), 2.5)) == "norm 2.5"
    assert cell(Large((20, 100), 2.5), 7, (9, 9)) == "norm 2.5"


@pytest.mark.parametrize(
    ("array", "digits", "most", "lines"),
    [
        ([[1.0, -20.0], [0.5, 3.0]], 7, (2, 2), ["[[  1, -20]", " [0.5,   3]]"]),
        ([1.0, 2.0], 7, (1, 2), ["[1, 2]"]),
        ([1.0, 2.0], 7, (1, 1), ["norm 2.236068"]),
        ([[1.0], [2.0]], 7, (1, 1), ["norm 2.236068"]),
        ([[1 / 3, 2 / 3]], 3, (1, 2), ["[[0.333, 0.667]]"]),
        ([[[1.0, 2.0]]], 7, (9, 9), ["[[[1, 2]]]"]),
    ],
)
def test_a_cell(array, digits, most, lines):
    assert cell(np.array(array), digits, most).split("\n") == lines


def test_a_number_and_nothing_in_a_cell():
    assert cell(1 / 3, 2, (0, 0)) == "0.3333333"
    assert cell(None, 2, (0, 0)) == ""


def test_a_shape():
    assert [shape(lengths) for lengths in ((), (3,), (4, 3, 2))] == ["", "3", "4x3x2"]
