"""Terms that are arrays: element by element they are the terms of numbers, and what moves or adds elements is linear.

Numbers and scalars leave every linear operation, and go to the front.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

from adcalc.graph.node import Label, Shape
from adcalc.graph.shape import known, taken_shape
from adcalc.rewrite.repetition import Repetition, in_front
from adcalc.rewrite.shaped_terms import SOFTMAX
from adcalc.rewrite.terms import PRODUCT, SUM, TermId


class Arrays(Repetition):
    """Terms that have shapes; `inputs` are those of the variables.

    >>> algebra = Arrays({"x": (3,)})
    >>> x = algebra.leaf("input", "x")
    >>> algebra.shape(algebra.multiply([(x, algebra.one), (algebra.one, algebra.one)]))
    (3,)
    """

    linear: Mapping[str, str] = {  # operations of one argument, and what makes them of an array without factors
        "sum": "total",
        "reshape": "reshaped",
        "broadcast": "wide",
        "take": "taken",
        "put": "held",
    }

    def node(self, op: str, args: tuple[TermId, ...], label: Label, shapes: tuple[Shape, ...]) -> TermId:
        """The term of a node whose arguments are terms, and have these shapes in the graph."""
        if not known(op):
            return self.apply(op, args, label)
        return self.made(op, tuple([self.wide(*pair) for pair in zip(args, shapes, strict=True)]), label)

    def apply(self, op: str, args: tuple[TermId, ...], label: Label = None) -> TermId:
        """The term of an operation element by element."""
        if op == "exp":
            found = self._softmax(args[0])
            if found is not None:
                return found
        return super().apply(op, args, label)

    # ------------------------------------------------------------ operations on arrays as wholes

    def made(self, op: str, args: tuple[TermId, ...], label: Label = None) -> TermId:
        """The term of an operation on arrays in their full shapes, up to repetition."""
        name = self.linear.get(op)
        if name is None:
            return self.norm(args[0], label) if op == "norm_over" else self.call(op, args, label)
        number, scalars, rest = self.parted(args[0])
        if not number or (rest is not None and self.is_zero(rest)):
            return self.zero
        result = self._of_number(op, label) if rest is None else getattr(self, name)(rest, label)
        return self.multiply([*scalars, (result, self.one)], number)

    def unit(self, length: int, place: int) -> TermId:
        """A row of the identity matrix."""
        return self.call("take", (self.call("eye", (), (length, length)),), (place,))

    def _of_number(self, op: str, label: Any) -> TermId:
        """A linear operation on the number 1."""
        if op != "put":
            return self.one
        shape, index = label
        if len(shape) > 2:
            return self.call(op, (self.one,), label)
        units = tuple(self.unit(length, place) for length, place in zip(shape, index, strict=True))
        return units[0] if len(units) == 1 else self.call("outer", units)

    def total(self, rest: TermId, label: Any) -> TermId:
        """The sum of an array over axes; axes in front are not kept, being repeated anyway."""
        axes, kept = label
        found = self._total(rest, axes)
        if not kept or in_front(axes):
            return found
        shape = self.shape(rest)
        found = self.wide(found, tuple(length for axis, length in enumerate(shape) if axis not in axes))
        return self.made("reshape", (found,), tuple(1 if axis in axes else length for axis, length in enumerate(shape)))

    def _total(self, rest: TermId, axes: tuple[int, ...]) -> TermId:
        op, args, weights = self.terms[rest]
        shape = self.shape(rest)
        if op == SUM and any(not self.shape(one) for one in args):  # numbers are added as often as there are elements
            parts = [
                (weight, self.made("sum", (self.wide(one, shape),), (axes, False)))
                for one, weight in zip(args, weights, strict=True)
            ]
            return self.add(parts)
        if op == "broadcast":
            inner = self.shape(args[0])
            lead = len(shape) - len(inner)
            copies = prod(shape[axis] for axis in axes if axis < lead or inner[axis - lead] == 1)
            present = tuple(axis - lead for axis in axes if axis >= lead)
            one = args[0] if not present else self.call("sum", args, (present, False))
            return self.scaled(Fraction(copies), one)
        if all(shape[axis] == 1 for axis in axes):
            return self.reshaped(rest, tuple(length for axis, length in enumerate(shape) if axis not in axes))
        if op == SOFTMAX and axes == weights[0][0]:
            return self.one
        if op == "take" and self.terms[args[0]].op == "eye" and axes == (0,) and isinstance(weights[0][0], int):
            return self.one
        if op == PRODUCT and len(axes) == 2:
            held = dict(self.factors(rest))
            identity = next((base for base in held if self.terms[base].op == "eye" and held[base] == self.one), None)
            if identity is not None and shape == self.shape(identity) and shape[0] == shape[1]:
                del held[identity]
                return self.made("trace", (self.wide(self.product(held), shape),))
        if op == "eye" and len(axes) == 2:
            return self.number(Fraction(min(shape)))
        if op == "eye" and shape[0] == shape[1]:
            return self.one
        if op == "transpose" and (len(shape) == 2 or len(axes) == len(shape)):
            return self.call("sum", args, (tuple(sorted(weights[0][axis] for axis in axes)), False))
        if op == "sum" and not weights[0][1] and len(axes) == len(shape):
            return self.call("sum", args, (tuple(range(len(self.shape(args[0])))), False))
        if op == "outer":
            sums = [self.call("sum", (one,), ((0,), False)) if k in axes else one for k, one in enumerate(args)]
            return self.multiply([(one, self.one) for one in sums])
        if op == "diagonal_matrix":
            return args[0] if len(axes) == 1 else self.call("sum", args, ((0,), False))
        return self.call("sum", (rest,), (axes, False))

    def taken(self, rest: TermId, label: Any) -> TermId:
        """The elements of an array at an index."""
        op, args, weights = self.terms[rest]
        shape = taken_shape(self.shape(rest), label)
        if op == "broadcast" and not self.shape(args[0]):
            return args[0]
        if op == "array" and isinstance(label[0], int):
            inner = args[label[0]]
            return self.call("take", (inner,), label[1:]) if label[1:] else inner
        if op == "put" and weights[0][1] == label and self.shape(args[0]) == shape:
            return args[0]
        return self.call("take", (rest,), label)

    def held(self, rest: TermId, label: Any) -> TermId:
        """Zeros that hold an array at an index: a row or a column of a matrix by an outer product."""
        (shape, index) = label
        if len(shape) == 2 and isinstance(index[0], int):
            if len(index) == 1 or index[1] == (0, shape[1], 1):
                return self.call("outer", (self.unit(shape[0], index[0]), rest))
        elif len(shape) == 2 and len(index) == 2 and index[0] == (0, shape[0], 1) and isinstance(index[1], int):
            return self.call("outer", (rest, self.unit(shape[1], index[1])))
        return self.call("put", (rest,), label)

    def norm(self, term: TermId, label: Any) -> TermId:
        """The norm of an array, which has no sign."""
        number, scalars, rest = self.parted(term)
        if not number or rest is None or self.is_zero(rest):
            return self.call("norm_over", (term,), label)
        inside = self.multiply([*scalars, (rest, self.one)])
        return self.scaled(abs(number), self.call("norm_over", (inside,), label))

    def _softmax(self, exponent: TermId) -> TermId | None:
        """Exp of this, where it is A - logsumexp(A)."""
        op, args, weights = self.terms[exponent]
        if op == "log_softmax_over":
            return self.call(SOFTMAX, args, weights[0])
        if not self.is_sum(exponent) or not self.shape(exponent):
            return None
        for monomial, weight in self.summands(exponent):
            op, args, weights = self.terms[monomial]
            if weight == -1 and op == "reshape":
                op, args, weights = self.terms[args[0]]
            if weight != -1 or op != "logsumexp_over":
                continue
            left = self.collected({one: share for one, share in self.summands(exponent) if one != monomial})
            if self.wide(left, self.shape(args[0])) == args[0]:
                return self.call(SOFTMAX, args, weights[0])
        return None
