"""Claims: variables, a colon and a derivative, read as if they stood at the end of the program."""

import pytest

from adcalc.errors import AdcalcSyntaxError, ArityError, Place, Source, UnknownFunctionError, UnknownVariableError
from adcalc.rules.table import standard
from adcalc.syntax.claim import claim_in, read_claim
from adcalc.syntax.parser import parse
from adcalc.syntax.unparse import unparse

PROGRAM = "f(u) = u^2\na = x*y  # a name\nf(a) + z"


def read(text, program=PROGRAM, variables=("x", "y", "z"), bound=frozenset()):
    place = claim_in(text) if isinstance(text, str) else text
    return read_claim(place, parse(Source(program)), variables, standard(), bound)


def formula(claim):
    return unparse(claim.lowered.graph, claim.lowered.output)


@pytest.mark.parametrize(
    ("text", "wrt", "expected"),
    [
        ("x: 2*x*y", ("x",), "2*x*y"),
        (" x:2x y "[:-3], ("x",), "2*x"),
        ("x: f(a)", ("x",), "(x*y)^2"),
        ("y: 2*a*x", ("y",), "2*(x*y)*x"),
        ("x, x: 2*y^2", ("x", "x"), "2*y^2"),
        ("x,y,z:0", ("x", "y", "z"), "0"),
        ("`x`: if(x > 0, 1, 2)", ("x",), "if(x > 0, 1, 2)"),
        ("x:\n  2*(x +\n y)  # so it is", ("x",), "2*(x + y)"),
        ("z: sum(k*x, k = 1..3)", ("z",), "1*x + 2*x + 3*x"),
    ],
)
def test_what_a_claim_says(text, wrt, expected):
    claim = read(text)
    assert claim.wrt == wrt
    assert formula(claim) == expected


def test_a_claim_knows_its_places():
    claim = read(" x : 2*x + y ")
    assert claim.expression.excerpt == "2*x + y"
    assert claim.place.excerpt == " x : 2*x + y "


def test_a_claim_in_a_file_has_its_places_there():
    file = Source("# claims\nx: 2*x\n  y: x^2 + q\n", "claims.txt")
    first = read(Place(file, 9, 15))
    assert (first.expression.line, first.expression.column, first.expression.excerpt) == (2, 4, "2*x")
    with pytest.raises(UnknownVariableError) as refused:
        read(Place(file, 16, 28))
    place = refused.value.place
    assert (place.source.name, place.line, place.column, place.excerpt) == ("claims.txt", 3, 12, "q")


@pytest.mark.parametrize(
    ("text", "error", "excerpt"),
    [
        ("q: 1", UnknownVariableError, "q"),
        ("a: 1", UnknownVariableError, "a"),
        ("x, q: 1", UnknownVariableError, "q"),
        ("x: 2*q", UnknownVariableError, "q"),
        ("x: g(x)", UnknownFunctionError, "g"),
        ("x: f(x, y)", ArityError, "f(x, y)"),
        ("x: x > 0", AdcalcSyntaxError, "x > 0"),
        ("x: 2*/x", AdcalcSyntaxError, "/"),
        ("x = 2", AdcalcSyntaxError, "="),
        ("x: ½", AdcalcSyntaxError, "½"),
    ],
)
def test_the_place_of_an_error_is_in_the_claim(text, error, excerpt):
    with pytest.raises(error) as refused:
        read(text)
    assert refused.value.place.excerpt == excerpt
    assert refused.value.place.source.text == text


@pytest.mark.parametrize("text", ["", "x:", "x: ", "x", "x 2", ": 2", "x: 2,", "x: 2; 3", "x: (2", "x: y = 2", "x,: 2"])
def test_what_is_no_claim_is_refused_with_a_place(text):
    with pytest.raises(AdcalcSyntaxError) as refused:
        read(text)
    assert 0 <= refused.value.place.start <= len(text)


def test_a_name_that_has_a_value_is_a_variable_in_the_claim_too():
    assert formula(read("x: e*x", "e^x", ("e", "x"), frozenset({"e"}))) == "e*x"
    constant = read("x: e*x", "e^x", ("x",)).lowered
    assert list(constant.variables) == ["x"]


def test_only_the_programs_own_result_is_left_out():
    claim = read("x: a", "a = x*y; a", ("x", "y"))
    assert formula(claim) == "x*y"
    assert len(claim.lowered.graph) == 3


def test_nothing_is_too_deep():
    claim = read("x: " + "(" * 50_000 + "x" + ")" * 50_000)
    assert formula(claim) == "x"
