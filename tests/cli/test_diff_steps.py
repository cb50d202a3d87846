"""`adcalc diff --steps` as a person and as a script see it; tests/golden has what is printed at 80 and 120 columns."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = {
    "steps_quotient": ["x^2*exp(3*x)/(1 + x)"],
    "steps_power": ["x^sin(x)"],
    "steps_choice": ["if(x > 4, log(x), log(3 - x)) + abs(x)"],
    "steps_several": ["a = x*y; a*sin(a)", "--at", "x=0,y=2"],
    "steps_mixed": ["sin(x*y)", "--wrt", "x,x,y"],
    "steps_shared": ["a*exp(-b*t)*cos(w*t + p)", "--wrt", "t,b"],
    "steps_pieces": ["; ".join(["f = x", *["f = sin(f)*f"] * 4, "f"]), "--stats"],
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_what_a_person_sees(name, width, ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = ask("diff", *CASES[name], "--steps")
    assert (code, err) == (0, "")
    assert out == (GOLDEN / f"{name}_{width}.txt").read_text("utf-8")


def test_the_keys_that_scripts_read(ask):
    code, out, err = ask("diff", "x^2*sin(x)", "--steps", "--json")
    answer = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert list(answer) == ["expression", "at", "order", "derivatives", "steps"]
    assert answer["derivatives"] == {"x": "x^2*cos(x) + 2*x*sin(x)"}
    (derived,) = answer["steps"]
    assert list(derived) == ["wrt", "lines", "points"]
    assert (derived["wrt"], derived["points"]) == (["x"], 3)
    assert derived["lines"] == [
        {"rule": "", "on": "", "text": "d/dx(x^2*sin(x))"},
        {"rule": "product rule", "on": "x^2*sin(x)", "text": "d/dx(x^2)*sin(x) + x^2*d/dx(sin(x))"},
        {"rule": "power rule", "on": "x^2", "text": "2*x*sin(x) + x^2*d/dx(sin(x))"},
        {"rule": "d sin(u) = cos(u)*du", "on": "sin(x)", "text": "x^2*cos(x) + 2*x*sin(x)"},
    ]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("format", ["text", "latex", "mathml"])
def test_steps_add_one_key_and_change_no_other(name, format, ask):
    arguments = [*CASES[name], "--json", "--format", format]
    plain = json.loads(ask("diff", *arguments)[1])
    answer = json.loads(ask("diff", *arguments, "--steps")[1])
    steps = answer.pop("steps")
    assert answer == plain
    for derived in steps:
        for line in derived["lines"]:
            assert set(line) == {"rule", "on", "text"}
            assert line["text"]
            if format == "mathml":
                assert ET.fromstring(line["text"]).tag == "math"
                assert not line["on"] or ET.fromstring(line["on"]).tag == "math"
            else:
                assert "<m" not in line["text"]


def test_a_formula_of_its_own_follows_a_value(ask):
    code, out, _ = ask("diff", "x^2*y", "--steps", "--at", "x=3,y=2", "--wrt", "x")
    assert code == 0
    assert out.splitlines()[0] == "x^2*y = 18"
    assert out.splitlines()[-1] == "  ∂/∂x = 2*x*y = 12"


def test_latex(ask):
    code, out, _ = ask("diff", "x^2*y", "--steps", "--format", "latex", "--wrt", "x")
    assert code == 0
    before, first, last, after = out.splitlines()
    assert (before, after) == (r"\begin{align*}", r"\end{align*}")
    question = r"\frac{\partial}{\partial x}\left(x^{2} y\right)"
    answer = r"y \frac{\partial}{\partial x}\left(x^{2}\right)"
    assert first == rf"  {question} &= {answer} && \text{{constant multiple rule on }} x^{{2}} y \\"
    assert last == r"     &= 2 x y && \text{power rule on } x^{2}"


def test_mathml(ask):
    code, out, _ = ask("diff", "x^2*y", "--steps", "--format", "mathml")
    assert code == 0
    assert [ET.fromstring(line).tag for line in out.splitlines()] == ["math", "math"]
    code, out, _ = ask("diff", "x^2*y", "--format", "mathml")
    assert code == 0
    assert "".join(ET.fromstring(out.splitlines()[0]).itertext()).replace("\u2062", "") == "2xy"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["x^2", "--format", "html"], 2, "error: there is no format 'html'"),
        (["x^2", "--wrt", "y"], 2, "error: the expression has no variable 'y'"),
        (["abs(x)", "--at", "x=0"], 1, "error: abs(x) has a kink where x = 0"),
        (
            ["+".join(["x*y"] + [f"sin({k}*x)" for k in range(6000)])],
            1,
            "error: a derivation is written for expressions",
        ),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(arguments, code, message, ask):
    found, out, err = ask("diff", *arguments, "--steps")
    assert (found, out) == (code, "")
    assert err.startswith(message)


def test_nothing_to_derive(ask):
    assert ask("diff", "2 + 3", "--steps") == ask("diff", "2 + 3")
