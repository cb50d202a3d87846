"""The words of a step sweep: what its figures show, and nothing else."""

import pytest

from adcalc.api import function
from adcalc.render.figures import columns
from adcalc.render.layout import Grid
from adcalc.render.step_sweep import step_sweep


def words(text, width=80, **point):
    blocks = step_sweep(function(text).compare(**point, sweep=True).sweep, width)
    return "\n".join("".join(word for word, _ in block) for block in blocks if not isinstance(block, Grid))


def test_both_sides_are_said_where_both_are_there():
    lines = words("exp(sin(x))", x=1)
    assert "  above  truncation" in lines
    assert "  below  rounding" in lines


@pytest.mark.parametrize(("text", "above", "below"), [("x", False, False), ("5*x", False, True)])
def test_a_side_that_is_not_there_is_not_said(text, above, below):
    lines = words(text, x=1)
    assert ("truncation" in lines, "rounding" in lines) == (above, below)


@pytest.mark.parametrize("width", [40, 50, 80])
def test_tables_fit(width):
    blocks = step_sweep(function("exp(sin(x))").compare(x=1, sweep=True).sweep, width)
    found = [block for block in blocks if isinstance(block, Grid)]
    assert all(columns(grid) <= width for grid in found)
    heads = [head for grid in found for head in grid.header[1:]]
    assert heads == ["order", "best step", "its error", "digits", "above it", "below it"]
