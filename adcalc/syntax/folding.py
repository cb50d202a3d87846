"""One statement as lines: where blanks stand in it, and where it is folded when it is too long or has comments inside.

The words come in the author's order and none is added or lost. A newline is only ever put where the parser takes it
for white space: inside brackets and after an operator.
"""

from typing import Final, NamedTuple

from adcalc.syntax.parser import TOKEN

WIDTH: Final = 100  # columns of a line; a comment behind it may be longer
INDENT: Final = 4
_NARROWEST: Final = 40  # columns that a line has however deep it stands

NAME, NUMBER, SUPERSCRIPT, KEYWORD, SYMBOL = "name", "number", "superscript", "keyword", "symbol"
_OPERANDS: Final = frozenset({NAME, NUMBER, SUPERSCRIPT})
_TIGHT: Final = frozenset({"*", "/", "@", "^", "..", ":"})
_TIGHT_BEFORE: Final = frozenset({")", "]", ",", "!", ".T"})
_COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
_RANKS: Final = {
    ",": 0,
    "or": 1,
    "and": 2,
    **dict.fromkeys(_COMPARISONS, 3),
    "+": 4,
    "-": 4,
    "%": 5,
    "*": 5,
    "/": 5,
    "@": 5,
    "^": 6,
}
_SPACED: Final = frozenset(_RANKS) - _TIGHT - {","}  # operators that make a range's ends worth setting apart
_NO_END: Final = frozenset({"[", "]", ",", ":"})  # what stands where a slice has no begin, end or step


class Comment(NamedTuple):
    """A comment inside a statement, and whether it has a line of its own.

    >>> Comment("# metres", False).text
    '# metres'
    """

    text: str
    alone: bool


class Word(NamedTuple):
    """A token in its canonical spelling, what kind it is, and the comments between it and the next.

    >>> Word("x", NAME).ends_phrase
    True
    """

    text: str
    kind: str = SYMBOL
    comments: tuple[Comment, ...] = ()

    @property
    def ends_phrase(self) -> bool:
        """Whether an operand may end here: an operator behind it has two sides, and a newline may end the statement."""
        return self.kind in _OPERANDS or self.text in (")", "]", "!", ".T")


