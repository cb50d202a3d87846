"""The function table: what is found in it, and what a bad row of a user's file is told."""

import pytest

from adcalc.arithmetics.real import Real
from adcalc.errors import AdcalcError, FileError, Source
from adcalc.modes import reverse
from adcalc.modes.base import Problem
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import Table, extended, standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse


@pytest.fixture
def load(tmp_path):
    """The standard table with the given rows added, as from a file named mine.adc."""

    def loaded(text):
        path = tmp_path / "mine.adc"
        path.write_text(text, encoding="utf-8")
        return extended(str(path))

    return loaded


def gradient(table, text, **point):
    lowered = lower(parse(Source(text)), table)
    inputs = {lowered.graph.input(name): value for name, value in point.items()}
    tape = primal(Problem(lowered.graph, lowered.output, tuple(inputs), inputs), Compiled(table, Real()))
    return tape.value, *reverse.run(tape).partials


def test_every_function_of_the_language_is_in_the_table():
    names = """
        sqrt cbrt exp exp2 expm1 log ln log2 log10 log1p pow hypot
        sin cos tan cot sec csc asin acos atan acot asec acsc atan2 sinc sinpi cospi arcsin arccos arctan
        sinh cosh tanh coth sech csch asinh acosh atanh acoth asech acsch arcsinh
        abs sign floor ceil round min max clip relu step
        gamma lgamma digamma polygamma beta gammainc gammaincc gammainc_upper erf erfc erfi erfinv zeta
        besselj bessely besseli besselk airyai airybi lambertw ei li si ci shi chi fresnels fresnelc ellipk ellipe
        logistic sigmoid expit softplus logsumexp silu gelu elu factorial
        Si Ci Ei Li Shi Chi FresnelS FresnelC LambertW loggamma uppergamma
    """
    assert [name for name in names.split() if not standard().arities(name)] == []


def test_every_row_of_the_standard_table_makes_sense():
    table = standard()
    table.check(table.entries()[0].source)


def test_every_function_says_what_it_is():
    entries = [entry for entry in standard().entries() if entry.differential]
    assert [entry.name for entry in entries if not entry.comment or not entry.group] == []


def test_a_definition_is_inlined(load):
    assert gradient(load("cube(u) = u^3\n"), "cube(x)", x=2.0) == (8.0, 12.0)


def test_a_differential_beside_a_definition_gives_the_slope(load):
    assert gradient(load("cube(u) = u^3\nd cube(u) = 7*du\n"), "cube(x)", x=2.0) == (8.0, 7.0)


def test_rows_may_stand_in_any_order_and_go_on_in_indented_lines(load):
    table = load("# mine\n\nfirst(u) = second(u) +\n    1\nsecond(u) = 2*u  # twice\n")
    assert gradient(table, "first(x)", x=3.0) == (7.0, 2.0)


def test_a_row_of_the_user_hides_the_standard_one(load):
    table = load("tan(u) = 5*u\n")
    assert gradient(table, "tan(x)", x=2.0) == (10.0, 5.0)
    assert gradient(standard(), "tan(x)", x=0.0) == (0.0, 1.0)


def test_functions_of_the_same_name_with_other_arguments_stay(load):
    table = load("log(u, b, c) = log(u)/log(b) + c\n")
    assert table.arities("log") == ["log(u)", "log(u, b)", "log(u, b, c)"]


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(FileError, match=r"missing\.adc"):
        extended(str(tmp_path / "missing.adc"))
    (tmp_path / "bytes.adc").write_bytes(b"f(u) = \xff")
    with pytest.raises(FileError, match=r"bytes.adc: not UTF-8 text"):
        extended(str(tmp_path / "bytes.adc"))


