"""`--out`: an answer's numbers as a file, beside what is printed."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn

from adcalc.cli import output
from adcalc.errors import UsageError
from adcalc.results import Gradient, Value
from adcalc.tables.writing import suffix, write


def require(path: str) -> None:
    """See that a file's name says what it is to be, before any work is done. Raises UsageError.

    >>> require("slopes.npz")
    """
    suffix(path)


def refuse_digits() -> NoReturn:
    """Raise UsageError: a file has floats, and the answer is in proved digits.

    >>> refuse_digits()
    Traceback (most recent call last):
        ...
    adcalc.errors.UsageError: --out writes floats, and proved digits and bounds are none
    """
    raise UsageError(
        "--out writes floats, and proved digits and bounds are none", hint="leave it out, and save what --json prints"
    )


def value(path: str, result: Value) -> None:
    """Write a value: as `value` into .npz, as the answer itself into .json. Raises FileError."""
    from adcalc.render import json

    _write(path, {"value": result.value}, partial(json.value, result))


def gradient(path: str, result: Gradient) -> None:
    """Write a gradient: into .npz as `value`, and `dX` for each variable X; into .npy or .csv that by one variable.

    Raises FileError where there are several.
    """
    from adcalc.render import json

    slopes = {f"d{name}": partial for name, partial in result.gradient.items()}
    if suffix(path) == ".npz":
        slopes = {"value": result.value, **slopes}
    _write(path, slopes, partial(json.gradient, result))


def _write(path: str, arrays: Mapping[str, Any], as_json: Any) -> None:
    if suffix(path) == ".json":
        output.save(path, f"{as_json()}\n")
    else:
        output.save(path, partial(write, path=path, arrays=arrays))
