"""What a person sees of a mode's work: the tables of nodes and edges, step by step, and the worked substitution.

Where the nodes fit beside each other they are columns, as on a blackboard; else each is a row, and of many rows the
first and the last are shown.
"""

from collections.abc import Iterable, Sequence

from adcalc.render.figures import counted, decimal
from adcalc.render.layout import Block, Grid, Words
from adcalc.results.trace import Term, Trace, TraceEdge, TraceNode, Update
from adcalc.syntax.number import figure, short

_ENDS = 12  # rows that are shown at each end of a long table
_DIRECTIONS = 4  # columns of dual numbers
_VALUE = 28  # columns of " = " and a float
_BORDER = 3  # columns of a terminal between two cells
Cell = tuple[str, str]


def trace(text: str, result: Trace, width: int, steps: bool = False) -> list[Block]:
    """The blocks of a trace; `text` is the expression as adcalc writes it, `steps` asks for a pair of tables a step.

    >>> node = TraceNode(0, "x", "input", (), "x", 1.0, 1.0)
    >>> made = Trace("x", {"x": 1.0}, "reverse", 1.0, {"x": 1.0}, 0, (node,), (), layers=1, held=1)
    >>> for block in trace("x", made, 80):
    ...     print(block.header if isinstance(block, Grid) else "".join(word for word, _ in block))
    x = 1
    reverse mode: values on the way up, adjoints on the way back
    ('node', 'x')
    <BLANKLINE>
    in the order of the text: 1 layer, at most 1 value held at once
    """
    text = text if len(text) <= width - _VALUE else f"{text[: width - _VALUE - 12]} … {text[-9:]}"
    return [[(text, "expression"), (" = ", "quiet"), (short(result.value), "value")], *work(result, width, steps)]


def work(result: Trace, width: int, steps: bool = False) -> list[Block]:
    """The blocks of a trace without the result itself."""
    if _has_arrays(result):
        from adcalc.render import array_trace

        return array_trace.work(result, width, steps)
    blocks: list[Block] = []
    if result.mode == "forward":
        blocks.append([("forward mode: dual numbers ⟨value, tangent⟩, line by line", "quiet")])
        blocks += _forward(result)
    elif steps:
        blocks += _steps(result, width)
    else:
        blocks.append([(_REVERSE, "quiet")])
        adjoints = {node.id: node.adjoint for node in result.nodes}
        blocks += tables(result, width, _values(result), {**adjoints}, _partials(result))
        sums = _sums(result)
        blocks += [[], *sums] if sums else []
    blocks += [[], [(_held(result), "quiet")]]
    return blocks


_REVERSE = "reverse mode: values on the way up, adjoints on the way back"


def unfinished(result: Trace, width: int) -> list[Block]:
    """The blocks of a trace that ended in an error: what was known by then."""
    if _has_arrays(result):
        from adcalc.render.array_trace import nodes

        return [nodes(result, width, "adjoint", {node.id: node.adjoint for node in result.nodes})]
    values = _values(result)
    adjoints: dict[int, float | None] = {node.id: node.adjoint for node in result.nodes}
    return tables(result, width, values, adjoints, _partials(result))


def _has_arrays(result: Trace) -> bool:
    return any(node.shape for node in result.nodes)


def tables(
    result: Trace,
    width: int,
    values: dict[int, float | bool | None],
    adjoints: dict[int, float | None],
    partials: dict[tuple[int, int], float | None],
) -> list[Block]:
    """The tables of nodes and of edges, filled with what is known at a step."""
    names = {node.id: node.name for node in result.nodes}
    computed = any(node.text != node.name for node in result.nodes)
    columns: list[list[Cell]] = []
    for node in result.nodes:
        text = "" if node.text == node.name else node.text
        columns.append([(node.name, ""), (text, "expression"), *_numbers(values.get(node.id), adjoints.get(node.id))])
    heads = ["node", "is", "value", "adjoint"]
    if not computed:
        columns = [[column[0], *column[2:]] for column in columns]
        heads.remove("is")
    edge_columns = [
        [(_partial_sign(names, edge), ""), (decimal(partials.get((edge.source, edge.target))), "value")]
        for edge in result.edges
    ]
    blocks: list[Block] = [_turned(heads, columns, width)]
    if edge_columns:
        blocks.append([])
        blocks.append(_turned(["edge", "partial"], edge_columns, width))
    return blocks


def _numbers(value: float | bool | None, adjoint: float | None) -> list[Cell]:
    return [(decimal(value), "value"), (decimal(adjoint), "value")]


def _turned(heads: Sequence[str], columns: list[list[Cell]], width: int) -> Grid:
    """The columns side by side where they fit, else each as a row."""
    taken = max(map(len, heads)) + sum(max(len(word) for word, _ in column) + _BORDER for column in columns) + 2
    if taken <= width:
        rows = tuple(
            ((head, "name"), *(column[number] for column in columns)) for number, head in enumerate(heads[1:], 1)
        )
        return Grid([], (heads[0], *(column[0][0] for column in columns)), rows, frozenset(range(1, len(columns) + 1)))
    numbers = frozenset(k for k, head in enumerate(heads) if head not in ("node", "is", "edge"))
    return Grid([], tuple(heads), _ends(tuple(tuple(column) for column in columns)), numbers)


