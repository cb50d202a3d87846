"""The options that commands share, each declared once, and what they stand for."""

import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from adcalc.errors import FileError, Source, UsageError
from adcalc.rules.table import Table, standard
from adcalc.syntax.lower import MAXIMUM_OPERATIONS
from adcalc.syntax.notation import read_text

if TYPE_CHECKING:
    from adcalc.api import Function

Expression: TypeAlias = Annotated[
    str | None, typer.Argument(help='an expression or a program, such as "a = x*y; a + sin(x)"; - reads it from stdin')
]
File: TypeAlias = Annotated[
    str | None, typer.Option("--file", "-f", metavar="PATH", help="read the expression from a file")
]
At: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        "-a",
        metavar="POINT",
        help='values: "x=0, y=pi/3", "X=[[1,2],[3,4]]"; X=@file.npy (.npz .csv .json) or @point.json read them',
    ),
]
Wrt: TypeAlias = Annotated[
    str | None,
    typer.Option("--wrt", "-w", metavar="NAMES", help='variables to differentiate by: "x,y" (default: all of them)'),
]
Shape: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--shape", metavar="SHAPES", help='variables that are arrays: "X=4x3, w=3" [where --at says nothing]'),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="print one JSON object on one line")]
Functions: TypeAlias = Annotated[
    str | None, typer.Option("--functions", metavar="PATH", help="add the rows and definitions of a file of your own")
]
MaximumOperations: TypeAlias = Annotated[
    int, typer.Option("--max-operations", metavar="N", help="refuse programs that unfold to more operations", min=1)
]
Strict: TypeAlias = Annotated[bool, typer.Option("--strict", help="treat a warning as an error")]
Mode: TypeAlias = Annotated[
    str, typer.Option("--mode", "-m", metavar="MODE", help="forward, reverse, symbolic or finite (finite differences)")
]
Mixed: TypeAlias = Annotated[bool, typer.Option("--mixed", help="one mixed partial by all variables of --wrt")]
Difference: TypeAlias = Annotated[
    str, typer.Option("--difference", metavar="METHOD", help="of mode finite: richardson, central, forward or complex")
]
AtKink: TypeAlias = Annotated[
    str | None,
    typer.Option("--at-kink", metavar="SIDE", help="the slope at a kink, for an error: right, left, zero or mean"),
]
Digits: TypeAlias = Annotated[
    int | None, typer.Option("--digits", metavar="N", help="N significant digits, every one of them proved", min=1)
]
Enclosure: TypeAlias = Annotated[
    bool, typer.Option("--enclosure", help="the decimals between which each number certainly lies")
]
Out: TypeAlias = Annotated[
    str | None, typer.Option("--out", metavar="FILE", help="write the numbers to a file too: .npz, .npy, .csv or .json")
]
MAXIMUM = MAXIMUM_OPERATIONS
MINUS_MARK = "\0"  # no argument of a process can hold it


def source(expression: str | None, file: str | None) -> Source:
    """The text that a command is about: the argument, standard input, or a file.

    Raises UsageError where there is none or two, FileError where it cannot be read.

    >>> source("x^2", None)
    Source(text='x^2', name='')
    """
    if expression is not None and file is not None:
        raise UsageError("an expression and --file cannot both be given", hint="leave one of them out")
    if file is not None:
        return Source(read_text(file), file)
    if expression == "-":
        try:
            return Source(sys.stdin.read())
        except UnicodeDecodeError:
            raise FileError("standard input is not UTF-8 text") from None
    if expression is None:
        raise UsageError("there is no expression", hint='give one in quotes: adcalc grad "x^2" --at x=3')
    return Source(expression.removeprefix(MINUS_MARK))


def function(
    expression: "str | Function | None",
    file: str | None,
    table: Table,
    maximum_operations: int,
    shape: list[str] | None = None,
) -> "Function":
    """The function that a command is about; one that a session has read already is taken as it is.

    `shape` is what was said of the shapes of its variables.

    Raises what `source` raises, and what the language says of the text.

    >>> function("x^2", None, standard(), MAXIMUM).variables
    ('x',)
    """
    from adcalc.api import Function

    shapes = None
    if shape:
        from adcalc.cli.shapes import shapes as read

        shapes = read(shape)
    if isinstance(expression, Function):
        if shapes is None:
            return expression
        return Function(expression.source, expression.table, maximum_operations, expression.code, shapes)
    return Function(source(expression, file), table, maximum_operations, shapes=shapes)


def table(functions: str | None) -> Table:
    """The function table, with the rows of a user's file."""
    if functions is None:
        return standard()
    try:
        state = os.stat(functions)
    except (OSError, ValueError):
        return _extended(functions, ())
    return _extended(functions, (state.st_mtime_ns, state.st_size, state.st_ino))


@lru_cache(maxsize=4)
def _extended(functions: str, stamp: tuple[int, ...]) -> Table:
    """The table of a file in the state that the stamp says: a session asks for it with every question."""
    from adcalc.rules.table import extended

    return extended(functions)
