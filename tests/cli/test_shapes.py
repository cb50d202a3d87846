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
