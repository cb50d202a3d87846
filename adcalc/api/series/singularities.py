"""The sentences for points where a function has no Taylor series: poles, branch points, kinks and jumps."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from adcalc.errors import DomainError, NotDifferentiableError
from adcalc.graph.node import CONDITIONS
from adcalc.modes.blame import explained, text_of, where_clause
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from adcalc.errors import AdcalcError
    from adcalc.modes.proofs.singularity import SingularError
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered

# Functions that have poles wherever they have no value.
_POLES: Final = frozenset(
    {"tan", "cot", "sec", "csc", "coth", "csch", "gamma", "digamma", "polygamma", "zeta", "zetaderiv"}
)
# Where functions without a value at a point have a logarithm's branch point there.
_BRANCHES: Final = {
    **dict.fromkeys(("log", "log2", "log10", "ei", "ci", "chi", "asech", "acsch", "acot"), (0.0,)),
    **dict.fromkeys(("bessely", "besselk"), (0.0,)),
    "log1p": (-1.0,),
    **dict.fromkeys(("atanh", "acoth"), (-1.0, 1.0)),
    **dict.fromkeys(("li", "ellipk", "hyp2f1"), (1.0,)),
}
# Functions that are roots beside a point: what moves by a multiple of their degree goes around no branch.
_ROOTS: Final = {**dict.fromkeys(("sqrt", "asin", "acos", "acosh", "asec", "acsc"), 2), "cbrt": 3}


def no_series(error: SingularError, lowered: Lowered, table: Table, variable: str) -> AdcalcError:
    """The error that a user reads where there is no series in a variable.

    >>> from adcalc.api import function
    >>> from adcalc.errors import AdcalcError
    >>> try:
    ...     function("sin(x) + 1/x^2").taylor(x=0)
    ... except AdcalcError as error:
    ...     print(error.message)
    1/x^2 has a pole of order 2 where x^2 = 0: there is no Taylor series
    """
    what, where, place = text_of(lowered, error.node), where_clause(lowered, error), lowered.place(error.node)
    op = lowered.graph.nodes[error.node].op
    whole = error.node == lowered.output
    none = "the series has negative powers" if whole else "there is no Taylor series"
    if error.kind == "pole" and error.order > 0:
        return DomainError(f"{what} has a pole of order {error.order}{where}: {none}", place)
    if error.kind == "pole":
        return _removable(error, lowered)
    if error.kind == "rough" and _is_passed(error, lowered):
        sentence = f"{what} has no series by its rule{where}: the rule has no slope there"
        return NotDifferentiableError(sentence, place)
    if error.kind == "rough":
        kind = "no derivative" if _is_no_branch(error, lowered, table) else "a branch point"
        return NotDifferentiableError(f"{what} has {kind}{where}: there is no Taylor series", place)
    if error.kind == "domain" and error.arguments:
        last = error.arguments[-1]
        if op in _POLES:
            return DomainError(f"{what} has a pole{where}: {none}", place)
        if op == "lgamma" or last in _BRANCHES.get(op, ()):
            return DomainError(f"{what} has a branch point{where}, and no value: there is no Taylor series", place)
    if error.kind == "sides":
        return _sides(error, lowered, variable)
    if error.kind in ("edge", "mixed"):
        turns = "turns here" if op in (*CONDITIONS, "if") else f"has a kink or a jump{where}"
        lacks = ": there is no Taylor series"
        if error.kind == "mixed":
            lacks = ", and mixed derivatives are not looked for at such a point"
        return NotDifferentiableError(f"{what} {turns}{lacks}", place)
    return explained(error, lowered, table)


def _is_no_branch(error: SingularError, lowered: Lowered, table: Table) -> bool:
    """Whether what has no derivative has no branch point either; a power has one where its base goes through 0."""
    op, args, _ = lowered.graph.nodes[error.node]
    if op == "pow":
        moving = {lowered.variables[name] for name in error.line}
        return error.arguments[:1] != [0.0] or moving.isdisjoint(lowered.graph.below(args[0]))
    return op == "atan2" or op in table.residuals


def _is_passed(error: SingularError, lowered: Lowered) -> bool:
    """Whether a function may be smooth where its rule has no slope, as sqrt(x^4) and gammainc(2, x) are."""
    op, args, _ = lowered.graph.nodes[error.node]
    if op == "gammainc":
        label = lowered.graph.nodes[args[0]].label
        return isinstance(label, Fraction) and label.denominator == 1
    return op in _ROOTS and error.order % _ROOTS[op] == 0


def _removable(error: SingularError, lowered: Lowered) -> DomainError:
    """0/0, where the quotient goes to a limit."""
    graph = lowered.graph
    what, where = text_of(lowered, error.node), where_clause(lowered, error)
    limit = "" if error.limit is None else f" (the limit is {short(error.limit)})"
    above, below = graph.nodes[error.node].args
    is_sinc = graph.nodes[above].op == "sin" and graph.nodes[above].args == (below,)
    hint = None
    if is_sinc:
        hint = f"sinc({text_of(lowered, below)}) is the same, and has its value there"
    return DomainError(f"{what} has no value{where}: a removable singularity{limit}", lowered.place(error.node), hint)


def _sides(error: SingularError, lowered: Lowered, variable: str) -> NotDifferentiableError:
    what, place = text_of(lowered, error.node), lowered.place(error.node)
    is_condition = lowered.graph.nodes[error.node].op in (*CONDITIONS, "if")
    where = where_clause(lowered, error)
    left, here, right = error.sides
    details = {"left": left, "right": right}
    sides = f"{short(left)} to the left and {short(right)} to the right"
    if left == right:
        sides = f"{short(here)} here and {short(left)} beside it"
    if not error.order:
        turns = "turns here" if is_condition else f"jumps{where}"
        return NotDifferentiableError(f"{what} {turns}: the value is {sides}", place, None, details)
    from adcalc.render.figures import ordinal

    turns = "turns here" if is_condition else f"has a kink{where}"
    named = "slope" if error.order == 1 else f"{ordinal(error.order)} derivative"
    return NotDifferentiableError(f"{what} {turns}: the {named} by {variable} is {sides}", place, None, details)


def filled(message: str, node: int, lowered: Lowered) -> str:
    """A sentence with its place-holder filled by a sub-expression.

    >>> from adcalc.api import function
    >>> lowered = function("sin(x)").lowered()
    >>> filled("{} cannot be proved", lowered.output, lowered)
    'sin(x) cannot be proved'
    """
    return message.replace("{}", text_of(lowered, node))
