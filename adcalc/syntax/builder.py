"""What the parser's rarer reductions do in expressions: calls, choices, lists, and what readers read differently.

One method for each alias of the grammar that is more than an operation on a stack.
"""

import re
from itertools import pairwise

from adcalc.errors import Source
from adcalc.syntax.row_builder import Rows
from adcalc.syntax.statement_builder import Statements

LAZY = frozenset({"where", "sum", "prod", "diff", "grad", "root"})  # their arguments are blocks, run when needed
_ALSO_PLAIN = frozenset({"sum", "prod"})  # without a range they are calls like any other
_RELATION = re.compile("<=|>=|==|!=|[<>≤≥≠]")
_RELATIONS = {"<": "lt", "<=": "le", "≤": "le", ">": "gt", ">=": "ge", "≥": "ge", "==": "eq", "!=": "ne", "≠": "ne"}
_POWER_OF_FUNCTION = re.compile(r"(\w+) *(?:\^|\*\*) *(-?) *")
_NUMBER = re.compile(r"[0-9_.]+(?:[eE][+-]?[0-9]+)?")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


class Builder(Statements, Rows):
    """The open calls, choices and lists around the phrase being read.

    >>> Builder(Source("x")).code
    []
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._calls: list[tuple[str, list[int], list[str], list[str]]] = []  # name, ends of arguments, ranges, keywords
        self._sides: list[list[int]] = []  # where the code of each argument of an open if(…) begins
        self._elements: list[int] = []  # how many elements each open [ has so far
        self._subscripts: list[list[str]] = []  # of each open subscript: "i", or which of b, e, s a slice has
        self._slices: list[str] = []  # the same of the slice being read

    def quoted(self, size: int) -> None:
        self._append("name", self.token[1:-1], size)

    def superscript(self, size: int) -> None:
        exponent = self.token.translate(_DIGITS)
        span = (self.last - len(self.token), self.last)
        self.code.append(("number", exponent.lstrip("-"), span))
        if exponent.startswith("-"):
            self.code.append(("neg", None, span))
        self._append("pow", None, size)

    def compare(self, size: int) -> None:
        self._append("compare", self._relation(), size)

    def compare_chain(self, size: int) -> None:
        self._append("compare_chain", self._relation(), size)

    def _relation(self) -> str:
        found = _RELATION.match(self.source.text, self.starts[-2])
        assert found is not None
        return _RELATIONS[found.group()]

    def callee(self, size: int) -> None:
        self._calls.append((self.token, [len(self.code)], [], []))

    def argument(self, size: int) -> None:
        name, ends, _, keywords = self._calls[-1]
        if keywords:
            self._refuse(f"an argument of {name} without a name follows one with a name", self.starts[-size], None)
        ends.append(len(self.code))

    def keyword(self, size: int) -> None:
        _, ends, _, keywords = self._calls[-1]
        word = self._word_at(self.starts[-size])
        if word in keywords:
            self._refuse(f"{word} is given twice", self.starts[-size], None)
        ends.append(len(self.code))
        keywords.append(word)

    def range(self, size: int) -> None:
        _, ends, ranges, _ = self._calls[-1]
        begin = self._begin_of(self.starts[-1])
        ends.extend((begin, len(self.code)))
        ranges.append(self._word_at(self.starts[-size]))

    def call(self, size: int) -> None:
        name, ends, ranges, keywords = self._calls.pop()
        if name in LAZY and not (name in _ALSO_PLAIN and not ranges):
            if keywords:
                self._refuse(f"{name} takes no argument {keywords[0]}=", self.starts[-size], None)
            blocks = tuple(self.code[begin:end] for begin, end in pairwise(ends))
            del self.code[ends[0] :]
            self._append("lazy", (name, blocks, tuple(ranges)), size)
            return
        if ranges:
            self._refuse(f"{name} takes no range", self.starts[-size], "a range k = a..b belongs to sum or prod")
        if keywords:
            self._append("keyword_call", (name, len(ends) - 1, tuple(keywords)), size)
        else:
            self._append("call", (name, len(ends) - 1), size)

    def first_sides(self, size: int) -> None:
        self._sides.append([self._begin_of(self.starts[-size]), self._begin_of(self.starts[-1])])

    def side(self, size: int) -> None:
        self._sides[-1].append(self._begin_of(self.starts[-1]))

    def choose(self, size: int) -> None:
        begins = self._sides.pop()
        blocks = tuple(self.code[begin:end] for begin, end in pairwise([*begins, len(self.code)]))
        del self.code[begins[0] :]
        self._append("lazy", ("if", blocks, ()), size)

    def bracket(self, size: int) -> None:
        self._elements.append(0)

    def element(self, size: int) -> None:
        self._elements[-1] += 1

    def array(self, size: int) -> None:
        self._append("array", self._elements.pop(), size)

    def bind_interval(self, size: int) -> None:
        self._elements.pop()  # its bracket is no list
        super().bind_interval(size)

    def subscripted(self, size: int) -> None:
        self._subscripts.append([])
        self._slices.append("")

    def at(self, size: int) -> None:
        self._subscripts[-1].append("i")

    def slice_begin(self, size: int) -> None:
        self._slices[-1] += "b"

    def slice_end(self, size: int) -> None:
        self._slices[-1] += "e"

    def slice_step(self, size: int) -> None:
        self._slices[-1] += "s"

    def slice(self, size: int) -> None:
        self._subscripts[-1].append(":" + self._slices[-1])
        self._slices[-1] = ""

    def index(self, size: int) -> None:
        self._slices.pop()
        self._append("index", tuple(self._subscripts.pop()), size)

    # ------------------------------------------------------------ products that readers read differently

    def ambiguous_product(self, size: int) -> None:
        begin = self.starts[-size]
        left, coefficient, rest = self._split(begin, self.starts[-1])
        self._refuse(
            "readers differ on where the divisor ends",
            begin,
            f"write {left}({coefficient}*{rest}) or {left}{coefficient}*{rest}",
        )

    def ambiguous_power(self, size: int) -> None:
        begin = self.starts[-size]
        base, coefficient, rest = self._split(begin, self.starts[-1])
        function = _POWER_OF_FUNCTION.fullmatch(base)
        if function and rest.startswith("("):
            name, sign = function.groups()
            inverse = f"; the inverse of {name} is a{name}" if sign + coefficient == "-1" else ""
            self._refuse(
                "a power of a function is written after its argument",
                begin,
                f"write {name}{rest}^{sign}{coefficient}{inverse}",
            )
        self._refuse(
            "readers differ on what the exponent is",
            begin,
            f"write {base}({coefficient}*{rest}) or {base}{coefficient}*{rest}",
        )

    def ambiguous_factorial(self, size: int) -> None:
        begin = self.starts[-size]
        _, coefficient, rest = self._split(begin, begin)
        self._refuse(
            "readers differ on what the factorial is of",
            begin,
            f"write ({coefficient}*{rest[:-1]})! or {coefficient}*{rest}",
        )

    def _split(self, begin: int, factor: int) -> tuple[str, str, str]:
        """The text before a juxtaposed product, its coefficient, and what the coefficient multiplies."""
        text = self.source.text
        number = _NUMBER.search(text, factor)
        assert number is not None
        return text[begin : number.start()], number.group(), text[number.end() : self.last].strip()
