"""The canonical layout means what the text means, is its own layout, and keeps every comment."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adcalc.errors import AdcalcSyntaxError, InternalError, Source
from adcalc.syntax import folding, format
from adcalc.syntax.format import canonical
from adcalc.syntax.parser import parse

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.adc"))
COMMENT = re.compile(r"`[^`\n]+`|(#[^\n]*)")


def laid_out(text):
    return canonical(Source(text))


def meaning(text):
    """The instructions of a program without their places, as one flat list."""
    flat = []
    waiting = [parse(Source(text)).block]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list | tuple):
            spanless = item[:2] if len(item) == 3 and isinstance(item[0], str) and is_span(item[2]) else item
            flat.append((type(item) is list, len(spanless)))
            waiting.extend(spanless)
        else:
            flat.append(item)
    return flat


def is_span(item):
    return type(item) is tuple and len(item) == 2 and type(item[0]) is int


def comments(text):
    """What the comments of a text say, without the blanks around it."""
    return [
        found.group(1)[1:].replace("\r", " ").strip() for found in COMMENT.finditer(text) if found.group(1) is not None
    ]


def hold(text):
    """Check everything that is promised of every program; gives its layout."""
    laid = laid_out(text)
    assert meaning(laid) == meaning(text)
    assert comments(laid) == comments(text)
    assert laid_out(laid) == laid
    assert laid == "" or (laid.endswith("\n") and not laid.endswith("\n\n") and not laid.startswith("\n"))
    assert "\n\n\n" not in laid
    lines = laid.split("\n")
    assert all(line == line.rstrip() for line in lines)
    for line in lines:
        code = COMMENT.sub(lambda found: found.group() if found.group(1) is None else "", line)
        assert not re.search("[·×⋅÷−≤≥≠]|[*]{2}", code)
    return laid


# ------------------------------------------------------------------ what it looks like

LAYOUTS = {
    "": "",
    "\n;\n ;": "",
    "x": "x\n",
    "\n\n\nx\n\n\n": "x\n",
    "cos(x*y)+y": "cos(x*y) + y\n",
    "a=x*y;b=sin( a );a+b": "a = x*y\nb = sin(a)\na + b\n",
    "a=1;;b=2 ; a*b;": "a = 1\nb = 2\na*b\n",
    "a = 1\n\n\n\nb\n": "a = 1\n\nb\n",
    "a = 1\r\nb\r\n": "a = 1\nb\n",
    "a =\n\n 1\nb": "a = 1\nb\n",
    # operators
    "x**-y ^ 2": "x^-y^2\n",
    "x·y×z⋅u÷v−w": "x*y*z*u/v - w\n",
    "- - x+ -y": "--x + -y\n",
    "x -y": "x - y\n",
    "2x + 2 x + 2 (x+1) + 3 x²": "2x + 2x + 2(x + 1) + 3x²\n",
    "2 `flow rate`": "2`flow rate`\n",
    "x ² + x⁻¹": "x² + x⁻¹\n",
    "n ! + ( m+1 ) !": "n! + (m + 1)!\n",
    "x%2*y": "x % 2*y\n",
    "if(x<1and y≥2,a,b)": "if(x < 1 and y >= 2, a, b)\n",
    "if ( 0<x<1 , a , b )": "if(0 < x < 1, a, b)\n",
    "if(not(x<1) or x!=y, 1, 2)": "if(not (x < 1) or x != y, 1, 2)\n",
    "2if(x<1,1,2)": "2 if(x < 1, 1, 2)\n",
    "[ 1,-2 , [ ] ]": "[1, -2, []]\n",
    "f( u,v )=u/v;f(1,2)": "f(u, v) = u/v\nf(1, 2)\n",
    "sum(k^2,k=1 .. n)": "sum(k^2, k = 1..n)\n",
    "sum(k,k=0..n-1)": "sum(k, k = 0 .. n - 1)\n",
    "sum(k,k=-1..2n) + sum(j - 1, j=f(a+b)..n)": "sum(k, k = -1..2n) + sum(j - 1, j = f(a + b)..n)\n",
    # arrays
    "A @ B@ C .T": "A@B@C.T\n",
    "2*A.T @ (A @ x-b)-c .T": "2*A.T@(A@x - b) - c.T\n",
    "-A.T - -B.T²": "-A.T - -B.T²\n",
    "a = A.T\nx@\n-y": "a = A.T\nx@-y\n",
    "[[1,2],[ -3,A@B ]]": "[[1, 2], [-3, A@B]]\n",
    "A [ 1 : 3 , : : 2 ]": "A[1:3, ::2]\n",
    "A[:,0,:] + A[-1:] + A[:-1] + A[ : ]": "A[:, 0, :] + A[-1:] + A[:-1] + A[:]\n",
    "A[k-1:k+1, j+1:, : -j*2] + A[a+1::2]": "A[k - 1 : k + 1, j + 1 :, :-j*2] + A[a + 1 :: 2]\n",
    "A [0] [1].T [2]!": "A[0][1].T[2]!\n",
    "sum( X , axis = 0 , keepdims=1 )": "sum(X, axis=0, keepdims=1)\n",
    "sum(mean(X, axis = -1), k=0..n-1)": "sum(mean(X, axis=-1), k = 0 .. n - 1)\n",
    "f(u,v)=u@v;f(v = 1,u=x == 2)": "f(u, v) = u@v\nf(v=1, u=x == 2)\n",
    # what must not grow together
    "2 e3 + 2 e + 2 _1 + 2e3": "2 e3 + 2e + 2 _1 + 2e3\n",
    "sum(k, k = 1. .. .5)": "sum(k, k = 1. .. .5)\n",
    # blocks
    "repeat n{x=x/2}": "repeat n {\n    x = x/2\n}\n",
    "repeat 2{repeat 3{x=1;y=2}z=3}z": (
        "repeat 2 {\n    repeat 3 {\n        x = 1\n        y = 2\n    }\n    z = 3\n}\nz\n"
    ),
    "for k\nin 1..3{x=k}": "for k in 1..3 {\n    x = k\n}\n",
    "for k in 1..n+1{x=k}": "for k in 1 .. n + 1 {\n    x = k\n}\n",
    "while x>1and x<9{x=x/2}": "while x > 1 and x < 9 {\n    x = x/2\n}\n",
    "while(x>1){x=x/2}": "while (x > 1) {\n    x = x/2\n}\n",
    "if(x<1){a=1}else if(x<f(2, 3)){a=2}\n\nelse\n{a=3}": (
        "if (x < 1) {\n    a = 1\n} else if (x < f(2, 3)) {\n    a = 2\n} else {\n    a = 3\n}\n"
    ),
    "if x<1{};else{}y": "if x < 1 {\n} else {}\ny\n",
    "f(u)={a=u;a^2}f(x)": "f(u) = {\n    a = u\n    a^2\n}\nf(x)\n",
    "repeat 2{\n\n\nx=1\n\n\n}\n\n\n\ny": "repeat 2 {\n    x = 1\n}\n\ny\n",
    "repeat 2{\n\n}": "repeat 2 {}\n",
    # comments
    "#c": "# c\n",
    "# c  \n\n\n#d": "# c\n\n# d\n",
    "x#c": "x  # c\n",
    "a=1;#c\nb": "a = 1  # c\nb\n",
    "x #\n#!sh\n#---\n#(a)\n#   deep\n##\n#é": "x  #\n#!sh\n#---\n# (a)\n#   deep\n##\n# é\n",
    "repeat 2{#c\n\n#d\nx=1#e\n#f\n}#g\n": "repeat 2 {  # c\n    # d\n    x = 1  # e\n    # f\n}  # g\n",
    "repeat 2{#c\n}": "repeat 2 {  # c\n}\n",
    "if x<1{}#c\n\n#d\nelse{}": "if x < 1 {}  # c\n\n# d\nelse {}\n",
    "if x<1{}else#c\n#d\n\n{#e\ny=1}": "if x < 1 {\n} else {  # c\n    # d\n    # e\n    y = 1\n}\n",
    "f(x)=#c\n{#d\nx}": "f(x) = {  # c\n    # d\n    x\n}\n",
    "y=a+#first\n#second\n\nb;c": "y = a +  # first\n    # second\n    b\nc\n",
    "w=[1,#a\n2#b\n]+1": "w = [\n    1,  # a\n    2  # b\n] + 1\n",
    "w=[#a\n1,\n#b\n2,f(x)]": "w = [  # a\n    1,\n    # b\n    2, f(x)\n]\n",
    "y=a+f(g(#c\nx)*2,[1,\n2])\nz": "y = a + f(\n    g(  # c\n        x\n    )*2, [1, 2]\n)\nz\n",
    "`a # b` # c": "`a # b`  # c\n",
}


@pytest.mark.parametrize("text", LAYOUTS)
def test_the_layout(text):
    assert hold(text) == LAYOUTS[text]


def test_a_line_is_folded_behind_its_loosest_outer_operator():
    left = "*".join(f"(a{number} + b)" for number in range(8))
    assert hold(f"y = {left} - {left} + c") == f"y = {left} -\n    {left} + c\n"
    assert len(f"y = {left}") < 100


@pytest.mark.parametrize(
    "text",
    [
        "y = " + " + ".join(f"a{number}*sin(x)" for number in range(60)),
        "y = " + "*".join(f"a{number}" for number in range(60)),
        "y = [" + ", ".join(f"{number}.5" for number in range(60)) + "]",
        "y = f(" + " or ".join(f"a{number} < b" for number in range(60)) + ")",
        "if " + " and ".join(f"a{number} < b" for number in range(60)) + " { y = 2 }",
        "y = " + "^".join(f"a{number}" for number in range(60)),
        "y = a + f(" + ", ".join(f"a{number}" for number in range(60)) + ")*2",
        "long_name = f(g(h(" + ", ".join(f"{'x' * number}" for number in range(1, 25)) + ")))",
        "repeat 2 { repeat 3 { y = " + " + ".join(f"a{number}" for number in range(60)) + " } }",
    ],
)
def test_long_lines_are_folded_and_filled(text):
    lines = hold(text).splitlines()
    folded = [line for line in lines if "{" not in line and "}" not in line]
    assert len(folded) > 1
    assert all(len(line) <= 100 for line in lines)
    assert all(len(line) > 60 for line in folded[:-1])
    assert all(len(line) - len(line.lstrip()) == len(folded[0]) - len(folded[0].lstrip()) + 4 for line in folded[1:])


def test_a_line_of_exactly_the_width_is_not_folded():
    exact = "y = a + " + "b" * 92
    assert hold(exact) == exact + "\n"
    assert hold(exact + "b") == "y = a +\n    " + "b" * 93 + "\n"


def test_a_long_comment_folds_nothing():
    assert hold("y = a + b #" + "c" * 200).count("\n") == 1


def test_what_cannot_be_folded_stays_long():
    assert hold("y = a + " + "b" * 200 + " + c") == "y = a +\n    " + "b" * 200 + " +\n    c\n"


def test_very_deep_lines_still_have_room():
    text = "repeat 1 {" * 40 + "y = aaaaaaaaaa + bbbbbbbbbb + cccccccccc + dddddddddd" + "}" * 40
    assert [len(line.lstrip()) for line in hold(text).splitlines() if line.strip()[0] in "ycd"] == [29, 23]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_in_canonical_layout(path):
    text = path.read_text("utf-8")
    assert hold(text) == text
    parts = [line.partition("#") for line in text.splitlines()]
    scattered = [code.replace(" = ", "=\n").replace(" + ", "+\n\n") + mark + note for code, mark, note in parts]
    assert hold("\n".join(scattered)) == text


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("text", ["x +", "a = ; b", "repeat 3 { x", "x }", "sin x", "if x < 1 {} ; y else {}", "{"])
def test_a_mistake_is_the_usual_error(text):
    with pytest.raises(AdcalcSyntaxError) as usual:
        parse(Source(text, "f.adc"))
    with pytest.raises(AdcalcSyntaxError) as error:
        canonical(Source(text, "f.adc"))
    assert error.value.as_dict() == usual.value.as_dict()


def test_a_layout_that_means_something_else_is_never_printed(monkeypatch):
    monkeypatch.setattr(folding, "TOKEN", re.compile(r"(\d+|[\s\S])[\s\S]*"))  # nobody sees that 2 e3 grows together
    with pytest.raises(InternalError):
        laid_out("2 e3")


def test_programs_that_differ_are_told_apart():
    def same(left, right):
        return format.same(parse(Source(left)).block, parse(Source(right)).block)

    assert same("repeat 3 { x = 1 }; x", "repeat   3 {x=1} x")
    for other in ("repeat 3 { x = 2 }; x", "repeat 3 { x = 1; x }; x", "repeat 4 { x = 1 }; x", "repeat 3 { x = 1 }"):
        assert not same("repeat 3 { x = 1 }; x", other)
    assert not same("f(x) = 2*x; f(1)", "f(y) = 2*x; f(1)")


# ------------------------------------------------------------------ size


def test_nothing_is_too_deep_or_too_long():
    depth = 5_000
    assert hold("(" * depth + "x" + ")" * depth).replace("\n", "").replace(" ", "") == "(" * depth + "x" + ")" * depth
    hold("+".join(f"a{number}" for number in range(5_000)))
    hold("[x,#c\n" * 300 + "y" + "]" * 300)
    assert hold("repeat 2{" * 300 + "x" + "}" * 300).count("\n") == 601


# ------------------------------------------------------------------ any program

NAMES = ["x", "y", "e3", "_1", "π", "Δx", "d", "on", "`flow # rate`", "`if`", "x²", "y⁻¹"]
NUMBERS = ["2", "10", "0.5", ".5", "3.", "1_000", "2e3", "1E-5"]
BINARY = ["@", "+", "-", "*", "/", "%", "^", "**", "·", "÷", "−"]
RELATIONS = ["<", "<=", "≥", "==", "!=", "≠"]
FREE = {*BINARY, *RELATIONS, "=", "..", "in", "and", "or", "not", "if", "while", "repeat", "for", "else", "×"}
NOTES = ["#", "#c", "# d ", "#!e", "#--", "# é`", "#}{;", "#\tf", "# #g", "#\u2028h", "#\ri\r"]


def lists(parts):
    return st.lists(parts, max_size=3).map(lambda items: [word for item in items for word in (*item, ",")][:-1])


def subscripts(parts):
    """Indices and slices, with and without begin, end and step."""
    ends = st.one_of(st.just([]), parts)
    slices = st.builds(lambda begin, end: [*begin, ":", *end], ends, ends)
    stepped = st.builds(lambda begin, end, step: [*begin, ":", *end, ":", *step], ends, ends, parts)
    one = st.one_of(parts, slices, stepped)
    return st.lists(one, min_size=1, max_size=3).map(lambda all_: [word for each in all_ for word in (*each, ",")][:-1])


def larger(parts):
    conditions = conditions_of(parts)
    return st.one_of(
        st.builds(lambda inner, at: ["(", *inner, ")", "[", *at, "]"], parts, subscripts(parts)),
        st.builds(lambda name, at: [name, "[", *at, "]", ".T"], st.sampled_from(NAMES), subscripts(parts)),
        st.builds(lambda a, b: ["f", "(", *a, ",", "axis", "=", *b, ")", ".T"], parts, parts),
        st.builds(lambda left, sign, right: [*left, sign, *right], parts, st.sampled_from(BINARY), parts),
        st.builds(lambda sign, right: [sign, *right], st.sampled_from(["-", "+", "−"]), parts),
        st.builds(lambda inner: ["(", *inner, ")"], parts),
        st.builds(lambda inner, after: ["(", *inner, ")", after], parts, st.sampled_from(["!", "²"])),
        st.builds(lambda number, name: [number, name], st.sampled_from(NUMBERS), st.sampled_from(NAMES)),
        st.builds(lambda number, inner: [number, "(", *inner, ")"], st.sampled_from(NUMBERS), parts),
        st.builds(lambda inner: ["[", *inner, "]"], lists(parts)),
        st.builds(lambda inner: ["f", "(", *inner, ")"], lists(parts)),
        st.builds(lambda c, a, b: ["if", "(", *c, ",", *a, ",", *b, ")"], conditions, parts, parts),
        st.builds(lambda a, b, c: ["sum", "(", *a, ",", "k", "=", *b, "..", *c, ")"], parts, parts, parts),
    )


def conditions_of(parts):
    simple = st.builds(lambda left, sign, right: [*left, sign, *right], parts, st.sampled_from(RELATIONS), parts)
    return st.one_of(
        simple,
        simple.map(lambda inner: ["not", *inner]),
        simple.map(lambda inner: ["(", *inner, ")"]),
        st.builds(lambda left, word, right: [*left, word, *right], simple, st.sampled_from(["and", "or"]), simple),
    )


LEAVES = st.one_of(st.sampled_from(NAMES), st.sampled_from(NUMBERS)).map(lambda word: [word])
EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=12)
LONG = st.builds(lambda leaf, sign: [*[*leaf, sign] * 40, *leaf], LEAVES, st.sampled_from(["+", "*", "-"]))
SIMPLE = st.one_of(
    EXPRESSIONS,
    LONG,
    EXPRESSIONS.map(lambda words: ["x", "=", *words]),
    LONG.map(lambda words: ["x", "=", *words]),
    EXPRESSIONS.map(lambda words: ["f", "(", "u", ",", "v", ")", "=", *words]),
)
CONDITIONS = conditions_of(EXPRESSIONS)
HEADS = st.one_of(
    EXPRESSIONS.map(lambda words: ["repeat", *words]),
    CONDITIONS.map(lambda words: ["while", *words]),
    st.builds(lambda low, high: ["for", "k", "in", *low, "..", *high], EXPRESSIONS, EXPRESSIONS),
    st.just(["f", "(", "u", ")", "="]),
)


@st.composite
def programs(draw, statements=SIMPLE):
    """The words of a program: None stands where a statement must end, "" where it may."""
    words = []
    for statement in draw(st.lists(statements, max_size=4)):
        words += [*statement, *([] if statement[-1] == "" else [None])]
    return words


def nested(statements):
    blocks = programs(statements)
    chains = st.builds(
        lambda c, block, further, last: [
            *("if", *c, "{", *block, "}", ""),
            *(word for c, block in further for word in ("else", "if", *c, "{", *block, "}", "")),
            *(["else", "{", *last, "}", ""] if last is not None else []),
        ],
        CONDITIONS,
        blocks,
        st.lists(st.tuples(CONDITIONS, blocks), max_size=2),
        st.none() | blocks,
    )
    return st.one_of(chains, st.builds(lambda head, block: [*head, "{", *block, "}", ""], HEADS, blocks), statements)


PROGRAMS = programs(st.recursive(SIMPLE, nested, max_leaves=4))


def written(words, seed, notes=True):
    """A text of these words, with blanks, newlines and comments wherever they may stand."""
    choice = random.Random(seed)
    inside = [" ", "", "\t", "  ", "\r"]
    lines = ["\n", "\n\n\n", " \r\n "] + [f" {note}\n" for note in NOTES] * notes
    ends = [";", "\n", ";\n", *(lines * notes)]
    pieces = []
    depth = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else "}"
        if not word:
            pieces += choice.choices(ends, k=choice.randint(word is None and following != "}", 3))
            continue
        depth += (word in "([") - (word in ")]")
        pieces.append(word)
        if following and word[-1].isalnum() and following[0].isalnum() and not word[0].isdigit():
            pieces.append(" ")
        is_free = depth or word in FREE or words[index - 1 : index] == ["for"]
        pieces.append(choice.choice(inside + lines * bool(is_free)))
    return "".join(pieces)


SEEDS = st.integers(0, 2**32)
TEXTS = st.builds(written, PROGRAMS, SEEDS)
TWINS = st.builds(
    lambda words, one, other: (written(words, one, False), written(words, other, False)), PROGRAMS, SEEDS, SEEDS
)


def parses(text):
    try:
        parse(Source(text))
    except AdcalcSyntaxError:
        return False
    return True


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS)
def test_any_program_keeps_its_meaning_and_its_comments(text):
    assume(parses(text))
    hold(text)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TWINS)
def test_the_layout_does_not_depend_on_the_blanks_of_the_author(pair):
    """Two texts of the same words have one layout, but for the empty lines between statements."""
    one, other = pair
    assume(parses(one) and parses(other) and meaning(one) == meaning(other))
    assert laid_out(one).replace("\n\n", "\n") == laid_out(other).replace("\n\n", "\n")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TWINS)
def test_every_line_is_a_statement(pair):
    """Where nothing is too long every newline ends a statement, or begins or ends a block: a semicolon does as well."""
    assume(parses(pair[0]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "WIDTH", 10**6)
        laid = laid_out(pair[0])
    assert meaning(laid.replace("\n", ";")) == meaning(laid)
    assert ";" not in laid


PIECES = [
    *NAMES[:6],
    "2",
    ".5",
    "3.",
    "+",
    "-",
    "*",
    "^",
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "..",
    "{",
    "}",
    ";",
    "\n",
    " ",
    "!",
]
PIECES += [
    "<",
    "==",
    "if",
    "else",
    "for",
    "in",
    "repeat",
    "while",
    "and",
    "not",
    "@",
    ".T",
    ":",
    "²",
    "#c\n",
    " #\n",
    "f(x)={",
    "{}",
    "x",
    "x",
]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_text_is_laid_out_or_refused(pieces):
    text = "".join(pieces)
    if parses(text):
        hold(text)
    else:
        with pytest.raises(AdcalcSyntaxError):
            laid_out(text)
