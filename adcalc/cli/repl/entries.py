"""Where an entry ends: lines belong together while a bracket or a brace is open, or an operator waits."""

from collections.abc import Iterable, Iterator
from typing import Final

from adcalc.syntax.parser import KINDS, TOKEN
from adcalc.syntax.tables import TERMINALS

_OPENS: Final = frozenset("([{")
_CLOSES: Final = frozenset(")]}")
_WAITING: Final = frozenset({"+", "-", "−", "*", "·", "×", "⋅", "/", "÷", "%", "@", "^", "**", "="})
_WORDS: Final = frozenset({"and", "or", "not"})


class Depth:
    """How deep the brackets are open at the end of a text, and whether it ends with an operator.

    >>> Depth("f(u) = {").is_complete, Depth("x +").is_complete, Depth("sin(x)").is_complete
    (False, False, True)
    """

    def __init__(self, text: str = "") -> None:
        self.brackets = self.braces = 0
        self.waits = False
        self.add(text)

    def add(self, text: str) -> None:
        """Go on with a further line.

        >>> depth = Depth("f(u) = {")
        >>> depth.add("u }")
        >>> depth.is_complete
        True
        """
        for found in TOKEN.finditer(text):
            group = found.lastindex or 0
            word = found[group]
            if word in _OPENS:
                self.brackets += word != "{"
                self.braces += word == "{"
            elif word in _CLOSES:
                self.brackets -= word != "}"
                self.braces -= word == "}"
            if word and not word.isspace():
                self.waits = word in _WAITING or word in _WORDS
            if KINDS[group] >= 0 and TERMINALS[KINDS[group]] == "$END":
                break

    @property
    def is_complete(self) -> bool:
        """Whether an entry can end here."""
        return self.brackets <= 0 and self.braces <= 0 and not self.waits


def entries(lines: Iterable[str]) -> Iterator[str]:
    """The entries of a text, line by line; each is given as soon as its last line has been read.

    An empty line ends an entry whose brackets are open, so that one mistake does not swallow all that follows; inside
    braces it is a line like any other.

    >>> list(entries(["x = 2", "f(u) = {", "  u^2", "}", "f(x"]))
    ['x = 2', 'f(u) = {\\n  u^2\\n}', 'f(x']
    """
    held: list[str] = []
    depth = Depth()
    for line in lines:
        line = line.rstrip("\r\n")
        if not held and (not line.strip() or line.lstrip().startswith(":")):
            if line.strip():
                yield line
            continue
        held.append(line)
        depth.add(line)
        gives_up = not line.strip() and depth.braces <= 0
        if depth.is_complete or gives_up:
            yield "\n".join(held).rstrip()
            held.clear()
            depth = Depth()
    if held:
        yield "\n".join(held)
