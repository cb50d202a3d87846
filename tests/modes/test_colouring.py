"""Star colourings, held to their definition by brute force; and what is read with them, to the matrix itself."""

import random
from itertools import combinations, pairwise, permutations

import pytest

from adcalc.modes.colouring import Colouring, coloured, entries
from adcalc.modes.sparsity import members


def rows_of(count, edges, diagonal=True):
    rows = [1 << place if diagonal else 0 for place in range(count)]
    for one, other in edges:
        rows[one] |= 1 << other
        rows[other] |= 1 << one
    return rows


def random_rows(seed):
    chance = random.Random(seed)
    count = chance.randrange(1, 9)
    share = chance.random()
    edges = [pair for pair in combinations(range(count), 2) if chance.random() < share]
    rows = rows_of(count, edges, diagonal=False)
    for place in range(count):
        if chance.random() < 0.5:
            rows[place] |= 1 << place
    return rows


def assert_is_star(rows, colouring):
    """Neighbours differ, and every path of four inputs has three colours."""
    colours = colouring.colours
    linked = {(one, other) for one, row in enumerate(rows) for other in members(row) if one != other}
    assert all(colours[one] != colours[other] for one, other in linked)
    for path in permutations(range(len(rows)), 4):
        if all(step in linked for step in pairwise(path)):
            assert len({colours[place] for place in path}) > 2, path
    assert all((colour < 0) == (not row) for colour, row in zip(colours, rows, strict=True))
    assert {colour for colour in colours if colour >= 0} == set(range(colouring.number))


@pytest.mark.parametrize("seed", range(300))
def test_a_colouring_of_a_random_graph_is_a_star_colouring_that_reads_every_entry(seed):
    rows = random_rows(seed)
    colouring = coloured(rows)
    assert_is_star(rows, colouring)
    chance = random.Random(seed)
    matrix = {}
    for one, row in enumerate(rows):
        for other in members(row):
            matrix[one, other] = matrix.get((other, one), chance.randrange(1, 10**9))
    found = {}
    for row, column, read, colour in entries(rows, colouring):
        assert (row, column) not in found
        summed = [other for other, own in enumerate(colouring.colours) if own == colour]
        found[row, column] = sum(matrix.get((read, other), 0) for other in summed)
    assert found == {pair: value for pair, value in matrix.items() if pair[0] <= pair[1]}


@pytest.mark.parametrize("count", [2, 5, 30, 200])
def test_an_arrow_takes_two_colours_wherever_its_head_is(count):
    for head in (0, count // 2, count - 1):
        rows = rows_of(count, [(head, other) for other in range(count) if other != head])
        assert coloured(rows).number == 2


@pytest.mark.parametrize(("width", "most"), [(1, 3), (2, 5), (3, 7)])
def test_a_band_takes_a_handful_whatever_its_length(width, most):
    for count in (40, 400):
        edges = [(k, k + step) for k in range(count) for step in range(1, width + 1) if k + step < count]
        assert coloured(rows_of(count, edges)).number <= most


def test_a_diagonal_takes_one_colour_and_nothing_takes_none():
    assert coloured([1, 2, 4]) == Colouring((0, 0, 0), 1)
    assert coloured([0, 0]) == Colouring((-1, -1), 0)
    assert coloured([]) == Colouring((), 0)


def test_a_full_matrix_takes_a_colour_for_each():
    rows = rows_of(40, list(combinations(range(40), 2)))
    assert coloured(rows).number == 40


def test_a_matrix_that_is_nearly_full_is_given_up_in_time():
    chance = random.Random(1)
    edges = [pair for pair in combinations(range(260), 2) if chance.random() < 0.9]
    found = coloured(rows_of(260, edges))
    assert found.number <= 260
    assert len(entries(rows_of(260, edges), found)) == len(edges) + 260


def test_degrees_are_tried_where_they_may_help():
    """Hubs that come last get colours of their own first."""
    hubs, leaves = 3, 60
    edges = [(leaf, leaves + leaf % hubs) for leaf in range(leaves)] + [(leaf, leaves + (leaf + 1) % hubs) for leaf in range(leaves)]  # fmt: skip  # noqa: E501
    assert coloured(rows_of(leaves + hubs, edges)).number <= hubs + 1
