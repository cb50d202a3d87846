"""A program in its canonical layout: one statement a line, blocks indented, comments kept.

The layout is made of the tokens, not of what they mean: nothing that its author wrote is folded, reordered or lost.
"""

from collections.abc import Iterator
from typing import Final

from adcalc.errors import InternalError, Source
from adcalc.syntax.code import RESERVED, Block
from adcalc.syntax.folding import INDENT, KEYWORD, NAME, NUMBER, SUPERSCRIPT, Comment, Word, fold
from adcalc.syntax.parser import KINDS, TOKEN, parse
from adcalc.syntax.tables import TERMINALS

_SPELLINGS: Final = {
    **dict.fromkeys("·×⋅", "*"),
    "÷": "/",
    "−": "-",
    "**": "^",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
}
_WORDS: Final = {"NAME": NAME, "QUOTED": NAME, "NUMBER": NUMBER, "SUPERSCRIPT": SUPERSCRIPT}
_DECORATION: Final = "!#-=*~_+/<>|:."  # what may follow the # of a comment without a blank
_OPEN: Final = frozenset("([")
_CLOSE: Final = frozenset(")]")


def canonical(source: Source) -> str:
    """The text of a program in canonical layout, which means what the program means.

    Raises AdcalcSyntaxError where the text is not in the language.

    >>> print(canonical(Source("f(u)={u/2;-u}#half\\nrepeat 3{x=x**2·f( x )} x")), end="")
    f(u) = {
        u/2
        -u
    }  # half
    repeat 3 {
        x = x^2*f(x)
    }
    x
    """
    code = parse(source)
    page = _Page()
    for kind, text in _headed(list(_tokens(source.text))):
        page.take(kind, text)
    if not page.lines:
        return ""
    laid = "\n".join(page.lines) + "\n"
    if not same(code.block, parse(Source(laid)).block):
        raise InternalError("the canonical layout would change what the program means", hint="please report the text")
    return laid


def same(left: Block, right: Block) -> bool:
    """Whether two programs have the same instructions, wherever in their texts these stand.

    >>> same(parse(Source("x+1")).block, parse(Source("x + 1")).block)
    True
    """
    waiting: list[tuple[object, object]] = [(left, right)]
    while waiting:
        one, other = waiting.pop()
        if isinstance(one, list | tuple) and isinstance(other, list | tuple):
            if len(one) != len(other):
                return False
            waiting.extend(pair for pair in zip(one, other, strict=True) if not _is_span(pair[0]))
        elif one != other:
            return False
    return True


def _is_span(operand: object) -> bool:
    return isinstance(operand, tuple) and len(operand) == 2 and isinstance(operand[0], int)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """The tokens of a program with the comments between them: (kind, text); the last is "" at the end of the text."""
    for found in TOKEN.finditer(text):
        group = found.lastindex or 0
        word = found[group]
        _, mark, comment = text[found.start() : found.end() - len(word)].partition("#")
        if mark:
            yield "comment", _comment(comment)
        kind = KINDS[group]
        name = TERMINALS[kind] if kind >= 0 else ""
        if name == "NAME" and word in RESERVED:
            yield KEYWORD, word
        else:
            yield _WORDS.get(name, "symbol"), _SPELLINGS.get(word, word)
        if name == "$END":
            return


def _headed(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The tokens without the newlines before a brace that opens a block: it belongs to the line of its header."""
    kept: list[tuple[str, str]] = []
    opens = False  # whether the next word is a brace
    for kind, text in reversed(tokens):
        if text == "\n" and opens:
            continue
        if kind != "comment":
            opens = text == "{"
        kept.append((kind, text))
    return kept[::-1]


def _comment(text: str) -> str:
    """A comment with a blank behind its #, unless that begins a decoration."""
    text = text.replace("\r", " ").rstrip()
    return f"# {text}" if text and not text[0].isspace() and text[0] not in _DECORATION else f"#{text}"


class _Page:
    """The lines so far, the statement that is being read, and what has been seen since the last word."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._words: list[Word] = []
        self._blocks = 0  # how many are open
        self._brackets = 0
        self._last = ""  # what the last line ends with: "{" or "}" of a block, "{}" of an empty one, or another thing
        self._begins = True  # whether the next line is the first of the text or of a block
        self._newlines = 0  # since the last word
        self._run = 0  # newlines with nothing between them
        self._gap = False  # whether an empty line stands before what comes

    def take(self, kind: str, text: str) -> None:
        """Lay out one more token or comment."""
        if text == "\n":
            self._newlines += 1
            self._run += 1
            self._gap |= self._run > 1 and not self._words
            if self._ends_here():
                self._end_statement()
            return
        self._run = 0
        if kind == "comment":
            self._take_comment(text)
            return
        if text in ("", ";", "}"):
            self._end_statement()
            if text == "}":
                self._close()
        elif text == "else" and not self._words and self._last in ("}", "{}"):
            self._take_back()
            self._words += [Word("}"), Word(text, kind)]
        else:
            self._words.append(Word(text, kind))
            self._brackets += (text in _OPEN) - (text in _CLOSE)
            if text == "{":
                self._open()
        if text != ";":
            self._newlines = 0

    def _ends_here(self) -> bool:
        """Whether a newline ends the statement, as it does for the parser."""
        words = self._words
        is_loop_index = len(words) == 2 and words[0].text == "for"
        return bool(words) and not self._brackets and words[-1].ends_phrase and not is_loop_index

    def _end_statement(self, last: str = "statement") -> None:
        if self._words:
            self._add(fold(self._words, self._blocks * INDENT), last)
            self._words.clear()

    def _add(self, lines: list[str], last: str) -> None:
        """Add lines, below an empty one where the author left one; none where a block or the text begins or ends."""
        if self._gap and not self._begins and last != "}":
            self.lines.append("")
        self._gap = False
        self._begins = last == "{"
        self.lines += lines
        self._last = last

    def _open(self) -> None:
        """End the line that opens a block; comments before the brace come behind it."""
        comments: tuple[Comment, ...] = ()
        if len(self._words) > 1:
            comments = self._words[-2].comments
            self._words[-2] = self._words[-2]._replace(comments=())
        self._end_statement("{")
        self._blocks += 1
        for text, is_alone in comments:
            self._newlines = int(is_alone)
            self._take_comment(text)

    def _close(self) -> None:
        self._blocks -= 1
        if self._last == "{":
            self.lines[-1] += "}"
            self._last = "{}"
            self._gap = self._begins = False
        else:
            self._add([" " * (self._blocks * INDENT) + "}"], "}")

    def _take_back(self) -> None:
        """Take the brace that ends the last line away, for the line of an else."""
        if self._last == "{}":
            self.lines[-1] = self.lines[-1][:-1]
        else:
            self.lines.pop()
        self._begins = True

    def _take_comment(self, text: str) -> None:
        is_alone = bool(self._newlines) or not (self._words or (self.lines and self._last != "comment"))
        if self._words:
            word = self._words[-1]
            self._words[-1] = word._replace(comments=(*word.comments, Comment(text, is_alone)))
        elif is_alone:
            self._add([" " * (self._blocks * INDENT) + text], "comment")
        else:
            self.lines[-1] += f"  {text}"
            self._last = "comment"
