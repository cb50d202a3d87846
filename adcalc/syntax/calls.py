"""The steps of the stack machine that run other blocks: calls, choices and index sums."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, NoReturn

from adcalc.errors import ArityError, LimitError, UnknownFunctionError, suggestion
from adcalc.graph.node import NodeId
from adcalc.syntax import array_calls, array_words
from adcalc.syntax.code import Block, Definition, called, free_names
from adcalc.syntax.derivatives import derivative, gradient, marked
from adcalc.syntax.machine import OMITTED, OPTIONAL, Frame, Machine, Scope, Step
from adcalc.syntax.roots import root

MAXIMUM_CALLS: Final = 10_000  # nested calls of functions that the program defines


def _call(machine: Machine, operand: tuple[str, int], frame: Frame) -> None:
    name, count = operand
    _called(machine, name, count, (), frame)


def _keyword_call(machine: Machine, operand: tuple[str, int, tuple[str, ...]], frame: Frame) -> None:
    _called(machine, *operand, frame)


def _called(machine: Machine, name: str, count: int, keywords: tuple[str, ...], frame: Frame) -> None:
    args = machine.values[len(machine.values) - count :]
    del machine.values[len(machine.values) - count :]
    for argument in args:
        if argument in machine.conditions:
            machine.not_a_number(argument)
    words = dict(zip(keywords, args[count - len(keywords) :], strict=True))
    args = args[: count - len(keywords)]
    definition = machine.functions.get(name) if frame.outer else None
    if definition is not None:
        args = _in_order(machine, name, definition.parameters, args, words)
        if frame.calls >= MAXIMUM_CALLS:
            raise LimitError(
                f"{name} calls itself more than {MAXIMUM_CALLS} times", machine.place(), "does its recursion end?"
            )
        machine.go_on([("returned", name, machine.span)], frame)
        names = Scope(dict(zip(definition.parameters, args, strict=True)))
        for parameter in machine.marked.intersection(names):
            names[parameter] = marked(machine, parameter, names[parameter])
        recursive = frame.recursive or calls_itself(machine, name)
        machine.push(definition.body, names, True, None, frame.calls + 1, recursive)
        return
    _library_call(machine, name, args, words, frame)


def _in_order(
    machine: Machine, name: str, parameters: tuple[str, ...], args: list[NodeId], words: dict[str, NodeId]
) -> list[NodeId]:
    """The arguments of a call, those with names in the places of their parameters."""
    form = f"{name}({', '.join(parameters)})"
    for word in words:
        if word not in parameters[len(args) :]:
            if word not in parameters:
                array_words.no_parameter(machine, name, word, parameters)
            raise ArityError(f"{word} is given twice", array_words.keyword_place(machine, word), f"write {form}")
    given = [*args, *(words.get(parameter) for parameter in parameters[len(args) :])]
    whole = [
        OMITTED if node is None and parameter in OPTIONAL else node
        for node, parameter in zip(given, parameters, strict=False)
    ]
    if len(given) != len(parameters) or None in whole:
        _wrong_arity(machine, name, len(args) + len(words), [form])
    return [node for node in whole if node is not None]


def _returned(machine: Machine, name: str, frame: Frame) -> None:
    node = machine.values[-1]
    if machine.graph.nodes[node].args:
        machine.lowered.calls[node] = name


def _library_call(machine: Machine, name: str, args: list[NodeId], words: dict[str, NodeId], frame: Frame) -> None:
    form = array_calls.form(machine, name, args, words)
    if form is not None:
        machine.values.append(form(machine, name, args, words))
        return
    found = machine.library.find(name, len(args) + len(words))
    if isinstance(found, Definition):
        if len(found.parameters) < len(args):
            _fold_call(machine, name, args, frame)
            return
        args = _in_order(machine, name, found.parameters, args, words)
        machine.push(found.body, dict(zip(found.parameters, args, strict=True)), False, machine.span, frame.calls + 1)
    elif words:
        raise ArityError(
            f"{name} takes no argument with a name", machine.place(), " or ".join(machine.library.arities(name)) or None
        )
    elif found is not None:
        node = args[0] if args else machine.graph.apply(found)
        if len(args) == 1 or len(args) == _arity(machine, found, len(args)):
            node = machine.graph.apply(found, *args)
            if len(args) == 1 and name not in machine.functions:
                machine.elementals.add((name, 1))
        else:
            for argument in args[1:]:
                node = machine.graph.apply(found, node, argument)
        machine.values.append(node)
    else:
        _unknown_function(machine, name, len(args))


def _arity(machine: Machine, name: str, count: int) -> int:
    """How many arguments one node of this row takes: two, where more are folded from the left."""
    return 2 if count > 2 and any("..." in form for form in machine.library.arities(name)) else count


def _fold_call(machine: Machine, name: str, args: list[NodeId], frame: Frame) -> None:
    """`hypot(a, b, c)` is `hypot(hypot(a, b), c)`."""
    machine.values.append(args[0])
    steps: Block = []
    names: dict[str, NodeId] = {}
    for number, argument in enumerate(args[1:]):
        names[str(number)] = argument
        steps += [("name", str(number), machine.span), ("call", (name, 2), machine.span)]
    machine.push(steps, names, False, machine.span)


def _lazy(machine: Machine, operand: tuple[str, tuple[Block, ...], tuple[str, ...]], frame: Frame) -> None:
    name, blocks, ranges = operand
    if name in _FORMS:
        _FORMS[name](machine, blocks, ranges, frame)
        return
    if name in ("sum", "prod"):
        if len(ranges) != 1 or len(blocks) != 3:
            machine.fail(f"{name} needs an expression and one range", f"write {name}(k^2, k = 1..10)", ArityError)
        body, first, last = blocks
        machine.go_on([("range_begins", (name, body, ranges[0]), machine.span)], frame)
        machine.go_on(last, frame)
        machine.go_on(first, frame)
        return
    if len(blocks) != 3 or ranges:
        _wrong_arity(machine, name, len(blocks), [f"{name}(condition, a, b)"])
    machine.go_on([("choose", blocks[1:], machine.span)], frame)
    machine.go_on(blocks[0], frame)


_FORMS: Final = {"diff": derivative, "grad": gradient, "root": root}


def _choose(machine: Machine, branches: tuple[Block, Block], frame: Frame) -> None:
    condition = machine.values[-1]
    if not machine.is_condition(condition):
        machine.fail("the first argument of if is a condition, and this is a number", "compare it: if(x > 0, a, b)")
    truth = machine.conditions[condition]
    if truth is None and frame.recursive:
        truth = machine.truth(condition, "if")
    if truth is None:
        machine.go_on([("select", None, machine.span)], frame)
        machine.go_on(branches[1], frame)
        machine.go_on(branches[0], frame)
    else:
        machine.values.pop()
        follow(machine, *branches, truth, frame)


def _select(machine: Machine, operand: Any, frame: Frame) -> None:
    other = machine.values.pop()
    taken = machine.values.pop()
    condition = machine.values.pop()
    for side in (taken, other):
        if side in machine.conditions:
            machine.not_a_number(side)
    machine.values.append(machine.graph.apply("if", condition, taken, other))


def _range_begins(machine: Machine, operand: tuple[str, Block, str], frame: Frame) -> None:
    name = operand[0]
    bounds: list[int] = []
    for bound in (machine.values.pop(), machine.values.pop()):
        value = machine.constants.get(bound)
        if value is None or value.denominator != 1:
            machine.fail(f"the range of {name} goes from one whole number to another", "write k = 1..10")
        bounds.append(int(value))
    last, first = bounds
    if last - first > machine.maximum:
        raise LimitError(f"{name} has {last - first + 1} terms; the limit is {machine.maximum}", machine.place())
    machine.values.append(machine.constant(Fraction(0 if name == "sum" else 1)))
    if last >= first:
        _push_range(machine, operand, first, last, frame)


def _next_term(machine: Machine, operand: tuple[tuple[str, Block, str], int, int], frame: Frame) -> None:
    (name, _, _), current, last = operand
    term = machine.values.pop()
    if term in machine.conditions:
        machine.not_a_number(term)
    total = machine.values[-1]
    start = Fraction(0 if name == "sum" else 1)
    if machine.constants.get(total) == start:
        machine.values[-1] = term
    else:
        machine.values[-1] = machine.combine("add" if name == "sum" else "mul", total, term)
    if current < last:
        _push_range(machine, operand[0], current + 1, last, frame)


def _push_range(machine: Machine, operand: tuple[str, Block, str], current: int, last: int, frame: Frame) -> None:
    _, body, index = operand
    machine.go_on([("next_term", (operand, current, last), machine.span)], frame)
    outer = {} if frame.names is machine.known else frame.names
    names = {**outer, index: marked(machine, index, machine.constant(Fraction(current)))}
    machine.push(body, names, frame.outer, frame.span, frame.calls)


def follow(machine: Machine, first: Block, second: Block, takes_first: bool, frame: Frame) -> None:
    """Run one of two blocks; the free variables of the other are variables all the same, in the order of the text."""
    if takes_first:
        machine.go_on([("mention", second, machine.span)], frame)
        machine.go_on(first, frame)
    else:
        mention(machine, first, frame)
        machine.go_on(second, frame)


def _mentioned(machine: Machine, block: Block, frame: Frame) -> None:
    mention(machine, block, frame)


def mention(machine: Machine, block: Block, frame: Frame) -> None:
    """Make the free variables of a block that is not lowered variables all the same.

    >>> from adcalc.api import function
    >>> function("if(1 > 0, x, y)").variables
    ('x', 'y')
    """
    if not frame.outer:
        return
    for name in free_names(block, {*frame.names, *machine.assigned}):
        if name in machine.bound or name not in machine.library.constants:
            machine.variable(name)


def calls_itself(machine: Machine, name: str) -> bool:
    """Whether a function of the program leads to itself."""
    known = machine.recursive.get(name)
    if known is None:
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            definition = machine.functions.get(waiting.pop())
            new = called(definition.body) - reached if definition is not None else set()
            reached |= new
            waiting.extend(new)
        known = machine.recursive[name] = name in reached
    return known


def _wrong_arity(machine: Machine, name: str, count: int, forms: list[str]) -> NoReturn:
    given = "no arguments" if not count else "1 argument" if count == 1 else f"{count} arguments"
    raise ArityError(f"{name} is called with {given}", machine.place(), f"write {' or '.join(forms)}")


def _unknown_function(machine: Machine, name: str, count: int) -> NoReturn:
    forms = machine.library.arities(name)
    if forms:
        _wrong_arity(machine, name, count, forms)
    begin, _ = machine.span
    argument = machine.lowered.code.source.text[begin + len(name) : machine.span[1]]
    machine.span = (begin, begin + len(name))
    known = [*machine.functions, *array_calls.function_names(machine.library.names())]
    known = [one for one in known if one not in array_words.FORMS_WRITTEN or one[:1] == name[:1].lower()]
    from adcalc.syntax import foreign

    if name in foreign.WORDS:
        raise UnknownFunctionError(f"'{name}' is no word of this language", machine.place(), foreign.WORDS[name])
    if name in foreign.NAMES and name not in machine.assigned:
        raise UnknownFunctionError(f"unknown function '{name}'", machine.place(), foreign.NAMES[name])
    hint = suggestion(name, known) if len(name) > 1 else None
    if (hint is None and count == 1) or name in machine.assigned or name in machine.lowered.variables:
        product = f"a product is written with '*': {name}*{argument.strip()}"
        hint = product if len(name) == 1 else f"adcalc functions lists them; {product}"
    indices = argument.strip().removeprefix("(").removesuffix(")")
    if re.fullmatch(r"[\s\d,:]+", indices):
        hint = f"{hint or 'it is no function'}; an element of an array is {name}[{indices}]"
    raise UnknownFunctionError(f"unknown function '{name}'", machine.place(), hint)


STEPS: Final[Mapping[str, Step]] = {
    "call": _call,
    "keyword_call": _keyword_call,
    "returned": _returned,
    "lazy": _lazy,
    "choose": _choose,
    "mention": _mentioned,
    "select": _select,
    "range_begins": _range_begins,
    "next_term": _next_term,
}
