"""`adcalc propagate` as a person and as a script see it; tests/golden holds what is printed at 80 and 120 columns."""

import io
import json
import sys
from pathlib import Path

import pytest

from adcalc.cli.app import run

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = {
    "propagate": ["x^2*y", "--at", "x=2.0±0.1, y=3.1±0.2"],
    "propagate_gauge": [
        "ls + d - ls*(da*th + as*dt)",
        *("--at", "ls=50000623±25, d=215±9.7, da=0±0.58e-6, th=-0.1±0.41, as=11.5e-6±1.2e-6, dt=0±0.029"),
    ],
    "propagate_correlated": [
        "V/I*cos(phi)",
        *("--at", "V=4.9990±0.0032, I=0.019661+/-9.5e-6, phi=1.04446±0.00075", "--coverage", "2"),
        *("--correlation", "V,I=-0.36", "--correlation", "V,phi=0.86", "--correlation", "I,phi=-0.65"),
    ],
    "propagate_many": [
        "+".join(f"x_{number}*{number}" for number in range(1, 25)),
        *("--at", ", ".join(f"x_{number}={number}±0.{number}" for number in range(1, 25))),
    ],
    "propagate_exact": ["2*x", "--at", "x=3"],
    "propagate_slopes_that_turn": ["x*abs(x - 1) + x", "--at", "x=2±0.25"],
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_what_a_person_sees(name, width, ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = ask("propagate", *CASES[name])
    assert (code, err) == (0, "")
    assert out == (GOLDEN / f"{name}_{width}.txt").read_text("utf-8")
    assert max(map(len, out.splitlines()[1:]), default=0) <= width


def test_the_keys_that_scripts_read(ask):
    code, out, err = ask("propagate", *CASES["propagate"], "--json")
    answer = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert list(answer) == [
        *("expression", "at", "value", "uncertainty", "contributions", "second_order", "enclosure"),
        *("uncertainties", "sensitivity"),
    ]
    assert answer["at"] == {"x": 2.0, "y": 3.1}
    assert answer["value"] == 12.4
    assert answer["uncertainties"] == {"x": 0.1, "y": 0.2}
    assert round(answer["uncertainty"], 12) == 1.475669339656
    assert sum(answer["contributions"].values()) == pytest.approx(1)
    assert list(answer["second_order"]) == ["shift", "value", "uncertainty", "matters"]
    low, high = answer["enclosure"]
    assert low <= 10.469 <= 14.553 <= high


def test_the_keys_of_options(ask):
    _, out, _ = ask("propagate", *CASES["propagate_correlated"], "--json")
    answer = json.loads(out)
    assert list(answer)[-3:] == ["correlations", "coverage", "expanded"]
    assert answer["correlations"] == {"V,I": -0.36, "V,phi": 0.86, "I,phi": -0.65}
    assert answer["expanded"] == 2 * answer["uncertainty"]


def test_what_is_not_known_is_null(ask):
    code, out, err = ask("propagate", "sqrt(x)*abs(y)", "--at", "x=0.05±0.1, y=1±2", "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert answer["enclosure"] is None
    assert [one["kind"] for one in answer["warnings"]] == ["enclosure"]
    _, out, _ = ask("propagate", "x*abs(x) + x", "--at", "x=0±0.1", "--json")
    assert json.loads(out)["second_order"] is None


def test_a_warning_is_told_on_standard_error(ask):
    code, out, err = ask("propagate", "abs(x)", "--at", "x=0.05±0.1")
    assert code == 0
    assert out.startswith("abs(x) = 0.05 ± 0.10\n")
    assert err.startswith("warning: abs(x) may have a kink")
    code, out, err = ask("propagate", "abs(x)", "--at", "x=0.05±0.1", "--strict")
    assert (code, out) == (1, "")


@pytest.mark.parametrize(
    ("written", "meant"), [("2.00(5)", "2.00±0.05"), ("-12.345(12)", "-12.345±0.012"), ("100(3)", "100±3")]
)
def test_digits_in_brackets_are_a_product_and_that_is_told(ask, written, meant):
    code, _, err = ask("propagate", "x", "--at", f"x={written}")
    assert code == 0
    assert f"x={written} is read as a product, and exact; digits of uncertainty are x={meant}" in err
    _, out, _ = ask("propagate", "x", "--at", f"x={written}", "--json")
    assert [one["kind"] for one in json.loads(out)["warnings"]] == ["interpretation"]


@pytest.mark.parametrize(("written", "meant"), [("2+-0.1", "2±0.1"), ("2 +- .1", "2±.1"), ("pi/2+-1e-3", "pi/2±1e-3")])
def test_two_signs_are_a_difference_and_that_is_told(ask, written, meant):
    code, _, err = ask("propagate", "x*y", "--at", f"x={written}, y=3±0.2")
    assert code == 0
    assert f"x={written} is read as a difference, and exact; an uncertainty is x={meant}" in err
    _, out, _ = ask("propagate", "x*y", "--at", f"x={written}, y=3±0.2", "--json")
    assert [one["kind"] for one in json.loads(out)["warnings"]] == ["interpretation"]
    assert ask("propagate", "x*y", "--at", "x=2-0.1+(-1), y=3±0.2")[2] == ""


def test_plain_ascii(capsys, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert run(["propagate", "x - y", "--at", "x=2+/-0.1, y=1+/-0.1", "--correlation", "x,y=0.8"]) == 0
    stream.flush()
    lines = stream.buffer.getvalue().decode("ascii").splitlines()
    assert lines[0] == "x - y = 1.000 +/- 0.063"
    assert lines[1].startswith("  x = 2 +/- 0.1  50.0 % ####")


def test_a_file_with_error_bars(ask, tmp_path):
    path = tmp_path / "point.json"
    path.write_text('{"x": "2±0.1", "flow rate": "3+/-0.2", "z": 5}', encoding="utf-8")
    code, out, _ = ask("propagate", "x*`flow rate` + z", "--at", f"@{path}", "--json")
    assert code == 0
    assert json.loads(out)["uncertainty"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "words"),
    [
        (["x", "--at", "x=1±-0.1"], 2, "usage", "is negative"),
        (["x", "--at", "x=1±0.1, x=2"], 2, "usage", "two values"),
        (["x", "--at", "x=1±0.1", "--at", "x=2±0.1"], 2, "usage", "two values"),
        (["x", "--at", "x=[1 .. 2]"], 2, "usage", "a standard uncertainty is needed"),
        (["x", "--at", "x=1..2"], 2, "usage", "x has a range"),
        (["x", "--at", "x=1±"], 2, "syntax", "before '±'"),
        (["x", "--at", "y=1±1"], 2, "unbound_variable", "'x' has no value"),
        (["abs(x)", "--at", "x=0±0.1"], 1, "not_differentiable", "kink"),
        (["log(x)", "--at", "x=-1±0.1"], 1, "domain", "no value"),
        (["x*y", "--at", "x=1±1,y=1±1", "--correlation", "x,y=2"], 2, "usage", "from -1 to 1"),
        (["x*y", "--at", "x=1±1,y=1±1", "--correlation", "x,y"], 2, "syntax", "two variables"),
        (["x*y", "--at", "x=1±1,y=1±1", "--correlation", ""], 2, "usage", "names no variables"),
        (["x*y", "--at", "x=1±1,y=1±1", "--correlation", "x,q=0.1"], 2, "unknown_variable", "no variable 'q'"),
        (["x*y", "--at", "x=1±1,y=1", "--correlation", "x,y=0.1"], 2, "usage", "y has no uncertainty"),
        (["x", "--at", "x=1±1", "--coverage", "0"], 2, "usage", "positive"),
        (["x", "--at", "x=1±1", "--coverage", "nan"], 2, "usage", "positive"),
        (["x", "--at", "x=1±1", "--coverage", "two"], 2, "usage", "not a number"),
        (["x", "--at", "x=1±1e10", "--coverage", "1e300"], 1, "overflow", "the expanded uncertainty is beyond"),
        (["x*y", "--at", "x=1±1,y=1±1", "--correlation", "x,y=[0.1]"], 2, "usage", "not an array"),
    ],
)
def test_what_is_refused(arguments, code, kind, words, ask):
    found, out, err = ask("propagate", *arguments, "--json")
    error = json.loads(err)["error"]
    assert (found, out, error["kind"]) == (code, "", kind)
    assert words in error["message"]


def test_a_number_may_be_made_of_arrays(ask):
    at = "x=sum([1, 2]), y=det([[0, -1], [2, 0]])±norm([0.3, 0.4])"
    found = json.loads(ask("propagate", "x*y", "--at", at, "--json")[1])
    assert (found["value"], found["uncertainty"], found["enclosure"]) == (6.0, 1.5, [4.5, 7.5])


def test_a_correlation_is_pointed_at(ask):
    _, _, err = ask("propagate", "x*y", "--at", "x=1±1,y=1±1", "--correlation", "x,y=-1.5")
    assert err.splitlines()[1:3] == ["  x,y=-1.5", "  ^^^^^^^^"]


@pytest.mark.parametrize(
    ("text", "at", "kinds"),
    [
        ("x^3", "x=0±0.1", ["flat"]),
        ("sin(x)^3 + y", "x=0±0.1, y=2", ["flat"]),
        ("x^2", "x=0±0.1", []),  # which has its second order
        ("x^3 + y", "x=0±0.1, y=2±0.1", []),
        ("0*x", "x=0±0.1", []),
    ],
)
def test_an_uncertainty_of_0_that_is_none_is_told(ask, text, at, kinds):
    found = json.loads(ask("propagate", text, "--at", at, "--json")[1])
    assert [one["kind"] for one in found.get("warnings", [])] == kinds
