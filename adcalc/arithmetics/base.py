"""What an arithmetic has to offer so that every mode can run in it.

A sweep knows nothing of its numbers. It asks the arithmetic for constants and for the elemental operations, and adds
and multiplies what it gets. Where the numbers are floats that is automatic differentiation; where they are nodes of a
graph it is symbolic differentiation.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from adcalc.graph.node import CONDITIONS

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
Operation = Callable[..., Any]

RING = frozenset({"add", "sub", "mul", "div", "neg"})
OPERATORS = RING | CONDITIONS  # every operation that Python has an operator for


class Arithmetic(Protocol[V_co]):
    """Numbers of one kind.

    `infix` are the operations for which Python's own operators serve, so that rules can be compiled to them; `decides`
    says whether conditions have a truth here, so that only the chosen side of a choice is evaluated.
    """

    infix: frozenset[str]
    decides: bool

    def constant(self, value: Fraction) -> V_co:
        """The number nearest to, or enclosing, an exact value. Raises OverflowError where there is none."""

    def operation(self, op: str) -> Operation | None:
        """The elemental operation of that name; None where this arithmetic leaves it to its definition.

        Operations raise ValueError or ZeroDivisionError outside their domain, OverflowError beyond the range.
        """


class Solving(Protocol):
    """An arithmetic that solves equations itself; others leave that to the one they count for, or make a node of it."""

    def solve(self, equation: Operation, slope: Operation, args: Sequence[Any]) -> Any:
        """The solution of an equation near a start, which is the first of the numbers on which it depends.

        `equation` and `slope` are its left side and that one's derivative. Raises NoConvergence where none is found.
        """


class NoConvergence(ArithmeticError):  # noqa: N818  # it is no mistake of anybody
    """An iteration that has not found what it looked for."""
