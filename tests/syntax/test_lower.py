"""Lowering: what a program's graph is, what is folded, inlined and unfolded, and what is refused."""

import signal
from contextlib import contextmanager
from fractions import Fraction

import pytest

from adcalc.errors import (
    AdcalcError,
    AdcalcSyntaxError,
    ArityError,
    LimitError,
    PathError,
    Source,
    UnknownFunctionError,
)
from adcalc.graph.node import CONSTANT
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse
from adcalc.syntax.unparse import unparse


def lowered(text, bound=(), **options):
    return lower(parse(Source(text)), standard(), frozenset(bound), **options)


@contextmanager
def ended():
    """A test that would never end fails instead."""

    def stop(number, frame):
        raise AssertionError("this did not end within twenty seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def ops(text, bound=()):
    """The operations that the result depends on, in evaluation order."""
    result = lowered(text, bound)
    return [result.graph.nodes[node].op for node in result.graph.live(result.output)]


def constant(text):
    result = lowered(text)
    op, _, label = result.graph.nodes[result.output]
    assert op == CONSTANT, (text, op)
    return label


def same(one, other):
    """Whether two texts lower to the same nodes."""
    first, second = lowered(one), lowered(other)
    return unparse(first.graph, first.output) == unparse(second.graph, second.output)


# ------------------------------------------------------------------ sharing


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x + x", 2),
        ("sin(x)*sin(x)", 3),
        ("(x + y)*(x + y)^(x + y)", 5),
        ("a = x*y; a + a", 4),
        ("f(u) = sin(u); f(x) + f(x)", 3),
        ("f(u) = sin(u); f(x) + f(y)", 5),
        ("0.1*x + 1/10*x", 4),
        ("sum(sin(x), k = 1..10)", 11),
        ("x*y - y*x", 5),
    ],
)
def test_the_same_operation_on_the_same_arguments_is_one_node(text, count):
    assert len(ops(text)) == count


def test_a_hundred_doublings_are_a_hundred_nodes():
    text = "f(u) = u + u; " + "f(" * 100 + "x" + ")" * 100
    assert len(ops(text)) == 101


def test_variables_come_in_order_of_first_appearance():
    assert list(lowered("z*a + b/a").variables) == ["z", "a", "b"]


# ------------------------------------------------------------------ folding


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2*3", 7),
        ("1/3", Fraction(1, 3)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("2^10", 1024),
        ("2^-2", Fraction(1, 4)),
        ("0^0", 1),
        ("(-1)^1001", -1),
        ("-(2/4)", Fraction(-1, 2)),
        ("1e400/1e399", 10),
        ("sum(k, k = 1..100)", 5050),
        ("sum(1/k, k = 1..3)", Fraction(11, 6)),
        ("prod(k, k = 1..20)", 2432902008176640000),
        ("if(1 < 2, 3, 4)", 3),
        ("x = 3; x^2", 9),
        ("f(u) = u^2; f(5)", 25),
    ],
)
def test_constants_are_folded_exactly(text, value):
    assert constant(text) == value


@pytest.mark.parametrize(
    "text",
    ["1/0", "0^-1", "log(-1)", "sqrt(2)", "(-2)^(1/2)", "2^(1/2)", "9^9^9^9", "gamma(0)", "1 % 0", "sin(0)", "0/0"],
)
def test_nothing_that_could_fail_or_round_is_folded_away(text):
    assert ops(text)[-1] != CONSTANT


def test_a_product_with_zero_keeps_its_factors():
    assert ops("0*log(x)") == ["constant", "input", "log", "mul"]


def test_e_to_a_power_is_exp():
    assert ops("e^x") == ["input", "exp"]
    assert sorted(ops("e^(x + 1)")) == ["add", "constant", "exp", "input"]


def test_e_alone_is_exp_of_one():
    assert ops("e") == ["constant", "exp"]


# ------------------------------------------------------------------ constants and names


@pytest.mark.parametrize("name", ["e", "pi", "π", "tau", "τ", "inf"])
def test_a_bound_name_is_a_variable_and_no_constant(name):
    assert lowered(name).variables == {}
    assert list(lowered(name, [name]).variables) == [name]


