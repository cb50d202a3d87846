"""Matrices with the names of their rows and columns, as wide as the terminal."""

import pytest

from adcalc.render.matrix import table


def text(lines):
    return ["".join(word for word, _ in line) for line in lines]


def test_columns_are_aligned():
    assert text(table(["a", "bcd"], ["x", "long"], [["1", "2"], ["-10", "0.25"]], 80)) == [
        "           x  long",
        "      a    1     2",
        "    bcd  -10  0.25",
    ]


def square(count):
    names = [f"name{k}" for k in range(count)]
    return names, names, [[str(k * j) for k in range(count)] for j in range(count)]


@pytest.mark.parametrize(("width", "count"), [(20, 12), (30, 6), (40, 3), (60, 2), (100, 1)])
def test_what_does_not_fit_beside_stands_below(width, count):
    names, _, cells = square(12)
    lines = text(table(names, names, cells, width))
    assert max(map(len, lines)) <= width
    blocks = [block.splitlines() for block in "\n".join(lines).split("\n\n")]
    assert len(blocks) == count
    assert [name for block in blocks for name in block[0].split()] == names
    for k in range(12):
        rows = [block[k + 1].split() for block in blocks]
        assert {row[0] for row in rows} == {names[k]}
        assert [number for row in rows for number in row[1:]] == cells[k]


@pytest.mark.parametrize("width", [30, 60, 100])
def test_of_many_columns_the_ends_are_shown(width):
    *head, last = text(table(*square(40), width))
    assert max(map(len, head)) <= width
    assert len({len(line) for line in head}) == 1
    assert "…" in head[0]
    assert last == "    … more: --json has all"


def test_at_least_one_column_is_shown():
    assert "1" in text(table(["row"], ["column"], [["1"]], 5))[1]


def test_nothing():
    assert text(table([], [], [], 80)) == ["    "]
