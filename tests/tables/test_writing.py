"""Files of numbers are read back by NumPy and Python, to the same floats."""

import io

import numpy as np
import pytest

from adcalc.errors import FileError, UsageError
from adcalc.tables.csv import table
from adcalc.tables.writing import suffix, write

NUMBERS = np.random.default_rng(1).normal(size=(3, 4)) * 10.0 ** np.arange(-300, 300, 150)


def written(path, **arrays):
    file = io.BytesIO()
    write(file, path, arrays)
    file.seek(0)
    return file


def test_npz_holds_all_by_name():
    found = np.load(written("a.npz", value=2.5, dX=NUMBERS), allow_pickle=False)
    assert list(found) == ["value", "dX"]
    assert found["value"] == 2.5
    assert found["value"].shape == ()
    assert np.array_equal(found["dX"], NUMBERS)


@pytest.mark.parametrize("array", [NUMBERS, NUMBERS[0], 0.1, (1.0, 2.0), NUMBERS.reshape(3, 2, 2)])
def test_npy_holds_one(array):
    found = np.load(written("a.npy", x=array), allow_pickle=False)
    assert found.dtype == float
    assert np.array_equal(found, array)


@pytest.mark.parametrize("array", [NUMBERS, NUMBERS[:, 0], 0.1])
def test_csv_reads_back_exactly(array):
    text = written("a.csv", x=array).read().decode()
    assert np.array_equal(table(text, "a.csv"), array)
    assert np.array_equal(np.loadtxt(io.StringIO(text), delimiter=","), array)


def test_csv_has_a_line_for_each_row():
    assert written("a.csv", x=[[1, -0.0], [0.5, 1e22]]).read() == b"1,0\n0.5,1e+22\n"
    assert written("a.csv", x=[1, 2]).read() == b"1\n2\n"


def test_csv_has_no_higher_arrays():
    with pytest.raises(FileError, match="1x2x2") as refused:
        written("a.csv", x=np.zeros((1, 2, 2)))
    assert refused.value.hint == ".npy holds any array"


@pytest.mark.parametrize("path", ["a.npy", "a.csv"])
def test_several_arrays_need_npz(path):
    with pytest.raises(FileError, match="holds one array, and here are dX, dW"):
        written(path, dX=1.0, dW=2.0)


@pytest.mark.parametrize("path", ["a", "a.txt", "a.np", "folder.npy/a", "", "a.npz/"])
def test_a_name_has_to_say_what_the_file_is(path):
    with pytest.raises(UsageError, match="does not say what it is to be"):
        suffix(path)