def _ends(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """The first and the last of many rows, and how many there are between."""
    left_out = len(rows) - 2 * _ENDS
    if left_out <= 1:
        return rows
    blank = (("", ""),) * (len(rows[0]) - 2)
    return (*rows[:_ENDS], (("…", "quiet"), (f"{left_out} more", "quiet"), *blank), *rows[-_ENDS:])


def _steps(result: Trace, width: int) -> list[Block]:
    """A pair of tables for each step: empty, after the primal sweep, after each node of the return sweep."""
    names = {node.id: node.name for node in result.nodes}
    adjoints: dict[int, float | None] = {}
    returns = [step for step in result.steps if step.phase == "return"]
    blocks: list[Block] = [[], [("start: nothing is known", "name")], *tables(result, width, {}, {}, {})]
    blocks += [[], [("primal sweep: the values of the nodes and of the edges", "name")]]
    blocks += tables(result, width, _values(result), {}, _partials(result))
    for number, step in enumerate(returns):
        for update in step.updates:
            adjoints[update.node] = update.adjoint
        if _ENDS <= number < len(returns) - _ENDS:
            if number == _ENDS:
                blocks.append([(f"… {len(returns) - 2 * _ENDS} more steps", "quiet")])
            continue
        blocks.append([])
        blocks.append([(f"return sweep, step {number + 1}: {names[step.node or 0]} hands its adjoint down", "name")])
        blocks += [_sum(names, update) for update in step.updates]
        blocks += tables(result, width, _values(result), adjoints, _partials(result))
    return blocks


def _sums(result: Trace) -> list[Block]:
    """The sums that made the accumulators of the inputs, written out."""
    names = {node.id: node.name for node in result.nodes}
    inputs = {node.id for node in result.nodes if node.op == "input"}
    last = {update.node: update for step in result.steps for update in step.updates if update.node in inputs}
    sums = [_sum(names, last[node]) for node in sorted(last)]
    return [*sums[:_ENDS], [(f"  … {len(sums) - _ENDS} more", "quiet")]] if len(sums) > _ENDS else [*sums]


def _sum(names: dict[int, str], update: Update) -> Words:
    if not update.terms:
        return [(f"  adjoint of {names[update.node]}", "name"), (" = ", "quiet"), (decimal(update.adjoint), "value")]
    written = sum_text(update.terms, update.earlier)
    return [
        (f"  adjoint of {names[update.node]}", "name"),
        (" = ", "quiet"),
        (written, ""),
        (" = ", "quiet"),
        (decimal(update.adjoint), "value"),
    ]


def sum_text(terms: Iterable[Term], earlier: int = 0) -> str:
    """The terms of an accumulator, each the adjoint of a user times the partial on the edge to it.

    >>> sum_text((Term(1, 0.5, 1.0), Term(2, 1.0, 0.75)))
    '0.5×1.0 + 1.0×0.75'
    """
    parts = [f"{_factor(term.adjoint, number == 0)}×{_factor(term.partial)}" for number, term in enumerate(terms)]
    return " + ".join([*parts, f"{earlier} more"] if earlier else parts)


def _factor(number: float, first: bool = False) -> str:
    text = decimal(number)
    return f"({text})" if text.startswith("-") and not first else text


def _forward(result: Trace) -> list[Block]:
    shown = result.directions[:_DIRECTIONS]
    signs = [f"∂/∂{name}" if name != "seed" else "along the seed" for name in shown]
    rows = tuple(
        (
            (node.name, ""),
            ("" if node.text == node.name else node.text, "expression"),
            *((_dual(node, tangent), "value") for tangent in node.tangents[:_DIRECTIONS] or (None,)),
        )
        for node in result.nodes
    )
    blocks: list[Block] = [Grid([], ("node", "is", *(signs or ["⟨value, tangent⟩"])), _ends(rows)), []]
    if len(result.directions) > len(shown):
        left_out = len(result.directions) - len(shown)
        blocks.append([(f"… and {left_out} more directions; --seed or --wrt chooses", "quiet")])
    for sign, lines in zip(signs, result.substitution, strict=False):
        for number, line in enumerate(lines):
            head = f"  {sign}: " if number == 0 else " " * (len(sign) + 2) + "= "
            blocks.append([(head, "name"), (line, "value" if number + 1 == len(lines) else "")])
    return blocks


def _dual(node: TraceNode, tangent: float | None) -> str:
    if isinstance(node.value, bool) or node.value is None:
        return decimal(node.value)
    return f"⟨{figure(node.value)}, {figure(tangent or 0.0)}⟩"


def _values(result: Trace) -> dict[int, float | bool | None]:
    return {node.id: node.value for node in result.nodes}


def _partials(result: Trace) -> dict[tuple[int, int], float | None]:
    return {(edge.source, edge.target): edge.partial for edge in result.edges}


def _partial_sign(names: dict[int, str], edge: TraceEdge) -> str:
    return f"∂{names[edge.target]}/∂{names[edge.source]}"


def _held(result: Trace) -> str:
    how = {"layered": "a layer at a time", "depth-first": "depth first"}.get(result.order, "in the order of the text")
    return f"{how}: {counted(result.layers, 'layer')}, at most {counted(result.held, 'value')} held at once"
