r"""Graph to presentation MathML, by the printer that also writes the language itself.

Browsers draw it without a library. Every piece of text is escaped; what a fraction, a root or a power holds is one
element, so that nothing depends on how many elements an operand is made of.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, DERIVATIVES, INPUT, NodeId
from adcalc.graph.residual import written
from adcalc.render.symbols import greek, parts
from adcalc.syntax.numeral import number_text
from adcalc.syntax.sharing import shared_names
from adcalc.syntax.unparse import (
    AND,
    ATOM,
    BUDGET,
    MODULO,
    NOT,
    OR,
    POWER,
    PRODUCT,
    RELATION,
    SUM,
    Operand,
    Pieces,
    write,
)

if TYPE_CHECKING:
    from adcalc.render.array_products import Marks

_TIMES: Final = "<mo>\u2062</mo>"  # invisible
_DOT: Final = "<mo>·</mo>"
_OF: Final = "<mo>\u2061</mo>"  # between a function and its argument: invisible, too
_MINUS: Final = "<mo>−</mo>"
_FUNCTIONS: Final = {
    **{f"a{name}": f"<mi>arc{name}</mi>" for name in ("sin", "cos", "tan")},
    "gamma": "<mi>Γ</mi>",
    "beta": "<mi>B</mi>",
    "zeta": "<mi>ζ</mi>",
    "digamma": "<mi>ψ</mi>",
    "log2": "<msub><mi>log</mi><mn>2</mn></msub>",
    "log10": "<msub><mi>log</mi><mn>10</mn></msub>",
}
_AROUND: Final = {
    "sqrt": ("<msqrt>", "</msqrt>"),
    "cbrt": ("<mroot><mrow>", "</mrow><mn>3</mn></mroot>"),
    "abs": ('<mrow><mo fence="true" form="prefix">|</mo>', '<mo fence="true" form="postfix">|</mo></mrow>'),
    "floor": ("<mrow><mo>⌊</mo>", "<mo>⌋</mo></mrow>"),
    "ceil": ("<mrow><mo>⌈</mo>", "<mo>⌉</mo></mrow>"),
}
_NULLARY: Final = {"pi": "<mi>π</mi>", "inf": "<mi>∞</mi>"}
_RELATIONS: Final = {"lt": "&lt;", "le": "≤", "gt": "&gt;", "ge": "≥", "eq": "=", "ne": "≠"}
_BINARY: Final[dict[str, tuple[str, int, int, int]]] = {
    "add": ("<mo>+</mo>", SUM, SUM, MODULO),
    "sub": (_MINUS, SUM, SUM, MODULO),
    "mod": ('<mo lspace="0.3em" rspace="0.3em">mod</mo>', MODULO, PRODUCT, POWER),
    "or": ("<mo>∨</mo>", OR, OR, AND),
    "and": ("<mo>∧</mo>", AND, AND, NOT),
    **{op: (f"<mo>{sign}</mo>", RELATION, SUM, SUM) for op, sign in _RELATIONS.items()},
}
_LEFT: Final = {"add": SUM, "sub": SUM, "mul": PRODUCT, "div": PRODUCT, "mod": PRODUCT}


_CLOSED: Final = "</mtd></mtr></mtable><mo>)</mo></mrow>"


class _MathML:
    def __init__(self, graph: Graph, names: Mapping[NodeId, str]) -> None:
        self._nodes = graph.nodes
        self._names = names
        self._arrays = None
        if graph.shapes:
            from adcalc.render.array_math import ArrayMath

            self._arrays = ArrayMath(graph, names, _marks())

    def is_named(self, node: NodeId) -> bool:
        return node in self._names

    def brackets(self) -> tuple[str, str]:
        return "<mrow><mo>(</mo>", "<mo>)</mo></mrow>"

    def begins_with_operand(self, op: str) -> int | None:
        return _LEFT.get(op)

    def pieces(self, node: NodeId, minus: bool, wide: bool = False) -> Pieces:
        op, args, label = self._nodes[node]
        if node in self._names:
            return ATOM, [symbol(self._names[node])]
        if op == INPUT:
            return ATOM, [symbol(str(label))]
        if op == CONSTANT:
            assert isinstance(label, Fraction)
            return number(label)
        found = None if self._arrays is None else self._arrays.pieces(node, minus)
        if found is not None:
            return found
        if op == "mul":
            left = Operand(args[0], PRODUCT, minus)
            return PRODUCT, [left, self._times(args[1]), Operand(args[1], POWER, False)]
        if op == "div":
            sign, numerator = self._signed(args[0])
            return PRODUCT, [sign, "<mfrac><mrow>", numerator, "</mrow><mrow>", Operand(args[1]), "</mrow></mfrac>"]
        if op == "pow":
            return POWER, _power(Operand(args[0], ATOM, False), Operand(args[1]))
        if op == "exp":
            return POWER, ["<mi>e</mi>"] if self._value(args[0]) == 1 else _power("<mi>e</mi>", Operand(args[0]))
        if op == "exp2":
            return POWER, _power("<mn>2</mn>", Operand(args[0]))
        if op in _BINARY:
            sign, level, first, second = _BINARY[op]
            return level, [Operand(args[0], first, minus), sign, Operand(args[1], second, False)]
        if op == "neg":
            return PRODUCT, [_MINUS, Operand(args[0], PRODUCT, False)]
        if op == "not":
            return NOT, ["<mo>¬</mo>", Operand(args[0], NOT, False)]
        if op in ("if", "where"):
            return ATOM, _choice(*(Operand(argument) for argument in args))
        if op in DERIVATIVES:
            return self._derivative(DERIVATIVES[op], args)
        if op in _AROUND:
            before, after = _AROUND[op]
            return ATOM, [before, Operand(args[0]), after]
        if not args:
            return ATOM, [_NULLARY.get(op) or symbol(op)]
        pieces: list[str | Operand] = [_FUNCTIONS.get(op) or f"<mi>{escape(op)}</mi>", f"{_OF}<mrow><mo>(</mo>"]
        for position, argument in enumerate(args):
            pieces += ["<mo>,</mo>"] * bool(position) + [Operand(argument)]
        return ATOM, [*pieces, "<mo>)</mo></mrow>"]

    def _signed(self, numerator: NodeId) -> tuple[str, str | Operand]:
        """A numerator without its minus, which stands before the fraction."""
        op, args, label = self._nodes[numerator]
        if numerator not in self._names:
            if op == "neg":
                return _MINUS, Operand(args[0])
            if isinstance(label, Fraction) and label < 0:
                return _MINUS, "".join(str(piece) for piece in number(-label)[1])
        return "", Operand(numerator)

    def _derivative(self, sign: str, args: tuple[NodeId, ...]) -> Pieces:
        """A derivative still to be taken: of an expression, or of what has a name."""
        sign = f"<mo>{sign}</mo>" if sign == "∂" else f"<mi>{sign}</mi>"
        below = f"<mrow>{sign}{symbol(str(self._nodes[args[1]].label))}</mrow></mfrac>"
        if self._nodes[args[0]].op == INPUT and args[0] != args[1]:
            return POWER, [f"<mfrac><mrow>{sign}", Operand(args[0]), f"</mrow>{below}"]
        return POWER, [f"<mfrac>{sign}{below}<mrow><mo>(</mo>", Operand(args[0]), "<mo>)</mo></mrow>"]

    def _value(self, node: NodeId) -> Fraction | None:
        label = self._nodes[node].label
        return label if isinstance(label, Fraction) else None

    def _times(self, right: NodeId) -> str:
        """The sign between two factors: a dot where a number follows, else nothing that is seen."""
        op, args, _ = self._nodes[right]
        first = args[0] if op == "pow" and right not in self._names else right
        return _DOT if op == "exp2" or self._nodes[first].op == CONSTANT else _TIMES


def _marks() -> "Marks":
    from adcalc.render.array_products import Marks

    return Marks(
        raised=("<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"),
        lowered=("<msub><mrow>", "</mrow><mrow>", "</mrow></msub>"),
        group=("", ""),
        brackets=("<mrow><mo>(</mo>", "<mo>)</mo></mrow>"),
        norm=('<mo fence="true" form="prefix">‖</mo>', '<mo fence="true" form="postfix">‖</mo>'),
        top="<mi>⊤</mi>",
        minus_top=f"{_MINUS}<mi>⊤</mi>",
        inverse=f"{_MINUS}<mn>1</mn>",
        minus=_MINUS,
        times=_TIMES,
        by_elements="<mo>⊙</mo>",
        divided="<mo>⊘</mo>",
        circle="<mo>∘</mo>",
        comma="<mo>,</mo>",
        total="<mo>∑</mo>",
        logarithm=f"<mi>log</mi>{_OF}",
        ones="<mn>\U0001d7cf</mn>",  # bold: browsers leave that to the character
        word=lambda name: (_FUNCTIONS.get(name) or f"<mi>{escape(name)}</mi>") + _OF,
        letter=_sign,
        matrix=("<mrow><mo>(</mo><mtable><mtr><mtd>", "</mtd><mtd>", "</mtd></mtr><mtr><mtd>", _CLOSED),
    )


def _sign(text: str) -> str:
    return f"<mn>{text}</mn>" if text.isdigit() else f"<mo>{text}</mo>" if text in "×:" else f"<mi>{escape(text)}</mi>"


def mathml(graph: Graph, output: NodeId, names: Mapping[NodeId, str] | None = None) -> str:
    """An expression as a MathML element. `names` are nodes to be printed as a name.

    >>> graph = Graph()
    >>> x = graph.input("theta")
    >>> print(mathml(graph, graph.apply("sqrt", graph.apply("neg", x))))
    <math><msqrt><mo>−</mo><mi>θ</mi></msqrt></math>
    """
    return f"<math>{content(graph, output, names)}</math>"


def content(graph: Graph, output: NodeId, names: Mapping[NodeId, str] | None = None) -> str:
    """An expression as MathML, without the `math` element around it.

    >>> graph = Graph()
    >>> content(graph, graph.input("x_1"))
    '<msub><mi>x</mi><mn>1</mn></msub>'
    """
    output, names = written(graph, output, names or {})
    return write(graph, output, _MathML(graph, names))


def mathml_program(
    graph: Graph, outputs: Sequence[NodeId], budget: int = BUDGET, taken: frozenset[str] = frozenset()
) -> tuple[list[tuple[str, str]], list[str]]:
    """Several expressions as MathML elements, after what they share: (symbol, MathML) of each, then the expressions.

    Names and lengths are those of `latex_program`; a symbol is an element too.

    >>> graph = Graph()
    >>> node = graph.input("x")
    >>> for _ in range(6):
    ...     node = graph.apply("mul", graph.apply("sin", node), node)
    >>> mathml_program(graph, [node])[0][0][0]
    '<math><mi>a</mi></math>'
    """
    outputs = [written(graph, output, {})[0] for output in outputs]  # as unparse_program, so that the names agree
    known: dict[NodeId, str] = {}
    definitions: list[tuple[str, str]] = []
    for node, name in shared_names(graph, outputs, budget, taken).items():
        definitions.append((f"<math>{symbol(name)}</math>", mathml(graph, node, known)))
        known[node] = name
    return definitions, [mathml(graph, output, known) for output in outputs]


def number(value: Fraction) -> Pieces:
    """A constant in MathML: a quotient as a fraction, an exponent as a power of ten.

    >>> number(Fraction(-1, 3))
    (7, ['<mo>−</mo><mfrac><mn>1</mn><mn>3</mn></mfrac>'])
    """
    text = number_text(abs(value))
    level = PRODUCT if value < 0 else ATOM
    element = f"<mn>{text}</mn>"
    if "/" in text:
        numerator, denominator = text.split("/")
        level, element = PRODUCT, f"<mfrac><mn>{numerator}</mn><mn>{denominator}</mn></mfrac>"
    elif "e" in text:
        mantissa, exponent = text.split("e")
        raised = f"{_MINUS}<mn>{exponent[1:]}</mn>" if exponent.startswith("-") else f"<mn>{exponent}</mn>"
        level, element = PRODUCT, f"<mn>{mantissa}</mn>{_DOT}<msup><mn>10</mn><mrow>{raised}</mrow></msup>"
    return level, [f"{_MINUS}{element}" if value < 0 else element]


def symbol(name: str) -> str:
    """A variable's name in MathML: Greek letters, digits and what follows an underscore as a subscript.

    >>> [symbol(name) for name in ("x", "theta", "x1", "flow rate")]
    ['<mi>x</mi>', '<mi>θ</mi>', '<msub><mi>x</mi><mn>1</mn></msub>', '<mi>flow rate</mi>']
    """
    found = parts(name)
    if found is None:
        return _letter(name)
    body, subscript = _letter(found[0]), found[1]
    return f"<msub>{body}{_letter(subscript)}</msub>" if subscript else body


def _letter(word: str) -> str:
    name = greek(word)
    if name is not None:
        from unicodedata import lookup

        case, spelling = "SMALL" if name.islower() else "CAPITAL", name.upper().replace("LAMBDA", "LAMDA")
        return f"<mi>{lookup(f'GREEK {case} LETTER {spelling}')}</mi>"
    return f"<mn>{word}</mn>" if word.isdigit() else f"<mi>{escape(word)}</mi>"


def _power(base: str | Operand, exponent: Operand) -> list[str | Operand]:
    return ["<msup><mrow>", base, "</mrow><mrow>", exponent, "</mrow></msup>"]


def _choice(condition: Operand, taken: Operand, other: Operand) -> list[str | Operand]:
    """The two sides of a choice behind one brace."""
    return [
        '<mrow><mo>{</mo><mtable columnalign="left left"><mtr><mtd>',
        taken,
        "</mtd><mtd><mtext>if\u00a0</mtext>",
        condition,
        "</mtd></mtr><mtr><mtd>",
        other,
        "</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable></mrow>",
    ]