def test_a_power_of_a_bound_e_is_a_power():
    assert ops("e^x", ["e"]) == ["input", "input", "pow"]


def test_a_constant_that_is_not_bound_stays_a_constant_beside_one_that_is():
    assert list(lowered("pi*e", ["e"]).variables) == ["e"]


def test_an_assignment_hides_a_constant():
    assert constant("e = 2; e^3") == 8


def test_a_parameter_hides_a_constant():
    assert same("f(e) = e^2; f(x)", "x^2")


def test_a_bound_name_does_not_reach_into_the_library():
    assert sorted(ops("log(x, e)", ["e"])) == ["div", "input", "input", "log", "log"]
    assert list(lowered("tau*e + pi", ["e"]).variables) == ["e"]


def test_functions_and_variables_have_separate_names():
    assert list(lowered("gamma*gamma(2) + beta").variables) == ["gamma", "beta"]
    assert same("f = 2; f(u) = u + 1; f*f(x)", "2*(x + 1)")


def test_a_later_assignment_replaces_an_earlier_one():
    assert same("a = x; a = a + 1; a = a*2; a", "(x + 1)*2")


def test_a_name_means_what_it_was_when_it_was_used():
    assert same("a = x; b = a; a = y; b", "x")


def test_a_name_assigned_after_use_as_a_variable_keeps_both_meanings():
    result = lowered("b = a + 1; a = 5; b*a")
    assert list(result.variables) == ["a"]
    assert unparse(result.graph, result.output) == "(a + 1)*5"


# ------------------------------------------------------------------ functions


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("f(u, v) = u/2 + v; f(x^2, x^3)", "x^2/2 + x^3"),
        ("f(u) = u + u; f(f(f(x)))", "x + x + (x + x) + (x + x + (x + x))"),
        ("f(u) = g(u) + 1; g(u) = u^2; f(x)", "x^2 + 1"),
        ("f(x) = x^2; f(y) + x", "y^2 + x"),
        ("f(u) = u*x; f(y)", "y*x"),
        ("a = 3; f(u) = a*u; a = 5; f(x)", "5*x"),
        ("f(u) = u; f(u) = 2*u; f(x)", "2*x"),
        ("f() = x + 1; f()*f()", "(x + 1)*(x + 1)"),
        ("sin(u) = u^3; sin(x)", "x^3"),
        ("f(u, v) = u - v; f(y, x)", "y - x"),
        ("f(u) = g(u, u); g(u, v) = u - 2*v; f(x)", "x - 2*x"),
        ("f(pi) = pi^2; f(x) + pi", "x^2 + pi"),
        ("a = y; f(a) = a^2; f(x)", "x^2"),
    ],
)
def test_functions_are_inlined_in_their_own_scope(text, same_as):
    assert same(text, same_as)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("relu(x)", "max(x, 0)"),
        ("log(x, 2)", "log(x)/log(2)"),
        ("ln(x)", "log(x)"),
        ("arcsin(x)", "asin(x)"),
        ("max(x, y, z)", "max(max(x, y), z)"),
        ("hypot(x, y, z)", "hypot(hypot(x, y), z)"),
        ("max(x)", "x"),
        ("Max(x, y, z)", "max(max(x, y), z)"),
        ("factorial(n)", "n!"),
        ("where(x < 1, x, y)", "if(x < 1, x, y)"),
    ],
)
def test_library_definitions_and_variadic_calls_unfold(text, same_as):
    assert same(text, same_as)


def test_recursion_that_a_constant_condition_ends_unfolds():
    assert constant("f(n) = if(n < 2, 1, n*f(n - 1)); f(20)") == 2432902008176640000
    assert same("p(u, n) = if(n == 0, 1, u*p(u, n - 1)); p(x, 3)", "x*(x*(x*1))")


def test_mutual_recursion_unfolds():
    assert constant("even(n) = if(n == 0, 1, odd(n - 1)); odd(n) = if(n == 0, 0, even(n - 1)); even(7)") == 0


def test_recursion_a_thousand_deep_unfolds():
    assert len(ops("f(u, n) = if(n == 0, u, sin(f(u, n - 1))); f(x, 1000)")) == 1001


