"""Text to postfix code: a tight loop over Lark's own LALR(1) tables.

A shift remembers where a symbol starts; a reduction appends one instruction, in the order in which an LR parser finds
them, which is postfix order. There is no syntax tree, so nothing can nest too deep. Chains of reductions that only pass
a phrase up the precedence ladder (bare → postfix → power → …) are followed once and remembered.

When the loop meets text that the tables refuse, `mistakes` lets Lark parse it again and finds the words.
"""

import re
from typing import Final

from adcalc.errors import Source
from adcalc.syntax.builder import Builder
from adcalc.syntax.code import Code
from adcalc.syntax.tables import ACTIONS, ENDS, FOLLOWS, NAMED, RULES, STARTS, TERMINALS, WORDS

END: Final = len(TERMINALS) - 1
NAME: Final = TERMINALS.index("NAME")
SEPARATOR: Final = TERMINALS.index("SEPARATOR")
OPEN: Final = TERMINALS.index("LPAR")
CLOSE: Final = TERMINALS.index("RPAR")

_SYMBOLS = sorted((word for word in WORDS if not word.isalnum()), key=len, reverse=True)
_TOKEN = re.compile(
    r"(?:[ \t\f\r]+|#[^\n]*)*(?:"
    + "|".join(f"(?P<{name}>{re.sub(r'[(](?![?])', '(?:', pattern)})" for name, pattern, _ in NAMED)
    + "|(?P<symbol>"
    + "|".join(map(re.escape, _SYMBOLS))
    + r")|(?P<end>\Z)|(?P<unknown>[\s\S]))"
)
_KINDS = {name: terminal for name, _, terminal in NAMED}

# What a reduction does to the code: nothing (-1), append a leaf with its token (0), append an operation (1), or call
# the builder (2).
_LEAVES = {"number", "name"}
_OPERATIONS = {"add", "sub", "mul", "div", "mod", "neg", "pow", "or", "and", "not", "factorial", "result"}
_SHAPES = [
    (
        lhs,
        size,
        0 if action in _LEAVES else 1 if action in _OPERATIONS else 2 if hasattr(Builder, action or "-") else -1,
        action,
    )
    for lhs, size, action in RULES
]
_UNIT = [size == 1 and kind == -1 for _, size, kind, _ in _SHAPES]
_chains: dict[tuple[int, str, int], int] = {}


def parse(source: Source, start: str = "program") -> Code:
    """The instructions of a text, in postfix order.

    `start` is the kind of text: "program", "point" (--at), "names" (--wrt), "row" or "identity".
    Raises AdcalcSyntaxError, with the place and the reason.

    >>> [operation for operation, _, _ in parse(Source("x*y + 1")).block]
    ['name', 'name', 'mul', 'number', 'add', 'result']
    """
    text = source.text
    builder = Builder(source)
    code = builder.code
    append = code.append
    actions, shapes, chains, words, kinds = ACTIONS, _SHAPES, _chains, WORDS, _KINDS
    final = ENDS[start]
    state = STARTS[start]
    states = [state]
    starts = builder.starts
    row = actions[state]
    token = ""
    one_phrase = start != "program"
    depth = 0
    last = 0  # where the last shifted token ends
    match = _TOKEN.scanner(text).match  # type: ignore[attr-defined]  # missing from typeshed
    while True:
        found = match()
        kind = found.lastgroup
        begin, end = found.span(kind)
        if kind == "symbol":
            lookahead = words[text[begin:end]]
        elif kind == "NAME":
            lookahead = words.get(text[begin:end], NAME)
            if lookahead != NAME and lookahead not in row:
                lookahead = NAME  # a word that means nothing here is a name
        elif kind == "end":
            lookahead = END
        elif kind == "unknown":
            raise _mistake(source, start, begin)
        else:
            lookahead = kinds[kind]
        if lookahead == SEPARATOR and text[begin] == "\n" and (depth or one_phrase or lookahead not in row):
            continue  # a newline where no statement can end is white space
        while True:
            move = row.get(lookahead)
            if move is None:
                raise _mistake(source, start, begin)
            if move > 0:
                state = move - 1
                states.append(state)
                starts.append(begin)
                row = actions[state]
                token = text[begin:end]
                last = end
                if lookahead == OPEN:
                    depth += 1
                elif lookahead == CLOSE:
                    depth -= 1
                break
            lhs, size, reduction, action = shapes[-move - 1]
            if size > 1:
                del states[-size:]
            elif size:
                states.pop()
            else:
                starts.append(begin)
            if reduction == 0:
                append((action, token, (starts[-1], last)))
            else:
                if reduction == 2:
                    builder.last = last
                    builder.token = token
                    getattr(builder, action)(size)
                elif reduction == 1:
                    append((action, None, (starts[-size], last)))
                if size > 1:
                    del starts[1 - size :]
            below = states[-1]
            key = (below, lhs, lookahead)
            state = chains.get(key, -1)
            if state < 0:
                state = chains[key] = _chain(below, lhs, lookahead)
            states.append(state)
            row = actions[state]
            if lookahead == END and state == final:
                return Code(source, code)


def _chain(below: int, lhs: str, lookahead: int) -> int:
    """The state after `lhs` on top of state `below`, once every reduction that only renames the phrase is done."""
    state: int = FOLLOWS[below][lhs]
    while True:
        move = ACTIONS[state].get(lookahead, 0)
        if move >= 0 or not _UNIT[-move - 1]:
            return state
        state = FOLLOWS[below].get(_SHAPES[-move - 1][0], -1)
        if state < 0:
            raise AssertionError("an LALR table without a successor")


def _mistake(source: Source, start: str, position: int) -> Exception:
    from adcalc.syntax.mistakes import explain

    return explain(source, start, position)
