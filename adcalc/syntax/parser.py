"""Text to postfix code: a tight loop over Lark's own LALR(1) tables.

A shift remembers where a symbol starts; a reduction appends one instruction, in the order in which an LR parser finds
them, which is postfix order. There is no syntax tree, so nothing can nest too deep. Chains of reductions that only pass
a phrase up the precedence ladder (bare → postfix → power → …) are followed once and remembered.

Where the tables refuse a token the loop stops, and `mistakes` finds the words.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NoReturn

from adcalc.errors import Source
from adcalc.syntax.builder import Builder
from adcalc.syntax.code import RESERVED, Code
from adcalc.syntax.collector import Paused
from adcalc.syntax.tables import ACTIONS, ENDS, FOLLOWS, NAMED, RULES, STARTS, TERMINALS, WORDS

END: Final = len(TERMINALS) - 1
NAME: Final = TERMINALS.index("NAME")
SEPARATOR: Final = TERMINALS.index("SEPARATOR")
OPEN: Final = frozenset({TERMINALS.index("LPAR"), TERMINALS.index("LSQB")})
CLOSE: Final = frozenset({TERMINALS.index("RPAR"), TERMINALS.index("RSQB")})

_ROW_WORDS = dict.fromkeys(RESERVED, -1) | WORDS
_WORDS = {word: kind for word, kind in _ROW_WORDS.items() if not word.isalnum() or word in RESERVED}
_SYMBOLS = sorted((word for word in WORDS if not word.isalnum()), key=len, reverse=True)


def _pattern(symbols: Sequence[str]) -> re.Pattern[str]:
    return re.compile(
        r"(?:[ \t\f\r]+|#[^\n]*)*(?:("
        + "|".join(map(re.escape, symbols))
        + ")|"
        + "|".join(f"({re.sub(r'[(](?![?])', '(?:', pattern)})" for _, pattern, _ in NAMED)
        + r"|(\Z)|([\s\S]))"
    )


TOKEN = _pattern(_SYMBOLS)
KINDS = (-1, -1, *(terminal for _, _, terminal in NAMED), END, -1)  # what each group of the pattern is
_SYMBOL: Final = 1
_WORD: Final = KINDS.index(NAME)
_BRACE: Final = re.compile(r"(?:\s|#[^\n]*\n)*\{")
_UNKNOWN: Final = len(KINDS) - 1

# What a reduction does to the code: nothing, append a leaf with its token, append an operation, or call the builder.
_NOTHING, _LEAF, _OPERATION, _CALL = range(4)
_LEAVES = {"number", "name"}
_OPERATIONS = frozenset(
    ["add", "sub", "mul", "matmul", "div", "mod", "neg", "pow", "or", "and", "not", "factorial", "transpose", "result"]
)
_LHS = {lhs: number for number, lhs in enumerate(sorted({lhs for lhs, _, _ in RULES}))}
_SHAPES = [
    (
        _LHS[lhs],
        size,
        _LEAF
        if action in _LEAVES
        else _OPERATION
        if action in _OPERATIONS
        else _CALL
        if hasattr(Builder, action or "-")
        else _NOTHING,
        action,
    )
    for lhs, size, action in RULES
]
_METHODS = [action for _, _, reduction, action in _SHAPES if reduction == _CALL]
_FOLLOWS = [{_LHS[lhs]: state for lhs, state in row.items() if lhs in _LHS} for row in FOLLOWS]
_chains: dict[int, int] = {}  # (state, left-hand side, lookahead) packed into one number → the state after the chain


def parse(source: Source, start: str = "program") -> Code:
    """The instructions of a text, in postfix order.

    `start` is the kind of text: "program", "point" (--at), "names" (--wrt), "row" or "identity".
    Raises AdcalcSyntaxError, with the place and the reason.

    >>> [operation for operation, _, _ in parse(Source("x*y + 1")).block]
    ['name', 'name', 'mul', 'number', 'add', 'result']
    """
    try:
        with Paused():
            return read(source, start)
    except Stop as stop:
        from adcalc.syntax.mistakes import explain

        raise explain(source, start, stop) from None


class Stop(Exception):  # noqa: N818  # it never reaches a user
    """Where the tables refuse a text: the position, the kinds of the tokens before and at it, and the open brackets.

    A kind is a terminal's name, "" at the beginning of the text, or the character itself that begins no token. `last`
    is where the token before ends; `waiting` the word whose block has not begun, and where it stands: "range" is a
    `for` whose range is not read yet, "" says that there is none.
    """

    def __init__(self, position: int, before: str, found: str, depth: int, last: int, waiting: tuple[str, int]) -> None:
        super().__init__(position, before, found, depth, last, waiting)
        self.position = position
        self.before = before
        self.found = found
        self.depth = depth
        self.last = last
        self.waiting = waiting


def read(source: Source, start: str = "program") -> Code:
    """What `parse` does, without the words for an error: raises Stop where the tables refuse the text.

    >>> try:
    ...     read(Source("sin x"))
    ... except Stop as stop:
    ...     print(stop.position, stop.before, stop.found)
    4 NAME NAME
    """
    text = source.text
    builder = Builder(source)
    code = builder.code
    append = code.append
    actions, shapes, chains, kinds = ACTIONS, _SHAPES, _chains, KINDS
    words = _ROW_WORDS if start in ("row", "identity") else _WORDS  # `on`, `smooth` … are names elsewhere
    one_phrase = start != "program"
    final = ENDS[start]
    state = STARTS[start]
    states = [state]
    starts = builder.starts
    methods = {action: getattr(builder, action) for action in _METHODS}
    row = actions[state]
    token = ""
    depth = 0
    last = 0  # where the last shifted token ends
    before = -1  # and its kind
    for found in _with_files(text) if start == "point" and "@" in text else TOKEN.finditer(text):
        group = found.lastindex or 0
        word = found[group]
        end = found.end()
        begin = end - len(word)
        if group == _SYMBOL:
            lookahead = words[word]
            if lookahead == SEPARATOR and word == "\n" and (depth or one_phrase or lookahead not in row):
                continue  # a newline where no statement can end is white space
        elif group == _WORD:
            lookahead = words.get(word, NAME)
            if lookahead not in row:
                if word in RESERVED:
                    _stop(begin, before, word.upper(), depth, last, states, starts)
                lookahead = NAME  # a word that means nothing here is a name
        elif group == _UNKNOWN:
            _stop(begin, before, word, depth, last, states, starts)
        else:
            lookahead = kinds[group]
        while True:
            move = row.get(lookahead)
            if move is None:
                if word == "\n" and _BRACE.match(text, end) and _waiting(states, starts)[0]:
                    break  # where a block is to begin its brace may stand in the next line
                _stop(begin, before, TERMINALS[lookahead], depth, last, states, starts)
            if move > 0:
                state = move - 1
                states.append(state)
                starts.append(begin)
                row = actions[state]
                token = word
                last = end
                before = lookahead
                if lookahead in OPEN:
                    depth += 1
                elif lookahead in CLOSE:
                    depth -= 1
                break
            lhs, size, reduction, action = shapes[-move - 1]
            if size == 1:
                states.pop()
            elif size:
                del states[-size:]
            else:
                starts.append(begin)
            if reduction == _LEAF:
                append((action, token, (starts[-1], last)))
            else:
                if reduction == _OPERATION:
                    append((action, None, (starts[-size], last)))
                elif reduction == _CALL:
                    builder.last = last
                    builder.token = token
                    methods[action](size)
                if size > 1:
                    del starts[1 - size :]
            key = (states[-1] << 16) | (lhs << 8) | lookahead
            state = chains.get(key, -1)
            if state < 0:
                state = chains[key] = _chain(states[-1], lhs, lookahead)
            states.append(state)
            row = actions[state]
            if lookahead == END and state == final:
                return Code(source, code)
    raise AssertionError("the pattern always finds the end of the text")


def _with_files(text: str) -> Iterator[re.Match[str]]:
    """The tokens of a point: where a value may begin, @ begins the name of a file, and elsewhere it is the product."""
    names_file = _pattern([symbol for symbol in _SYMBOLS if symbol != "@"])
    found, word = None, ","
    while found is None or found.lastindex != KINDS.index(END):
        found = (names_file if word in ("=", ",") else TOKEN).match(text, found.end() if found else 0)
        assert found is not None
        word = found[found.lastindex or 0]
        yield found


def _chain(below: int, lhs: int, lookahead: int) -> int:
    """The state after `lhs` on top of state `below`, once every reduction that only renames the phrase is done."""
    state: int = _FOLLOWS[below][lhs]
    while True:
        move = ACTIONS[state].get(lookahead, 0)
        if move >= 0:
            return state
        other, size, reduction, _ = _SHAPES[-move - 1]
        if size != 1 or reduction != _NOTHING:
            return state
        state = _FOLLOWS[below][other]


def _stop(
    position: int, before: int, found: str, depth: int, last: int, states: list[int], starts: list[int]
) -> NoReturn:
    raise Stop(position, TERMINALS[before] if before >= 0 else "", found, depth, last, _waiting(states, starts))


def _waiting(states: list[int], starts: list[int]) -> tuple[str, int]:
    """The word on the parser's stack whose block has not begun, and where it stands in the text."""
    symbols = _symbols()
    top = symbols.get(states[-1])
    closed = top in ("RPAR", "RSQB")  # a bracket that is complete, but not yet reduced
    range_read = choice = False
    for state, start in zip(reversed(states), reversed(starts), strict=True):
        symbol = symbols.get(state, "")
        if symbol in ("LPAR", "LSQB") and closed:
            closed = False
        elif symbol in ("LPAR", "LSQB", "LBRACE"):
            break
        elif symbol == "IF" and choice:
            choice = False  # the function if(c, a, b)
        elif symbol in ("IF", "ELSE", "WHILE", "REPEAT"):
            return symbol.lower(), start
        elif symbol == "FOR":
            return "for" if range_read else "range", start
        choice = choice or symbol == "sides"
        range_read = range_read or symbol == "_RANGE"
    return "", 0


@lru_cache(maxsize=1)
def _symbols() -> dict[int, str]:
    """The symbol that leads to each state of the parser."""
    symbols = {move - 1: TERMINALS[terminal] for row in ACTIONS for terminal, move in row.items() if move > 0}
    return symbols | {state: lhs for row in FOLLOWS for lhs, state in row.items()}
