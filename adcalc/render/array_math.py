"""Arrays as a paper prints them: sums with their sign, norms between bars, indices below, sizes of what has no name.

A sum of squares is the square of a norm; a sum over one axis of a matrix a product with ones.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from adcalc.graph.node import NodeId
from adcalc.render.array_products import ArrayProducts, Parts
from adcalc.syntax.array_forms import Form, form, subscript
from adcalc.syntax.unparse import ATOM, MODULO, POWER, PRODUCT, Operand, Pieces

_LETTERS: Final = "ijklmnopqrstuvw"
_WORDS: Final = {"trace": "tr", "adjugate": "adj", "cholesky": "chol"}


class ArrayMath(ArrayProducts):
    """The nodes of a graph with arrays in a notation; `names` are nodes that are printed as a name."""

    def pieces(self, node: NodeId, minus: bool) -> Pieces | None:
        """How tightly a node binds and what it is made of; None where it is written as with numbers."""
        op, args, _ = self.graph.nodes[node]
        drawn = _OPERATIONS.get(op)
        if drawn is not None:
            return drawn(self, args, minus)
        if op == "exp" and self.rank(args[0]):
            return self.called("exp", args)
        found = form(self.graph, node, self.names)
        if found is None:
            return self.called(_WORDS[op], args) if op in _WORDS else None
        drawn_form = _FORMS.get(found.name)
        return self.called(found.name, found.args, found.words) if drawn_form is None else drawn_form(self, found)

    def array(self, args: tuple[NodeId, ...], minus: bool) -> Pieces | None:
        """A list of numbers as a column, and one of such lists as a matrix."""
        rows: list[tuple[NodeId, ...]] = [(one,) for one in args]
        if self.rank(args[0]) == 1:
            if not all(self.has(one, "array") for one in args):
                return self.called("stack", args)
            rows = [self.graph.nodes[one].args for one in args]
        elif self.rank(args[0]) > 1:
            return self.called("stack", args)
        before, between, below, after = self.marks.matrix
        parts: Parts = [before]
        for number, row in enumerate(rows):
            parts += [below] * bool(number)
            for place, one in enumerate(row):
                parts += [between] * bool(place) + [Operand(one)]
        return ATOM, [*parts, after]

    # ------------------------------------------------------------ forms

    def transpose(self, found: Form) -> Pieces:
        """A transpose as an exponent; of more axes than two as a call."""
        if found.words or self.rank(found.args[0]) != 2:
            return self.called("transpose", found.args, found.words)
        if self.has(found.args[0], "inv"):
            return POWER, self.raised(self.graph.nodes[found.args[0]].args[0], self.marks.minus_top)
        return POWER, self.raised(found.args[0], self.marks.top)

    def sum(self, found: Form) -> Pieces:
        """A sum of squares as a norm, one over all elements with its sign, one over an axis as a product with ones."""
        (argument,) = found.args
        rank = self.rank(argument)
        if rank == 2 and len(found.axes) == 1:
            ones = self.marks.ones
            if found.axes == (1,):
                return PRODUCT, [self.factor(argument, False), self.marks.times, ones]
            if found.kept:
                turned = self.scripted(self.marks.raised, [ones], [self.marks.top])
                return PRODUCT, [*turned, self.marks.times, Operand(argument, POWER, False)]
            return PRODUCT, [*self.turned(argument), self.marks.times, ones]
        if found.axes:
            return self.called("sum", found.args, found.words)
        op, args, _ = self.graph.nodes[argument]
        if op == "pow" and argument not in self.names and self.graph.nodes[args[1]].label == Fraction(2):
            return POWER, self.scripted(self.marks.raised, self._norm(args[0]), ["2"])
        below = self.marks.comma.join(map(self.marks.letter, _LETTERS[:rank]))
        total = self.scripted(self.marks.lowered, [self.marks.total], [below])
        return MODULO, [*total, self.marks.times, *self.element(argument, below)]

    def _norm(self, argument: NodeId) -> Parts:
        opening, closing = self.marks.norm
        kind = "2" if self.rank(argument) == 1 else self.marks.letter("F")
        return self.scripted(self.marks.lowered, [opening, Operand(argument), closing], [kind])

    def norm(self, found: Form) -> Pieces:
        """A norm between bars."""
        if found.axes:
            return self.over(found)
        return ATOM, self._norm(found.args[0])

    def over(self, found: Form) -> Pieces:
        """A reduction with the letters of its axes below it."""
        below = self.marks.comma.join(self.marks.letter(_LETTERS[axis]) for axis in found.axes)
        return self.called(found.name, found.args, below=below)

    def ones(self, found: Form) -> Pieces:
        """The same number everywhere."""
        ones = self._sized(self.marks.ones, found)
        if not found.args:
            return ATOM, ones
        return PRODUCT, [Operand(found.args[0], PRODUCT), self.marks.times, *ones]

    def zeros(self, found: Form) -> Pieces:
        """Zeros with their shape below."""
        return ATOM, self._sized(self.marks.letter("0"), found)

    def eye(self, found: Form) -> Pieces:
        """The identity with its size below."""
        return ATOM, self._sized(self.marks.letter("I"), found)

    def _sized(self, sign: str, found: Form) -> Parts:
        below = self.marks.letter("×").join(map(self.marks.letter, found.words))
        return self.scripted(self.marks.lowered, [sign], [below])

    def index(self, found: Form) -> Pieces:
        """An element or a slice as what stands below; a row of the identity is a unit vector."""
        (argument,) = found.args
        text = subscript(found.place, self.graph.shape(argument))
        below = self.marks.comma.join(self.marks.letter(one) for one in text.split(", "))
        if self.has(argument, "eye") and len(found.place) == 1 and isinstance(found.place[0], int):
            return ATOM, self.scripted(self.marks.lowered, [self.marks.letter("e")], [below])
        return ATOM, self.element(argument, below)


_OPERATIONS: Final[dict[str, Callable[[ArrayMath, tuple[NodeId, ...], bool], Pieces | None]]] = {
    "matmul": ArrayMath.matmul,
    "outer": ArrayMath.outer,
    "solve": ArrayMath.solve,
    "inv": ArrayMath.inv,
    "mul": ArrayMath.mul,
    "div": ArrayMath.div,
    "pow": ArrayMath.pow,
    "neg": ArrayMath.neg,
    "logdet": ArrayMath.logdet,
    "array": ArrayMath.array,
}
_FORMS: Final[dict[str, Callable[[ArrayMath, Form], Pieces]]] = {
    "transpose": ArrayMath.transpose,
    "sum": ArrayMath.sum,
    "norm": ArrayMath.norm,
    **dict.fromkeys(("max", "min", "logsumexp", "softmax", "log_softmax"), ArrayMath.over),
    "ones": ArrayMath.ones,
    "zeros": ArrayMath.zeros,
    "eye": ArrayMath.eye,
    "index": ArrayMath.index,
}
