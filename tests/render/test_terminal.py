"""What a terminal of eighty columns shows: nothing is cut, and what is too wide goes on below, indented."""

import io

import pytest

from adcalc.render.layout import Words
from adcalc.render.terminal import draw


def drawn(lines: list[Words], monkeypatch: pytest.MonkeyPatch, width: int = 80) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    draw(lines, stream)
    return stream.getvalue()


def test_a_short_line_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn([[("  ∂/∂x", "name"), (" = ", "quiet"), ("6", "value")]], monkeypatch) == "  ∂/∂x = 6\n"


@pytest.mark.parametrize("width", [80, 120])
def test_a_wide_line_goes_on_indented_and_loses_nothing(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    formula = " + ".join(f"sin({k}*x)" for k in range(40))

    text = drawn([[("  ∂/∂x = ", "name"), (formula, "expression")]], monkeypatch, width)

    lines = text.splitlines()
    assert len(lines) > 2
    assert max(map(len, lines)) <= width
    assert all(line.startswith("      ") for line in lines[1:])
    assert "".join(text.split()) == "".join(f"∂/∂x = {formula}".split())


def test_markup_in_a_text_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn([[("[bold]x[/bold]", "expression")]], monkeypatch) == "[bold]x[/bold]\n"
