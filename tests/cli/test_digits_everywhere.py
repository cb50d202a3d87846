"""--digits and --enclosure of jacobian, hessian, jvp, vjp, hvp and check: what is printed, in JSON, and refused."""

import json

import pytest

POINT = ("--at", "x=1/3, y=pi")


@pytest.mark.parametrize("arguments", [
    ("jacobian", "[x^2, x*y]", *POINT),
    ("jacobian", "x*y", *POINT),
    ("jacobian", "[1, 2]"),
    ("jacobian", "A@x", "--at", "A=[[1, 2], [3, 4]], x=[1, 1]"),
    ("hessian", "x^2*y", *POINT),
    ("hessian", "x^2*y", *POINT, "--sparse"),
    ("hessian", "3"),
    ("hessian", "sum(x^3)", "--at", "x=[1, 2]"),
    ("jvp", "[x^2, x*y]", *POINT, "--seed", "x=1/3"),
    ("jvp", "x*y", *POINT, "--seed", "x=1/3, y=1"),
    ("vjp", "[x^2, x*y]", *POINT, "--seed", "[1/3, 1]"),
    ("vjp", "A@x", "--at", "A=[[1, 2], [3, 4]], x=[1, 1]", "--seed", "1/3"),
    ("hvp", "x^2*y", *POINT, "--seed", "x=1/3"),
    ("hvp", "x@A@x", "--at", "A=[[1, 2], [3, 4]], x=[1, 1]", "--wrt", "x", "--seed", "x=[1/3, 0]"),
    ("check", "x^2*y", *POINT, "--claim", "x: 2*x*y"),
])  # fmt: skip
def test_json_has_the_keys_and_shapes_that_it_has_without_digits_and_texts_for_numbers(answer, arguments):
    exact, floats = answer(*arguments, "--digits", "12"), answer(*arguments)
    assert list(exact) == list(floats)
    compare(exact, floats)


def compare(exact, floats, key=""):
    """The same structure, with a text wherever there is a float, and near it."""
    if isinstance(floats, float):
        assert isinstance(exact, str)
        assert float(exact) == pytest.approx(floats, rel=1e-11)
    elif isinstance(floats, dict):
        assert list(exact) == list(floats)
        for name in floats:
            compare(exact[name], floats[name], name)
    elif isinstance(floats, list):
        for one, other in zip(exact, floats, strict=True):
            compare(one, other, key)
    elif key not in ("evidence", "mode"):
        assert exact == floats


def test_a_jacobian_in_digits(ask):
    code, out, _ = ask("jacobian", "[sin(x), x*y]", "--at", "x=pi/3, y=1/10", "--digits", "20")
    assert code == 0
    assert out.splitlines() == [
        "[sin(x), x*y] = [0.86602540378443864676, 0.10471975511965977462]",
        "         ∂/∂x                   ∂/∂y",
        "    [0]   0.5                      0",
        "    [1]   0.1  1.0471975511965977462",
        "  reverse mode",
    ]


def test_a_matrix_that_is_too_wide_is_a_list_of_its_entries(ask):
    out = ask("jacobian", "[sin(x), x*y]", *POINT, "--digits", "50")[1].splitlines()
    assert [line[:14] for line in out[3:7]] == ["  [0]  ∂/∂x = ", "  [0]  ∂/∂y = ", "  [1]  ∂/∂x = ", "  [1]  ∂/∂y = "]
    out = ask("hessian", "exp(x*y)", *POINT, "--digits", "50")[1].splitlines()
    assert [line.partition(" = ")[0].rstrip() for line in out[1:-1]] == [
        "  ∂/∂x",
        "  ∂/∂y",
        "  ∂²/∂x²",
        "  ∂²/∂x∂y",
        "  ∂²/∂y²",
    ]
    assert all(len(line.partition(" = ")[2].replace(".", "").lstrip("0")) == 50 for line in out[:-1])


