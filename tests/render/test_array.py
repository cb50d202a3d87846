"""Arrays on the terminal: what is whole reads back, nothing is wider than the terminal, what is cut is said."""

import ast
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.render.array import drawn, inline
from adcalc.syntax.number import figure

RANDOM = np.random.default_rng(0)
MIXED = np.array([[1e-20, 2.0, -3.5], [1e300, -0.0, 1 / 3], [12345678.0, 123456789012.0, -1e-5]])


def lines_of(array, columns=80):
    return drawn(array, columns, columns).lines


@pytest.mark.parametrize(
    ("array", "lines"),
    [
        ([1.0, 2.5, -3.0], ["[1, 2.5, -3]"]),
        ([[1.0, -0.0]], ["[[1, 0]]"]),
        (2.5, ["2.5"]),
        ([], ["[]"]),
        ([[1.0, 2.0], [3.0, 4.0]], ["[[1, 2],", " [3, 4]]"]),
        ([[1.0, -20.0], [-3.5, 0.25]], ["[[ 1  , -20   ],", " [-3.5,   0.25]]"]),
        (
            MIXED,
            [
                "[[       1e-20 , 2           , -3.5      ],",
                " [       1e+300, 0           ,  0.3333333],",
                " [12345678     , 1.234568e+11, -1e-05    ]]",
            ],
        ),
        ([[[1.0, 2.0]], [[3.0, 4.0]]], ["[0] [[1, 2]]", "[1] [[3, 4]]"]),
        (np.arange(1000.0), ["[0, 1, 2, …, 997, 998, 999]"]),
    ],
)
def test_what_is_drawn(array, lines):
    assert list(lines_of(np.array(array))) == lines


def test_a_large_matrix_is_shown_by_its_edges():
    array = np.arange(1500.0).reshape(50, 30)
    note, lines = drawn(array, 80, 40)
    assert note == "50x30, from 0 to 1499, norm 3.352e+04"
    assert len(lines) == 7
    assert lines[3].strip() == "…"
    assert all(" …, " in line for line in lines if line.strip() != "…")
    assert lines[0].startswith("[[   0,    1,")
    assert lines[-1].endswith("1498, 1499]]")


def test_digits_that_are_left_out_are_said():
    assert "7 digits" in drawn(np.full((2, 2), 1 / 3)).note
    assert "digits" not in drawn(np.full((2, 2), 0.1)).note
    (line,) = lines_of(np.full(6, 1 / 3))
    assert line.endswith("(7 digits)")
    assert lines_of(np.full(3, 1 / 3))[0].count("0.3333333333333333") == 3


@pytest.mark.parametrize("scale", [0.0, 1e-320, 1e308, 1e-160, 1.0])
def test_the_norm_neither_overflows_nor_vanishes(scale):
    note = drawn(np.full(200, scale)).note
    assert "from" in note
    assert not any(word in note for word in ("inf", "nan"))
    if scale:
        assert "norm 0" not in note


def numbers_in(lines):
    return [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?", " ".join(lines))]


SHAPES = st.one_of(
    st.tuples(st.integers(1, 130)),
    st.tuples(st.integers(1, 20), st.integers(1, 40)),
    st.tuples(st.integers(1, 9), st.integers(1, 5), st.integers(1, 5)),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(SHAPES, st.sampled_from([40, 80, 120]), st.integers(-12, 12), st.booleans(), st.integers(0, 2**32))
def test_every_array_fits_and_is_true(shape, columns, exponent, is_whole, seed):
    random = np.random.default_rng(seed)
    array = random.normal(size=shape) * 10.0 ** random.integers(-abs(exponent), abs(exponent) + 1, size=shape)
    if is_whole:
        array = np.round(array)
    note, lines = drawn(array, columns - 10, columns)
    if min(shape) and columns >= 80:
        assert all(len(line) <= columns - 4 for line in lines) or not note
    if not any("…" in line for line in lines) and "from" not in note:
        text = re.sub(r"^\[[\d, ]+\] |^ +", "", "\n".join(lines), flags=re.MULTILINE) if len(shape) > 2 else ""
        whole = numbers_in([text] if text else [line.partition(" (7")[0] for line in lines])
        shown = [float(figure(number)) for number in array.ravel().tolist()]
        assert whole == shown or whole == array.ravel().tolist()
        if len(shape) == 2:
            assert np.shape(ast.literal_eval("".join(lines).partition(" (7")[0])) == shape
    rows = [line for line in lines if line.strip() != "…"]
    if len(shape) == 2 and len(rows) > 1:
        assert len({len(line.rstrip("],")) - len(line.rstrip("],").rstrip()) >= 0 for line in rows}) == 1
        commas = [[place for place, letter in enumerate(line.rstrip(",")) if letter == ","] for line in rows]
        assert all(places == commas[0] for places in commas)


@pytest.mark.parametrize("array", [np.eye(2), RANDOM.normal(size=(2, 2)), np.array([1e-7, -2e300])])
def test_an_array_in_a_line_reads_back_exactly(array):
    assert np.array_equal(ast.literal_eval(inline(array, 200)), array)
    assert inline(array, 5) is None
