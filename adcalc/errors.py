"""Everything that can go wrong for a user, as one tree of exceptions.

Each knows its `kind` (a stable word for scripts), its exit code, and the place in the text that it is about.

    AdcalcError
    ├── MathematicsError        exit 1: the mathematics says no
    │   ├── DomainError             a value outside a function's domain
    │   ├── NotDifferentiableError  a kink, a jump or an infinite slope
    │   ├── NumberOverflowError     a value beyond the range of floating point
    │   ├── LimitError              more work than the stated limits allow
    │   ├── NoConvergenceError      an iteration that did not find a solution
    │   ├── PrecisionError          digits that cannot be proved
    │   └── RefutedError            a claim that is wrong
    ├── InternalError           exit 1: adcalc contradicts itself
    └── RequestError            exit 2: the request says no
        ├── AdcalcSyntaxError       text that is not in the language
        ├── UnknownFunctionError    ├── UnknownVariableError    ├── UnboundVariableError
        ├── ArityError              ├── ShapeError              ├── FileError
        └── UsageError

>>> try:
...     raise UnknownFunctionError("unknown function 'cso'", Place(Source("cso(x)"), 0, 3), "did you mean 'cos'?")
... except AdcalcError as error:
...     print(error.kind, error.exit_code, error.place.line, error.place.column)
unknown_function 2 1 1
"""

from collections.abc import Collection
from typing import Any, NamedTuple


class Source(NamedTuple):
    """A text that a user wrote, and the file it came from ("" for the command line).

    >>> Source("x + y").name
    ''
    """

    text: str
    name: str = ""


class Place(NamedTuple):
    """A stretch of a source: characters `start` up to, not including, `end`.

    >>> Place(Source("a = 1\\nb = cso(2)"), 10, 13).line
    2
    """

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line where the stretch begins, counted from 1.

        >>> Place(Source("x"), 0, 1).line
        1
        """
        return self.source.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The column where the stretch begins, counted from 1 in characters.

        >>> Place(Source("x\\n y"), 3, 4).column
        2
        """
        return self.start - self.source.text.rfind("\n", 0, self.start)

    @property
    def excerpt(self) -> str:
        """The text of the stretch.

        >>> Place(Source("sin(x) + y"), 0, 6).excerpt
        'sin(x)'
        """
        return self.source.text[self.start : self.end]


class AdcalcError(Exception):
    """A failure that a user can read: a sentence, where it happened, and a hint.

    >>> AdcalcError("no").as_dict()
    {'kind': 'usage', 'message': 'no'}
    """

    kind = "usage"
    exit_code = 2

    def __init__(
        self,
        message: str,
        place: Place | None = None,
        hint: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint
        self.details = details or {}
        self.work: Any = None  # a trace as far as it went

    def as_dict(self) -> dict[str, Any]:
        """The error as a script sees it: `kind`, `message`, and `line`, `column`, `length`, `hint` where known.

        >>> UsageError("no such file", hint="check the path").as_dict()["hint"]
        'check the path'
        """
        result: dict[str, Any] = {"kind": self.kind, "message": self.message}
        if self.place is not None:
            if self.place.source.name:
                result["file"] = self.place.source.name
            result["line"] = self.place.line
            result["column"] = self.place.column
            result["length"] = max(1, self.place.end - self.place.start)
        if self.hint:
            result["hint"] = self.hint
        return result | self.details


class MathematicsError(AdcalcError):
    """The request is well formed, and the mathematics has no answer to it."""

    exit_code = 1


class DomainError(MathematicsError):
    """A value outside a function's domain: `log(-1)`, `1/0`, `gamma(0)`."""

    kind = "domain"


class NotDifferentiableError(MathematicsError):
    """The value exists and its derivative does not: a kink, a jump, an infinite slope."""

    kind = "not_differentiable"


class NumberOverflowError(MathematicsError):
    """A value or a slope whose size is beyond floating point."""

    kind = "overflow"


class LimitError(MathematicsError):
    """More operations, or a larger number, than the stated limits allow."""

    kind = "limit"


class NoConvergenceError(MathematicsError):
    """A solution that Newton's method did not find from its start."""

    kind = "no_convergence"


class PrecisionError(MathematicsError):
    """Digits that cannot be proved, or a question that no number of digits decides.

    `node` is the node of the graph that it is about, for those who know its place in the text.
    """

    kind = "precision"
    node: int | None = None


class RefutedError(MathematicsError):
    """A claim that is wrong, with the point that shows it."""

    kind = "refuted"


class InternalError(AdcalcError):
    """A mistake in adcalc, told rather than printed as an answer: two of its own answers contradict each other."""

    kind = "internal"
    exit_code = 1


class RequestError(AdcalcError):
    """The request itself cannot be understood or carried out."""


class AdcalcSyntaxError(RequestError):
    """Text that is not in the language."""

    kind = "syntax"


class UnknownFunctionError(RequestError):
    """A call of a function that neither the program nor the function table defines."""

    kind = "unknown_function"


class UnknownVariableError(RequestError):
    """A value or a derivative was asked for a variable that the expression does not have."""

    kind = "unknown_variable"


class UnboundVariableError(RequestError):
    """A variable of the expression has no value at the point."""

    kind = "unbound_variable"


class ArityError(RequestError):
    """A function called with a number of arguments that it does not take."""

    kind = "arity"


class ShapeError(RequestError):
    """Arrays whose shapes do not fit together; `operation` is what was to be done, and the shapes, where known."""

    kind = "shape"
    operation: tuple[str, tuple[tuple[int, ...], ...]] | None = None


class FileError(RequestError):
    """A file that cannot be read or written, or does not hold what it should."""

    kind = "file"


class UsageError(RequestError):
    """An option or an argument that makes no sense here."""

    kind = "usage"


class PathError(UsageError):
    """A question that needs no point, about a program whose way depends on the point."""


def suggestion(word: str, known: "list[str] | tuple[str, ...]") -> str | None:
    """The hint for a misspelt word: the nearest known one, or None when nothing is near.

    >>> suggestion("cso", ["cos", "sin"])
    "did you mean 'cos'?"
    """
    if word.lower() in known:
        return f"did you mean '{word.lower()}'?"
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=5, cutoff=0.6) or get_close_matches(word.lower(), known, n=5, cutoff=0.6)
    swapped = [other for other in near if sorted(other) == sorted(word)]  # letters in the wrong order, most likely
    return f"did you mean '{(swapped or near)[0]}'?" if near else None


def unknown_variable(
    name: str, known: "list[str] | tuple[str, ...]", place: Place | None = None
) -> UnknownVariableError:
    """The error for a variable that an expression does not have, with the one that may have been meant.

    >>> unknown_variable("z", ["x", "y"]).hint
    'its variables are x, y'
    """
    names = f"its variables are {', '.join(known)}" if known else "it has no variables"
    hint = product(name, known) or suggestion(name, known) or names
    return UnknownVariableError(f"the expression has no variable '{name}'", place, hint)


def product(name: str, known: Collection[str]) -> str | None:
    """The hint for a name that was meant as a product of variables of one letter each; None where it was not.

    >>> product("xy", ["x", "y"])
    "a product is written with '*': x*y"
    """
    meant = len(name) > 1 and all(letter in known for letter in name)
    return f"a product is written with '*': {'*'.join(name)}" if meant else None
