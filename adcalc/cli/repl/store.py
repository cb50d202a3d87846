"""What a session knows: values of variables, functions, the last answer, and how to take the last change back."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from adcalc.errors import UsageError
from adcalc.syntax.unparse import quoted

LONGEST_PAST: Final = 1000  # changes that can be taken back
_LARGEST: Final = 200_000  # elements of an array that is written as a text
_NAME: Final = re.compile(r"[^\W\d]\w*")


class Held(NamedTuple):
    """The value of a variable: the constant expression that it was given as, exact, and its number, or array of them.

    The text is empty where the number says all: that of an array can be long, and is written when it is asked for.

    >>> Held("1/4", 0.25).written
    '1/4'
    """

    text: str
    number: Any

    @property
    def written(self) -> str:
        """The value as an expression that reads back to it.

        >>> Held("", 0.5).written
        '0.5'
        """
        return self.text or literal(self.number)


class Function(NamedTuple):
    """A function of the session: its definition as typed, its parameters, and the functions that it calls.

    >>> Function("f(u) = u^2", ("u",), frozenset()).parameters
    ('u',)
    """

    text: str
    parameters: tuple[str, ...]
    calls: frozenset[str]


class Change(NamedTuple):
    """What a name stood for before: a value or a function; None where it stood for nothing.

    >>> Change(False, "x", None).name
    'x'
    """

    is_function: bool
    name: str
    before: Held | Function | None


class Store:
    """Values and functions, in the order of their last change, and the changes that led to them.

    >>> store = Store()
    >>> store.bind("x", Held("2", 2.0)); store.settle()
    >>> store.bind("x", Held("3", 3.0)); store.settle()
    >>> store.undo()
    ['x']
    >>> store.values["x"].number
    2.0
    """

    def __init__(self) -> None:
        self.values: dict[str, Held] = {}
        self.functions: dict[str, Function] = {}
        self.answer: Any = None  # a number, several of them, or an array; a text is a constant expression
        self.gradient: Mapping[str, Any] = {}
        self._open: list[Change] = []  # those of the line that is being read
        self._past: list[list[Change]] = []
        self._kept: tuple[Any, Mapping[str, Any]] = (None, {})  # answer and gradient before that line

    def bind(self, name: str, value: Held) -> None:
        """Give a variable a value."""
        self._open.append(Change(False, name, self.values.pop(name, None)))
        self.values[name] = value

    def define(self, name: str, function: Function) -> None:
        """Give the session a function, in the place of another of its name."""
        self._open.append(Change(True, name, self.functions.pop(name, None)))
        self.functions[name] = function

    def forget(self, name: str) -> bool:
        """Forget the value and the function of a name; whether there was one."""
        value, function = self.values.pop(name, None), self.functions.pop(name, None)
        if value is not None:
            self._open.append(Change(False, name, value))
        if function is not None:
            self._open.append(Change(True, name, function))
        return value is not None or function is not None

    def settle(self) -> None:
        """Keep the changes of a line that went well; all of them are one step back."""
        self._kept = self.answer, self.gradient
        if self._open:
            self._past.append(self._open)
            self._open = []
            del self._past[:-LONGEST_PAST]

    def roll_back(self) -> None:
        """Take back what a line changed before it failed, the last answer too."""
        self.answer, self.gradient = self._kept
        changes, self._open = self._open, []
        self._revert(changes)

    def undo(self) -> list[str]:
        """Take back the changes of the last line that made any; the names that it changed."""
        if not self._past:
            return []
        changes = self._past.pop()
        self._revert(changes)
        return list(dict.fromkeys(change.name for change in changes))

    def _revert(self, changes: list[Change]) -> None:
        for is_function, name, before in reversed(changes):
            if is_function:
                self.functions.pop(name, None)
            else:
                self.values.pop(name, None)
            if isinstance(before, Held):
                self.values[name] = before
            elif before is not None:
                self.functions[name] = before

    def point(self, names: Iterable[str]) -> dict[str, Any]:
        """The numbers and arrays of those of the names that have one."""
        return {name: self.values[name].number for name in names if name in self.values}

    def note(self, result: Any, text: str | None = None) -> None:
        """Keep the value and the gradient of a result as `ans` and `_grad`.

        `text` is the constant expression that it is the value of, where there is one: kept in the place of digits.
        """
        known = getattr(result, "remembered", None)  # of proved digits
        if known is not None:
            answer, gradient = known
            self.answer = answer if text is None or None not in result.exact else text
            if gradient:
                self.gradient = gradient
            return
        value, gradient = getattr(result, "value", None), getattr(result, "gradient", None)
        if isinstance(value, int | float | str | tuple) or hasattr(value, "dtype"):
            self.answer = value
        if isinstance(gradient, dict) and gradient:
            self.gradient = gradient

    def needed(self, calls: frozenset[str]) -> list[str]:
        """The definitions that a text with these calls needs, directly or through others, in their order."""
        wanted: set[str] = set()
        waiting = list(calls)
        while waiting:
            name = waiting.pop()
            if name in self.functions and name not in wanted:
                wanted.add(name)
                waiting.extend(self.functions[name].calls)
        return [function.text for name, function in self.functions.items() if name in wanted]

    def remembered(self, names: list[str]) -> list[str]:
        """The statements that give `ans`, `_grad` and `_grad_x` their values, for those of the names that are such."""
        found = []
        for name in names:
            if name == "ans" and self.answer is not None:
                found.append(f"ans = {literal(self.answer)}")
            elif name == "_grad" and self.gradient:
                found.append(f"_grad = {literal(self._whole_gradient())}")
            elif name.startswith("_grad_") and name[6:] in self.gradient:
                found.append(f"{quoted(name)} = {literal(self.gradient[name[6:]])}")
        return found

    def _whole_gradient(self) -> Any:
        """The partials as a list, or the array that is the only one. Raises UsageError for several arrays."""
        slopes = tuple(self.gradient.values())
        if all(isinstance(slope, float) for slope in slopes):
            return slopes
        if len(slopes) > 1:
            names = ", ".join(f"_grad_{name}" for name in self.gradient)
            raise UsageError("_grad is a list, and the last gradient has arrays", hint=f"it is in {names}")
        return slopes[0]

    def program(self) -> str:
        """The session as a program: a statement for each value, then the functions.

        A text that has a name of the session in it, which it did not mean, gives way to its number.
        """
        values = [
            f"{quoted(name)} = {literal(held.number) if _names(held.text) & self.values.keys() else held.written}"
            for name, held in self.values.items()
        ]
        return "\n".join([*values, *(function.text for function in self.functions.values())])


def is_reserved(name: str) -> bool:
    """Whether a name is one that the session gives a value itself.

    >>> is_reserved("ans"), is_reserved("answer")
    (True, False)
    """
    return name in ("ans", "_grad") or name.startswith("_grad_")


def literal(value: Any) -> str:
    """A number, a list of them or an array as an expression that reads back to the same floats; a text is one.

    Raises UsageError for an array that is too large for a text.

    >>> literal((1.0, 0.1)), literal("1/3")
    ('[1.0, 0.1]', '1/3')
    """
    if isinstance(value, tuple):
        return f"[{', '.join(str(number) for number in value)}]"
    if isinstance(value, float | int | str):
        return str(value)
    if value.size > _LARGEST:
        raise UsageError(
            f"an array of {value.size} numbers is too large for a text",
            hint='eval with --out "w.npy" writes it to a file, which X = @w.npy reads',
        )
    return repr(value.tolist())


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text))
