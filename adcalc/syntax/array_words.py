"""What calls about arrays are given: arguments, words such as `axis=`, and what is said where they do not fit."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NoReturn

from adcalc.errors import ArityError, Place, suggestion
from adcalc.graph.node import NodeId
from adcalc.syntax.machine import Machine

Args = Sequence[NodeId]
Words = Mapping[str, NodeId]
Form = Callable[[Machine, str, Args, Words], NodeId]


def one(machine: Machine, name: str, args: Args, words: Words, known: tuple[str, ...]) -> NodeId:
    """The only argument of a call whose words are among those known. Raises ArityError for any other call.

    >>> from adcalc.api import function
    >>> try:
    ...     function("shape([1, 2], [3])")
    ... except ArityError as error:
    ...     print(error.hint)
    write shape(A)
    """
    if len(args) != 1 or not set(words) <= set(known):
        if name == "norm" and ({"ord", "p"} & set(words) or len(args) > 1):
            machine.fail("norm is the 2-norm", "sum(abs(v)) is the 1-norm, max(abs(v)) the maximum norm", ArityError)
        wrong(machine, name, words, known)
    return args[0]


def wrong(machine: Machine, name: str, words: Words | None = None, known: tuple[str, ...] = ()) -> NoReturn:
    """Raise the ArityError of a call that no form fits, or of a word that is not known.

    >>> from adcalc.api import function
    >>> try:
    ...     function("sum([1, 2], axes=0)")
    ... except ArityError as error:
    ...     print(error.hint)
    did you mean 'axis'?
    """
    for word in words or ():
        if word not in known:
            no_parameter(machine, name, word, known)
    raise ArityError(f"{name} is not called like that", machine.place(), f"write {FORMS_WRITTEN[name]}")


def no_parameter(machine: Machine, name: str, word: str, known: Sequence[str]) -> NoReturn:
    """Raise the error of a keyword that a function does not have, at the keyword."""
    from adcalc.syntax.foreign import KEYWORDS

    meant = KEYWORDS.get(word)
    hint = f"did you mean '{meant}'?" if meant in known else suggestion(word, list(known))
    others = f"its parameters are {', '.join(known)}" if known else None
    raise ArityError(f"{name} has no parameter '{word}'", keyword_place(machine, word), hint or others)


def keyword_place(machine: Machine, word: str) -> Place:
    """Where a keyword and its value stand in a call, or else the call itself."""
    begin, end = machine.span
    text = machine.lowered.code.source.text
    found = list(re.finditer(rf"(?<!\w){re.escape(word)}\s*=(?!=)", text[begin:end]))
    if not found:
        return machine.place()
    first, last, depth = begin + found[-1].start(), begin + found[-1].end(), 0  # those of arguments stand before it
    while last < end and (depth or text[last] not in ",)"):
        depth += (text[last] in "([") - (text[last] in ")]")
        last += 1
    return Place(machine.lowered.code.source, first, last)


FORMS_WRITTEN: Final = {
    "sum": "sum(A), sum(A, axis=0) or sum(k^2, k = 1..10)",
    "prod": "prod(A), prod(A, axis=0) or prod(k, k = 1..10)",
    "max": "max(a, b), max(A) or max(A, axis=0)",
    "min": "min(a, b), min(A) or min(A, axis=0)",
    "logsumexp": "logsumexp(a, b), logsumexp(A) or logsumexp(A, axis=0)",
    "norm": "norm(A) or norm(A, axis=0)",
    "size": "size(A) or size(A, axis=0)",
    "shape": "shape(A)",
    "reshape": "reshape(A, 2, 3) or reshape(A, 6, -1)",
    "zeros": "zeros(2, 3)",
    "ones": "ones(2, 3)",
    "eye": "eye(3) or eye(2, 3)",
    "diag": "diag(A)",
    "concat": "concat(A, B) or concat(A, B, axis=1)",
    "stack": "stack(a, b) or stack(a, b, axis=1)",
    "put": "put(x, [4, 3], [0, 2], 1): zeros(4, 3) with x in [0:2, 1]",
    "transpose": "transpose(A) or transpose(A, 0, 2, 1)",
}
