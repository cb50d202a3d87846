"""Numbers to files: NumPy's .npy and .npz, tables as .csv; every number reads back to itself."""

from collections.abc import Mapping
from typing import IO, Any, Final

from adcalc.errors import FileError, UsageError, suggestion

SUFFIXES: Final = (".npz", ".npy", ".csv", ".json")


def ending(path: str) -> str:
    """How a file's name ends, from its last dot on, in small letters.

    >>> ending("a.b/slopes.NPZ"), ending("a.b/slopes")
    ('.npz', '')
    """
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    return name[name.rindex(".") :] if "." in name else ""


def suffix(path: str) -> str:
    """What a file for numbers is to be, from its name. Raises UsageError for a name that does not say it.

    >>> suffix("slopes.NPZ")
    '.npz'
    """
    found = ending(path)
    if found not in SUFFIXES:
        hint = suggestion(found, SUFFIXES) if found else None
        raise UsageError(f"{path} does not say what it is to be", hint=hint or "end it with .npz, .npy, .csv or .json")
    return found


def write(file: IO[bytes], path: str, arrays: Mapping[str, Any]) -> None:
    """Write arrays into an open file of the kind that its name says: all of them by name, or the only one.

    Raises FileError where it cannot hold them.

    >>> import io
    >>> file = io.BytesIO()
    >>> write(file, "a.csv", {"A": [[1, 2], [3, 0.1]]})
    >>> file.getvalue()
    b'1,2\\n3,0.1\\n'
    """
    import numpy as np

    kind = suffix(path)
    if kind == ".npz":
        np.savez(file, allow_pickle=False, **{name: np.asarray(one, dtype=float) for name, one in arrays.items()})
        return
    if len(arrays) != 1:
        names = ", ".join(arrays)
        raise FileError(
            f"{path} holds one array, and here are {names}" if arrays else f"there is nothing to write to {path}",
            hint=".npz holds them all; --wrt chooses one",
        )
    array = np.asarray(next(iter(arrays.values())), dtype=float)
    if kind == ".npy":
        np.save(file, array, allow_pickle=False)
        return
    if array.ndim > 2:
        raise FileError(
            f"{path} holds rows and columns, and this is {'x'.join(map(str, array.shape))}", hint=".npy holds any array"
        )
    from adcalc.syntax.number import short

    rows = array.reshape(-1, 1) if array.ndim < 2 else array
    for row in rows.tolist():
        file.write((",".join(map(short, row)) + "\n").encode())
