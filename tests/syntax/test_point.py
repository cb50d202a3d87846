"""Points: constant expressions, files, and what is refused."""

from fractions import Fraction

import pytest

from adcalc.errors import AdcalcError, AdcalcSyntaxError, Source, UnboundVariableError, UsageError
from adcalc.rules.table import standard
from adcalc.syntax.point import Interval, Spread, parse_constant, parse_names, parse_point


def point(text):
    return parse_point(Source(text), standard())


def exact(binding):
    return binding.value.graph.nodes[binding.value.output].label


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x=0", Fraction(0)),
        ("x = 1/3", Fraction(1, 3)),
        ("x=-2", Fraction(-2)),
        ("x=2^-3", Fraction(1, 8)),
        ("x=0.1", Fraction(1, 10)),
        ("x=(1+2)*3", Fraction(9)),
        ("x=1e-3", Fraction(1, 1000)),
        ("x=−1", Fraction(-1)),
        ("x=3²", Fraction(9)),
        ("x=sum(k, k = 1..3)", Fraction(6)),
    ],
)
def test_a_value_is_exact(text, value):
    assert exact(point(text).values["x"]) == value


def test_values_keep_the_order_in_which_they_are_written():
    assert list(point("z=1, a=2, m=3").values) == ["z", "a", "m"]


def test_a_value_may_be_a_function_of_constants():
    binding = point("x=sin(pi/3) + e").values["x"]
    assert binding.value.graph.nodes[binding.value.output].op == "add"


def test_commas_inside_calls_do_not_end_a_value():
    assert list(point("x=max(1, 2), y=atan2(1, 2)").values) == ["x", "y"]


def test_newlines_between_values_are_white_space():
    assert list(point("x=1,\ny=2\n").values) == ["x", "y"]


def test_a_quoted_name_is_a_variable():
    assert list(point("`flow rate`=1").values) == ["flow rate"]


def test_a_constant_may_be_given_another_value():
    assert exact(point("e=2").values["e"]) == 2


def test_files_are_kept_with_their_variable():
    assert [(name, path) for name, path, _ in point("x=@a/b.json, @point.json").files] == [
        ("x", "a/b.json"),
        ("", "point.json"),
    ]


def test_a_binding_knows_its_place():
    assert point("x=1, y=2/3").values["y"].place.excerpt == "y=2/3"


def test_a_variable_as_a_value_is_refused():
    with pytest.raises(UnboundVariableError) as refused:
        point("x=1, y=x+1")
    assert refused.value.place.excerpt == "x"


def test_a_name_bound_twice_is_refused():
    with pytest.raises(UsageError, match="two values") as refused:
        point("x=1, x=2")
    assert refused.value.place.excerpt == "x=2"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("x=-5..5", Fraction(-5), Fraction(5)),
        ("x = 1/3 .. 2^3", Fraction(1, 3), Fraction(8)),
        ("x=.5..1.", Fraction(1, 2), Fraction(1)),
        ("x=1e-3..1_000", Fraction(1, 1000), Fraction(1000)),
        ("x=(1+1)..max(3, 2)*2", Fraction(2), None),
        ("a=1, x=−1..1, b=2", Fraction(-1), Fraction(1)),
    ],
)
def test_a_range_has_two_exact_ends(text, low, high):
    parsed = point(text)
    found = parsed.ranges["x"]
    assert "x" not in parsed.values
    assert found.low.graph.nodes[found.low.output].label == low
    if high is not None:
        assert found.high.graph.nodes[found.high.output].label == high
    assert found.place.excerpt.startswith("x")


@pytest.mark.parametrize("text", ["x=1..2, x=3", "x=3, x=1..2", "x=1..2, x=1..2"])
def test_a_range_is_the_only_value(text):
    with pytest.raises(UsageError, match="two values"):
        point(text)


