"""--shape: what it takes, and what it says of anything else."""

import pytest

from adcalc.cli.shapes import shapes
from adcalc.errors import UsageError


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["X=4x3, w=3"], {"X": (4, 3), "w": (3,)}),
        (["X=4×3", "T=2 x 2 x 5"], {"X": (4, 3), "T": (2, 2, 5)}),
        (["`flow rate`=3,μ=1"], {"flow rate": (3,), "μ": (1,)}),
    ],
)
def test_shapes(texts, expected):
    assert shapes(texts) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("X", "a name, '=' and lengths"),
        ("X=", "lengths of X"),
        ("X=4x", "lengths of X"),
        ("X=-3", "lengths of X"),
        ("X=(4,3)", "lengths of X"),
        ("X=0", "no elements"),
        ("X=3, X=4", "two shapes"),
        ("3=X", "a name, '=' and lengths"),
    ],
)
def test_anything_else_is_refused(text, message):
    with pytest.raises(UsageError, match=message) as raised:
        shapes([text])
    assert raised.value.place is not None


def test_shapes_of_several_options_go_together():
    assert shapes(["X=4x3, b = 3", "`flow rate`=2×5, T=2x3x4"]) == {
        "X": (4, 3),
        "b": (3,),
        "flow rate": (2, 5),
        "T": (2, 3, 4),
    }
    assert shapes([]) == {}


@pytest.mark.parametrize(
    "text", ["X", "X=", "X=4x", "X=x3", "X=0x3", "X=(4,3)", "4x3", "X=4*3", "X=-1x3", "X=4x3 W=2x2", ""]
)
def test_anything_else_is_refused_at_its_place(text):
    with pytest.raises(UsageError) as refused:
        shapes([f"Y=2,{text}"])
    assert refused.value.place.start == 4


def test_a_variable_has_one_shape():
    with pytest.raises(UsageError, match="X has two shapes"):
        shapes(["X=2", "X=3"])
