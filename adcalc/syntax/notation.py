"""Where texts come from: `grammar/`, installed inside the package or beside it in a checkout, and users' files."""

import os

from adcalc.errors import FileError, Place

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def path(name: str) -> str:
    """The path of a file of `grammar/`.

    Raises FileNotFoundError where an installation is incomplete.

    >>> path("functions.adc").endswith("functions.adc")
    True
    """
    for folder in (os.path.join(_PACKAGE, "grammar"), os.path.join(os.path.dirname(_PACKAGE), "grammar")):
        candidate = os.path.join(folder, name)
        if os.path.isfile(candidate):
            return candidate
    raise FileNotFoundError(f"adcalc: {name} is missing from the installation")


def read(name: str) -> str:
    """The text of a file of `grammar/`.

    >>> "program:" in read("adcalc.lark")
    True
    """
    with open(path(name), encoding="utf-8") as file:
        return file.read()


def read_text(path: str, newline: str | None = None) -> str:
    """The text of a file of the user's; `newline` is what it is for `open`: None makes every end of a line a newline.

    Raises FileError where it cannot be read, or is not UTF-8.
    """
    try:
        with open(path, encoding="utf-8-sig", newline=newline) as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None


def unreadable(path: str, error: Exception, place: Place | None = None) -> FileError:
    """The error for a file that cannot be opened, or is not UTF-8, from what Python says of it.

    >>> unreadable("w.csv", FileNotFoundError(2, "No such file or directory")).message
    'cannot read w.csv: no such file or directory'
    """
    if isinstance(error, UnicodeDecodeError):
        return FileError(f"cannot read {path}: not UTF-8 text", place)
    reason = error.strerror if isinstance(error, OSError) else None  # ValueError: a null byte, which no name can hold
    return FileError(f"cannot read {path}: {(reason or str(error)).lower()}", place)
