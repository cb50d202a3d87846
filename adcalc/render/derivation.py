r"""Derivations drawn: as lines of text with the rules beside them, as a LaTeX `align*`, and as one MathML table."""

from collections.abc import Sequence
from typing import Final

from adcalc.render.layout import Words, operator
from adcalc.render.symbols import greek
from adcalc.results.derivation import Derivation, DerivationLine, Written

_INDENT: Final = 4
_GAP: Final = 3  # columns between an expression and its rule
_QUOTED: Final = 48  # characters of a sub-expression that a rule quotes
_DEFINITION: Final = "definition"
_SPECIAL: Final = {
    "^": r"\^{}",
    "~": r"\~{}",
    "\\": r"\textbackslash{}",
    "<": "$<$",  # in a text font these are other signs
    ">": "$>$",
    "∂": r"$\partial$",
    "…": r"\dots{}",
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
}


def derivation(derivations: Sequence[Derivation], width: int = 80) -> list[Words]:
    """The lines of derivations: each rule stands at the right where there is room for it, else below its line.

    >>> lines = (
    ...     DerivationLine("", "", "d/dx(sin(x))", "", ""),
    ...     DerivationLine("d sin(u) = cos(u)*du", "sin(x)", "cos(x)", "", ""),
    ... )
    >>> for line in derivation([Derivation(("x",), lines, 3)]):
    ...     print("".join(word for word, _ in line))
        d/dx(sin(x))
          = cos(x)     d sin(u) = cos(u)*du on sin(x)
      every line agrees with the first at 3 random points
    """
    drawn: list[Words] = []
    for one in derivations:
        if len(derivations) > 1:
            drawn.append([(f"  {operator(one.wrt)}", "name")])
        drawn += _lines(one, width)
    points = min((one.points for one in derivations), default=0)
    if points:
        plural = "s" if points > 1 else ""
        drawn.append([(f"  every line agrees with the first at {points} random point{plural}", "quiet")])
    elif derivations:
        drawn.append([("  no point was found at which the lines could be checked", "quiet")])
    return drawn


def _lines(one: Derivation, width: int) -> list[Words]:
    heads = [_head(line) for line in one.lines]
    rules = [_rule(line) for line in one.lines]
    lengths = [sum(len(word) for word, _ in head) for head in heads]
    column = _column([(length, len(rule)) for length, rule in zip(lengths, rules, strict=True) if rule], width)
    drawn: list[Words] = []
    for head, rule, length in zip(heads, rules, lengths, strict=True):
        drawn.append(head)
        if rule and length + _GAP <= column and column + len(rule) <= width:
            head.append((" " * (column - length) + rule, "quiet"))
        elif rule:
            drawn.append([(" " * (_INDENT + 6) + rule, "quiet")])
    return drawn


def _column(sizes: list[tuple[int, int]], width: int) -> int:
    """Where the rules begin so that most of them stand beside their lines; the first such column."""
    best, most = 0, 0
    for column in sorted({length + _GAP for length, _ in sizes if length < width}):
        beside = sum(1 for length, rule in sizes if length + _GAP <= column and column + rule <= width)
        if beside > most:
            best, most = column, beside
    return best


def _head(line: DerivationLine) -> Words:
    """A line without its rule."""
    if line.left is not None:
        return [(f"{' ' * _INDENT}{line.left.text}", "name"), (" = ", "quiet"), (line.text, "expression")]
    if not line.rule:
        return [(f"{' ' * _INDENT}{line.text}", "expression")]
    return [(f"{' ' * (_INDENT + 2)}= ", "quiet"), (line.text, "expression")]


def _rule(line: DerivationLine) -> str:
    """The rule of a line with what it is applied to; a definition needs no words."""
    if line.rule == _DEFINITION:
        return ""
    applied = line.applied_to
    if len(applied) > _QUOTED:
        applied = f"{applied[: _QUOTED - 12]} … {applied[-9:]}"
    return f"{line.rule} on {applied}" if applied else line.rule


# ------------------------------------------------------------------ typeset


def latex(one: Derivation) -> list[str]:
    r"""The lines of a derivation as LaTeX: an `align*` environment of amsmath, the rules in its second column.

    >>> line = DerivationLine("power rule", "x^2", "2*x", "2 x", "", Written("x^2", "x^{2}", ""))
    >>> start = DerivationLine("", "", "d/dx(x^2)", "\\frac{d}{dx}\\left(x^{2}\\right)", "")
    >>> print("\n".join(latex(Derivation(("x",), (start, line), 3))))
    \begin{align*}
      \frac{d}{dx}\left(x^{2}\right) &= 2 x && \text{power rule on } x^{2}
    \end{align*}
    """
    rows = []
    for left, line in _rows(one):
        rule = ""
        if line.rule != _DEFINITION:
            words = "".join(map(_typed, line.rule))
            rule = f" && \\text{{{words} on }} {line.applied.latex}" if line.applied else f" && \\text{{{words}}}"
        rows.append(f"  {left.latex if left else '  '} &= {line.latex}{rule}")
    return ["\\begin{align*}", *(f"{row} \\\\" for row in rows[:-1]), *rows[-1:], "\\end{align*}"]


def _typed(letter: str) -> str:
    """A letter of a rule's name in LaTeX's text mode."""
    name = greek(letter) if letter > "~" else None
    return f"$\\{name}$" if name else _SPECIAL.get(letter, letter)


def mathml(one: Derivation) -> str:
    """A derivation as one MathML element: a table of left sides, right sides and rules.

    >>> line = DerivationLine("power rule", "", "2*x", "", "<mn>2</mn><mi>x</mi>")
    >>> start = DerivationLine("", "", "d/dx(x^2)", "", "<mi>f</mi>")
    >>> mathml(Derivation(("x",), (start, line), 3)).count("<mtd>")
    3
    """
    from html import escape

    rows = []
    for left, line in _rows(one):
        rule = ""
        if line.rule != _DEFINITION:
            on = f"<mtext>\u00a0on\u00a0</mtext>{line.applied.mathml}" if line.applied else ""
            rule = f"<mtext>{escape(line.rule)}</mtext>{on}"
        cells = (left.mathml if left else "", f"<mo>=</mo>{line.mathml}", rule)
        rows.append(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in cells)}</mtr>")
    table = f'<mtable columnalign="right left left" displaystyle="true">{"".join(rows)}</mtable>'
    return f'<math display="block">{table}</math>'


def _rows(one: Derivation) -> list[tuple[Written | None, DerivationLine]]:
    """The lines with their left sides: the line that asks the question is the left side of the next."""
    rows: list[tuple[Written | None, DerivationLine]] = []
    left: Written | None = None
    for line in one.lines:
        if line.left is None and not line.rule:
            left = Written(line.text, line.latex, line.mathml)
            continue
        rows.append((line.left or left, line))
        left = None
    return rows
