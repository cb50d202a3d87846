"""Points to try: the same in every run, of all signs and scales."""

import math
from itertools import islice

import pytest

from adcalc.api.checks.samples import beside, samples


def some(names, count, near=None):
    return list(islice(samples(names, near), count))


def test_they_are_the_same_in_every_run():
    assert some(["x", "y"], 50) == some(["x", "y"], 50)


def test_signs_and_scales_are_mixed():
    points = some(["x", "y"], 300)
    signs = {(point["x"] > 0, point["y"] > 0) for point in points}
    assert len(signs) == 4
    sizes = [abs(value) for point in points for value in point.values()]
    assert min(sizes) < 1e-3
    assert max(sizes) > 300
    assert all(sizes)


def test_there_are_points_of_one_sign_however_many_variables_there_are():
    names = [f"x{number}" for number in range(30)]
    points = some(names, 60)
    assert sum(all(value > 0 for value in point.values()) for point in points) >= 15
    assert sum(all(0 < value < 1 for value in point.values()) for point in points) >= 2


def test_whole_numbers_stand_beside_others():
    points = some(["n", "x"], 200)
    assert sum(point["n"].is_integer() and not point["x"].is_integer() for point in points) >= 10


def test_they_are_short_enough_to_read():
    assert all(len(repr(value)) <= 9 for point in some(["x"], 200) for value in point.values())


def test_late_ones_are_huge_and_tiny():
    sizes = [abs(point["x"]) for point in some(["x"], 700)]
    assert max(sizes) > 1e6
    assert min(sizes) < 1e-6


def test_every_other_one_is_near_a_given_point():
    near = {"x": 100.0, "y": 0.0}
    close = some(["x", "y"], 40, near)[1::2]
    assert all(abs(point["x"] - 100) <= 100 and 0 < abs(point["y"]) <= 1 for point in close)
    assert any(abs(point["x"] - 100) < 1e-2 for point in close)


@pytest.mark.parametrize("value", [2.0, -3e10, 0.0])
def test_beside_a_point(value):
    moved = beside({"x": value}, 1e-6)["x"]
    assert 0 < abs(moved - value) <= 1e-6 * (abs(value) or 1) * 1.0001


def test_beside_the_largest_float_are_floats():
    assert all(0 < beside({"x": 1.7e308}, distance)["x"] < math.inf for distance in (1.0, 1e-3))


def test_some_lie_on_both_sides_of_each_landmark():
    points = list(islice(samples(["x"], landmarks=[100.0, 7.5]), 120))
    for landmark in (100.0, 7.5, -100.0):
        for low, high in ((-0.1, 0.0), (0.0, 0.1)):
            assert any(low < point["x"] / landmark - 1 < high for point in points)


def test_of_several_numbers_some_lie_near_landmarks_and_others_do_not():
    points = list(islice(samples(["x", "y"], landmarks=[1e6]), 200))
    assert any(abs(point["x"]) > 1e5 > abs(point["y"]) for point in points)
    assert any(abs(point["x"]) > 1e5 and abs(point["y"]) > 1e5 for point in points)
