"""The lines of one derivation: rules from the outside in, then simplifications, and what is too long is not written."""

from fractions import Fraction

import pytest

from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.rewrite.derivation import LIMITS, alike, derive
from adcalc.rewrite.pieces import copied, cut, whole
from adcalc.rewrite.tidy import Tidy
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse
from adcalc.syntax.unparse import unparse


def lowered(text):
    found = lower(parse(Source(text)), standard())
    return found.graph, found.output, found.graph.input("x")


def lines(text, target=None, **options):
    """Each line as it reads, with its rule and what that is applied to."""
    piece = whole(*lowered(text))
    graph = piece.graph
    if target is not None:
        there, output, _ = lowered(target)
        options["target"] = copied(there, output, graph, {})
    found = derive(piece, standard(), **options)
    return found and [
        (unparse(graph, one.expression), one.rule, [unparse(graph, node) for node in one.applied_to]) for one in found
    ]


def test_rules_from_the_outside_in_and_from_left_to_right():
    assert lines("sin(x^2)*exp(x)") == [
        ("d/dx(sin(x^2)*exp(x))", "", []),
        ("d/dx(sin(x^2))*exp(x) + sin(x^2)*d/dx(exp(x))", "product rule", ["sin(x^2)*exp(x)"]),
        (
            "cos(x^2)*d/dx(x^2)*exp(x) + sin(x^2)*d/dx(exp(x))",
            "chain rule with d sin(u) = cos(u)*du",
            ["sin(x^2)"],
        ),
        ("2*x*cos(x^2)*exp(x) + sin(x^2)*d/dx(exp(x))", "power rule", ["x^2"]),
        ("2*x*cos(x^2)*exp(x) + sin(x^2)*exp(x)", "d exp(u) = exp(u)*du", ["exp(x)"]),
        ("exp(x)*(2*x*cos(x^2) + sin(x^2))", "factor out", []),
    ]


def test_powers_of_a_polynomial_are_done_at_once():
    assert lines("x^3 + x^2 - sin(x)", "3*x^2 + 2*x - cos(x)")[2:] == [
        ("3*x^2 + 2*x - d/dx(sin(x))", "power rule", ["x^3", "x^2"]),
        ("3*x^2 + 2*x - cos(x)", "d sin(u) = cos(u)*du", ["sin(x)"]),
    ]


def test_the_same_derivative_is_taken_once():
    """Wherever it occurs in the line."""
    assert lines("sin(x) + 2*sin(x) - x^2", "3*cos(x) - 2*x")[1:] == [
        (
            "d/dx(sin(x)) + 2*d/dx(sin(x)) - d/dx(x^2)",
            "sum and difference rules, constant multiple rule",
            ["sin(x) + 2*sin(x) - x^2"],
        ),
        ("cos(x) + 2*cos(x) - d/dx(x^2)", "d sin(u) = cos(u)*du", ["sin(x)"]),
        ("cos(x) + 2*cos(x) - 2*x", "power rule", ["x^2"]),
        ("3*cos(x) - 2*x", "collect and cancel", []),
    ]


@pytest.mark.parametrize(
    ("text", "target", "rule"),
    [
        ("sin(x)/x", "cos(x)/x - sin(x)/x^2", "split the fraction"),
        ("exp(x)/x", "exp(x)*(1/x - 1/x^2)", "split the fraction"),
        ("sinh(x)/cosh(x)", "1 - tanh(x)^2", "known identities"),
        ("x^x", "x^x*log(x) + x^x", "multiply out"),
        ("(x + 1)*(x + 2)", "3 + 2*x", None),
        ("x*exp(x)", "exp(x)*(1 + x)", None),
        ("x*exp(x)/y", "exp(x)*(x/y + 1/y)", "split the fraction"),
        ("exp(x*y)*x", "exp(x*y)*x*y + exp(x*y)", "multiply out"),
        ("x*y^2", "y*y", "rearrange"),
        ("x + x^2 + x", "2 + 2*x", None),
        ("2*(x - x^3*(1 - x))", "8*x^3 - 6*x^2 + 2", "simplify further"),
    ],
)
def test_the_last_line_is_the_form_that_was_asked_for(text, target, rule):
    found = lines(text, target)
    assert found[-1][0] == target
    assert found[-1][2] == [] if rule else True
    if rule is None:  # another order only: no line of its own
        assert "rearrange" not in [line[1] for line in found]
    else:
        assert found[-1][1] == rule