class _Bracket:
    """An open bracket, or the statement itself: what has been seen at its level so far."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.has_comma = False
        self.has_comment = False
        self.equal = -1  # the = of the argument that is being read, where it has a name
        self.range = -1  # its last ..
        self.colons: list[int] = []  # of the slice that is being read
        self.is_spaced = False  # whether one of the ends of that range or slice has blanks in it


class _Shape(NamedTuple):
    """What a statement looks like: for each word what stands around it."""

    blanks: list[bool]  # is there a blank before it
    weights: list[tuple[int, int, int] | None]  # how bad a fold behind it is, None where there can be none
    opened: set[int]  # the brackets with comments inside, which stand at the ends of their lines


def fold(words: list[Word], indent: int = 0) -> list[str]:
    """The lines of a statement that begins at a column.

    >>> fold([Word("x", NAME), Word("="), Word("-"), Word("2", NUMBER), Word("y", NAME)])
    ['x = -2y']
    """
    shape = _shape(words)
    lines: list[str] = []
    inside: list[int] = []  # the columns of what the opened brackets hold
    begin = 0
    for index, word in enumerate(words):
        opens = index in shape.opened and not _closes(word)
        end = index + 1
        if not (end == len(words) or opens or word.comments or (end in shape.opened and _closes(words[end]))):
            continue
        further = inside[-1] if inside else indent + INDENT
        first = further if lines else indent
        if begin in shape.opened and _closes(words[begin]):
            first = inside.pop() - INDENT
            further = inside[-1] if inside else indent + INDENT
        lines += _filled(words, shape, begin, end, first, further)
        if opens:
            inside.append(len(lines[-1]) - len(lines[-1].lstrip(" ")) + INDENT)
        for comment in word.comments:
            if comment.alone:
                lines.append(" " * (inside[-1] if inside else indent + INDENT) + comment.text)
            else:
                lines[-1] += f"  {comment.text}"
        begin = end
    return lines


def _closes(word: Word) -> bool:
    return word.text in (")", "]")


def _filled(words: list[Word], shape: _Shape, begin: int, end: int, first: int, further: int) -> list[str]:
    """The lines of words between which nothing forces a fold, the first at one column, the others at another."""
    lines: list[str] = []
    column = first
    while begin < end:
        width = max(WIDTH - column, _NARROWEST)
        length = 0
        best: tuple[tuple[bool, tuple[int, int, int]], int] | None = None
        cut = end
        for index in range(begin, end):
            length += len(words[index].text) + (shape.blanks[index] and index > begin)
            if length > width and best is not None:
                cut = best[1]
                break
            weight = shape.weights[index]
            if weight is not None and index + 1 < end:
                if length > width:
                    cut = index + 1
                    break
                key = (3 * length < width, weight)
                if best is None or key <= best[0]:
                    best = key, index + 1
        text = "".join(" " * (shape.blanks[index] and index > begin) + words[index].text for index in range(begin, cut))
        lines.append(" " * column + text)
        begin = cut
        column = further
    return lines


def _shape(words: list[Word]) -> _Shape:
    """The blanks and possible folds of a statement, in one pass that knows which brackets are open."""
    blanks: list[bool] = []
    weights: list[tuple[int, int, int] | None] = []
    opened: set[int] = set()
    brackets = [_Bracket(-1)]
    before: Word | None = None
    was_sign = False
    for index, word in enumerate(words):
        text = word.text
        is_sign = text in ("-", "+") and (before is None or not before.ends_phrase)
        blanks.append(before is not None and not was_sign and _is_apart(before, word))
        if text in _SPACED and not is_sign:
            brackets[-1].is_spaced = True
        if text in ("(", "["):
            brackets.append(_Bracket(index))
        elif text in (")", "]"):
            bracket = brackets.pop()
            _end_argument(bracket, words, blanks)
            if bracket.has_comment:
                opened |= {bracket.index, index}
            if words[bracket.index - 1].text == "if" and bracket.index and not bracket.has_comma:
                blanks[bracket.index] = True  # the condition of a statement in brackets, not if(c, a, b)
        elif text == "..":
            brackets[-1].range = index
        elif text == ":":
            brackets[-1].colons.append(index)
        elif text in (",", "=", "in", "{"):
            _end_argument(brackets[-1], words, blanks)
            brackets[-1].has_comma |= text == ","
            brackets[-1].equal = index if text == "=" and len(brackets) > 1 else -1
        weights.append(None if is_sign else _weight(words, index, len(brackets) - 1))
        for bracket in reversed(brackets if word.comments else ()):
            if bracket.has_comment:
                break
            bracket.has_comment = True
        before, was_sign = word, is_sign
    return _Shape(blanks, weights, opened)


def _is_apart(before: Word, word: Word) -> bool:
    """Whether there is a blank between two words, of which the first is no sign."""
    if word.text == ":" and before.text == ",":
        tight = False
    elif before.text in ("(", "[") or before.text in _TIGHT or word.text in _TIGHT or word.text in _TIGHT_BEFORE:
        tight = True
    elif word.text in ("(", "["):
        tight = before.ends_phrase or before.text == "if"
    elif word.kind == SUPERSCRIPT:
        tight = True
    else:
        tight = before.kind == NUMBER and word.kind == NAME
    if not tight:
        return True
    found = TOKEN.match(before.text + word.text)
    assert found is not None
    return found[found.lastindex or 0] != before.text  # 2 e3 is a product, 2e3 a number


def _end_argument(bracket: _Bracket, words: list[Word], blanks: list[bool]) -> None:
    """Set a range or a slice apart whose ends have blanks: 1..n, but 0 .. n - 1; draw a keyword together."""
    if bracket.range >= 0 and bracket.is_spaced:
        blanks[bracket.range] = True
        blanks[bracket.range + 1] = True
    elif bracket.range < 0 <= bracket.equal:
        blanks[bracket.equal] = False  # axis=0, but k = 1..n
        blanks[bracket.equal + 1] = False
    for colon in bracket.colons if bracket.is_spaced else ():
        blanks[colon] |= words[colon - 1].text not in _NO_END
        if words[colon + 1].text not in _NO_END:
            blanks[colon + 1] = True
    bracket.range = bracket.equal = -1
    bracket.colons = []
    bracket.is_spaced = False


def _weight(words: list[Word], index: int, depth: int) -> tuple[int, int, int] | None:
    """How bad a fold behind a word is: outer levels before inner ones, loose operators before those that bind."""
    text = words[index].text
    if text in _RANKS:
        return (0, depth, _RANKS[text])
    following = words[index + 1].text if index + 1 < len(words) else "{"
    if text == "=" and not depth and following != "{":
        return (1, 0, 0)
    if text in ("(", "[") and following not in (")", "]"):
        return (2, depth, 0)
    return None
