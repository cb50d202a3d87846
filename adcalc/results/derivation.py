"""The derivation of a derivative, as a teacher writes it: one line for each rule that is applied.

A derivation is a chain of equal expressions. Where sub-expressions have names it is several chains, one after the
other; each begins with a line that has a left side.
"""

from typing import NamedTuple


class Written(NamedTuple):
    """An expression in the three notations: as text, as LaTeX and as MathML (without the `math` element around it).

    >>> Written("x^2", "x^{2}", "<msup><mi>x</mi><mn>2</mn></msup>").text
    'x^2'
    """

    text: str
    latex: str
    mathml: str


class DerivationLine(NamedTuple):
    """One line: what equals the line before it, by which rule, and the sub-expression that the rule was applied to.

    `text`, `latex` and `mathml` (without the `math` element) are the right side; `left` is the left side of a line that
    begins a chain: of a name ("u1 = x^2 + 1") or of its derivative. The first line of a derivation asks the question
    and has no rule. `applied` is `applied_to` in the other notations; both are empty where a rule speaks of the whole.

    >>> DerivationLine("power rule", "x^2", "2*x", "2 x", "<mn>2</mn><mi>x</mi>").statement
    '2*x'
    """

    rule: str
    applied_to: str
    text: str
    latex: str
    mathml: str
    applied: Written | None = None
    left: Written | None = None

    @property
    def statement(self) -> str:
        """The line as text, with its left side where it has one.

        >>> line = DerivationLine("", "", "2*x", "2 x", "<mn>2</mn><mi>x</mi>")
        >>> line._replace(left=Written("du1/dx", "", "")).statement
        'du1/dx = 2*x'
        """
        return self.text if self.left is None else f"{self.left.text} = {self.text}"


class Derivation(NamedTuple):
    """The lines that lead to one derivative; the last is the formula itself.

    `wrt` are the variables by which was differentiated, the last of them here and the others before; `points` at how
    many random points every line was found equal to the first, 0 where no point of the domain was found.

    >>> line = DerivationLine("", "", "d/dx(x^2)", "", "")
    >>> Derivation(("x",), (line,), 3).lines[0].text
    'd/dx(x^2)'
    """

    wrt: tuple[str, ...]
    lines: tuple[DerivationLine, ...]
    points: int
