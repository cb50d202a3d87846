"""--shape as people type it."""

import pytest

from adcalc.cli.shapes import shapes
from adcalc.errors import UsageError


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