def test_a_hessian_in_digits(ask):
    assert ask("hessian", "x^3*y", "--at", "x=1/3, y=0.1", "--digits", "5")[1].splitlines() == [
        "x^3*y = 0.0037037",
        "  ∂/∂x = 0.033333",
        "  ∂/∂y = 0.037037",
        "  ∂²",
        "             x        y",
        "    x      0.2  0.33333",
        "    y  0.33333        0",
        "  reverse, then 2 forward sweeps: 2 colours for 2 variables",
    ]
    sparse = ask("hessian", "x^3*y", "--at", "x=1/3, y=0.1", "--digits", "5", "--sparse")[1].splitlines()
    assert sparse[3:7] == ["  ∂², 3 of 4 entries", "    x  x = 0.2", "    x  y = 0.33333", "    y  x = 0.33333"]


def test_products_in_digits(ask):
    assert ask("jvp", "[x, x^2]", "--at", "x=2", "--seed", "x=1/3", "--digits", "5")[1].splitlines() == [
        "[x, x^2] = [2, 4]",
        "  along x = 0.33333",
        "  slope = [0.33333, 1.3333]",
    ]
    assert ask("vjp", "[x, x*y]", "--at", "x=2, y=3", "--seed", "[1/3, 1]", "--digits", "5")[1].splitlines() == [
        "[x, x*y] = [2, 6]",
        "  where the weight = [0.33333, 1]",
        "  dL/dx = 3.3333",
        "  dL/dy = 2",
    ]
    assert ask("vjp", "Y = A@x; Y", "--at", "A=[[1, 2]], x=[1/3, 1]", "--seed", "Y=1/3", "--digits", "3")[1] == (
        "Y = [2.33]\n  where dL/dY is 0.333 in every element\n  dL/dA = [[0.111, 0.333]]\n  dL/dx = [0.333, 0.667]\n"
    )
    assert ask("hvp", "x^2*y", "--at", "x=1, y=1/3", "--seed", "x=1/3", "--digits", "5")[1].splitlines() == [
        "x^2*y = 0.33333",
        "  ∂²·seed",
        "    x = 0.22222",
        "    y = 0.66667",
    ]


def test_a_claim_in_digits(ask):
    code, out, _ = ask("check", "x^3", "--claim", "x: 3*x^2", "--at", "x=1/3", "--digits", "10")
    assert (code, out.splitlines()) == (0, [
        "x^3",
        "  ∂/∂x = 3*x^2",
        "    holds: both simplify to 3*x^2; they agree to 10 digits at 60 points of the domain",
        "    at x = 0.3333333333 both are 0.3333333333",
    ])  # fmt: skip
    code, out, err = ask("check", "x^3", "--claim", "x: 3*x", "--at", "x=1/3", "--digits", "10")
    assert (code, out) == (1, "")
    assert "at x = 0.3333333333 it is 1, and the derivative is 0.3333333333" in err


def test_enclosures(answer, ask):
    found = answer("jacobian", "[x, x*y]", *POINT, "--digits", "3", "--enclosure")["enclosure"]
    assert found == {
        "value": [["0.333", "0.334"], ["1.04", "1.05"]],
        "jacobian": {"x": [["1", "1"], ["3.14", "3.15"]], "y": [["0", "0"], ["0.333", "0.334"]]},
    }
    found = answer("hessian", "x^2*y", *POINT, "--digits", "3", "--enclosure")["enclosure"]
    assert list(found) == ["value", "gradient", "hessian"]
    assert found["hessian"]["x"] == {"x": ["6.28", "6.29"], "y": ["0.666", "0.667"]}
    sparse = answer("hessian", "x^2*y", *POINT, "--digits", "3", "--enclosure", "--sparse")
    assert sparse["enclosure"]["values"] == [["6.28", "6.29"], ["0.666", "0.667"], ["0.666", "0.667"]]
    assert answer("jvp", "x*y", *POINT, "--seed", "x=1", "--enclosure")["enclosure"]["jvp"] == [
        "3.14159265358979",
        "3.1415926535898",
    ]
    weighed = answer("vjp", "x*y", *POINT, "--seed", "1", "--digits", "3", "--enclosure")
    assert weighed["enclosure"]["vjp"] == {"x": ["3.14", "3.15"], "y": ["0.333", "0.334"]}
    curved = answer("hvp", "x^2*y", *POINT, "--seed", "y=1", "--digits", "3", "--enclosure")
    assert curved["enclosure"]["hvp"] == {"x": ["0.666", "0.667"], "y": ["0", "0"]}
    claimed = answer("check", "x*y", *POINT, "--claim", "x: y", "--digits", "3", "--enclosure")["claims"]["x"]
    assert claimed["enclosure"] == {"derivative": ["3.14", "3.15"], "claimed": ["3.14", "3.15"]}
    assert ask("jvp", "x*y", *POINT, "--seed", "x=1", "--digits", "3", "--enclosure")[1].splitlines()[-1] == (
        "  slope ∈ [3.14, 3.15]"
    )


