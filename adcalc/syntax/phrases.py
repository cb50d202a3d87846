"""What a phrase leaves in the code: the ground on which the builders of expressions, statements and rows stand.

The parser sets `last` (where the phrase ends) and `token` (the last token read) before each call; `starts[-size]` is
where the phrase begins.
"""

import re
from typing import Any, NoReturn

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax.code import Block

_WORD = re.compile(r"`[^`\n]+`|\w+")


class Phrases:
    """The code so far, and where the phrases being read begin.

    >>> Phrases(Source("x")).code
    []
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.code: Block = []
        self.starts: list[int] = [0]
        self.last = 0
        self.token = ""

    def _append(self, operation: str, operand: Any, size: int) -> None:
        self.code.append((operation, operand, (self.starts[-size], self.last)))

    def _begin_of(self, position: int) -> int:
        """The index of the first instruction of the phrase that starts at a position of the text."""
        index = len(self.code)
        while index and self.code[index - 1][2][0] >= position:
            index -= 1
        return index

    def _taken(self, position: int) -> Block:
        """The code of a phrase at the end of the code, taken away from it."""
        begin = self._begin_of(self.starts[position])
        block = self.code[begin:]
        del self.code[begin:]
        return block

    def _word_at(self, position: int) -> str:
        found = _WORD.match(self.source.text, position)
        assert found is not None
        return found.group()

    def _refuse(self, message: str, begin: int, hint: str | None) -> NoReturn:
        raise AdcalcSyntaxError(message, Place(self.source, begin, self.last), hint)
