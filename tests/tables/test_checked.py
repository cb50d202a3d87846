"""What becomes an array, and what is refused, with the element that is to blame."""

from fractions import Fraction

import numpy as np
import pytest

from adcalc.errors import FileError, NumberOverflowError, ShapeError, UsageError
from adcalc.tables.checked import array


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint16", "int64", "uint64", "float16", "float32", ">f8", "longdouble"]
)
def test_every_real_type_becomes_float(dtype):
    given = np.array([[0, 1], [1, 1]]).astype(dtype)
    found = array(given, "X")
    assert found.dtype == np.float64
    assert found.tolist() == [[0.0, 1.0], [1.0, 1.0]]


def test_an_array_of_floats_is_not_copied():
    given = np.ones((2, 3))
    assert array(given, "X") is given


@pytest.mark.parametrize("content", [2.5, np.float32(2.5), np.array(2.5)])
def test_a_number_stays_a_number(content):
    assert array(content, "X") == 2.5
    assert isinstance(array(content, "X"), float)


def test_whole_numbers_and_fractions_of_any_size_are_read():
    assert array([10**30, Fraction(1, 3), True], "X").tolist() == [1e30, 1 / 3, 1.0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([1 + 2j], "complex numbers"),
        (["a", "b"], "text"),
        ([1, "a"], "text"),
        ([np.datetime64("2020-01-01")], "dates"),
        (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), "records of a, b"),
        ([1, None], r"X\[1\] is null"),
        ([[1, {}]], r"X\[0, 1\] is an object"),
        ([1, float("nan")], r"X\[1\] is nan"),
        ([[1], [float("-inf")]], r"X\[1, 0\] is -inf"),
    ],
)
def test_what_is_no_real_finite_number_is_refused(content, words):
    with pytest.raises(FileError, match=words):
        array(content, "X")
    with pytest.raises(UsageError, match=words):
        array(content, "X", None, UsageError)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([[1, 2], [3]], "X[0] has 2 elements and X[1] has 1 element"),
        ([[1, 2], 3], "X[0] has 2 elements and X[1] is no list"),
        ([3, [1, 2]], "X[0] is no list and X[1] has 2 elements"),
        ([[[1], [2]], [[3], [4, 5]]], "X[0, 0] has 1 element and X[1, 1] has 2 elements"),
        ([[1, 2], []], "X[0] has 2 elements and X[1] has 0 elements"),
    ],
)
def test_lists_of_different_lengths_are_named(content, message):
    with pytest.raises(ShapeError) as refused:
        array(content, "X")
    assert refused.value.message == message


@pytest.mark.parametrize("content", [[10**400], [[1, 10**309]]])
def test_numbers_beyond_floating_point_are_an_overflow(content):
    with pytest.raises(NumberOverflowError):
        array(content, "X")


@pytest.mark.skipif(np.finfo(np.longdouble).max <= np.finfo(float).max, reason="long double is double here")
def test_a_long_double_may_overflow():
    with pytest.raises(NumberOverflowError, match=r"X\[0\]"):
        array(np.array([1e300], dtype=np.longdouble) ** 2, "X")