@pytest.mark.parametrize("text", ["f(n) = f(n + 1); f(1)", "f(n) = g(n); g(n) = f(n); f(x)", "f(n) = n*f(n - 1); f(x)"])
def test_recursion_without_end_meets_the_limit(text):
    with pytest.raises(LimitError, match="calls itself more than"):
        lowered(text)


def test_recursion_that_depends_on_the_point_is_followed_at_the_point_only():
    from adcalc.api import function

    text = "f(n) = if(n < 2, 1, n*f(n - 1)); f(x)"
    with pytest.raises(PathError) as refused:
        lowered(text)
    assert refused.value.place.excerpt == "if(n < 2, 1, n*f(n - 1))"
    assert function(text).value(x=5) == 120
    assert function(text).gradient(x=Fraction(7, 2)).gradient == {"x": 2 * 3.5 - 1}  # x (x - 1)


def test_recursion_that_does_not_end_at_the_point_meets_the_limit():
    from adcalc.api import function

    with pytest.raises(LimitError, match="calls itself more than"):
        function("f(n) = if(n < 0, 1, f(n + 1)); f(x)").value(x=1)


def test_recursion_that_branches_meets_the_limit_of_operations_or_calls():
    with ended(), pytest.raises(LimitError):
        lowered("f(n) = if(n == 0, x, sin(f(n - 1)*n + cos(f(n - 1) + n))); f(40)", maximum_operations=1000)


# ------------------------------------------------------------------ sums and products over an index


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("sum(x^k, k = 1..3)", "x^1 + x^2 + x^3"),
        ("prod(x + k, k = 1..3)", "(x + 1)*(x + 2)*(x + 3)"),
        ("sum(x, k = 5..5)", "x"),
        ("sum(sum(x*j*k, j = 1..k), k = 1..2)", "x*1*1 + (x*1*2 + x*2*2)"),
        ("k = y; sum(x*k, k = 1..2) + k", "x*1 + x*2 + y"),
        ("f(u) = sum(u*k, k = 1..2); f(x)", "x*1 + x*2"),
        ("f(u) = u*x; sum(f(k), k = 1..2)", "1*x + 2*x"),
        ("sum(k*x, k = -1..1)", "-1*x + 0*x + 1*x"),
        ("n = 2; sum(k*x, k = 1..2*n - 1)", "1*x + 2*x + 3*x"),
        ("sum(prod(x - j, j = 1..k), k = 1..2)", "x - 1 + (x - 1)*(x - 2)"),
    ],
)
def test_index_sums_unfold(text, same_as):
    assert same(text, same_as)


def test_an_index_hides_an_outer_name_only_inside_the_sum():
    assert constant("k = 100; sum(k, k = 1..3) + k") == 106


def test_an_empty_range_gives_the_neutral_element():
    assert constant("sum(1/k, k = 0..-1)") == 0
    assert constant("prod(1/k, k = 0..-1)") == 1


def test_an_index_is_no_variable():
    assert list(lowered("sum(k*x, k = 1..3)").variables) == ["x"]


@pytest.mark.parametrize("text", ["sum(k, k = 1..x)", "sum(k, k = 1..2.5)", "sum(k, k = 1..pi)"])
def test_a_range_that_is_not_of_whole_numbers_is_refused(text):
    with pytest.raises(AdcalcSyntaxError, match="whole number"):
        lowered(text)


@pytest.mark.parametrize("text", ["sum()", "sum(k = 1..3)", "sum(x, y)", "sum(k, k = 1..2, j = 1..2)"])
def test_a_sum_without_an_expression_and_a_range_is_refused(text):
    with pytest.raises(AdcalcError) as refused:
        lowered(text)
    assert refused.value.kind in ("arity", "syntax")


def test_a_range_elsewhere_is_refused():
    with pytest.raises(AdcalcSyntaxError, match="takes no range"):
        lowered("sin(k = 1..3)")


def test_a_sum_of_more_terms_than_the_limit_is_refused():
    with pytest.raises(LimitError):
        lowered("sum(x*k, k = 1..1000000000)")
    with pytest.raises(LimitError):
        lowered("sum(sin(x*k), k = 1..200)", maximum_operations=100)


