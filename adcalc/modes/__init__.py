"""The modes of differentiation: each is one sweep over the list of nodes, in whatever arithmetic."""

from adcalc.errors import UsageError, suggestion

MODES = ("forward", "reverse", "symbolic", "finite")
CONVENTIONS = ("right", "left", "zero", "mean")  # what may be said at a kink, for an error


def require_known(mode: str, at_kink: str | None = None) -> None:
    """Raise UsageError for a mode or a convention that there is not.

    >>> require_known("reverse", "left")
    """
    if mode not in MODES:
        raise UsageError(f"there is no mode '{mode}'", hint=suggestion(mode, MODES) or f"one of {', '.join(MODES)}")
    if at_kink is not None and at_kink not in CONVENTIONS:
        hint = suggestion(at_kink, CONVENTIONS) or f"one of {', '.join(CONVENTIONS)}"
        raise UsageError(f"there is no convention '{at_kink}' for kinks", hint=hint)
