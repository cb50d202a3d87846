"""Files of numbers, written by NumPy and by hand; nothing in them is ever run."""

import io
import json
import os
import pickle
import threading

import numpy as np
import pytest

from adcalc.errors import FileError
from adcalc.tables.reading import Numeral, read

A = np.array([[1.0, 0.1], [-0.0, 1e300]])


class Trap:
    """What runs something where it is unpickled."""

    def __reduce__(self):
        return (os.mkdir, ("trapped",))


@pytest.mark.parametrize("name", ["a.npy", "a.NPY", "without_suffix", "a.data"])
def test_npy(tmp_path, name):
    with open(tmp_path / name, "wb") as file:
        np.save(file, A)
    assert np.array_equal(read(str(tmp_path / name)), A)


@pytest.mark.parametrize("array", [A, np.asfortranarray(A), A.astype(">f8"), np.array(2.5), np.zeros((0, 3))])
def test_npy_of_every_order(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    assert np.array_equal(read(str(tmp_path / "a.npy")), array)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(tmp_path, save):
    save(tmp_path / "a.npz", A=A, **{"flow rate": np.array(2)})
    found = read(str(tmp_path / "a.npz"))
    assert list(found) == ["A", "flow rate"]
    assert np.array_equal(found["A"], A)


def test_of_many_arrays_only_the_one_wanted_is_read(tmp_path):
    np.savez(tmp_path / "a.npz", A=A, B=np.array([{}], dtype=object))
    assert list(read(str(tmp_path / "a.npz"), None, "A")) == ["A"]
    with pytest.raises(FileError, match="Python objects"):
        read(str(tmp_path / "a.npz"))


def test_nothing_is_unpickled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("a.npy", np.array([Trap()], dtype=object), allow_pickle=True)
    np.savez("a.npz", A=np.array([Trap()], dtype=object))
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(Trap()))
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Trap()))
    (tmp_path / "c.json").write_bytes(pickle.dumps(Trap()))
    for name in ("a.npy", "a.npz", "a.pkl", "b.npy", "c.json"):
        with pytest.raises(FileError):
            read(name)
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.npy", b""),
        ("a.npy", b"\x93NUMPY"),
        ("a.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8'"),
        ("a.npy", b"1,2\n"),
        ("a.npz", b"PK\x03\x04 and no more"),
        ("a.npz", b"PK\x05\x06"),
        ("a.npz", b"not a zip"),
        ("a.bin", b"\x00\x01\x02"),
        ("a.parquet", b"PAR1"),
        ("a.csv", b"1,2\xff\n"),
        ("a.json", b"[1, 2"),
        ("a.json", b""),
        ("a.json", b"[" * 200_000),
        ("a.json", b"\xff"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError) as refused:
        read(str(tmp_path / name))
    assert name in refused.value.message


def test_an_array_that_was_cut_off_is_refused(tmp_path):
    np.save(tmp_path / "a.npy", A)
    whole = (tmp_path / "a.npy").read_bytes()
    np.savez(tmp_path / "a.npz", A=A)
    zipped = (tmp_path / "a.npz").read_bytes()
    for name, content in (("b.npy", whole), ("b.npz", zipped)):
        for end in range(6, len(content) - 1, 7):
            (tmp_path / name).write_bytes(content[:end])
            with pytest.raises(FileError):
                read(str(tmp_path / name))


@pytest.mark.parametrize("path", ["no/such/file.npy", ".", "", "\0"])
def test_what_cannot_be_opened_is_refused(path):
    with pytest.raises(FileError, match="cannot read"):
        read(path)


def test_a_pipe_can_be_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    data = io.BytesIO()
    np.save(data, A)
    writer = threading.Thread(target=lambda: path.write_bytes(data.getvalue()))
    writer.start()
    assert np.array_equal(read(str(path)), A)
    writer.join()


def test_json_keeps_numbers_as_they_were_written(tmp_path):
    (tmp_path / "a.json").write_text('{"x": 0.10, "n": 1e400, "X": [[1, 2.5]], "t": "pi/3"}')
    found = read(str(tmp_path / "a.json"))
    assert found == {"x": "0.10", "n": "1e400", "X": [[1, 2.5]], "t": "pi/3"}
    assert isinstance(found["x"], Numeral)
    assert not isinstance(found["t"], Numeral)


def test_json_of_one_value(tmp_path):
    (tmp_path / "a.json").write_text("[[1, 2], [3, 4]]")
    (tmp_path / "b.json").write_text(" 3e0 ")
    assert read(str(tmp_path / "a.json")) == [[1, 2], [3, 4]]
    assert read(str(tmp_path / "b.json")) == "3e0"


def test_lists_of_json_are_the_floats_that_python_reads(tmp_path):
    numbers = np.random.default_rng(0).normal(size=50) * 10.0 ** np.arange(-25, 25)
    (tmp_path / "a.json").write_text(json.dumps(numbers.tolist()))
    assert read(str(tmp_path / "a.json")) == numbers.tolist()
