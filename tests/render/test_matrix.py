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


@pytest.mark.parametrize("width", [20, 30, 40, 60, 100])
def test_no_line_is_wider_than_the_terminal(width):
    names = [f"name{k}" for k in range(12)]
    cells = [[str(k * j) for k in range(12)] for j in range(12)]
    lines = text(table(names, names, cells, width))
    assert max(map(len, lines)) <= width
    assert len({len(line) for line in lines}) == 1
    assert ("…" in lines[0]) == (width < 100)


def test_at_least_one_column_is_shown():
    assert "1" in text(table(["row"], ["column"], [["1"]], 5))[1]


def test_nothing():
    assert text(table([], [], [], 80)) == ["    "]
