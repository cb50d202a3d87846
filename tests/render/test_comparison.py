"""The words and tables of a comparison: what fits where, and what the sentences say."""

import pytest

from adcalc.render.comparison import comparison
from adcalc.render.figures import columns, count, cut, error, facts, ordinal, seconds
from adcalc.render.growth import growth
from adcalc.render.layout import Grid
from adcalc.results.comparison import Comparison, Growth, Method, Swelling


def method(mode="reverse", difference=None, digits=16.0, names="x", **more):
    gradient = dict.fromkeys(names, 1.2345678901234567)
    made = Method(mode, difference, gradient, 10.0**-digits, digits, 12, None, 1.25e-5)
    return made._replace(**more)


def result(*methods, names="x", **more):
    made = Comparison(
        "x", dict.fromkeys(names, 1.0), 1, 2.0, dict.fromkeys(names, "1.2"), "", methods, 4, Swelling(4, 4, 20, 10, 8)
    )
    return made._replace(**more)


ALL = [method("forward"), method(), method("symbolic"), method("finite", "central", 11.2)]


def words(blocks):
    return "\n".join("".join(word for word, _ in block) for block in blocks if not isinstance(block, Grid))


def grids(blocks):
    return [block for block in blocks if isinstance(block, Grid)]


def test_one_table_where_it_fits_and_two_where_not():
    blocks = comparison("x", result(*ALL), 120)
    assert [grid.header for grid in grids(blocks)] == [("method", "∂/∂x", "error", "digits", "operations", "time")]
    two = [method("forward", names="xy"), method(names="xy")]
    assert len(grids(comparison("x", result(*two, names="xy"), 80))) == 2


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 50])
def test_tables_fit(count, width):
    names = [f"x{k}" for k in range(count)]
    blocks = comparison("x", result(*[method(names=names) for _ in range(3)], names=names), width)
    assert all(columns(grid) <= width for grid in grids(blocks))
    assert all(len(line) <= width for line in words(blocks).splitlines())


@pytest.mark.parametrize("width", [30, 40, 50])
@pytest.mark.parametrize("count", [1, 2])
def test_tables_of_a_narrow_terminal_are_more_and_no_wider(count, width):
    names = [f"x{k}" for k in range(count)]
    blocks = comparison("x", result(*[method(names=names) for _ in range(3)], names=names), width)
    heads = [head for grid in grids(blocks) for head in grid.header]
    assert all(len(grid.header) == 2 or columns(grid) <= width for grid in grids(blocks))
    assert {"error", "digits", "operations", "time"} <= set(heads)
    assert heads.count("method") == len(grids(blocks))


def test_growth_in_a_narrow_terminal():
    row = Growth("sin(x)*x", 1, 1, 1000, 2000, 3000, 4000, 5000, 6000)
    for width in (40, 60):
        found = grids(growth(result(growth=(row,)), width))
        assert all(columns(grid) <= width for grid in found)
        assert [head for grid in found for head in grid.header if head != "as far as"] == [
            *("inputs", "value", "forward", "reverse", "trees", "graph", "simple")
        ]
        assert [bool(grid.title) for grid in found] == [True] + [False] * (len(found) - 1)


def test_a_method_without_an_answer_has_no_digits_right():
    lines = words(comparison("x", result(method(), method("finite", "richardson", gradient=None)), 100))
    assert "every method with an answer has all digits of a float right" in lines
    assert "every method has all digits" in words(comparison("x", result(method()), 100))


def test_of_many_variables_a_few_are_shown_and_the_others_counted():
    names = [f"x{k}" for k in range(50)]
    blocks = comparison("x", result(method(names=names), names=names), 120)
    assert grids(blocks)[0].header[:4] == ("method", "∂/∂x0", "∂/∂x1", "∂/∂x2")
    assert "and 47 more" in words(blocks)


def test_sentences_say_what_the_figures_show():
    text = " ".join(words(comparison("x", result(*ALL, bound=(4, "mul")), 200)).split())
    assert "of 16: central step 5; the others none" in text
    assert "a gradient in reverse mode takes 12 operations, 3 times the value's 4" in text
    assert "cannot take more than 4 times, however many variables (a product may take that)" in text
    assert "written out, 20 operations (the expression has 4); as one shared graph 10, simplified 8" in text


def test_sentences_of_other_outcomes():
    exact = words(comparison("x", result(method(), method("symbolic")), 200))
    assert "every method has all digits" in exact
    lost = words(comparison("x", result(method(digits=0.0), method("finite", "central", 0.0)), 200))
    assert "of 16: all, by every method" in lost
    assert "rounding inside the expression" in lost
    blind = [one._replace(max_error=None, digits=None) for one in ALL]
    unknown = words(comparison("x", result(*blind, reference=None, reason="it has a kink", spread=1e-8), 200))
    assert "no reference  it has a kink" in unknown
    assert "differ by up to 1.0e-08" in unknown
    agreed = words(comparison("x", result(*blind, reference=None, reason="why", spread=0.0), 200))
    assert "give the same number" in agreed


def test_a_long_expression_is_cut_at_its_head():
    lines = words(comparison("x + " * 100 + "x", result(*ALL), 80)).splitlines()
    assert len(lines[0]) <= 80
    assert "…" in lines[0]


def test_figures():
    assert [count(n) for n in (0, 9_999_999, 10**7, 99_999_999)] == ["0", "9999999", "1.0e7", "1.0e8"]
    assert count(10**400) == "1.0e400"
    assert [seconds(time) for time in (1e-7, 9.96e-6, 1e-3)] == ["0.1 µs", "10 µs", "1.0 ms"]
    assert [seconds(time) for time in (0.9999, 2.0)] == ["1.0 s", "2.0 s"]
    assert [error(size) for size in (0.0, 1e-300, None)] == ["0", "1.0e-300", "–"]
    assert [ordinal(n) for n in (1, 3, 4, 12, 21, 112)] == ["first", "third", "4th", "12th", "21st", "112th"]
    assert cut("abcdef", 6) == "abcdef"
    assert len(cut("abcdefghijklmnop", 10).replace("…", "...")) == 10  # in plain ASCII


def test_a_fact_is_broken_under_its_own_beginning():
    lines = ["".join(word for word, _ in line) for line in facts([("size", "many words " * 20), ("size", "more")], 60)]
    assert lines[0].startswith("  size  many")
    assert all(line.startswith(" " * 8) for line in lines[1:])
    assert all(len(line) <= 60 for line in lines)
