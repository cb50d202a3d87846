"""Every line of a derivation is the derivative, by somebody else's arithmetic; the last is what is printed without."""

from itertools import pairwise

import mpmath
import pytest
from written import CORPUS, LONG, Point, evaluated

from adcalc.api import function
from adcalc.api.formulas import agreement, derivations
from adcalc.api.formulas.higher import Higher
from adcalc.api.program import real
from adcalc.errors import InternalError, LimitError
from adcalc.graph.graph import Graph
from adcalc.rewrite import derivation as lines_of
from adcalc.rewrite.textbook import Textbook
from adcalc.rewrite.tidy import Tidy
from adcalc.rules.table import standard

POINTS = [
    {
        "x": "0.37",
        "y": "0.81",
        "z": "0.53",
        "a": "1.3",
        "b": "0.7",
        "c": "0.9",
        "n": "2.2",
        "w": "0.6",
        "t": "0.4",
        "p": "1",
    },
    {
        "x": "0.62",
        "y": "0.29",
        "z": "1.9",
        "a": "0.8",
        "b": "1.7",
        "c": "2.9",
        "n": "0.7",
        "w": "1.6",
        "t": "1.4",
        "p": "2",
    },
]
WAYS = {
    "x^2*sin(x)": ["x", "x"],
    "1/x": ["x", "x", "x"],
    "sin(x*y)": ["x", "x", "y"],
    "x^y": ["y", "x"],
    "exp(-x^2/2)": ["x", "x", "x"],
    "if(x > 0.5, x^2, -x^3)": ["x", "x"],
}


def disagreements(source, derived):
    """The lines of a derivation that do not have the value of what stands at its beginning."""
    *programs, text = [part.strip() for part in source.split(";")]
    given = dict(part.split(" = ", 1) for part in programs)
    wrong = []
    for numbers in POINTS:
        with mpmath.workdps(30):
            values = {name: mpmath.mpf(number) for name, number in numbers.items()}
            for name in given:
                values.pop(name, None)
            right = evaluated(slope_of(text, derived.wrt, given), Point(values, given))
            names = {line.left.text: line.text for line in derived.lines if line.left and line.rule == "definition"}
            for name in names:
                values.pop(name, None)
            point, chain = Point(values, names), right
            for line in derived.lines:
                if line.rule == "definition":
                    continue
                if line.left is not None:
                    whole = line.left.text in ("d/d" + derived.wrt[-1], "∂/∂" + derived.wrt[-1])
                    chain = right if whole else evaluated(line.left.text, point)
                value = evaluated(line.text, point)
                if not mpmath.almosteq(value, chain, 1e-12, 1e-12):
                    wrong.append((line.statement, value, chain))
            if not mpmath.almosteq(value, right, 1e-12, 1e-12):
                wrong.append(("the last line", value, right))
    return wrong


def slope_of(text, wrt, given):
    """The derivative as a text; of an order above the first by a definition for each order below."""
    for number, variable in enumerate(wrt):
        given[f"order{number}"] = text
        text = f"slope('{variable}', 'order{number}')"
    return text


def last_lines(one):
    """What a derivation ends with: the names it defines last, and the formula."""
    defined = {line.left.text: line.text for line in one.lines if line.left is not None and line.rule == "definition"}
    return one.lines[-1].text, defined


@pytest.mark.parametrize("text", CORPUS)
def test_every_line_is_the_derivative(text):
    answer = function(text).derivative(steps=True)
    assert [one.wrt for one in answer.steps] == [formula.wrt for formula in answer.formulas]
    for one in answer.steps:
        assert one.points >= 3
        assert disagreements(CORPUS[text], one) == []


@pytest.mark.parametrize("name", LONG)
def test_every_line_of_a_long_expression_is_the_derivative(name):
    f = function(LONG[name])
    answer = f.derivative("x", steps=True)
    (one,) = answer.steps
    assert one.lines[0].rule == "definition"
    assert one.points >= 3
    assert disagreements(LONG[name], one) == []


@pytest.mark.parametrize("text", [*CORPUS, *LONG.values()])
def test_the_last_line_is_what_is_printed_without_steps(text):
    f = function(text)
    plain, derived = f.derivative(), f.derivative(steps=True)
    assert derived._replace(steps=()) == plain
    assert plain.steps == ()
    shared = {named.name: named.text for named in plain.named}
    for formula, one in zip(plain.formulas, derived.steps, strict=True):
        last, defined = last_lines(one)
        assert last == formula.text
        assert {name: shared[name] for name in defined if name in shared} == {
            name: text for name, text in defined.items() if name in shared
        }


@pytest.mark.parametrize("text", WAYS)
def test_higher_derivatives_go_on_from_the_simplest_form(text):
    answer = function(text).derivative(*WAYS[text], mixed=True, steps=True)
    assert [one.wrt for one in answer.steps] == [tuple(WAYS[text][:n]) for n in range(1, len(WAYS[text]) + 1)]
    for before, after in pairwise(answer.steps):
        first = after.lines[0].text
        assert first[first.index("(") + 1 : -1] == before.lines[-1].text
    assert answer.steps[-1].lines[-1].text == answer.formulas[0].text
    for one in answer.steps:
        assert disagreements(text, one) == []