@pytest.mark.parametrize(
    "text", ["x=1..", "x=..1", "x=..", "x=1..2..3", "x=(1..2)", "x=1...2", "1..2", "x=@f.json..2 3", "x=1. .2"]
)
def test_what_is_no_range_is_refused_with_a_place(text):
    with pytest.raises(AdcalcSyntaxError) as refused:
        point(text)
    assert refused.value.place is not None


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("x=[1.9 .. 2.1]", (Fraction(19, 10), Fraction(21, 10))),
        ("x=[1..2]", (Fraction(1), Fraction(2))),
        ("x = [ -1/3 .. 2^3 ]", (Fraction(-1, 3), Fraction(8))),
        ("a=[1, 2], x=[.5 .. .75], b=[[1], [2]]", (Fraction(1, 2), Fraction(3, 4))),
        ("x=[1\n..\n2]", (Fraction(1), Fraction(2))),
    ],
)
def test_an_interval_has_two_exact_ends(text, ends):
    found = point(text).intervals["x"]
    assert isinstance(found, Interval)
    assert tuple(one.graph.nodes[one.output].label for one in (found.low, found.high)) == ends


@pytest.mark.parametrize(
    ("text", "middle", "spread"),
    [
        ("x=2±0.1", Fraction(2), Fraction(1, 10)),
        ("x=2.0+/-0.1", Fraction(2), Fraction(1, 10)),
        ("x = -1/3 ± 2^-3", Fraction(-1, 3), Fraction(1, 8)),
        ("x=1+2 +/- 3*4", Fraction(3), Fraction(12)),
        ("x=1±-1", Fraction(1), Fraction(-1)),
    ],
)
def test_a_spread_is_a_value_and_what_it_may_be_off_by(text, middle, spread):
    found = point(text).intervals["x"]
    assert isinstance(found, Spread)
    assert tuple(one.graph.nodes[one.output].label for one in (found.middle, found.spread)) == (middle, spread)


def test_a_list_is_no_interval():
    parsed = point("a=[1, 2], b=[1], c=[[1, 2], [3, 4]], d=2+-1")
    assert not parsed.intervals
    assert list(parsed.values) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("text", ["x=[1..2], x=3", "x=3, x=1±2", "x=1..2, x=[1..2]", "x=1±2, x=1..2"])
def test_an_interval_is_the_only_value(text):
    with pytest.raises(UsageError, match="two values"):
        point(text)


@pytest.mark.parametrize(
    "text", ["x=1±", "x=±1", "x=1±2±3", "x=(1±2)", "x=[1±2]", "x=[1..2]±1", "x=1 +/-", "x=1 ±, y=2"]
)
def test_what_is_no_spread_is_refused_with_a_place(text):
    with pytest.raises(AdcalcSyntaxError, match="before '±'") as refused:
        point(text)
    assert refused.value.place is not None


def test_the_ends_of_a_range_are_constants():
    with pytest.raises(UnboundVariableError) as refused:
        point("a=2, x=0..a")
    assert refused.value.place.start == 10


@pytest.mark.parametrize(
    "text", ["x", "1", "x=", "=1", "x=1,", ",x=1", "x=1,,y=2", "x=1 y=2", "x=1;y=2", "x=1,5", "x==1", "x=@", "f(x)=1"]
)
def test_what_is_no_point_is_refused_with_a_place(text):
    with pytest.raises(AdcalcSyntaxError) as refused:
        point(text)
    assert refused.value.place is not None


def test_a_decimal_comma_gets_the_hint_to_write_a_decimal_point():
    with pytest.raises(AdcalcSyntaxError) as refused:
        point("x=1,5")
    assert "x=1.5" in refused.value.hint


def test_a_condition_is_no_value():
    with pytest.raises(AdcalcError):
        point("x=1<2")


def test_names_are_read_with_their_places():
    assert [(name, place.excerpt) for name, place in parse_names(Source("x, `flow rate`, Δ"))] == [
        ("x", "x"),
        ("flow rate", "`flow rate`"),
        ("Δ", "Δ"),
    ]


@pytest.mark.parametrize("text", ["", "x,", "x y", "2", "x+y", "x;y", ","])
def test_what_is_no_list_of_names_is_refused(text):
    with pytest.raises(AdcalcSyntaxError):
        parse_names(Source(text))


def test_a_constant_text_is_one_expression():
    lowered = parse_constant("1/3", standard())
    assert lowered.graph.nodes[lowered.output].label == Fraction(1, 3)


@pytest.mark.parametrize("text", ["", "x=1", "1; 2", "x", "1 +", "a = 1; a"])
def test_a_text_that_is_no_constant_is_refused(text):
    with pytest.raises(AdcalcError):
        parse_constant(text, standard())
