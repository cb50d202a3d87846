"""What a person sees of a comparison: the reference, a table of the methods, and what the figures say in sentences."""

from collections.abc import Sequence

from adcalc.render.figures import columns, count, error, facts, ordinal, seconds, table, tables
from adcalc.render.growth import growth as growth_blocks
from adcalc.render.layout import Block, Words, operator
from adcalc.results.comparison import Comparison, Method
from adcalc.syntax.number import short

NAMES = {  # how a method is called where all stand side by side
    ("forward", None): "forward mode",
    ("reverse", None): "reverse mode",
    ("symbolic", None): "symbolic",
    ("finite", "richardson"): "Richardson",
    ("finite", "central"): "central step",
    ("finite", "forward"): "forward step",
    ("finite", "complex"): "complex step",
}
_MANY = 4  # variables; of more, a few are shown
_FEW = 3
_DIGITS = 16  # of a float
_INTERESTING = 4  # rows of growth that are shown unasked
_VALUE = 30  # columns kept for the value behind an expression


def comparison(text: str, result: Comparison, width: int, growth: bool = False) -> list[Block]:
    """The blocks of a comparison; `text` is the expression as adcalc writes it, `growth` asks for that table anyway.

    >>> from adcalc.results.comparison import Swelling
    >>> method = Method("reverse", None, {"x": 6.0}, 0.0, 16.0, 5)
    >>> result = Comparison("x^2", {"x": 3.0}, 1, 9.0, {"x": "6"}, "", (method,), 1, Swelling(1, 1))
    >>> for block in comparison("x^2", result, 80)[:2]:
    ...     print("".join(word for word, _ in block))
    x^2 = 9
      ∂/∂x = 6  proved
    """
    blocks: list[Block] = [head(text, result, width), *_reference(result, width)]
    if _shown(result):
        blocks += [[], *_tables(result, width), [], *facts(_sentences(result), width)]
    if growth or len(result.growth) >= _INTERESTING:
        blocks += [[], *growth_blocks(result, width)]
    return blocks


def head(text: str, result: Comparison, width: int) -> Words:
    """The line with the expression and its value."""
    room = max(width - _VALUE, _VALUE)
    text = text if len(text) <= room else f"{text[: room - 12]} … {text[-9:]}"
    return [(text, "expression"), (" = ", "quiet"), (short(result.value), "value")]


def _shown(result: Comparison) -> list[str]:
    """The variables whose partials are shown."""
    names = list(next((method.gradient for method in result.methods if method.gradient is not None), {}))
    return names if len(names) <= _MANY else names[:_FEW]


def _sign(result: Comparison, name: str) -> str:
    return operator((name,) * result.order)


def _reference(result: Comparison, width: int) -> list[Words]:
    """The proved digits, or why there are none."""
    if result.reference is None:
        return facts([("no reference", result.reason)], width)
    shown = [name for name in _shown(result) if name in result.reference]
    signs = [_sign(result, name) for name in shown]
    width = max(map(len, signs), default=0)
    lines: list[Words] = [
        [(f"  {sign.ljust(width)}", "name"), (" = ", "quiet"), (result.reference[name], "value"), ("  proved", "quiet")]
        for sign, name in zip(signs, shown, strict=True)
    ]
    rest = len(result.reference) - len(shown)
    if rest:
        lines.append([(f"  and {rest} more, by the other variables", "quiet")])
    if not result.reference:
        lines.append([("  it has no variables: there is nothing to differentiate", "quiet")])
    return lines


def _tables(result: Comparison, width: int) -> list[Block]:
    """The methods: in one table where it fits, else the partials in one and the costs in another."""
    shown = _shown(result)
    names = ("method", [(NAMES[method.mode, method.difference], "name") for method in result.methods])
    partials = [
        (
            _sign(result, name),
            [("–" if m.gradient is None else short(m.gradient[name]), _style(m)) for m in result.methods],
        )
        for name in shown
    ]
    costs = [
        ("error", [(error(method.max_error), "") for method in result.methods]),
        ("digits", [("–" if method.digits is None else str(round(method.digits)), "") for method in result.methods]),
        (
            "operations",
            [("–" if method.operations is None else count(method.operations), "") for method in result.methods],
        ),
        ("time", [(seconds(method.seconds), "quiet") for method in result.methods]),
    ]
    if result.reference is None:
        costs = costs[2:]
    whole = table([names, *partials, *costs])
    if columns(whole) <= width:
        return [whole]
    while len(partials) > 1 and columns(table([names, *partials])) > width:
        partials.pop()
    return [table([names, *partials]), [], *tables([names, *costs], width)]


