"""Derivations drawn: rules beside their lines where there is room, LaTeX that compiles, MathML that is XML."""

import re
import xml.etree.ElementTree as ET

import pytest
from written import CORPUS, LONG

from adcalc.api import function
from adcalc.render import derivation
from adcalc.results.derivation import Derivation, DerivationLine, Written

TEXTS = [*CORPUS, *LONG.values(), "`a & b_1`^2*x_1*θ", "d*max(α, x) + d/x", "if(x > 0 and y < 2 or x == y, x, y)"]


def steps_of(text):
    return function(text).derivative(steps=True).steps


def drawn(text, width):
    return ["".join(word for word, _ in line) for line in derivation.derivation(steps_of(text), width)]


def line(rule, applied, text, left=None):
    return DerivationLine(rule, applied, text, "", "", left=left)


# ------------------------------------------------------------------ as text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_rules_begin_in_one_column_and_stay_within_the_width(width):
    for text in ("x^2*exp(3*x)/(1 + x)", "x^x", "sin(cos(tan(x)))"):
        lines = drawn(text, width)
        beside = [found.start(2) for one in lines[1:-1] if (found := re.match(r"( {6}= .*?) {3,}(\S)", one))]
        assert len(set(beside)) <= 1
        (derived,) = steps_of(text)
        for step in derived.lines[1:]:
            (at,) = [
                n for n, one in enumerate(lines) if one.startswith(f"      = {step.text}") and rest(one, step) == ""
            ]
            rule = f"{step.rule} on {step.applied_to}" if step.applied_to else step.rule
            assert lines[at].endswith(f"   {rule}") or lines[at + 1] == f"{' ' * 10}{rule}"
            assert len(lines[at]) <= max(width, len(f"      = {step.text}"))


def rest(one, step):
    """What stands between a line's expression and its rule."""
    rule = f"{step.rule} on {step.applied_to}" if step.applied_to else step.rule
    return one.removeprefix(f"      = {step.text}").removesuffix(rule).strip()


def test_a_long_expression_is_not_quoted_whole():
    long = " + ".join(f"sin({k}*x)" for k in range(20))
    one = Derivation(("x",), (line("", "", "q"), line("sum rule", long, "r")), 3)
    text = "".join(word for word, _ in derivation.derivation([one], 200)[1])
    assert "sum rule on sin(0*x) + sin(1*x)" in text
    assert " … " in text
    assert text.endswith("in(19*x)")
    assert len(text) < 80


def test_several_derivatives_each_have_a_heading():
    lines = drawn("x*y", 80)
    assert [one for one in lines if one.startswith("  ∂/∂")] == ["  ∂/∂x", "  ∂/∂y"]
    assert lines[-1] == "  every line agrees with the first at 3 random points"


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (0, "  no point was found at which the lines could be checked"),
        (1, "  every line agrees with the first at 1 random point"),
        (3, "  every line agrees with the first at 3 random points"),
    ],
)
def test_how_it_was_checked(points, expected):
    one = Derivation(("x",), (line("", "", "d/dx(x)"), line("r", "", "1")), points)
    assert "".join(word for word, _ in derivation.derivation([one])[-1]) == expected
    both = derivation.derivation([one, one._replace(points=9)])
    assert "".join(word for word, _ in both[-1]) == expected


def test_a_line_that_begins_a_chain_has_its_left_side():
    one = Derivation(("x",), (line("definition", "", "x^2", Written("u1", "", "")), line("r", "", "2*x")), 3)
    assert ["".join(word for word, _ in words) for words in derivation.derivation([one])] == [
        "    u1 = x^2",
        "      = 2*x   r",
        "  every line agrees with the first at 3 random points",
    ]


def test_nothing_is_nothing():
    assert derivation.derivation([]) == []


# ------------------------------------------------------------------ as LaTeX


def unbalanced(text):
    """What is opened in LaTeX and not closed, or closed and not opened."""
    opened = []
    for token in re.findall(r"\\\\|\\begin\{[a-z*]+\}|\\end\{[a-z*]+\}|\\left|\\right|\\[{}]|\\[a-z]+|[{}]", text):
        if token == "{" or token == "\\left" or token.startswith("\\begin"):
            opened.append(token)
        elif token == "}" or token == "\\right" or token.startswith("\\end"):
            if not opened:
                return token
            before = opened.pop()
            if before != {"}": "{", "\\right": "\\left"}.get(token, token.replace("end", "begin")):
                return before + token
    return "".join(opened)


