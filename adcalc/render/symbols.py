"""How a variable's name is set as mathematics: a letter or word, and what stands below it. Every notation asks here."""

import re
import unicodedata
from typing import Final

_GREEK: Final = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_WORD: Final = re.compile(r"([^\W\d_]+)_?(\d*|\w+)")


def parts(name: str) -> tuple[str, str] | None:
    """A name as its body and its subscript, which may be empty; None where it is not made like that.

    >>> parts("x_1"), parts("theta12"), parts("rate"), parts("flow rate")
    (('x', '1'), ('theta', '12'), ('rate', ''), None)
    """
    found = _WORD.fullmatch(name)
    return None if found is None else (found[1], found[2])


def greek(word: str) -> str | None:
    """The Greek letter that a word names or is, as its English name; None for every other word.

    >>> greek("theta"), greek("Ω"), greek("μ"), greek("o"), greek("x")
    ('theta', 'Omega', 'mu', None, None)
    """
    if _GREEK.fullmatch(word):
        return word
    if len(word) == 1 and word > "\x7f":
        spelling = unicodedata.name(word, "").split()
        if spelling[:1] == ["GREEK"] and len(spelling) == 4:
            name = spelling[3].lower().replace("lamda", "lambda")
            name = name.capitalize() if spelling[1] == "CAPITAL" else name
            return name if _GREEK.fullmatch(name) else None
    return None
