"""What is said to fit where shapes do not: it does fit."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.errors import AdcalcError, ShapeError
from adcalc.syntax.shape_hints import hint


@pytest.mark.parametrize(
    ("op", "shapes", "excerpt", "expected"),
    [
        ("mul", [(3, 2), (2, 1)], "X * W", "'@' is the matrix product: X@W"),
        ("mul", [(3, 2), (2, 1)], "(X + 1)*sin(W)", "'@' is the matrix product: (X + 1)@sin(W)"),
        ("matmul", [(3, 2), (3, 1)], "X@T", "X.T@T fits"),
        ("matmul", [(2, 3), (1, 3)], "X@b", "X@b.T fits"),
        ("matmul", [(3, 4), (2, 3)], "A @ B", "B@A fits"),
        ("matmul", [(3, 2), (3, 2)], "A.T.T @ B.T", "A.T@B.T and A.T.T@B fit"),
        ("add", [(3, 2), (2, 3)], "A + B", "A.T + B fits"),
        ("sub", [(3, 2), (3,)], "X - u", "X.T - u fits"),
        ("div", [(3, 3, 2), (3, 3)], "X/u", "the last axes are put together first; an axis of length 1 is repeated"),
        ("add", [(4, 2), (4,)], "f(X)", "A.T + B fits"),
        ("pow", [(2, 2), (3, 1)], "A^T", "the transpose is written A.T"),
        ("mul", [(3,), (2,)], "u*v", None),
        ("matmul", [(2,), (3,)], "u@v", None),
        ("matmul", [(), (3,)], "2@v", None),
        ("concat", [(2, 2), (3,)], "concat(A, u)", None),
    ],
)
def test_hints(op, shapes, excerpt, expected):
    assert hint(op, shapes, excerpt) == expected


SIGNS = {"mul": "*", "add": "+", "sub": "-", "matmul": "@"}
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=2).map(tuple)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(SIGNS)), SHAPES, SHAPES)
def test_what_a_hint_writes_has_a_value(op, left, right):
    point = {"A": np.ones(left), "B": np.ones(right)}
    try:
        function(f"A{SIGNS[op]}B").value(point)
    except ShapeError as error:
        found = error.hint or ""
    else:
        return
    written = re.findall(r"[AB](?:\.T)?(?:@|\*| \+ | - )[AB](?:\.T)?", found)
    assert all(function(text).value(point) is not None for text in written)
    if op == "matmul" and len(left) == len(right) == 2 and left[0] == right[0]:
        assert "A.T@B" in written


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("sum(1, axes=0) + sum(A, axis=0)[0]", "axes=0"),
        ("sum(mean(A, axis=1), dim=0)", "dim=0"),
        ("mean(sum(A, axis=0), axis = [0, 7])", "axis = [0, 7]"),
        ("f(a, axis) = a; f(A, axes=max(1, 2))", "axes=max(1, 2)"),
    ],
)
def test_a_wrong_keyword_is_underlined_with_its_value(text, excerpt):
    with pytest.raises(AdcalcError) as refused:
        function(text).value(A=[[1, 2], [3, 4]])
    assert refused.value.place.excerpt == excerpt
