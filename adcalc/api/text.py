"""A text that has been read: its code, its variables, and its graph for the shapes that these have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.api.differentiate import Differentiate
from adcalc.api.point import (
    missing_shapes,
    require_variables,
)
from adcalc.errors import (
    PathError,
    ShapeError,
    Source,
)
from adcalc.rules.table import Table, standard
from adcalc.syntax.code import Code, free_names
from adcalc.syntax.lower import MAXIMUM_OPERATIONS, lower
from adcalc.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.graph.node import Shape
    from adcalc.syntax.lowered import Lowered


class Text:
    """An expression or program, the function table that it is read with, and its graph.

    >>> Text(Source("a = x*y; a + sin(x)")).variables
    ('x', 'y')
    """

    def __init__(
        self,
        source: Source,
        table: Table | None = None,
        maximum_operations: int = MAXIMUM_OPERATIONS,
        code: Code | None = None,
        shapes: Mapping[str, Shape] | None = None,
    ) -> None:
        self.source = source
        self.table = table or standard()
        self.code = code or parse(source)
        self.differentiate = Differentiate(self.table)
        self.maximum = maximum_operations
        self._lowered: dict[tuple[frozenset[str], tuple[tuple[str, Shape], ...]], Lowered] = {}
        self.shapes: Mapping[str, Shape] = shapes or {}  # of variables, where no point says them
        self.made_over: dict[Any, Any] = {}  # functions of other code of the same text
        self.needs_shapes = False  # whether the shapes of variables decide if there is a graph
        self._paths: tuple[Mapping[str, Any], Lowered] | None = None
        self.needs_point = False  # whether the way that the program takes depends on the point
        try:
            self.inputs()
        except PathError:
            self.needs_point = True
        except ShapeError:
            if not (free := self._free_names()) or all(name in self.shapes for name in free):
                raise
            self.needs_shapes = True

    def __repr__(self) -> str:
        return f"adcalc.function({self.source.text!r})"

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    @property
    def variables(self) -> tuple[str, ...]:
        """The free variables, in order of first appearance."""
        return self.inputs()

    def inputs(self, bound: Iterable[str] = ()) -> tuple[str, ...]:
        """The free variables, where these names have a value and so are variables, not constants of the language."""
        if not (self.needs_point or self.needs_shapes):
            return tuple(self.lowered(bound, several=True).variables)
        return self._free_names(bound)

    def _free_names(self, bound: Iterable[str] = ()) -> tuple[str, ...]:
        known = set(bound)
        return tuple(name for name in free_names(self.code.block) if name in known or name not in self.table.constants)

    @property
    def text(self) -> str:
        """The expression whose value is asked, spaced as adcalc writes it.

        >>> Text(Source("cos(x*y)+y")).text
        'cos(x*y) + y'
        """
        from adcalc.syntax.echo import echo

        return echo(self.code)

    @property
    def latex(self) -> str:
        """The expression in LaTeX."""
        from adcalc.render.latex import latex

        lowered = self.lowered()
        return latex(lowered.graph, lowered.output)

    def lowered(
        self, bound: Iterable[str] = (), several: bool = False, shapes: Mapping[str, Shape] | None = None
    ) -> Lowered:
        """The graph, where these names have a value and so are variables, not constants of the language.

        `shapes` are those of the variables that are arrays. Raises PathError where the graph depends on the point,
        ShapeError where shapes do not fit, and where the result is an array, unless `several` values are wanted.
        """
        hidden = self.table.constants.intersection(bound)
        at_point = shapes is not None
        shapes = self.shapes if shapes is None else shapes
        key = hidden, tuple(sorted(shapes.items()))
        if key not in self._lowered:
            self._lowered[key] = self._made(hidden, shapes, at_point)
        return self.one_result(self._lowered[key], several)

    def _made(self, hidden: frozenset[str], shapes: Mapping[str, Shape], at_point: bool) -> Lowered:
        try:
            made = lower(self.code, self.table, hidden, self.maximum, None, self.differentiate, shapes)
        except ShapeError as error:
            unknown = () if at_point or not self.needs_shapes else self._free_names()
            raise missing_shapes(error, unknown, shapes) from None
        if not at_point:
            require_variables(shapes, made.variables)
        return made

    def one_result(self, lowered: Lowered, several: bool) -> Lowered:
        """The graph as it is, which has to have one result unless several are wanted. Raises ShapeError."""
        shape = lowered.graph.shape(lowered.output)
        if not several and shape:
            from adcalc.graph.shape import size, text

            count = size(shape)
            what = f"a list of {count} value{'' if count == 1 else 's'}" if len(shape) == 1 else f"{text(shape)} values"
            raise ShapeError(
                f"the result is {what}, and one number is needed here",
                lowered.place(lowered.output),
                "take one element, or a sum; jacobian differentiates them all",
            )
        return lowered
