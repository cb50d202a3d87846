"""Lines in a window: cut at its edges where they cross them, and nowhere else."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcalc.render.curves import panels
from adcalc.results.plot import Plot, Sample, Spot


def curve(points, **more):
    samples = tuple(Sample(float(at), value, slope) for at, value, slope in points)
    return Plot("f", {}, "x", samples[0].at, samples[-1].at, "reverse", "x", samples, **more)


@given(st.lists(st.floats(-1e308, 1e308), min_size=2, max_size=40))
def test_a_line_without_breaks_is_one_line(values):
    drawn = panels(curve([(at, value, None) for at, value in enumerate(values)]))
    (panel,) = drawn
    (path,) = panel.curves["value"]
    assert len(path) >= 2
    assert (path[0][0], path[-1][0]) == (0, 1)
    assert all(0 <= y <= 1 for _, y in path)
    for (_, y), value in zip(path, values, strict=False):
        if len(path) == len(values):
            assert y == pytest.approx(panel.axis.place(value), abs=1e-12)


def test_gaps_and_cuts_part_lines():
    points = [(0, 0.0, 1.0), (1, 1.0, 1.0), (2, None, None), (3, 3.0, None), (4, 4.0, 1.0), (5, 5.0, 1.0)]
    (panel,) = panels(curve(points, cuts={4.0: "slope"}))
    assert [len(path) for path in panel.curves["value"]] == [2, 3]
    assert [len(path) for path in panel.curves["slope"]] == [2, 1, 1]
    (panel,) = panels(curve(points, cuts={4.0: "value"}))
    assert [len(path) for path in panel.curves["value"]] == [2, 2, 1]
    assert [len(path) for path in panel.curves["slope"]] == [2, 1, 1]


def test_what_leaves_the_window_is_cut_where_it_does():
    ats = [k / 10 for k in range(1, 101)]
    spot = Spot("no value", 0.0, 0.0, "domain", "")
    plot = curve([(at, 1 / at**3, None) for at in ats], spots=(spot,))
    (panel,) = panels(plot)
    (path,) = panel.curves["value"]
    assert panel.axis.high < 100
    assert path[0][1] == pytest.approx(1)
    assert path[0][0] > 0
    assert all(0 <= y <= 1 for _, y in path)
    assert all(y >= v for (_, y), (_, v) in pairwise(path))


def test_nothing_is_cut_where_nothing_breaks():
    plot = curve([(at, 10.0**at, None) for at in range(300)])
    (panel,) = panels(plot)
    assert panel.axis.high == 1e299


def test_no_numbers_no_panel():
    assert panels(curve([(0, None, None), (1, None, None)])) == []
    assert [list(panel.curves) for panel in panels(curve([(0, 1.0, None), (1, 2.0, None)]))] == [["value"]]
