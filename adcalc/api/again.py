"""Questions that are asked again and again: what is made for them once they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_SWEEPS: Final = 2  # before it pays to write an answer out


def made_again(plans: dict[Any, Any], key: Any, make: Callable[[], T | None], before: int = _SWEEPS) -> T | None:
    """What is made for a question that has been asked a few times `before`; None until then, and where it cannot be.

    >>> plans = {}
    >>> [made_again(plans, "square", lambda: "x*x") for _ in range(4)]
    [None, None, None, 'x*x']
    """
    made = plans.get(key, 0)
    if isinstance(made, int):
        plans[key] = made + 1 if made < before else make()
        return None
    found: T | None = made
    return found
