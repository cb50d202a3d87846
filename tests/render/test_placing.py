"""A layered drawing: nothing covers anything, everything goes down, and few edges cross."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.render.placing import Arrow, place

BOX = (80.0, 40.0)


@st.composite
def graphs(draw):
    """Sizes of boxes, and arrows from earlier ones to later ones, every box but the last having a user."""
    count = draw(st.integers(1, 24))
    sizes = [(draw(st.integers(20, 200)) * 1.0, draw(st.sampled_from([20.0, 30.0, 50.0]))) for _ in range(count)]
    labels = st.sampled_from([None, None, (18.0, 18.0), (90.0, 18.0)]) if draw(st.booleans()) else st.none()
    pairs = set()
    for box in range(count - 1):
        pairs |= {(box, user) for user in draw(st.sets(st.integers(box + 1, count - 1), min_size=1, max_size=3))}
    return sizes, [Arrow(source, target, draw(labels)) for source, target in sorted(pairs)]


def rectangle(middle, size):
    (x, y), (width, height) = middle, size
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def apart(one, other):
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_boxes_and_labels_stand_apart_inside_the_drawing(graph):
    sizes, arrows = graph
    placed = place(sizes, arrows)
    found = [rectangle(middle, size) for middle, size in zip(placed.boxes, sizes, strict=True)]
    for arrow, route in zip(arrows, placed.routes, strict=True):
        assert (route.label is None) == (arrow.label is None)
        if arrow.label is not None:
            found.append(rectangle(route.label, arrow.label))
    for one, other in combinations(found, 2):
        assert apart(one, other)
    for left, top, right, bottom in found:
        assert left >= -1e-9
        assert top >= -1e-9
        assert right <= placed.width + 1e-9
        assert bottom <= placed.height + 1e-9


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_edges_go_down_from_box_to_box_and_through_none(graph):
    sizes, arrows = graph
    placed = place(sizes, arrows)
    boxes = [rectangle(middle, size) for middle, size in zip(placed.boxes, sizes, strict=True)]
    for (source, target, _), route in zip(arrows, placed.routes, strict=True):
        heights = [y for _, y, _ in route.points]
        assert heights == sorted(heights)
        (x, y, _), (end, bottom, _) = route.points[0], route.points[-1]
        left, _, right, low = boxes[source]
        assert left <= x <= right
        assert y == pytest.approx(low)
        left, high, right, _ = boxes[target]
        assert left <= end <= right
        assert bottom == pytest.approx(high)
        for x, y, _ in route.points[1:-1]:
            assert all(not (left < x < right and top < y < bottom) for left, top, right, bottom in boxes)


def test_a_chain_is_a_column():
    placed = place([BOX] * 60, [Arrow(n, n + 1, (30.0, 18.0)) for n in range(59)])
    assert {round(x) for x, _ in placed.boxes} == {40}
    assert [y for _, y in placed.boxes] == sorted(y for _, y in placed.boxes)
    assert placed.width == pytest.approx(80)


def test_terms_of_a_sum_stand_beside_it():
    """x0 + x1 + … + x29: an argument that serves one node alone is drawn right above it, and the sum is a column."""
    arrows, total = [], 0
    for term in range(1, 59, 2):
        arrows += [Arrow(total, term + 1), Arrow(term, term + 1)]
        total = term + 1
    placed = place([BOX] * (total + 1), arrows)
    assert placed.width < 6 * BOX[0]
    for term in range(3, 59, 2):
        assert placed.boxes[term][1] == placed.boxes[term - 1][1]


def test_arguments_stand_in_their_order():
    placed = place([BOX] * 3, [Arrow(0, 2), Arrow(1, 2)])
    assert placed.boxes[0][0] < placed.boxes[1][0]
    assert placed.boxes[2][0] == pytest.approx((placed.boxes[0][0] + placed.boxes[1][0]) / 2)
    ends = [route.points[-1][0] for route in placed.routes]
    assert ends[0] < ends[1]  # and their edges do not cross at the end


@pytest.mark.parametrize(
    "pairs",
    [
        [(0, 3), (1, 2)],  # left to right as they come, they would cross
        [(0, 5), (1, 4), (2, 3)],
        [(0, 4), (1, 4), (1, 5), (2, 5), (2, 6), (3, 6)],
        [(0, 2), (1, 2), (0, 3), (2, 4), (3, 4)],
    ],
)
def test_edges_that_need_not_cross_do_not(pairs):
    count = 1 + max(max(pair) for pair in pairs)
    placed = place([BOX] * count, [Arrow(*pair) for pair in pairs])
    for one, other in combinations(placed.routes, 2):
        (a, top, _), (b, bottom, _) = one.points[0], one.points[-1]
        (c, high, _), (d, low, _) = other.points[0], other.points[-1]
        if (top, bottom) == (high, low):
            assert (a - c) * (b - d) >= 0


def test_the_same_graph_is_drawn_the_same_way():
    sizes, arrows = [BOX] * 8, [Arrow(n, m) for n in range(8) for m in range(n + 1, 8) if (n * m) % 3 != 1]
    assert place(sizes, arrows) == place(sizes, arrows)


def test_nothing_is_no_drawing():
    assert place([], []) == ((), (), 0.0, 0.0)
