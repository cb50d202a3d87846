"""Arrays of floats: every operation of a graph on NumPy's arrays.

A function is a ufunc wherever there is one, so that a result can be written over an argument that nobody needs any
more. Functions that NumPy lacks are SciPy's, or those of numbers, element by element. What has no value is raised as
ValueError or as NumPy's FloatingPointError, or comes out as a number that is not finite.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np

from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.elementwise import normalpdf, sech
from adcalc.arithmetics.lapack import LAPACK
from adcalc.graph.node import Label
from adcalc.graph.unfold import ARRANGED, subscript

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

UFUNCS: Final[dict[str, Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "mod": np.mod,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "hypot": np.hypot,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "abs": np.absolute,
    "sign": np.sign,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.rint,
    "min": np.minimum,
    "max": np.maximum,
    "logsumexp": np.logaddexp,
}
_NEARLY_ONE: Final = 1.01  # a sum whose logarithm has lost two digits
RELATIONS: Final[dict[str, Any]] = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}
_SCIPY: Final = {  # as exact as floats allow, and their domains show as nan or infinity
    "logistic": "expit",
    "erf": "erf",
    "erfc": "erfc",
    "normalcdf": "ndtr",
    "gamma": "gamma",
    "lgamma": "gammaln",
    "digamma": "digamma",
    "xlogy": "xlogy",
}


def function(op: str, label: Label, numbers: Callable[[str], Operation]) -> Operation:
    """The function of arrays that an operation is; `numbers` gives that of numbers, for those that have no other.

    >>> function("sum", ((0,), False), dict().__getitem__)(np.ones((2, 3))).tolist()
    [2.0, 2.0, 2.0]
    """
    found: Operation | None = UFUNCS.get(op) or RELATIONS.get(op)
    if found is not None:
        return found
    if op in _WHOLE:
        return _WHOLE[op]
    if op in _LABELLED:
        return _LABELLED[op](label)
    if op in _SCIPY:
        from scipy import special

        ufunc: Operation = getattr(special, _SCIPY[op])
        return ufunc
    return _each(numbers(op))


def _each(of_numbers: Operation) -> Operation:
    """A function of numbers, element by element."""

    def applied(*args: Any) -> Any:
        if not args:
            return of_numbers()
        made = np.frompyfunc(of_numbers, len(args), 1)(*args)
        return made.astype(float) if isinstance(made, np.ndarray) else float(made)

    return applied


def power(exponent: float) -> tuple[Any, ...] | None:
    """The ufuncs that make a power of a fixed exponent, one after another; None where only the power itself does.

    >>> power(2.0) == (np.square,)
    True
    """
    return {
        2.0: (np.square,),
        0.5: (np.sqrt,),
        -1.0: (np.reciprocal,),
        -0.5: (np.sqrt, np.reciprocal),
        1.0: (np.positive,),
    }.get(exponent)


def _pow(u: Any, w: Any) -> Any:
    if isinstance(w, float):
        steps = power(w)
        if steps is not None:
            for step in steps:
                u = step(u)
            return u
    return np.power(u, w)


def _step(u: Any) -> Any:
    return np.heaviside(u, 1.0)


def _softplus(u: Any) -> Any:
    return np.logaddexp(u, 0.0)


def _choose(condition: Any, taken: Any, other: Any) -> Any:
    return np.where(condition, taken, other)


def _stack(*elements: Any) -> Array:
    made = np.array(elements)
    return made if made.dtype.kind == "f" else made.astype(float)


def _half_lower(matrix: Array) -> Array:
    made = np.tril(matrix)
    np.fill_diagonal(made, np.diagonal(made) / 2.0)
    return made


_WHOLE: Final[dict[str, Operation]] = {
    "pow": _pow,
    "step": _step,
    "softplus": _softplus,
    "sech": sech,
    "normalpdf": normalpdf,
    "if": _choose,
    "array": _stack,
    "matmul": np.matmul,
    "outer": np.multiply.outer,
    "trace": np.trace,
    "diagonal_matrix": np.diag,
    "half_lower": _half_lower,
    **LAPACK,
}


def _sum(label: Any) -> Operation:
    axes, kept = label
    return lambda x: np.add.reduce(x, axis=axes, keepdims=kept)


def _extreme(ufunc: Any) -> Callable[[Any], Operation]:
    return lambda label: lambda x: ufunc.reduce(x, axis=label[0], keepdims=label[1])


def _logarithm(powers: Any, axes: tuple[int, ...]) -> Any:
    """The logarithm of sums of numbers of which the largest is 1, also where the others are very small."""
    total = np.add.reduce(powers, axis=axes, keepdims=True)
    near = np.squeeze(total, axes) < _NEARLY_ONE
    found = np.log(total)
    if near.any():
        rest = np.moveaxis(powers, axes, range(-len(axes), 0))[near]
        rest[rest == 1.0] = 0.0
        np.squeeze(found, axes)[near] = np.log1p(np.add.reduce(rest, axis=tuple(range(1, rest.ndim))))
    return found


def _logsumexp(label: Any) -> Operation:
    axes, kept = label

    def found(x: Array) -> Any:
        top = np.max(x, axis=axes, keepdims=True)
        inner = np.subtract(x, top)
        np.exp(inner, out=inner)
        total = _logarithm(inner, axes) + top
        return total if kept else total.reshape([n for axis, n in enumerate(x.shape) if axis not in axes])

    return found


def _softmax(label: Any) -> Operation:
    axes = label[0]

    def found(x: Array) -> Array:
        inner: Array = np.subtract(x, np.max(x, axis=axes, keepdims=True))
        np.exp(inner, out=inner)
        np.divide(inner, np.add.reduce(inner, axis=axes, keepdims=True), out=inner)
        return inner

    return found


def _log_softmax(label: Any) -> Operation:
    axes = label[0]

    def found(x: Array) -> Array:
        inner: Array = np.subtract(x, np.max(x, axis=axes, keepdims=True))
        np.subtract(inner, _logarithm(np.exp(inner), axes), out=inner)
        return inner

    return found


def _norm(label: Any) -> Operation:
    axes, kept = label

    def found(x: Array) -> Any:
        size = np.max(np.abs(x), axis=axes, keepdims=True)  # so that no square leaves the range
        scale = np.where(size > 0.0, size, 1.0)
        total = np.sqrt(np.add.reduce(np.square(x / scale), axis=axes, keepdims=True)) * scale
        return total if kept else total.reshape([n for axis, n in enumerate(x.shape) if axis not in axes])

    return found


def _put(label: Any) -> Operation:
    shape, index = label[0], subscript(label[1])

    def found(x: Any) -> Array:
        whole = np.zeros(shape, dtype=np.result_type(float, x))
        whole[index] = x
        return whole

    return found


_LABELLED: Final[dict[str, Callable[[Any], Operation]]] = {
    **ARRANGED,
    "sum": _sum,
    "max_over": _extreme(np.maximum),
    "min_over": _extreme(np.minimum),
    "logsumexp_over": _logsumexp,
    "norm_over": _norm,
    "softmax_over": _softmax,
    "log_softmax_over": _log_softmax,
    "put": _put,
    "eye": lambda label: lambda: np.eye(*label),
}
# operations on longer floats that lose nothing
KEEP: Final = frozenset({*UFUNCS, *RELATIONS, *_WHOLE, *_LABELLED, "logistic"} - LAPACK.keys())
# they share their argument's memory
VIEWS: Final = frozenset({"reshape", "broadcast", "transpose", "take", "diagonal"})
WRITING: Final = frozenset({"matmul", "sech"})  # besides ufuncs: they write where they are told, but over no argument