def _style(method: Method) -> str:
    return "value" if method.mode != "finite" else ""


def _sentences(result: Comparison) -> list[tuple[str, str]]:
    lines = []
    if result.reference is None:
        spread = f"differ by up to {result.spread:.1e}" if result.spread else "give the same number"
        lines.append(("accuracy", f"unknown; the methods {spread}"))
    else:
        lines += _accuracy(result)
    if result.operations:
        lines += _cost(result)
    lines += _swelling(result)
    remarks: dict[str, list[str]] = {}
    for method in result.methods:
        if method.remark:
            remarks.setdefault(method.remark, []).append(NAMES[method.mode, method.difference])
    return lines + [("note", f"{_list(names)}: {remark}") for remark, names in remarks.items()]


def _accuracy(result: Comparison) -> list[tuple[str, str]]:
    """How many digits each method has lost, by groups."""
    groups: dict[int, list[str]] = {}
    for method in result.methods:
        if method.digits is not None:
            groups.setdefault(_DIGITS - round(method.digits), []).append(NAMES[method.mode, method.difference])
    exact = groups.pop(0, [])
    if not groups:
        all_answer = all(method.gradient is not None for method in result.methods)
        which = "every method" if all_answer else "every method with an answer"
        return [("accuracy", f"{which} has all digits of a float right")]
    parts = [f"{_list(names)} {_lost(lost)}" for lost, names in sorted(groups.items())]
    if exact:
        parts.append("the others none" if len(exact) > 1 else f"{exact[0]} none")
    if len(groups) == 1 and not exact:
        parts = [f"{_lost(next(iter(groups)))}, by every method"]
    lines = [("digits lost", f"of {_DIGITS}: {'; '.join(parts)}")]
    sweeps = [method.digits for method in result.methods if method.mode in ("forward", "reverse")]
    if any(digits is not None and digits < _DIGITS - _MAGNIFIED for digits in sweeps):
        lines.append(("digits lost", "the exact modes lose them to rounding inside the expression"))
    return lines


_MAGNIFIED = 2.5  # digits


def _lost(digits: int) -> str:
    return "all" if digits == _DIGITS else str(digits)


def _cost(result: Comparison) -> list[tuple[str, str]]:
    costs = {method.mode: method.operations for method in result.methods if method.mode != "finite"}
    reverse, forward = costs.get("reverse"), costs.get("forward")
    if not reverse:
        return []
    ratio = reverse / result.operations
    value = f"{_times(ratio)} the value's {count(result.operations)}" if ratio != 1 else "as many as the value"
    if result.order > 1:
        what = f"reverse mode takes the slope of the {ordinal(result.order - 1)} derivative"
        return [("cost", f"{what} in {_operations(reverse)}, {value}")]
    if result.kink:
        return [("cost", f"both one-sided slopes by each variable take {_operations(reverse)}, {value}")]
    line = f"a gradient in reverse mode takes {_operations(reverse)}, {value}"
    if result.bound is not None:
        limit, op = result.bound
        what = _WORST.get(op, op.partition("#")[0])
        line += f"; it cannot take more than {limit} times, however many variables ({what} may take that)"
    lines = [("cost", line)]
    if forward is not None and forward > reverse:
        lines.append(("cost", f"in forward mode {_times(forward / result.operations)}, and more for more variables"))
    return lines


_WORST = {
    "add": "a sum",
    "sub": "a difference",
    "mul": "a product",
    "div": "a quotient",
    "pow": "a power",
    "neg": "a change of sign",
}


def _swelling(result: Comparison) -> list[tuple[str, str]]:
    swelling = result.swelling
    if swelling.derivative_tree is None or swelling.derivative_graph is None:
        return []
    line = f"written out, {_operations(swelling.derivative_tree)}"
    if swelling.expression_tree:
        line += f" (the expression has {count(swelling.expression_tree)})"
    line += f"; as one shared graph {count(swelling.derivative_graph)}"
    if swelling.simplified is not None:
        line += f", simplified {count(swelling.simplified)}"
    return [("formulas", line)]


def _operations(number: int) -> str:
    return "1 operation" if number == 1 else f"{count(number)} operations"


def _times(ratio: float) -> str:
    return f"{ratio:.2g} times" if ratio < 100 else f"{ratio:.0f} times"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
