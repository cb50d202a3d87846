"""Python's cycle collector, paused while millions of small tuples are made: none of them can be in a cycle."""

import gc
from types import TracebackType


class Paused:
    """A context in which the cycle collector does not run.

    >>> with Paused():
    ...     gc.isenabled()
    False
    """

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._was_enabled:
            gc.enable()
