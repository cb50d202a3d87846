"""The values of a point, as Python gives them, and the hints for those that are missing or too many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from adcalc.errors import NumberOverflowError, ShapeError, UsageError, product, unknown_variable
from adcalc.syntax.point import Binding, parse_constant

if TYPE_CHECKING:
    from adcalc.graph.node import Shape
    from adcalc.rules.table import Table

Number: TypeAlias = Any  # float | Fraction | str | Binding, or an array: nested lists, or NumPy's
Point: TypeAlias = Mapping[str, Number]


def constant_of(name: str, value: Number, table: Table) -> Any:
    """The value of a variable: a float, an array, or the graph of the constant expression that stands for it.

    Raises UsageError where it is no finite number, NumberOverflowError where it is beyond floating point, ShapeError
    for nested lists of different lengths.

    >>> from fractions import Fraction
    >>> from adcalc.rules.table import standard
    >>> constant_of("x", 0.25, standard())
    0.25
    """
    if type(value) is float and -math.inf < value < math.inf:
        return value
    if isinstance(value, str):
        return parse_constant(value, table)
    if isinstance(value, Binding):
        return value.value
    if isinstance(value, list | tuple) or hasattr(value, "__array__"):
        return _array(name, value)
    try:
        number = float(value)
    except OverflowError:
        raise NumberOverflowError(f"the value of {name} is beyond the range of floating point") from None
    except (TypeError, ValueError):
        raise UsageError(f"the value of {name} is not a number") from None
    if not math.isfinite(number):
        raise UsageError(f"the value of {name} is not a finite number")
    return number


def _array(name: str, value: Any) -> Any:
    from adcalc.tables.checked import array

    return array(value, f"the value of {name}", None, UsageError)


def shape_of(value: Number, table: Table) -> Shape:
    """The shape of a variable's value, () for a number.

    >>> from adcalc.rules.table import standard
    >>> shape_of([[1, 2, 3], [4, 5, 6]], standard())
    (2, 3)
    """
    if isinstance(value, float | int):
        return ()
    if isinstance(value, str | Binding):
        exact = constant_of("", value, table)
        return exact.graph.shape(exact.output) if hasattr(exact, "graph") else getattr(exact, "shape", ())
    if isinstance(value, list | tuple):
        value = _array("a variable", value)
    return tuple(getattr(value, "shape", ()))


def same_point(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two points give the same variables the same numbers.

    >>> same_point({"x": 1.0}, {"x": 1.0}), same_point({"x": 1.0}, {"x": 2.0})
    (True, False)
    """
    if one.keys() != other.keys():
        return False
    for name, value in one.items():
        if isinstance(value, float) or isinstance(other[name], float):
            if not (isinstance(value, float) and isinstance(other[name], float) and value == other[name]):
                return False
        elif value.shape != other[name].shape or not (value == other[name]).all():
            return False
    return True


def missing_hint(name: str, point: Point, table: Table) -> str:
    """What a variable without a value may have been meant as.

    >>> from adcalc.rules.table import standard
    >>> missing_hint("xy", {"x": 1.0, "y": 2.0}, standard())
    "a product is written with '*': x*y"
    """
    from adcalc.syntax import foreign

    if name in foreign.VARIABLES:
        return foreign.VARIABLES[name]
    if len(name) > 1 and name[-1] in "ᵀ'ᵗ":
        return f"the transpose is written {name[:-1]}.T"
    if (meant := product(name, point)) is not None:
        return meant
    forms = table.arities(name)
    return f"{name} is a function: write {forms[0]}" if forms else f"add it to --at: {name}=1"


def missing_shapes(error: ShapeError, names: Sequence[str], known: Iterable[str] = ()) -> ShapeError:
    """What a program says that needs the shapes of these variables, where some of them are not known.

    >>> missing_shapes(ShapeError("'@' multiplies arrays"), ("X", "W")).hint
    'say which variables are arrays: --shape "X=3x3, W=3x3", with their own lengths'
    """
    shaped = frozenset(known)
    left = [name for name in names if name not in shaped]
    if not left or (shaped and "a number" not in error.message):
        return error
    given = ", ".join(f"{name}={'3x3' if name[:1].isupper() else '3'}" for name in left)
    hint = f'say which variables are arrays: --shape "{given}", with their own lengths'
    return ShapeError(error.message, error.place, hint)


def require_variables(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise UnknownVariableError for a name that the program does not have.

    >>> require_variables(["x"], ["x", "y"])
    """
    variables = list(known)
    for name in names:
        if name not in variables:
            raise unknown_variable(name, variables)


def require_shapes(shapes: Mapping[str, Shape], found: Mapping[str, Shape]) -> None:
    """Raise ShapeError for a value that has not the shape that was said before.

    >>> require_shapes({"X": (4, 3)}, {"X": (4, 3), "y": ()})
    """
    for name, shape in shapes.items():
        if found.get(name, shape) != shape:
            from adcalc.graph.shape import text

            raise ShapeError(f"the value of {name} is {text(found[name])}, and its shape was said to be {text(shape)}")