def apart(row):
    r"""A row without what stands in \text{…}, and the texts."""
    formula, texts, start = "", [], 0
    while (at := row.find(r"\text{", start)) >= 0:
        end = at + 6
        while row[end] != "}" or row[end - 1] == "\\" or row[at:end].endswith("{"):
            end += 1
        formula += row[start:at]
        texts.append(row[at + 6 : end])
        start = end + 1
    return formula + row[start:], texts


@pytest.mark.parametrize("text", TEXTS)
def test_latex_is_balanced_and_aligned(text):
    for one in steps_of(text):
        lines = derivation.latex(one)
        assert lines[0] == r"\begin{align*}"
        assert lines[-1] == r"\end{align*}"
        assert unbalanced("\n".join(lines)) == ""
        for row in lines[1:-1]:
            assert row.endswith(r" \\") is (row is not lines[-2])
            formula, texts = apart(row)
            cells = re.sub(r"\\begin\{cases\}|\\end\{cases\}|\\[#$%&_{}]", "", formula)
            assert cells.count("&=") == 1
            assert cells.count("&&") <= 1
            assert formula.count("{cases}") == formula.count("\\begin{cases}") * 2
            if "cases" not in formula:
                assert cells.count("&") == 1 + 2 * cells.count("&&")
            for words in texts:
                assert not re.search(r"[^\x20-\x7e]|(?<!\$)[<>]|(?<!\\)[#%&_]|\^(?!\{\})", words)


def test_latex_is_read_by_a_typesetter():
    """Each formula of a row; choices, which matplotlib does not know, are left to the test above."""
    from matplotlib.mathtext import MathTextParser

    parser = MathTextParser("path")
    read = 0
    for text in (
        "x^2*sin(x)",
        "x^x",
        "sqrt(1 - x^2)",
        "atan(1/x)",
        "f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)",
        "x!",
    ):
        for one in steps_of(text):
            for row in derivation.latex(one)[1:-1]:
                for cell in re.split(r"&=|&&", apart(row)[0].removesuffix(r" \\")):
                    if cell.strip():
                        parser.parse(f"${cell.strip()}$")
                        read += 1
    assert read > 35


def test_latex_of_signs_that_text_fonts_do_not_have():
    one = steps_of("x*max(α, x)")[1]
    assert r"\text{d max(u, w) = if(u $>$ w, du, 0) on } \max\left(\alpha, x\right)" in derivation.latex(one)[2]
    one = Derivation(("α",), (line("", "", "q"), line("∂/∂α(α) = 1; u_1 < 50%; u^2 …", "", "1")), 1)
    words = r"\text{$\partial$/$\partial$$\alpha$($\alpha$) = 1; u\_1 $<$ 50\%; u\^{}2 \dots{}}"
    assert words in derivation.latex(one)[1]


# ------------------------------------------------------------------ as MathML

CHILDREN = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2}
LEAVES = {"mi", "mn", "mo", "mtext"}


@pytest.mark.parametrize("text", TEXTS)
def test_mathml_is_well_formed(text):
    for one in steps_of(text):
        root = ET.fromstring(derivation.mathml(one))
        assert root.tag == "math"
        (table,) = root
        assert {(row.tag, len(row)) for row in table} == {("mtr", 3)}
        questions = sum(1 for step in one.lines if step.left is None and not step.rule)
        assert len(table) == len(one.lines) - questions
        for element in root.iter():
            if element.tag in LEAVES:
                assert len(element) == 0
                assert element.text
            else:
                assert not (element.text or "").strip()
                assert len(element) == CHILDREN.get(element.tag, len(element))
            assert not (element.tail or "").strip()


def test_the_rows_say_what_the_lines_say():
    (one,) = steps_of("x^2*sin(x)")
    rows = [["".join(cell.itertext()) for cell in row] for row in ET.fromstring(derivation.mathml(one))[0]]
    plain = [[re.sub("[\u2061\u2062\u00a0 ]", "", cell) for cell in row] for row in rows]
    assert plain == [
        ["ddx(x2sin(x))", "=ddx(x2)sin(x)+x2ddx(sin(x))", "productruleonx2sin(x)"],
        ["", "=2xsin(x)+x2ddx(sin(x))", "powerruleonx2"],
        ["", "=x2cos(x)+2xsin(x)", "dsin(u)=cos(u)*duonsin(x)"],
    ]


def test_names_and_rules_are_escaped():
    one = steps_of("if(x < 1, `a&b<c`, x^2)")[1]
    text = derivation.mathml(one)
    assert "a&amp;b&lt;c" in text
    assert ET.fromstring(text) is not None
    rule = derivation.mathml(steps_of("min(x, y)")[0])
    assert "d min(u, w) = if(u &lt; w, du, 0)" in rule