BAD = [  # a row, the kind of the error, a word of its message, the column
    ("d f(u) = 2*du +* 3", "syntax", "missing", 16),
    ("f(u) = u + * 3", "syntax", "missing", 12),
    ("hello there", "syntax", "not a row", 1),
    ("f(u) = cso(u)", "unknown_function", "cso", 8),
    ("d sin(u) = cso(u)*du", "unknown_function", "cso", 12),
    ("f(u) = u + k", "syntax", "'k' is not a parameter", 12),
    ("f(u) = du", "syntax", "'du' is not a parameter", 8),
    ("f(u) = v", "syntax", "'v' is not a parameter", 8),
    ("d sin(u) = k*du", "syntax", "'k' is not a parameter", 12),
    ("d sin(u) = du on k > 0", "syntax", "'k' is not a parameter", 18),
    ("d sin(u) = du^2", "usage", "not linear in du", 1),
    ("d sin(u) = sin(du)", "usage", "not linear in du", 1),
    ("d sin(u) = du + 1", "usage", "not linear in du", 1),
    ("d sin(u) = u/du", "usage", "not linear in du", 1),
    ("d sin(u) = 3", "usage", "not linear in du", 1),
    ("d sin(u) = if(u > 0, du, 1)", "usage", "not linear in du", 1),
    ("d pow(u, w) = du*dw", "usage", "not linear in du, dw", 1),
    ("d sin(u) = du smooth in w on u > 0", "usage", "'w' is not a parameter", 1),
    ("d foo(u) = u*du", "usage", "no value", 1),
    ("d sin(v) = dv", "usage", "hide", 1),
    ("d atan2(y, dy) = dy", "usage", "hide", 1),
    ("f(u) = sin(u, u)", "arity", "sin", 8),
    ("f(u) = f(u)", "usage", "defined by itself", 1),
    ("f(u, u) = u", "usage", "same name", 1),
    ("d sin(u) = du on u", "usage", "no condition", 1),
    ("d sin(u) = du on du > 0", "usage", "speaks of a differential", 1),
    ("d sin(u, w) = du + dw", "usage", "another number of arguments", 1),
    ("exp(u) = 1 + u", "usage", "cannot be redefined", 1),
    ("d sin(u) = du on", "syntax", "", 17),
]


@pytest.mark.parametrize(("row", "kind", "words", "column"), BAD, ids=[row for row, *_ in BAD])
def test_a_bad_row_is_refused_when_the_file_is_loaded(load, row, kind, words, column):
    with pytest.raises(AdcalcError) as caught:
        load(f"good(u) = 2*u\n# a comment\n{row}\nalso_good(u) = 3*u\n")
    error = caught.value
    assert error.kind == kind
    assert words in error.message
    assert error.place.source.name.endswith("mine.adc")
    assert (error.place.line, error.place.column) == (3, column)


def test_a_differential_without_a_value_is_told_how_to_get_one(load):
    with pytest.raises(AdcalcError) as caught:
        load("d foo(u) = u*du\n")
    assert "foo(u) = ..." in caught.value.hint
    assert gradient(load("d foo(u) = u*du\nfoo(u) = u^2/2\n"), "foo(x)", x=3.0) == (4.5, 3.0)


@pytest.mark.parametrize("rows", ["f(u) = u\nf(w) = 2*w\n", "d sin(u) = du\nd sin(w) = 2*dw\n"])
def test_two_rows_of_one_kind_are_refused(load, rows):
    with pytest.raises(AdcalcError, match="two rows of the same kind") as caught:
        load(rows)
    assert caught.value.place.line == 2


def test_a_definition_and_its_differential_name_the_parameters_alike(load):
    with pytest.raises(AdcalcError, match="differently"):
        load("d f(u) = du\nf(w) = w\n")


def test_a_table_may_stand_alone():
    table = Table(Source("d mul(u, w) = w*du + u*dw\nsquare(u) = u*u\n"))
    assert [entry.name for entry in table.entries()] == ["mul", "square"]
    assert table.find("square", 1).parameters == ("u",)
    assert table.find("square", 2) is None


@pytest.mark.parametrize(
    "rows",
    [
        "f(u) = g(u)\ng(u) = f(u)\n",
        "d f(u) = du\nf(u) = 2*f(u)\n",
        "k() = k\n",
        "f(v) = v\nd f(v) = dv\n",
        "f(u) = abs(u)\nd f(u) = du\nd f(u) = du\n",
    ],
)
def test_rows_that_go_wrong_together_are_refused(load, rows):
    with pytest.raises(AdcalcError) as caught:
        load(rows)
    assert caught.value.place.source.name.endswith("mine.adc")


def test_an_empty_file_adds_nothing_and_a_stray_line_is_refused(load):
    assert len(load("").entries()) == len(load("# nothing\n").entries()) == len(standard().entries())
    with pytest.raises(AdcalcError, match="left margin"):
        load("  f(u) = u\n")


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(load):
    assert gradient(load("\ufefff(u) = 2*u\r\ng(u) = f(u) +\r\n  1\r\n"), "g(x)", x=3.0) == (7.0, 2.0)


def test_a_function_may_have_many_parameters(load):
    table = load("d f(a, b, c, g, h, i, j, k, m) = dm\nf(a, b, c, g, h, i, j, k, m) = m\n")
    assert gradient(table, "f(1, 2, 3, 4, 5, 6, 7, 8, x)", x=3.0) == (3.0, 1.0)