def test_nested_sums_meet_the_limit_before_they_fill_the_memory():
    with ended(), pytest.raises(LimitError):
        lowered("sum(sum(sin(x*j*k), j = 1..1000), k = 1..1000)", maximum_operations=2000)


def test_sums_of_constants_meet_the_limit_too():
    with ended(), pytest.raises(LimitError):
        lowered("sum(sum(sum(1, i = 1..1000), j = 1..1000), k = 1..1000)", maximum_operations=5000)


# ------------------------------------------------------------------ choices and conditions


def test_a_constant_condition_lowers_the_chosen_side_only():
    assert ops("if(1 < 2, x, log(y))") == ["input"]
    assert ops("if(1 > 2, x, log(y))") == ["input", "log"]


def test_the_variables_of_the_other_side_stay_variables():
    assert set(lowered("if(1 < 2, x, log(y) + z)").variables) == {"x", "y", "z"}
    assert set(lowered("f(u) = if(1 < 2, u, y); f(x)").variables) >= {"x"}
    assert set(lowered("if(1 < 2, x, sum(k*w, k = 1..2))").variables) == {"x", "w"}


def test_what_is_hidden_in_the_other_side_is_no_variable():
    assert set(lowered("a = 2; if(1 < 2, x, a*pi)").variables) == {"x"}


def test_a_condition_on_a_variable_keeps_both_sides():
    assert ops("if(x < 1, x, sqrt(x))") == ["input", "constant", "lt", "sqrt", "if"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("if(1 < 2 and 2 < 3, 1, 0)", 1),
        ("if(1 < 2 < 3, 1, 0)", 1),
        ("if(1 < 3 < 2, 1, 0)", 0),
        ("if(1 > 2 or 2 == 2, 1, 0)", 1),
        ("if(not 1 > 2, 1, 0)", 1),
        ("if(1/3 == 2/6, 1, 0)", 1),
        ("if(0.1 + 0.2 == 0.3, 1, 0)", 1),
        ("if(1 != 1, 1, 0)", 0),
        ("if(2 >= 2, 1, 0)", 1),
    ],
)
def test_constant_conditions_are_exact(text, value):
    assert constant(text) == value


def test_half_known_conditions_are_decided_where_they_can_be():
    assert ops("if(1 > 2 and x > 0, x, y)") == ["input"]
    assert ops("if(1 < 2 or x > 0, x, y)") == ["input"]


@pytest.mark.parametrize(
    "text",
    [
        "x < 1",
        "(x < 1) + 1",
        "1 + (x < 1)",
        "-(x < 1)",
        "(x < 1)*2",
        "sin(x < 1)",
        "(x < 1)!",
        "(x < 1)^2",
        "(x < y) < 1",
        "if(x < 1, y < 2, 1)",
        "a = x < 1; a + 1",
        "max(x < 1, 2)",
        "f(u) = u; f(x < 1)",
        "sum(x < k, k = 1..3)",
        "1 < 2",
        "not x < 1",
        "if(x < 1, 1, x < 2)",
    ],
)
def test_a_condition_is_not_a_number(text):
    with pytest.raises(AdcalcSyntaxError):
        lowered(text)


@pytest.mark.parametrize(
    "text", ["if(x, 1, 2)", "if(1, 2, 3)", "if(x and y, 1, 2)", "if(not x, 1, 2)", "if(x < 1 or y, 1, 2)"]
)
def test_a_number_is_not_a_condition(text):
    with pytest.raises(AdcalcSyntaxError):
        lowered(text)


@pytest.mark.parametrize(
    "text", ["if(x < 1, 2)", "if(x < 1, 2, 3, 4)", "1 + if(x < 1, 2)", "where(x < 1, 2)", "where(x < 1, 2, 3, 4)"]
)
def test_a_choice_has_three_parts(text):
    with pytest.raises(ArityError):
        lowered(text)


