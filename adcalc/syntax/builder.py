"""What the parser's rarer reductions do: calls, assignments, superscripts, bindings and the clauses of rows.

One method for each alias of the grammar that is more than an operation on a stack. The parser sets `last` (where the
phrase ends) and `token` (the last token read) before the call; `starts[-size]` is where the phrase begins.
"""

import re
from itertools import pairwise
from typing import Any, NoReturn

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax.code import Block, Definition, Head

LAZY = frozenset({"if", "where", "sum", "prod"})  # their arguments are blocks, evaluated when and as often as needed
_RELATION = re.compile("<=|>=|==|!=|[<>≤≥≠]")
_RELATIONS = {"<": "lt", "<=": "le", "≤": "le", ">": "gt", ">=": "ge", "≥": "ge", "==": "eq", "!=": "ne", "≠": "ne"}
_WORD = re.compile(r"`[^`\n]+`|\w+")
_POWER_OF_FUNCTION = re.compile(r"(\w+) *(?:\^|\*\*) *(-?) *")
_NUMBER = re.compile(r"[0-9_.]+(?:[eE][+-]?[0-9]+)?")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


class Builder:
    """The code so far, and the open calls, targets and ranges around the phrase being read.

    >>> Builder(Source("x")).code
    []
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.code: Block = []
        self.starts: list[int] = [0]
        self.last = 0
        self.token = ""
        self._calls: list[tuple[str, list[int], list[str]]] = []  # name, where each argument's code ends, range names
        self._targets: list[tuple[str, tuple[str, ...] | None, int]] = []
        self._parameters: list[str] = []

    # ------------------------------------------------------------ expressions

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
        self._calls.append((self.token, [len(self.code)], []))

    def argument(self, size: int) -> None:
        self._calls[-1][1].append(len(self.code))

    def range(self, size: int) -> None:
        _, ends, ranges = self._calls[-1]
        begin = self._begin_of(self.starts[-1])
        ends.extend((begin, len(self.code)))
        ranges.append(self._word_at(self.starts[-size]))

    def call(self, size: int) -> None:
        name, ends, ranges = self._calls.pop()
        if name in LAZY:
            blocks = tuple(self.code[begin:end] for begin, end in pairwise(ends))
            del self.code[ends[0] :]
            self._append("lazy", (name, blocks, tuple(ranges)), size)
            return
        if ranges:
            self._refuse(f"{name} takes no range", self.starts[-size], "a range k = a..b belongs to sum or prod")
        self._append("call", (name, len(ends) - 1), size)

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

    # ------------------------------------------------------------ statements

    def target(self, size: int) -> None:
        begin = self._begin_of(self.starts[-size])
        left = self.code[begin:]
        del self.code[begin:]
        operation, operand, _ = left[-1]
        if operation == "name" and len(left) == 1:
            self._targets.append((operand, None, begin))
        elif operation == "call" and operand[1] == len(left) - 1 and all(step[0] == "name" for step in left[:-1]):
            parameters = tuple(step[1] for step in left[:-1])
            if len(set(parameters)) < len(parameters):
                self._refuse(f"{operand[0]} has two parameters of the same name", self.starts[-size], None)
            self._targets.append((operand[0], parameters, begin))
        else:
            self._refuse(
                "only a name or a function of names can stand before '='",
                self.starts[-size],
                "write name = expression or f(u, v) = expression; == compares",
            )

    def assign(self, size: int) -> None:
        name, parameters, begin = self._targets.pop()
        if parameters is None:
            self._append("assign", name, size)
            return
        body = self.code[begin:]
        del self.code[begin:]
        self._append("define", Definition(name, parameters, body), size)

    # ------------------------------------------------------------ --at, --wrt, --claim

    def variable(self, size: int) -> None:
        self._append("variable", self.token.strip("`"), size)

    def bind(self, size: int) -> None:
        self._append("bind", self._cut(size), size)

    def bind_file(self, size: int) -> None:
        name = self.code.pop()[1]
        self._append("bind_file", (name, self.token[1:]), size)

    def bind_all(self, size: int) -> None:
        self._append("bind_all", self.token[1:], size)

    def claim(self, size: int) -> None:
        begin = self._begin_of(self.starts[-1])
        block = self.code[begin:]
        del self.code[begin:]
        self.code.append(("claim", block, (self.starts[-1], self.last)))

    def _cut(self, size: int) -> tuple[str, Block]:
        """The variable of a binding and the code of its value."""
        begin = self._begin_of(self.starts[-size])
        _, name, _ = self.code[begin]
        block = self.code[begin + 1 :]
        del self.code[begin:]
        return name, block

    # ------------------------------------------------------------ rows and identities

    def parameter(self, size: int) -> None:
        self._parameters.append(self.token)

    def head(self, size: int) -> None:
        name = self._word_at(self.starts[-size])
        variadic = "..." in self.source.text[self.starts[-size] : self.last]
        self._append("head", Head(name, tuple(self._parameters), variadic), size)
        self._parameters.clear()

    def differential(self, size: int) -> None:
        self._append("differential", None, size)

    def definition(self, size: int) -> None:
        self._append("definition", None, size)

    def on(self, size: int) -> None:
        self._clause("on", size)

    def smooth(self, size: int) -> None:
        self._clause("smooth", size)

    def smooth_in(self, size: int) -> None:
        self._clause("smooth", size, self._parameters.pop())

    def kink(self, size: int) -> None:
        self._clause("kink_slope", size)
        self._clause("kink", size, position=-3)

    def jump(self, size: int) -> None:
        self._clause("jump", size)

    def jump_in(self, size: int) -> None:
        self._clause("jump", size, self._parameters.pop())

    def identity(self, size: int) -> None:
        self._append("identity", None, size)

    def identity_for(self, size: int) -> None:
        self._clause("condition", size)
        self._append("identity", None, size)

    def _clause(self, kind: str, size: int, parameter: str | None = None, position: int = -1) -> None:
        """Move the code of a clause's expression into one instruction, so that a row is a list of its parts."""
        begin = self._begin_of(self.starts[position])
        end = next((i for i in range(begin, len(self.code)) if self.code[i][0] == "kink_slope"), len(self.code))
        block = self.code[begin:end]
        self.code[begin:end] = [(kind, (parameter, block), (self.starts[position], self.last))]

    # ------------------------------------------------------------ helpers

    def _append(self, operation: str, operand: Any, size: int) -> None:
        self.code.append((operation, operand, (self.starts[-size], self.last)))

    def _begin_of(self, position: int) -> int:
        """The index of the first instruction of the phrase that starts at a position of the text."""
        index = len(self.code)
        while index and self.code[index - 1][2][0] >= position:
            index -= 1
        return index

    def _word_at(self, position: int) -> str:
        found = _WORD.match(self.source.text, position)
        assert found is not None
        return found.group()

    def _refuse(self, message: str, begin: int, hint: str | None) -> NoReturn:
        raise AdcalcSyntaxError(message, Place(self.source, begin, self.last), hint)
