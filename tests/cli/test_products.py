"""The commands vjp and jvp: seeds as people and scripts give them."""

import pytest

LAYER = ["linear(X, W, B)", "--at", "X=[[1,2],[5,6]], W=[[3],[4]], B=[5]"]


def test_a_layer_hands_back_its_weight(ask):
    code, out, _ = ask("vjp", *LAYER, "--seed", "Y=[[1],[2]]")
    assert code == 0
    assert out.splitlines() == [
        "linear(X, W, B) = (2x1)",
        "    [[16],",
        "     [44]]",
        "  where dL/dY = (2x1)",
        "    [[1],",
        "     [2]]",
        "  dL/dX = (2x2)",
        "    [[3, 4],",
        "     [6, 8]]",
        "  dL/dW = (2x1)",
        "    [[11],",
        "     [14]]",
        "  dL/dB = [3]",
    ]


def test_json_has_the_keys_of_the_contract(answer):
    found = answer("vjp", *LAYER, "--seed", "[[1],[2]]", "--wrt", "B,X")
    assert list(found) == ["expression", "at", "value", "vjp"]
    assert found["vjp"] == {"B": [3.0], "X": [[3.0, 4.0], [6.0, 8.0]]}
    assert found["value"] == [[16.0], [44.0]]

    found = answer("jvp", *LAYER, "--seed", "B=[1], X=[[1,0],[0,1]]")
    assert list(found) == ["expression", "at", "value", "jvp"]
    assert found["jvp"] == [[4.0], [5.0]]


def test_a_list_of_numbers(ask):
    code, out, _ = ask("vjp", "[x^2, x*y]", "--at", "x=3,y=2", "--seed", "[1, 0]")
    assert (code, out) == (0, "[x^2, x*y] = [9, 6]\n  where the weight = [1, 0]\n  dL/dx = 6\n  dL/dy = 0\n")
    code, out, _ = ask("jvp", "[x^2, x*y]", "--at", "x=3,y=2", "--seed", "y=1/2")
    assert (code, out) == (0, "[x^2, x*y] = [9, 6]\n  along y = 0.5\n  slope = [0, 1.5]\n")


@pytest.mark.parametrize(("seed", "line"), [("2", "  where 2 is the weight of every element"), ("Y=2", "dL/dY is 2")])
def test_one_number_for_every_element(ask, seed, line):
    code, out, _ = ask("vjp", *LAYER, "--seed", seed)
    assert code == 0
    assert line in out
    assert out.endswith("  dL/dB = [4]\n")


def test_differences_say_how_far_they_may_be_off(answer):
    found = answer("vjp", "[exp(x)]", "--at", "x=1", "--seed", "[2]", "--mode", "finite")
    assert found["vjp"]["x"] == pytest.approx(5.43656365691809, rel=1e-9)
    assert 0 < found["error_estimate"]["x"] < 1e-9


@pytest.mark.parametrize(
    ("arguments", "kind", "code", "words"),
    [
        (["vjp", *LAYER], "usage", 2, "there is no seed"),
        (["jvp", *LAYER], "usage", 2, "there is no direction"),
        (["vjp", *LAYER, "--seed", ""], "usage", 2, "there is no seed"),
        (["vjp", *LAYER, "--seed", "[1, 2]"], "shape", 2, "the result is 2x1, and its weight a vector of 2"),
        (["vjp", *LAYER, "--seed", "X=1"], "usage", 2, "'X' is a variable"),
        (["vjp", *LAYER, "--seed", "[1,"], "syntax", 2, "bracket"),
        (["vjp", *LAYER, "--seed", "u"], "unbound_variable", 2, "'u' is a variable"),
        (["vjp", *LAYER, "--seed", "1", "--mode", "revers"], "usage", 2, "no mode"),
        (["jvp", *LAYER, "--seed", "Q=1"], "unknown_variable", 2, "no variable 'Q'"),
        (["jvp", *LAYER, "--seed", "W=[1,1]"], "shape", 2, "W is 2x1, and its direction a vector of 2"),
        (["vjp", "abs(x)", "--at", "x=[0,1]", "--seed", "1"], "not_differentiable", 1, "x[0] = 0"),
        (["vjp", "log(x)", "--at", "x=[0,1]", "--seed", "1"], "domain", 1, "x[0]"),
    ],
)
def test_what_does_not_fit_is_one_error(refusal, arguments, kind, code, words):
    found, error = refusal(*arguments)
    assert (found, error["kind"]) == (code, kind)
    assert words in error["message"]


def test_the_place_of_a_seed_is_underlined(ask):
    _, _, err = ask("vjp", *LAYER, "--seed", "Y=[1, 2, 3]")
    assert err.splitlines()[1:3] == ["  Y=[1, 2, 3]", "  ^^^^^^^^^^^"]


@pytest.mark.parametrize(
    ("seed", "place", "message"),
    [
        ("[1, foo]", (5, 3), "'foo' is a variable"),
        (" [log(-1), 0]", (3, 7), "log(-1) has no value"),
        ("[1, 0", (1, 1), "bracket"),
        ("[1, 2, 3]", (1, 9), "a vector of 3"),
        ("1, 0", (2, 1), "a comma"),
        ("[1 .. 2]", (4, 2), "a range"),
        (" @no.npy", (2, 7), "no.npy"),
        ("@w.json, x=1", (8, 5), "more after the seed"),
        ("@w.json", (1, 10), "seed has a value with ±"),  # in the words of the file: seed=1±0.1
    ],
)
def test_the_place_of_a_weight_is_that_in_what_was_typed(refusal, tmp_path, monkeypatch, seed, place, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.json").write_text('"1±0.1"')
    _, error = refusal("vjp", "[2x, x*y]", "--at", "x=3,y=2", "--seed", seed)
    assert (error["column"], error["length"]) == place
    assert message in error["message"]


@pytest.mark.parametrize("command", ["hvp", "jvp"])
@pytest.mark.parametrize("seed", ["[1, 0]", "1", "-1"])
def test_a_direction_without_names_is_told_how(refusal, command, seed):
    code, error = refusal(command, "x*y", "--at", "x=1,y=2", "--seed", seed)
    assert code == 2
    assert error["message"] == "a direction names the variables that move"
    assert error["hint"] == '--seed "x=1, y=0" gives one; what it does not name is 0'


@pytest.mark.parametrize("width", [50, 80, 120])
@pytest.mark.parametrize("command", ["hvp", "jvp", "vjp", "jacobian", "hessian"])
def test_arrays_fill_the_width_that_there_is(ask, monkeypatch, command, width):
    monkeypatch.setenv("COLUMNS", str(width))
    x = [k + 1 / 3 for k in range(30)]
    text = {"vjp": "2*x", "jvp": "2*x"}.get(command, "sum(x^2)")
    seed = {"jvp": ["--seed", f"x={x}"], "hvp": ["--seed", f"x={x}"], "vjp": ["--seed", f"{x}"]}.get(command, [])
    code, out, _ = ask(command, text, "--at", f"x={x}", *seed)
    assert code == 0
    assert width - 25 < max(len(line) for line in out.splitlines() if line.startswith("    ")) <= width
