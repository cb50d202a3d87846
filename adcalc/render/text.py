"""Plain text: what a pipe, a file and a terminal without colours get."""

from adcalc.errors import AdcalcError
from adcalc.render.layout import Words

_ASCII = str.maketrans(
    {"⟨": "<", "⟩": ">", "∂": "d", "±": "+/-", "…": "...", "⟹": "=>", "·": "*", "ε": "eps", "−": "-", "×": "*"}
    | {"├": "+", "└": "+", "│": "|", "─": "-", "↑": "^", "→": "->", "–": "-", "µ": "u", "∈": "in"}
    | {"≈": "~", "≤": "<=", "≥": ">=", "█": "#", "░": "-"}
)
_WIDTH = 76  # of a source line in a message


def text(lines: list[Words], ascii_only: bool = False) -> str:
    """The lines as plain text; in plain ASCII where a terminal has nothing better.

    >>> print(text([[("∂/∂x", "name"), (" = ", "quiet"), ("6", "value")]], ascii_only=True))
    d/dx = 6
    """
    joined = "\n".join("".join(word for word, _ in line) for line in lines)
    return plain(joined) if ascii_only else joined


def plain(words: str) -> str:
    """A text in plain ASCII: what has no likeness there is escaped.

    >>> plain("∂²/∂x²")
    'd^2/dx^2'
    """
    if words.isascii():
        return words
    for digit, superscript in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹"):
        words = words.replace(superscript, f"^{digit}")
    return words.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")


def error(problem: AdcalcError) -> list[Words]:
    """The lines of an error: the sentence, the source line with the place underlined, the hint.

    >>> from adcalc.errors import Place, Source, UnknownFunctionError
    >>> source = Source("sin(x) + cso(y)")
    >>> print(text(error(UnknownFunctionError("unknown function 'cso'", Place(source, 9, 12), "did you mean 'cos'?"))))
    error: unknown function 'cso'
      sin(x) + cso(y)
               ^^^
    hint: did you mean 'cos'?
    """
    lines: list[Words] = [[("error: ", "error"), (problem.message, "")]]
    place = problem.place
    if place is not None and place.source.text.strip():
        start = place.source.text.rfind("\n", 0, place.start) + 1
        end = place.source.text.find("\n", place.start)
        line = place.source.text[start : end if end >= 0 else None].replace("\t", " ")
        first, last = place.start - start, min(place.end - start, max(len(line), place.start - start + 1))
        if place.source.name or "\n" in place.source.text.strip():
            where = f"{place.source.name}, line {place.line}" if place.source.name else f"line {place.line}"
            lines.append([(f"  {where}:", "quiet")])
        if len(line) > _WIDTH:
            line, first, last = _window(line, first, last)
        lines.append([(f"  {line}", "")])
        lines.append([(" " * (2 + columns(line[:first])), ""), ("^" * max(1, columns(line[first:last])), "error")])
    if problem.hint:
        lines.append([("hint: ", "name"), (problem.hint, "")])
    return lines


def _window(line: str, first: int, last: int) -> tuple[str, int, int]:
    """The part of a long line around a place, and the place in it."""
    begin = max(0, min(first - _WIDTH // 3, len(line) - _WIDTH))
    end = min(len(line), begin + _WIDTH)
    before, after = ("… " if begin else ""), (" …" if end < len(line) else "")
    shift = len(before) - begin
    return before + line[begin:end] + after, first + shift, min(last, end) + shift


def columns(words: str) -> int:
    """How many columns of a terminal a text takes.

    >>> columns("x²"), columns("数")
    (2, 2)
    """
    if words.isascii():
        return len(words)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in words)