def test_another_order_is_no_step():
    for target, expected in ((None, "cos(x) - sin(x) + 2*x"), ("2*x + cos(x) - sin(x)", "2*x + cos(x) - sin(x)")):
        found = lines("sin(x) + cos(x) + x^2", target)
        assert found[-1][:2] == (expected, "power rule")


def test_long_derivations_are_not_written_in_full():
    product = "*".join(f"sin({k}*x)" for k in range(1, 30))
    assert lines(product) is None
    assert lines("x*sin(x)", limits=(2, 100)) is None
    assert lines("x*sin(x)", limits=(10, 2)) is None
    assert len(lines("x*sin(x)", limits=(3, 5))) == 3
    assert LIMITS[0] >= 40


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("x*y + 1", "1 + y*x", True),
        ("x - y", "-y + x", True),
        ("-(x - y)", "y - x", True),
        ("2*x/3", "x*2/3", True),
        ("sin(x*y)/z", "sin(y*x)/z", True),
        ("x/(y*z)", "x/(z*y)", True),
        ("x*y*y", "x*y^2", False),
        ("x + x", "2*x", False),
        ("x - y", "y - x", False),
        ("x/y", "y/x", False),
        ("-x", "x", False),
        ("2*x", "x/2", False),
        ("sin(x)", "cos(x)", False),
        ("x^y", "y^x", False),
    ],
)
def test_alike(left, right, expected):
    graph = Graph()
    nodes = []
    for text in (left, right):
        found = lower(parse(Source(text)), standard())
        nodes.append(copied(found.graph, found.output, graph, {}))
    assert alike(graph, *nodes) is expected


# ------------------------------------------------------------------ tidiness


def test_tidy_products_and_sums():
    graph = Graph()
    x, y = graph.input("x"), graph.input("y")
    tidy = Tidy(graph)

    def read(node):
        return unparse(graph, node)

    def number(value):
        return tidy.number(Fraction(value))

    assert read(tidy.product([x, number(1)])) == "x"
    assert read(tidy.product([x, number(0)])) == "0"
    assert read(tidy.product([x, number(-1)])) == "-x"
    assert read(tidy.product([x, number(-2), y])) == "-2*x*y"
    assert read(tidy.product([number(2), x], [number(4)])) == "2*x/4"
    assert read(tidy.product([x], [number(-3), y])) == "-x/(3*y)"
    assert read(tidy.product([], [x])) == "1/x"
    assert read(tidy.product([x], [number(1)])) == "x"
    assert read(tidy.product([tidy.product([x], [y])], [tidy.product([x, y])])) == "x/(y*x*y)"
    assert read(tidy.sum([])) == "0"
    assert read(tidy.sum([(1, x), (-1, number(0))])) == "x"
    assert read(tidy.sum([(-1, x), (1, y)])) == "-x + y"
    assert read(tidy.sum([(1, number(1)), (1, x), (1, number(2))])) == "3 + x"
    assert read(tidy.sum([(1, x), (-1, tidy.product([number(-2), y]))])) == "x + 2*y"
    assert read(tidy.sum([(1, x), (-1, tidy.sum([(1, x), (1, y)]))])) == "x - (x + y)"
    assert read(tidy.apply("div", x, number(0))) == "x/0"


# ------------------------------------------------------------------ pieces


def test_pieces_put_together_are_the_expression():
    text = "s = sin(x*y) + exp(x)/(1 + x^2); t = s^2*cos(s) + s/(x + y); t*t + s*t + log(t + s)"
    graph, output, x = lowered(text)
    pieces = list(cut(graph, output, x, {"x", "y"}))
    assert [piece.name for piece in pieces] == [f"u{k}" for k in range(1, len(pieces) + 1)]
    moved = {}
    for piece in pieces:
        assert max(piece.inputs.values()) < piece.source
        here = {node: moved.get(there, there) for node, there in piece.inputs.items()}
        moved[piece.source] = copied(piece.graph, piece.output, graph, here)
        assert moved[piece.source] == piece.source
    assert pieces[-1].source == output


def test_a_piece_of_a_constant_does_not_change():
    graph, output, x = lowered("x*sin(sqrt(y + z*z + exp(y*z) + cos(y + z)))")
    pieces = list(cut(graph, output, x, ()))
    assert [piece.changes for piece in pieces] == [False, True]
    assert pieces[1].functions == frozenset()
