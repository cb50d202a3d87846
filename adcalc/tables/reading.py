"""Arrays from files: NumPy's .npy and .npz, tables of numbers as .csv, nested lists as .json.

What a file is, its first bytes say, then its name. Nothing in a file is ever run: pickled objects are refused.
"""

import io
import json
import zipfile
from typing import IO, Any, Final

from adcalc.errors import FileError, Place
from adcalc.syntax.notation import unreadable
from adcalc.tables.writing import ending

_NPY: Final = b"\x93NUMPY"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_TABLES: Final = (".csv", ".tsv", ".txt", ".dat")
_KNOWN: Final = "a file is .npy, .npz, .csv or .json"
_FOREIGN: Final = {
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), "numpy.save writes an array without pickling it"),
    **dict.fromkeys((".pt", ".pth"), 'numpy.save("w.npy", tensor.detach().numpy()) writes one that can be read'),
    **dict.fromkeys((".mat", ".h5", ".hdf5"), "numpy.savez writes arrays that can be read"),
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".parquet"), "save the table as .csv"),
}


class Numeral(str):
    """A number of a JSON file as it was written, for those who read it exactly.

    >>> isinstance(Numeral("0.1"), str)
    True
    """

    __slots__ = ()


def read(path: str, place: Place | None = None, only: str = "") -> Any:
    """What a file holds: an array, lists of JSON, or a dictionary of them by name; numbers alone as `Numeral`.

    `only` is the array wanted of a file of several. Raises FileError for a file that cannot be read, or that holds
    something else.

    >>> import tempfile, os
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     name = os.path.join(folder, "w.csv")
    ...     with open(name, "w") as file:
    ...         _ = file.write("a,b\\n1,2\\n3,4\\n")
    ...     read(name).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    suffix = ending(path)
    try:
        with open(path, "rb") as file:
            start = file.peek(len(_NPY))[: len(_NPY)]
            if start.startswith((_NPY, *_ZIP)) or suffix in (".npy", ".npz"):
                if not start.startswith((_NPY, *_ZIP)):
                    raise FileError(f"{path} does not hold what numpy has saved", place, _KNOWN)
                return _binary(file, path, place, only)
            if suffix in _FOREIGN or b"\0" in start:
                raise FileError(f"{path} holds no numbers that can be read", place, _FOREIGN.get(suffix, _KNOWN))
            text = file.read().decode("utf-8-sig")
    except (OSError, ValueError, EOFError) as error:
        raise unreadable(path, error, place) from None
    if suffix in _TABLES:
        from adcalc.tables.csv import table

        return table(text, path, place)
    return _json(text, path, place)


def _binary(file: IO[bytes], path: str, place: Place | None, only: str) -> Any:
    """The array or the arrays that NumPy has saved."""
    import warnings

    import numpy as np

    if not file.seekable():
        file = io.BytesIO(file.read())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of headers that an older Python wrote
            found = np.load(file, allow_pickle=False)
            if isinstance(found, np.ndarray):
                return found
            names = [only] if only in found.files else found.files
            return {name: found[name] for name in names}
    except (ValueError, EOFError, KeyError, NotImplementedError, zipfile.BadZipFile) as error:
        if "allow_pickle" in str(error):
            raise FileError(
                f"{path} holds Python objects, which are not read", place, "save numbers: array.astype(float)"
            ) from None
        raise FileError(f"{path} does not hold what numpy has saved", place, _KNOWN) from None


def _json(text: str, path: str, place: Place | None) -> Any:
    """Lists and numbers, or a dictionary of them: numbers in lists as floats, those alone as they were written."""
    try:
        content = json.loads(text)
        if not isinstance(content, list):
            exact = json.loads(text, parse_float=Numeral, parse_int=Numeral, parse_constant=Numeral)
            if not isinstance(content, dict):
                return exact
            return {name: one if isinstance(one, list) else exact[name] for name, one in content.items()}
    except ValueError as error:
        hint = None if ending(path) == ".json" else _KNOWN
        raise FileError(f"{path} is not JSON: {error}", place, hint) from None
    except RecursionError:
        raise FileError(f"{path} is not JSON of numbers: it nests too deep", place) from None
    return content