def test_the_independent_reading_can_fail():
    (one,) = function("x^2*sin(x)").derivative(steps=True).steps
    for number in range(1, len(one.lines)):
        line = one.lines[number]
        wrong = one._replace(
            lines=(*one.lines[:number], line._replace(text=f"{line.text} + 1e-9"), *one.lines[number + 1 :])
        )
        assert disagreements("x^2*sin(x)", wrong)
    assert disagreements("x^2*cos(x)", one)


# ------------------------------------------------------------------ how a derivation reads


def test_no_line_is_repeated_and_none_has_ones_and_zeros():
    for text in CORPUS:
        for one in function(text).derivative(steps=True).steps:
            texts = [line.statement for line in one.lines]
            assert all(before != after for before, after in pairwise(texts)), text
            for line in one.lines[1:]:
                words = f" {line.text} ".replace("(", " ( ")
                assert not any(idle in words for idle in (" 1*", " 0*", " 0 +", "+ 0 ", "- 0 ", "/1 ", "- -", "+ -")), (
                    text
                )


def test_pieces_keep_the_names_of_the_expression_and_the_order_of_its_sum():
    (one,) = function(LONG["a sum"] + " + u1").derivative("x", steps=True).steps
    assert one.lines[0].left.text == "u2"
    sums = [line.text for line in one.lines if line.rule == "sum rule" and line.left is not None]
    assert "du2/dx + du3/dx" in sums[0].replace("∂", "d")
    assert sums[-1].replace("∂", "d").endswith("du13/dx + du14/dx")


def test_as_long_as_the_expression_and_no_longer():
    """An expression that has 2^14 operations, and its derivative more, where both are written out."""
    text = "; ".join(["f = x", *["f = sin(f)*f"] * 14, "f"])
    (one,) = function(text).derivative(steps=True).steps
    assert len(one.lines) < 120
    assert max(len(line.text) for line in one.lines) < 120
    assert one.points == 3


def test_too_long_for_anybody():
    text = "+".join(["sin(x*y)"] * 4 + [f"sin({k}*x)" for k in range(6000)])
    with pytest.raises(LimitError, match="10000 operations"):
        function(text).derivative(steps=True)
    assert function("x").derivative(steps=True).steps[0].lines[-1].text == "1"


def test_a_number_has_nothing_to_derive():
    assert function("2 + 3").derivative(steps=True).steps == ()
    assert function("x^2").derivative(order=0, steps=True).steps == ()


# ------------------------------------------------------------------ the check can fail


def contradicts(text, **arguments):
    with pytest.raises(InternalError, match="the derivation contradicts itself: where x = ") as caught:
        function(text).derivative("x", steps=True, **arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "method", "change"),
    [
        ("x^2*sin(x)", "_product", lambda tidy, node: tidy.sum([(-1, node)])),
        ("x + sin(x)", "_sum", lambda tidy, node: tidy.sum([(1, node), (1, tidy.number(1))])),
        ("sin(x)^3", "_power", lambda tidy, node: tidy.product([node, tidy.number(3)], [tidy.number(2)])),
        ("cos(x)*x", "_row", lambda tidy, node: tidy.product([node, tidy.number(10**9)], [tidy.number(10**9 + 3)])),
        ("1/(1 + x^2)", "_reciprocal", lambda tidy, node: tidy.sum([(-1, node)])),
        (LONG["a chain"].replace("y", "3"), "_row", lambda tidy, node: tidy.product([node, tidy.number(2)])),
        (LONG["a sum"].replace("y", "3"), "_sum", lambda tidy, node: tidy.sum([(-1, node)])),
    ],
)
def test_a_wrong_rule_is_told_and_not_printed(text, method, change, monkeypatch):
    right = getattr(Textbook, method)

    def wrong(self, *arguments):
        applied = right(self, *arguments)
        return applied._replace(result=change(self.tidy, applied.result))

    monkeypatch.setattr(Textbook, method, wrong)
    contradicts(text)


def test_a_wrong_simplification_is_told(monkeypatch):
    right = lines_of.simplify

    def wrong(graph, outputs, table):
        found = right(graph, outputs, table)
        again = graph.apply("mul", found.outputs[0], graph.input("x"))
        return found._replace(steps=(found.steps[0]._replace(outputs=(again,)), *found.steps))

    monkeypatch.setattr(lines_of, "simplify", wrong)
    contradicts("x^2*sin(x)")


def test_a_wrong_answer_is_told(monkeypatch):
    right = Higher.partial

    def wrong(self, way):
        return self._lowered.graph.apply("neg", right(self, way))

    monkeypatch.setattr(Higher, "partial", wrong)
    contradicts("x^2*sin(x)")
    contradicts(LONG["a chain"].replace("y", "3"))


