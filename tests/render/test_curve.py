"""Curves in the terminal: every point where it belongs, in braille and in letters."""

import math

import pytest

from adcalc.render.curve import Line, curve


def drawn(lines, width=60, height=12, ascii_only=True):
    return ["".join(word for word, _ in words) for words in curve(lines, width, height, ascii_only)]


def vee(power):
    points = [(10.0**-k, max(10.0 ** (-power * k), 10.0 ** (k - 12))) for k in range(13)]
    return Line(str(power), f"order {power}", tuple(points))


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_drawing_is_as_large_as_said(width, ascii_only):
    rows = drawn([vee(1), vee(2)], width, 15, ascii_only)
    assert len(rows) == 15 + 3
    assert all(len(row) <= width for row in rows)


def test_letters_are_ascii_and_dots_are_braille():
    assert all(row.isascii() for row in drawn([vee(1)]))
    dots = {letter for row in drawn([vee(1)], ascii_only=False) for letter in row if 0x2800 <= ord(letter) <= 0x28FF}
    assert len(dots) > 3
    assert "\u2800" not in dots  # an empty pattern is a space


def test_points_are_where_the_logarithms_are():
    rows = drawn([Line("o", "line", ((1.0, 1.0), (1e-2, 1e-4), (1e-4, 1e-8)))], 8 + 41, 9)
    body = [row[8:] for row in rows[:9]]
    assert body[0].rstrip() == " " * 38 + "ooo"  # upper right: the largest step and error
    assert body[4][20] == "o"
    assert body[8].startswith("ooo")
    assert rows[0].split("|")[0].strip() == "1"
    assert rows[8].split("|")[0].strip() == "1e-8"
    assert rows[10].split() == ["1e-4", "1e-3", "1e-2", "1e-1", "1"]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_numbers_of_an_axis_do_not_touch(width):
    points = tuple((10.0**k, 10.0**-k) for k in range(284, 301))
    marks = drawn([Line("o", "line", points)], width)[-2].split()
    assert marks
    assert all(mark in {f"1e{k}" for k in range(284, 301)} for mark in marks)


def test_the_v_has_its_tip_where_both_errors_meet():
    rows = drawn([vee(1)], 8 + 61, 25)[:25]
    lowest = max(number for number, row in enumerate(rows) if "1" in row[8:])
    tip = [column for column, letter in enumerate(rows[lowest][8:]) if letter == "1"]
    assert min(tip) <= 30 <= max(tip)  # 1e-6, the middle of 1e-12 … 1


def test_gaps_are_not_drawn_over_and_zeros_lie_at_the_bottom():
    gap = Line("o", "line", ((1.0, 1.0), (0.1, None), (0.01, 1.0), (1e-3, 1e-4)))
    rows = drawn([gap], 8 + 31, 5)
    assert rows[0][8:].strip() in ("o" + " " * 19 + "o", "o" + " " * 18 + "oo", "oo" + " " * 18 + "o") or (
        " " * 9 in rows[0][8:].strip()
    )
    zero = Line("o", "line", ((1.0, 0.0), (0.1, 1e-2), (0.01, 1.0)))
    rows = drawn([zero], 8 + 31, 5)
    assert rows[4].rstrip().endswith("o")
    assert len(rows[4].rstrip()) == 8 + 31


def test_every_series_has_its_mark_and_its_name():
    for ascii_only in (True, False):
        rows = drawn([vee(1), vee(2), vee(4)], 80, 18, ascii_only)
        body = "".join(row[8:] for row in rows[:18])
        assert all(mark in body for mark in "124")
        assert rows[-1].split("  ") == ["", "1 order 1", "2 order 2", "4 order 4"]


def test_nothing_to_draw_is_said():
    assert "nothing to draw" in drawn([Line("o", "line", ((1.0, 0.0), (0.1, None)))])[0]
    assert "nothing to draw" in drawn([])[0]


@pytest.mark.parametrize("height", [1, 2, 40])
@pytest.mark.parametrize(
    "points", [((1.0, 1.0),), ((1.0, 1e-300), (1e-16, 1e300)), ((5.0, 3.0), (4.9, 3.1)), ((1e-9, 0.0), (1e-8, 2.0))]
)
def test_extreme_data_is_drawn(points, height):
    rows = drawn([Line("o", "line", points)], 50, height)
    assert sum("o" in row[8:] for row in rows[:height]) >= 1
    assert all(math.isfinite(len(row)) and len(row) <= 50 for row in rows)
