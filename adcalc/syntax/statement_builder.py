"""What the reductions of statements do: assignments, definitions, loops and choices between blocks."""

import re

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax.code import Block, Definition
from adcalc.syntax.phrases import Phrases

_NOTHING = re.compile(r"(?:[\s;]|#[^\n]*\n)*")


class Statements(Phrases):
    """The targets around the phrase being read.

    >>> Statements(Source("a = x")).code
    []
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._targets: list[tuple[str, tuple[str, ...] | None, int]] = []

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
                "an array does not change; [a, b] and concat(a, b) make a new one"
                if operation == "index"
                else "write name = expression or f(u, v) = expression; == compares",
            )

    def assign(self, size: int) -> None:
        name, parameters, begin = self._targets.pop()
        if parameters is None:
            self._append("assign", name, size)
            return
        body = self.code[begin:]
        del self.code[begin:]
        self._append("define", Definition(name, parameters, body), size)

    def assign_block(self, size: int) -> None:
        name, parameters, begin = self._targets.pop()
        if parameters is None:
            self._refuse("braces hold the body of a function", self.starts[-size], f"write {name} = expression")
        body = self.code[begin:]
        del self.code[begin:]
        place = (self.starts[-size], self.last)
        self._append("define", Definition(name, parameters, [*body, ("returns", name, place)]), size)

    def repeat_loop(self, size: int) -> None:
        self._append("repeat", self._taken(-1), size)

    def for_loop(self, size: int) -> None:
        name = self._word_at(self.starts[1 - size])
        self._append("for", (name, self._taken(-1)), size)

    def while_loop(self, size: int) -> None:
        body = self._taken(-1)
        self._append("while", (self._taken(-2), body), size)

    def branch(self, size: int) -> None:
        body = self._taken(-1)
        self._append("branch", (((self._taken(-2), body),), None), size)

    def otherwise(self, size: int) -> None:
        body = self._taken(-1)
        clauses, begin = self._open_branch(self.starts[-2])
        self.code.append(("branch", (clauses, body), (begin, self.last)))

    def otherwise_if(self, size: int) -> None:
        body = self._taken(-1)
        clause = (self._taken(-2), body)
        clauses, begin = self._open_branch(self.starts[-4])
        self.code.append(("branch", ((*clauses, clause), None), (begin, self.last)))

    def _open_branch(self, begin: int) -> tuple[tuple[tuple[Block, Block], ...], int]:
        """The clauses of the if that the else at a position goes on with, taken from the code, and where it begins."""
        message, hint = "there is no 'if' that this 'else' belongs to", "write if condition { … } else { … }"
        if self.code and self.code[-1][0] == "branch":
            _, (clauses, other), (start, end) = self.code[-1]
            if _NOTHING.fullmatch(self.source.text, end, begin) is not None:
                if other is None:
                    self.code.pop()
                    return clauses, start
                message = "the 'if' that this 'else' belongs to has one already"
                hint = "write else if condition { … } for one more case"
        raise AdcalcSyntaxError(message, Place(self.source, begin, begin + len("else")), hint)