@pytest.mark.parametrize("side", [1, 2])
def test_a_mistake_on_either_side_of_a_choice_is_told(side, monkeypatch):
    """Here only where x > 4, which the first random points are not."""
    right = Textbook._chosen

    def wrong(self, condition, *sides):
        sides = [self.tidy.sum([(-1, one)]) if number == side else one for number, one in enumerate(sides, 1)]
        return right(self, condition, *sides)

    monkeypatch.setattr(Textbook, "_chosen", wrong)
    contradicts("if(x > 4, x^2, x^3)")
    contradicts("if(x < 4, x^2, x^3)")
    contradicts("if(x > 4, log(x), log(3 - x))")


def test_an_error_is_a_sentence(capsys, monkeypatch):
    from adcalc.cli.app import run

    right = Textbook._sum
    monkeypatch.setattr(Textbook, "_sum", lambda self, node: right(self, node)._replace(result=self.tidy.number(5)))
    assert run(["diff", "x + x^2", "--steps"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: the derivation contradicts itself: where x = ")
    assert "and line 2 is 5\n" in captured.err


def test_rounding_is_no_contradiction():
    """Floats lose every digit of these at small x; balls know better."""
    for text in ("(1 - cos(x))/x^2", "(x - sin(x))/x^3", "((1 + x)^9 - 1)/x - 9"):
        (one,) = function(text).derivative(point={"x": 1e-7}, steps=True).steps
        assert one.points >= 3


def test_no_point_is_no_check():
    (one,) = function("(-2)^x").derivative(steps=True).steps
    assert one.points == 0


def test_each_side_is_checked_where_it_has_a_value():
    """Neither has one where the other is taken."""
    (one,) = function("if(x > 0, log(x), log(-x))").derivative(steps=True).steps
    assert one.points >= 3


def test_points_far_from_zero_are_found():
    for text in ("log(x - 20)", "sqrt(x - 600)", "acosh(x/3)", "1/sqrt(-x)"):
        assert function(text).derivative(steps=True).steps[0].points == 3


# ------------------------------------------------------------------ rows of the user's own


@pytest.fixture
def with_rows(tmp_path):
    """A function with rows of a user's own."""

    def make(rows, text):
        path = tmp_path / "mine.adc"
        path.write_text(rows, "utf-8")
        return function(text, str(path))

    return make


def test_a_row_of_the_users_own_is_quoted_and_used(with_rows):
    f = with_rows("d cube(u) = 3*u^2*du\ncube(u) = u^3\n", "cube(x^2)")
    answer = f.derivative(steps=True)
    assert answer.steps[0].lines[1].rule == "chain rule with d cube(u) = 3*u^2*du"
    assert [line.text for line in answer.steps[0].lines[1:]] == ["3*(x^2)^2*d/dx(x^2)", "6*x*(x^2)^2", "6*x^5"]


@pytest.mark.parametrize(
    ("rows", "text", "quoted"),
    [
        ("d sin(u) = 2*cos(u)*du", "x*sin(x)", "d sin(u) = 2*cos(u)*du"),
        ("d mul(u, w) = w*du + 2*u*dw", "x*sin(x)", "chain rule with d (u*w) = w*du + 2*u*dw"),
        ("d add(u, w) = du - dw", "x^2 + sin(x)", "chain rule with d (u + w) = du - dw"),
        ("d pow(u, w) = w*v*du", "(x + 1)^2", "chain rule with d (u^w) = w*(u^w)*du"),
    ],
)
def test_a_wrong_row_shows_in_the_steps_and_the_answer_alike(rows, text, quoted, with_rows):
    """What such a row says is not the derivative; the derivation says so with it, and so does every answer."""
    f = with_rows(rows, text)
    answer = f.derivative(steps=True)
    (one,) = answer.steps
    assert one.lines[-1].text == answer.formulas[0].text == f.derivative().formulas[0].text
    number = function(one.lines[-1].text).value(x=0.7)
    assert number == pytest.approx(f.gradient(x=0.7).gradient["x"], rel=1e-12)
    assert disagreements(text, one)
    assert quoted in [line.rule for line in one.lines]


def test_a_row_that_contradicts_another_is_told(with_rows):
    """The power x^x has a row, and so has the log in the rule for such powers."""
    with pytest.raises(InternalError, match="the derivation contradicts itself") as caught:
        with_rows("d log(u) = du", "x^x").derivative(steps=True)
    assert caught.value.hint == "one of the rows of your own functions may contradict the others"


# ------------------------------------------------------------------ parts


def test_chains_of_pieces_that_no_condition_needs_are_checked_where_they_have_values():
    graph = Graph()
    x = graph.input("x")
    tidy = Tidy(graph)
    output = tidy.product([x, x])
    derived = agreement.Derived(graph, output, x, tidy.product([tidy.number(2), x]))
    assert agreement.verified(derived, [], standard(), real(standard()), {}) == 3
    wrong = derived._replace(target=x)
    with pytest.raises(InternalError, match="line 1 is"):
        agreement.verified(wrong, [], standard(), real(standard()), {"x": 2.0})


def test_an_expression_at_the_limit_is_accepted():
    graph = Graph()
    node = graph.input("x")
    for _ in range(10_000):
        node = graph.apply("sin", node)
    derivations.keep_within_limits(graph, node)
    with pytest.raises(LimitError):
        derivations.keep_within_limits(graph, graph.apply("sin", node))
