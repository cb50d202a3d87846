"""How the methods' costs grow on the way to a result: a table, and the laws that it follows."""

from collections.abc import Mapping

from adcalc.render.figures import columns, count, cut, facts, table, tables
from adcalc.render.layout import Block, Grid, Words
from adcalc.results.comparison import Comparison, Law

_SHORTEST = 10  # columns of a label


def growth(result: Comparison, width: int) -> list[Block]:
    """The table of what each method costs up to each result, and how that grows.

    >>> from adcalc.results.comparison import Growth, Swelling
    >>> row = Growth("x*y", 1, 2, 1, 5, 3, 0, 0, 0)
    >>> growth(Comparison("x*y", {}, 1, 1.0, {}, "", (), 1, Swelling(1, 1), growth=(row,)), 80)[0].header[:3]
    ('as far as', 'inputs', 'value')
    """
    rows = result.growth
    if not rows:
        return [[("growth: the expression has no operations to grow along", "quiet")]]
    figures = [
        ("inputs", [(str(row.variables), "") for row in rows]),
        *(
            (column, [("" if (figure := getattr(row, field)) is None else count(figure), "") for row in rows])
            for field, column in _FIGURES.items()
        ),
    ]
    room = width - columns(table(figures)) - 3
    labels = [(cut(row.label, max(room, _SHORTEST)), "expression") for row in rows]
    first, *rest = tables([("as far as", labels), *figures], width)
    title: Words = [
        ("on the way to the result", "name"),
        (": operations of value and gradient, and of the formulas", ""),
    ]
    laws = facts(_laws(result.laws), width)
    assert isinstance(first, Grid)
    return [first._replace(title=title), *rest, *([[], *laws] if laws else [])]


_FIGURES = {
    "value": "value",
    "forward": "forward",
    "reverse": "reverse",
    "tree": "trees",
    "graph": "graph",
    "simplified": "simple",
}
_CALLED = {
    "value": "the value",
    "forward": "forward mode",
    "reverse": "reverse mode",
    "tree": "formulas as trees",
    "graph": "formulas as a shared graph",
    "simplified": "formulas simplified",
}


def _laws(laws: Mapping[str, Law]) -> list[tuple[str, str]]:
    """What grows how."""
    groups: dict[str, list[str]] = {}
    for column, name in _CALLED.items():
        law = laws.get(column)
        if law is not None and law.kind:
            kind = law.kind if law.kind != "exponential" else f"exponential, {law.rate:.2g} times a step"
            groups.setdefault(kind, []).append(name)
    if sum(map(len, groups.values())) < 2:
        return []  # one column's law compares nothing
    return [("growth", f"{kind}: {', '.join(names)}") for kind, names in groups.items()]