@pytest.mark.parametrize("arguments", [
    ("jacobian", "[x]", "--at", "x=1"),
    ("hessian", "x", "--at", "x=1"),
    ("vjp", "x", "--at", "x=1", "--seed", "1"),
    ("hvp", "x", "--at", "x=1", "--seed", "x=1"),
])  # fmt: skip
def test_finite_differences_prove_no_digits(ask, arguments):
    code, out, err = ask(*arguments, "--digits", "5", "--mode", "finite", "--json")
    assert (code, out) == (2, "")
    assert json.loads(err)["error"] == {
        "kind": "usage",
        "message": "finite differences prove no digits",
        "hint": "--digits goes with the modes forward, reverse and symbolic",
    }


@pytest.mark.parametrize(("arguments", "kind", "words"), [
    (("jacobian", "[x, 2*abs(x)]", "--at", "x=0"), "not_differentiable", "abs(x) has a kink"),
    (("hessian", "sin(x)^2 + cos(x)^2", "--at", "x=1"), "precision", "sin(x)^2 + cos(x)^2"),
    (("jvp", "[x, sqrt(x)]", "--at", "x=0", "--seed", "x=1"), "not_differentiable", "sqrt(x) has no finite slope"),
    (("vjp", "[x, 1/x]", "--at", "x=0", "--seed", "[1, 1]"), "domain", "1/x has no value where x = 0"),
    (("hvp", "x^2", "--at", "x=1", "--seed", "y=1"), "unknown_variable", "no variable 'y'"),
    (("check", "x^2", "--at", "x=1/3", "--claim", "x: x"), "refuted", "it is 0.33333, and the derivative is 0.66667"),
    (("check", "abs(x)", "--at", "x=0", "--claim", "x: 1"), "not_differentiable", "abs(x) has a kink"),
])  # fmt: skip
def test_errors_name_the_sub_expression(ask, arguments, kind, words):
    _, _, err = ask(*arguments, "--digits", "5", "--json")
    error = json.loads(err)["error"]
    assert error["kind"] == kind
    assert words in error["message"]
    assert error["column"] > 0


@pytest.mark.parametrize("command", ["eval", "grad"])
@pytest.mark.parametrize("options", [["x=1", "--digits", "5"], ["x=1", "--enclosure"], ["x=[1 .. 2]"], ["x=1±0.1"]])
def test_a_file_is_not_forgotten_where_there_are_no_floats_for_it(ask, tmp_path, command, options):
    code, out, err = ask(command, "x^2", "--out", str(tmp_path / "x.json"), "--json", "--at", *options)
    error = json.loads(err)["error"]
    assert (code, out, error["kind"], list(tmp_path.iterdir())) == (2, "", "usage", [])
    assert error["message"].startswith("--out writes floats")


@pytest.mark.parametrize(
    ("arguments", "key", "found"),
    [
        (["eval", "x*y", "--at", "x=sum([1/3, 1]), y=norm([3, 4])"], "value", "6.6667"),
        (["grad", "x*y", "--at", "x=1, y=[1/7, 2][0]"], "gradient", {"x": "0.14286", "y": "1"}),
        (["jvp", "x^2", "--at", "x=3", "--seed", "x=sum([1, 1/3])"], "jvp", "8"),
        (["eval", "x", "--at", "x=inv([[0, 3], [1, 0]])"], "value", [["0", "1"], ["0.33333", "0"]]),
        (["taylor", "x^2", "--order", "1", "--at", "x=sum([1, 2])"], "coefficients", ["9", "6"]),
    ],
)
def test_the_numbers_of_a_point_may_be_made_of_arrays(answer, arguments, key, found):
    assert answer(*arguments, "--digits", "5")[key] == found