@pytest.mark.parametrize(
    "text", ["if(x < 1)", "if()", "1 + if(x < 1)", "1 + if()", "if(x < 1,)", "if(x < 1, k = 1..2, 3)", "if(,,)"]
)
def test_what_begins_like_a_choice_and_is_none_is_refused(text):
    with pytest.raises(AdcalcSyntaxError):
        lowered(text)


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("sin(x, y)", "sin(u)"),
        ("sin()", "sin(u)"),
        ("atan2(x)", "atan2(y, x)"),
        ("log(x, y, z)", "log(u, b)"),
        ("f(u) = u; f(x, y)", "f(u)"),
        ("max()", "max(u, w, ...)"),
    ],
)
def test_a_call_with_a_wrong_number_of_arguments_says_how_to_call(text, hint):
    with pytest.raises(ArityError) as refused:
        lowered(text)
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("text", "word", "hint"),
    [
        ("sin(x) + cso(y)", "cso", "did you mean 'cos'?"),
        ("Sin(x)", "Sin", "did you mean 'sin'?"),
        ("sqr(x)", "sqr", "did you mean 'sqrt'?"),
        ("foo(u) = u; fooo(x)", "fooo", "did you mean 'foo'?"),
        ("x(y + 1)", "x", "a product is written with '*': x*(y + 1)"),
        ("a = 2; a(y)", "a", "a product is written with '*': a*(y)"),
    ],
)
def test_an_unknown_function_is_named_and_a_known_one_suggested(text, word, hint):
    with pytest.raises(UnknownFunctionError) as refused:
        lowered(text)
    assert refused.value.place.excerpt == word
    assert refused.value.hint == hint


@pytest.mark.parametrize("text", ["x; y", "x\ny", "1; a = 2; a", "x; f(u) = u"])
def test_an_expression_whose_value_nobody_uses_is_refused(text):
    with pytest.raises(AdcalcSyntaxError, match="nobody uses the value"):
        lowered(text)


def test_a_program_without_a_result_is_refused_with_a_suggestion():
    with pytest.raises(AdcalcSyntaxError) as refused:
        lowered("a = x; b = a^2")
    assert (refused.value.message, refused.value.hint) == (
        "the program has no result",
        "end it with an expression, such as b",
    )


@pytest.mark.parametrize("text", ["f(u) = u^2", ";", "\n\n"])
def test_a_program_of_definitions_or_nothing_has_no_result(text):
    with pytest.raises(AdcalcSyntaxError):
        lowered(text)


# ------------------------------------------------------------------ places


@pytest.mark.parametrize(
    ("text", "op", "excerpt"),
    [
        ("x + sin(y*2)", "sin", "sin(y*2)"),
        ("x + sin(y*2)", "mul", "y*2"),
        ("x + sin(y*2)", "add", "x + sin(y*2)"),
        ("2x² - 1", "pow", "x²"),
        ("1/(x - 1)", "sub", "x - 1"),
        ("-(x + 1)", "neg", "-(x + 1)"),
        ("n!", "gamma", "n!"),
        ("a = x*y; a + 1", "mul", "x*y"),
        ("f(u) = log(u); f(x) + 1", "log", "log(u)"),
        ("relu(x) + 1", "max", "relu(x)"),
        ("if(x < 1, sqrt(x), 2)", "sqrt", "sqrt(x)"),
        ("sum(log(x - k), k = 1..1)", "log", "log(x - k)"),
        ("Δx + log(−Δx)", "log", "log(−Δx)"),
    ],
)
def test_every_node_knows_the_text_that_it_came_from(text, op, excerpt):
    result = lowered(text)
    node = next(node for node in result.graph.live(result.output) if result.graph.nodes[node].op == op)
    assert result.place(node).excerpt == excerpt


def test_every_node_has_a_place():
    result = lowered("f(u) = u^2 + relu(u); sum(if(x < k, f(x), silu(x)), k = 1..3)")
    assert len(result.spans) == len(result.graph)


@pytest.mark.parametrize("name", ["max", "min", "hypot", "logsumexp", "Max"])
def test_a_variadic_function_of_one_argument_has_a_value(name):
    from adcalc.api import function

    assert function(f"{name}(x)").value(x=3) == 3
    assert function(f"{name}(x)").gradient(x=3).gradient == {"x": 1}
