"""The derivative calculator for the command line: exact derivatives of what you type, four ways.

>>> import adcalc
>>> adcalc.function("cos(x*y) + y").gradient(x=0, y=1).gradient
{'x': 0.0, 'y': 1.0}
"""

from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "AdcalcError": "adcalc.errors",
    "Derivative": "adcalc.results",
    "Function": "adcalc.api",
    "Gradient": "adcalc.results",
    "PreparedHessian": "adcalc.api.matrices.prepared",
    "Value": "adcalc.results",
    "function": "adcalc.api",
}

__all__ = [
    "AdcalcError",
    "Derivative",
    "Function",
    "Gradient",
    "PreparedHessian",
    "Value",
    "function",
]  # loaded on first use


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that a command loads only what it needs."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'adcalc' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
