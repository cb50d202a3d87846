"""Python functions that are made of graphs: the one place where text is compiled and run.

The text consists of numbered names, operators and numbers: whoever prints it binds what these stand for in a name space
of the function's own. No text of a user is part of it, not even the name of a row.
"""

from types import CodeType
from typing import Any


def made(source: str | CodeType, name: str, space: dict[str, Any]) -> Any:
    """The function of a name that some Python text defines; what else the text names is in the name space.

    >>> made("def twice(x): return n2 * x", "twice", {"n2": 2})(3)
    6
    """
    exec(source, space)
    return space[name]
