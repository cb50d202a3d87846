"""Terms that are arrays: element by element they are the terms of numbers, and what moves or adds elements is linear.

A term stands for its node up to repetition: where every element is the same, it may be one number, and where all rows
are, one row. What looks at an array as a whole is given it in its full shape (`wide`), so that no shape is ever lost.
Numbers and scalars leave every linear operation, and go to the front.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any, Final, NamedTuple
from zlib import crc32

from adcalc.graph.node import CONSTANT, INPUT, Label, Shape
from adcalc.graph.shape import REDUCTIONS, broadcast, inferred, known, taken_shape
from adcalc.rewrite.algebra import Algebra, Powers
from adcalc.rewrite.terms import NONNEGATIVE, ONE, POSITIVE, PRODUCT, SUM, UNKNOWN, Term, TermId

SOFTMAX: Final = "softmax_over"
TURNED: Final = (1, 0)  # the label of a matrix transposed
_OVER: Final = REDUCTIONS - {"sum"}
_KEEPS_SIGN: Final = frozenset(
    "reshape transpose take broadcast sum max_over min_over diagonal diagonal_matrix trace".split()
)
_BEHIND: Final = 10  # arrays stand behind numbers in a product
_DEGREES: Final = frozenset(("matmul", "outer"))  # of the sum of their arguments' degrees
_SAME_DEGREE: Final = frozenset(("transpose", "reshape", "take", "broadcast", "diagonal", "diagonal_matrix", "put"))


class Parts(NamedTuple):
    """A term as a number times powers of scalars times what is left of the array; None where nothing is.

    >>> Parts(ONE, [], None).rest is None
    True
    """

    number: Fraction
    scalars: Powers
    rest: TermId | None


class Arrays(Algebra):
    """Terms that have shapes; `inputs` are those of the variables.

    >>> algebra = Arrays({"x": (3,)})
    >>> x = algebra.leaf("input", "x")
    >>> algebra.shape(algebra.add([(ONE, x), (ONE, algebra.one)]))
    (3,)
    """

    linear: Mapping[str, str] = {  # operations of one argument, and what makes them of an array without factors
        "sum": "total",
        "reshape": "reshaped",
        "broadcast": "repeated",
        "take": "taken",
        "put": "held",
    }

    def __init__(self, inputs: Mapping[str, Shape], small: int = 4, medium: int = 16) -> None:
        self.inputs = inputs
        self.shapes: dict[TermId, Shape] = {}
        self._degrees: list[Fraction] = []
        super().__init__(small, medium)

    def shape(self, term: TermId) -> Shape:
        """The shape of a term, () for a scalar."""
        return self.shapes.get(term, ())

    def node(self, op: str, args: tuple[TermId, ...], label: Label, shapes: tuple[Shape, ...] = ()) -> TermId:
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

    # ------------------------------------------------------------ shapes

    def wide(self, term: TermId, shape: Shape) -> TermId:
        """A term in its full shape.

        >>> algebra = Arrays({})
        >>> algebra.shape(algebra.wide(algebra.one, (2, 3)))
        (2, 3)
        """
        have = self.shape(term)
        if have == shape:
            return term
        if term == self.zero:
            return self.call("broadcast", (term,), shape)
        number, scalars, rest = self.parted(term)
        if rest is None:
            rest = self.call("broadcast", (self.one,), shape)
        elif prod(have) == prod(shape):
            rest = self.reshaped(rest, shape)
        else:
            rest = self.call("broadcast", (self._bare(rest),), shape)
        return self.multiply([*scalars, (rest, self.one)], number)

    def lax(self, term: TermId) -> TermId:
        """A term as it stands among others, element by element: what is only repeated is there once.

        >>> algebra = Arrays({})
        >>> algebra.lax(algebra.wide(algebra.one, (2, 3))) == algebra.one
        True
        """
        if not self.shape(term) or self.is_sum(term):
            return term
        number, powers = self.monomial(term)
        bare = [(self._bare(base), exponent) for base, exponent in powers]
        return term if bare == powers else self.multiply(bare, number)

    def _bare(self, base: TermId) -> TermId:
        """An array without the axes in front along which it is only repeated, or which a reduction has kept."""
        op, args, weights = self.terms[base]
        if op == "broadcast":
            base = args[0]
            op, args, weights = self.terms[base]
        if op == "sum" and weights[0][1] and weights[0][0] == tuple(range(len(weights[0][0]))):
            return self.call("sum", args, (weights[0][0], False))
        if op in _OVER and weights[0][0] == tuple(range(len(weights[0][0]))):
            return self.call("reshape", (base,), self.shape(args[0])[len(weights[0][0]) :])
        if op == "reshape":
            inner = self.shape(args[0])
            if weights[0] == (1,) * (len(weights[0]) - len(inner)) + inner:
                return args[0]
        return base

    def parted(self, term: TermId) -> Parts:
        """A term as a number, scalars and an array."""
        number, powers = self.monomial(term)
        scalars = [pair for pair in powers if not (self.shape(pair[0]) or self.shape(pair[1]))]
        if len(scalars) == len(powers):
            return Parts(number, scalars, None)
        arrays = {base: power for base, power in powers if self.shape(base) or self.shape(power)}
        return Parts(number, scalars, self.product(arrays))

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

    def is_zero(self, term: TermId) -> bool:
        """Whether every element is 0."""
        op, args, _ = self.terms[term]
        return term == self.zero or (op == "broadcast" and args[0] == self.zero)

    def is_ones(self, term: TermId) -> bool:
        """Whether every element is 1."""
        op, args, _ = self.terms[term]
        return op == "broadcast" and args[0] == self.one

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
        """The sum of an array over axes."""
        axes, kept = label
        op, args, weights = self.terms[rest]
        shape = self.shape(rest)
        if op == "broadcast":
            lead = len(shape) - len(self.shape(args[0]))
            inner = self.shape(args[0])
            copies = prod(shape[axis] for axis in axes if axis < lead or inner[axis - lead] == 1)
            present = tuple(axis - lead for axis in axes if axis >= lead)
            one = args[0] if not present else self.call("sum", args, (present, kept))
            return self.scaled(Fraction(copies), one)
        if all(shape[axis] == 1 for axis in axes):
            return rest if kept else self.reshaped(rest, tuple(n for axis, n in enumerate(shape) if axis not in axes))
        if op == SOFTMAX and axes == weights[0][0]:
            return self.one
        if op == "eye":
            return self.number(Fraction(min(shape))) if len(axes) == 2 else self.call("sum", (rest,), label)
        if not kept:
            if op == "transpose":
                moved = tuple(sorted(weights[0][axis] for axis in axes))
                if len(shape) == 2 or len(moved) == len(shape):
                    return self.call("sum", args, (moved, False))
            if op == "sum" and not weights[0][1] and len(axes) == len(shape):
                return self.call("sum", args, (tuple(range(len(self.shape(args[0])))), False))
            if op == "outer":
                sums = [self.call("sum", (one,), ((0,), False)) if k in axes else one for k, one in enumerate(args)]
                return self.multiply([(one, self.one) for one in sums])
            if op == "diagonal_matrix" and len(axes) == 2:
                return self.call("sum", args, ((0,), False))
        return self.call("sum", (rest,), label)

    def repeated(self, rest: TermId, label: Any) -> TermId:
        """An array repeated to a shape."""
        return self.wide(rest, label)

    def reshaped(self, rest: TermId, shape: Shape) -> TermId:
        """An array in another shape; a reduction keeps its axes, or drops them."""
        op, args, weights = self.terms[rest]
        if self.shape(rest) == shape:
            return rest
        if op == "broadcast" and not self.shape(args[0]):
            return self.call("broadcast", args, shape)
        if op == "reshape":
            rest = args[0]
            op, args, weights = self.terms[rest]
        if self.shape(rest) == shape:
            return rest
        if op == "sum":
            for kept in (True, False):
                if inferred("sum", [self.shape(args[0])], (weights[0][0], kept)) == shape:
                    return self.call("sum", args, (weights[0][0], kept))
        return self.call("reshape", (rest,), shape)

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
        """exp of this, where it is A - logsumexp(A)."""
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

    # ------------------------------------------------------------ what is known of a term

    def _intern(self, term: Term) -> TermId:
        if term not in self._ids:
            shape = self._shape(term)
            if shape:
                self.shapes[len(self.terms)] = shape
            self._degrees.append(self._degree(term))
        return super()._intern(term)

    def _shape(self, term: Term) -> Shape:
        op, args, weights = term
        if op == INPUT:
            return self.inputs.get(weights[0], ())
        if not self.shapes and op != "broadcast" and op != "eye" and op != "array" and op != "put":
            return ()
        shapes = [self.shape(one) for one in args]
        if op == PRODUCT:
            return broadcast(*shapes, *(self.shape(weight) for weight in weights))
        if op == "matmul":
            found = shapes[0]
            for shape in shapes[1:]:
                found = inferred(op, [found, shape], None)
            return found
        if not known(op):
            return broadcast(*shapes) if args else ()
        return inferred(op, shapes, weights[0] if weights else None)

    def _degree(self, term: Term) -> Fraction:
        """How many variables stand in a product of matrices: it decides where the product stands in a sum."""
        op, args, weights = term
        degrees = self._degrees
        if op == INPUT:
            return ONE
        if op == SUM:
            return max(degrees[one] for one in args)
        if op == PRODUCT:
            pairs = zip(args, weights, strict=True)
            return sum((degrees[one] * (self.value(weight) or 0) for one, weight in pairs), Fraction(0))
        if op in _DEGREES:
            return sum((degrees[one] for one in args), Fraction(0))
        return degrees[args[0]] if op in _SAME_DEGREE and args else Fraction(0)

    def _order(self, monomial: TermId) -> tuple[Any, ...]:
        if not self.shapes:
            return super()._order(monomial)
        degree = Fraction(0)
        powers: list[tuple[str, Fraction]] = []
        for base, exponent in self.factors(monomial):
            value = self.value(exponent)
            op, args, weights = self.terms[base]
            if value is None:
                continue
            turned = op == "transpose" and self.terms[args[0]].op == INPUT
            if op == INPUT or turned:
                powers.append((self.terms[args[0]].weights[0] + "~" if turned else weights[0], -value))
            if op == INPUT or turned or op in _DEGREES:
                degree += value * self._degrees[base]
        return monomial == self.one, -degree, tuple(sorted(powers)[:8]), self._places[monomial]

    def _place(self, term: Term) -> tuple[int, int, str, int]:
        rank, height, text, digest = super()._place(term)
        op, args, weights = term
        if op not in (INPUT, CONSTANT, SUM, PRODUCT) and weights:
            digest = hash((digest, crc32(repr(weights).encode())))
        if self.shape(len(self.terms) - 1):
            rank = _BEHIND + (6 if op == "matmul" else rank)
        return rank, height, text, digest

    def _sign(self, term: Term) -> int:
        op, args, _ = term
        if op in _KEEPS_SIGN and args:
            return self.signs[args[0]] if op != "diagonal_matrix" and op != "trace" else UNKNOWN
        if op == SOFTMAX:
            return POSITIVE
        return NONNEGATIVE if op in ("norm_over", "eye") else super()._sign(term)
