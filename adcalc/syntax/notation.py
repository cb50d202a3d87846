"""Where the language's own files are: `grammar/`, installed inside the package or beside it in a checkout."""

import os

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
