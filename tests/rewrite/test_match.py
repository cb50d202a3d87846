"""Every identity is true where its left side has a value, and is found where it stands inside something larger."""

import math
import random

import numpy as np
import pytest

from adcalc.arithmetics.real import Real
from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.sweep import primal
from adcalc.rewrite.build import Build
from adcalc.rewrite.identities import identities
from adcalc.rewrite.simplify import simplify
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse
from adcalc.syntax.unparse import unparse

RULES = Compiled(standard(), Real())
ALL = [identity for kind in identities(standard()) for group in kind.values() for identity in group]
OF_MATRICES = [identity for identity in ALL if any(letter.isupper() for letter in identity.text)]
OF_NUMBERS = [identity for identity in ALL if identity not in OF_MATRICES]


def value(graph, node, point):
    try:
        return primal(Problem(graph, node, (), point), RULES).value
    except NodeError:
        return None


@pytest.mark.parametrize("identity", OF_NUMBERS, ids=[identity.text for identity in OF_NUMBERS])
def test_holds_wherever_the_left_side_has_a_value(identity):
    left_text, _, rest = identity.text.replace("==", "≡").partition("=")
    right_text, _, condition = rest.partition(" for ")
    left = lower(parse(Source(left_text.replace("≡", "=="))), standard())
    graph = left.graph
    letters = list(left.variables)
    right = lower(parse(Source(right_text)), standard())
    condition = lower(parse(Source(f"if({condition}, 1, 0)")), standard()) if condition else None
    source = random.Random(0)
    tried = 0
    for _ in range(300):
        kinds = [lambda: source.uniform(-3, 3), lambda: source.uniform(-1, 1), lambda: source.randint(-2, 3)]
        point = {name: source.choice(kinds)() for name in letters}

        def at(result, point=point):
            return {node: float(point[name]) for name, node in result.variables.items()}

        if condition and value(condition.graph, condition.output, at(condition)) != 1:
            continue
        expected = value(graph, left.output, {node: float(point[name]) for name, node in left.variables.items()})
        if expected is None:
            continue
        found = value(right.graph, right.output, at(right))
        assert found is not None, point
        assert math.isclose(expected, found, rel_tol=1e-6, abs_tol=1e-9), point
        tried += 1
    assert tried > 5 or not letters


@pytest.mark.parametrize("identity", OF_MATRICES, ids=[identity.text for identity in OF_MATRICES])
@pytest.mark.parametrize("size", [2, 4])
def test_holds_of_matrices(identity, size):
    left, _, rest = identity.text.partition(" = ")
    right, _, _ = rest.partition(" for ")
    names = {name: getattr(np.linalg, name) for name in ("inv", "det")} | {"exp": np.exp, "log": np.log}
    names |= {"logdet": lambda matrix: np.linalg.slogdet(matrix)[1], "adjugate": cofactors}
    source = np.random.default_rng(size)
    for _ in range(5):
        matrix = source.normal(size=(size, size))
        matrix = matrix if np.linalg.det(matrix) > 0 else matrix[::-1]
        if np.linalg.det(matrix) > 0:
            given = {**names, "A": matrix}
            found = [eval(side, {"__builtins__": {}}, given) for side in (left, right)]
            np.testing.assert_allclose(*found, rtol=1e-8, atol=1e-9)


def cofactors(matrix):
    """The transposed matrix of cofactors, each by its own determinant."""
    found = np.empty_like(matrix)
    for row, column in np.ndindex(matrix.shape):
        minor = np.delete(np.delete(matrix, row, 0), column, 1)
        found[column, row] = (-1) ** (row + column) * np.linalg.det(minor)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3*x*sin(y)^2 + 3*x*cos(y)^2 + z", "3*x + z"),
        ("sin(x)^4 + sin(x)^2*cos(x)^2", "sin(x)^2"),
        ("5*cosh(x)^2 - 5*sinh(x)^2", "5"),
        ("sin(x)^3/cos(x)^3", "tan(x)^3"),
        ("sin(x)^2/cos(x)^3", "tan(x)^2/cos(x)"),
        ("hypot(x, y)^4", "(x^2 + y^2)^2"),
        ("1/hypot(x, y)^2", "1/(x^2 + y^2)"),
        ("y*x*abs(x)/x", "y*abs(x)"),
        ("sin(-x)", "-sin(x)"),
        ("cos(-x - y)", "cos(x + y)"),
        ("sin(y - x)", "sin(y - x)"),
        ("exp(2*log(x))", "x^2"),
        ("exp(y*log(x) + z)", "exp(y*log(x) + z)"),
        ("sqrt(x^2)", "abs(x)"),
        ("sqrt(exp(x)^2)", "exp(x)"),
        ("abs(x^2 + 1)", "x^2 + 1"),
        ("log(x^2)", "log(x^2)"),
        ("log(x*y)", "log(x*y)"),
        ("(x^2)^(1/2)", "abs(x)"),
        ("sin(x)^2 + cos(y)^2", "sin(x)^2 + cos(y)^2"),
        ("2*sin(x)^2 + 3*cos(x)^2", "2*sin(x)^2 + 3*cos(x)^2"),
    ],
)
def test_is_found_inside_larger_expressions(text, expected):
    result = lower(parse(Source(text)), standard())
    (output,) = simplify(result.graph, [result.output], standard()).outputs
    first = unparse(result.graph, output)
    wanted = lower(parse(Source(expected)), standard())
    (wanted_output,) = simplify(wanted.graph, [wanted.output], standard()).outputs
    assert first == unparse(wanted.graph, wanted_output) or first == expected


def test_a_condition_is_assumed_only_where_it_leaves_out_points():
    result = lower(parse(Source("sign(x) + sign(exp(x))")), standard())
    simplified = simplify(result.graph, [result.output], standard())
    assert unparse(result.graph, simplified.outputs[0]) == "sign(x) + 1"
    assert simplified.assumptions == ()


def test_patterns_are_terms_of_their_own():
    for identity in OF_NUMBERS:
        (node,) = Build(graph := Graph(), identity.algebra).nodes([identity.pattern])
        assert unparse(graph, node)
