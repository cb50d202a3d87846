"""Claims: what somebody says a derivative is, such as "x: -y*sin(x*y)", in the language of expressions.

A claim is read as if its expression stood at the end of the program that it is about, so the program's own names and
functions mean in it what they mean there.
"""

from collections.abc import Mapping
from typing import NamedTuple

from adcalc.errors import AdcalcError, Place, Source, unknown_variable
from adcalc.graph.node import Shape
from adcalc.syntax.code import Block, Code, free_names, place_of, walk
from adcalc.syntax.lower import NO_SHAPES, lower
from adcalc.syntax.lowered import Differentiate, Library, Lowered
from adcalc.syntax.parser import parse


class Claim(NamedTuple):
    """A claim: the variables to differentiate by, one after the other, and the expression that it gives.

    >>> from adcalc.rules.table import standard
    >>> program = parse(Source("x^3"))
    >>> read_claim(claim_in("x, x: 6*x"), program, ("x",), standard()).wrt
    ('x', 'x')
    """

    wrt: tuple[str, ...]
    lowered: Lowered
    place: Place
    expression: Place


def claim_in(text: str) -> Place:
    """The place of a claim that is a text of its own.

    >>> claim_in("x: 2*x").excerpt
    'x: 2*x'
    """
    return Place(Source(text), 0, len(text))


def read_claim(
    place: Place,
    program: Code,
    variables: tuple[str, ...],
    library: Library,
    bound: frozenset[str] = frozenset(),
    differentiate: Differentiate | None = None,
    shapes: Mapping[str, Shape] = NO_SHAPES,
    weight: str = "",
) -> Claim:
    """The claim that stands at a place of a text, about a program with the given variables.

    `shapes` are those of variables that are arrays; `weight` is a further name that the claim may use, the weight of
    the program's result.

    Raises AdcalcSyntaxError, UnknownVariableError, UnknownFunctionError, ArityError, each with its place there.

    >>> from adcalc.rules.table import standard
    >>> program = parse(Source("a = x*y; f(u) = u^2; f(a)"))
    >>> read_claim(claim_in("x: 2*a*y"), program, ("x", "y"), standard()).expression.excerpt
    '2*a*y'
    """
    before = program.source.text
    indent = len(before) + 1
    try:
        code = parse(Source(" " * indent + place.excerpt), "claim")
        wrt = []
        for _, name, span in code.block[:-1]:
            if name not in variables:
                raise unknown_variable(name, variables, Place(code.source, *span))
            wrt.append(name)
        _, block, span = code.block[-1]
        joined = Source(f"{before}\n{place.excerpt}")
        definitions = _definitions(program)
        known = {*variables, weight, *(word for step, word, _ in walk(definitions) if step == "assign")}
        for name in free_names(block, known):
            if name not in library.constants:
                raise unknown_variable(name, variables, place_of(Code(joined, block), name))
        whole = Code(joined, [*definitions, *block, ("result", None, span)])
        lowered = lower(whole, library, bound, differentiate=differentiate, shapes=shapes)
        for name, node in lowered.variables.items():
            if name not in variables and name != weight:
                raise unknown_variable(name, variables, lowered.place(node))
    except AdcalcError as error:
        error.place = None if error.place is None else _moved(error.place, program.source, place, indent)
        raise
    return Claim(tuple(wrt), lowered, place, _moved(Place(joined, *span), program.source, place, indent))


def _definitions(program: Code) -> Block:
    """What a claim can use of a program: all but its result, or where its way may turn its functions alone."""
    block = program.block
    if any(operation in ("while", "branch") for operation, _, _ in block):
        return [step for step in block if step[0] == "define"]
    begin = block[-1][2][0]
    last = len(block)
    while last and block[last - 1][2][0] >= begin:
        last -= 1
    return block[:last]


def _moved(found: Place, program: Source, claim: Place, indent: int) -> Place:
    """A place in program and claim together, as one in the claim's own text or in the program's."""
    if found.start < indent - 1:
        return Place(program, found.start, found.end)
    shift = claim.start - indent
    return Place(claim.source, max(found.start, indent) + shift, max(found.end, indent) + shift)
