"""The function table's part about arrays: complete, without helpers, and with examples that run."""

import re
import shlex

import pytest

from adcalc.api.functions import rows
from adcalc.cli.app import run
from adcalc.errors import UnknownFunctionError
from adcalc.rules.table import standard
from adcalc.syntax.array_calls import FORMS_WRITTEN, INTERNAL

CONTRACT = [  # LANGUAGE.md
    "sum",
    "mean",
    "var",
    "std",
    "prod",
    "max",
    "min",
    "norm",
    "dot",
    "matmul",
    "outer",
    "trace",
    "det",
    "logdet",
    "inv",
    "solve",
    "cholesky",
    "diag",
    "reshape",
    "concat",
    "stack",
    "zeros",
    "ones",
    "eye",
    "shape",
    "logsumexp",
    "softmax",
    "log_softmax",
    "mse",
    "cross_entropy",
    "linear",
    "batchnorm",
    "layernorm",
]
ROWS = rows(standard())
ABOUT_ARRAYS = [row for row in ROWS if "--at" in row.example]


def test_every_array_function_of_the_language_is_listed():
    listed = {row.name for row in ROWS}
    assert {*CONTRACT, *FORMS_WRITTEN} <= listed
    assert not INTERNAL & listed


@pytest.mark.parametrize("row", ABOUT_ARRAYS, ids=lambda row: row.form)
def test_the_example_runs(row, capsys):
    program, *arguments = shlex.split(row.example)
    assert program == "adcalc"
    assert run(arguments) == 0
    printed = capsys.readouterr()
    assert printed.out
    assert not printed.err
    assert row.name in ("index", "transpose", "matmul") or f"{row.name}(" in row.example


def test_no_row_shows_the_helpers_of_the_file():
    for row in ROWS:
        assert not any(f"{name}(" in f"{row.rule}{row.definition}" for name in INTERNAL - {"half_lower"})


@pytest.mark.parametrize("row", [row for row in ROWS if row.group == "arrays"], ids=lambda row: row.form)
def test_every_row_says_what_it_is(row):
    assert row.meaning
    assert not re.search(r"\bv\b", row.rule)


@pytest.mark.parametrize(
    "name", ["sum", "prod", "max", "min", "norm", "mean", "var", "std", "softmax", "concat", "stack", "size"]
)
def test_the_axis_is_in_the_signature(name):
    assert any("axis=…" in row.form for row in rows(standard(), name))


def test_max_is_listed_with_each_way_of_calling_it():
    assert [row.form for row in rows(standard(), "max")] == ["max(u)", "max(u, w, ...)", "max(A, axis=…, keepdims=…)"]


def test_rules_are_those_of_the_textbooks():
    found = {row.name: row for row in ROWS}
    assert found["inv"].rule == "C = inv(A) ⟹ dC = -(C@dA@C)"
    assert found["det"].rule == "c = det(A) ⟹ dc = trace(adjugate(A)@dA)"
    assert found["inv"].domain == "det(A) != 0"
    assert found["matmul"].dual == "(A + A'ε)@(B + B'ε) = A@B + A'ε@B + A@B'ε"


@pytest.mark.parametrize("name", sorted(INTERNAL))
def test_helpers_are_no_functions_for_people(name):
    with pytest.raises(UnknownFunctionError):
        rows(standard(), name)


def test_a_misspelt_array_function_has_a_suggestion():
    with pytest.raises(UnknownFunctionError) as refused:
        rows(standard(), "reshap")
    assert refused.value.hint == "did you mean 'reshape'?"
