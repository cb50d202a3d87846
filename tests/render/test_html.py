"""The page as a file: what stands in it, that it is escaped, and that it asks nobody for anything."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adcalc.errors import LimitError
from adcalc.render import html
from adcalc.render.html import DRAWABLE, page
from adcalc.render.page.work import adjoints, number, tangents
from adcalc.results.derivation import Derivation, DerivationLine, Written
from adcalc.results.trace import Term, Trace, TraceEdge, TraceNode, TraceStep, Update

TEXT = "f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)"
RULES = {"pow": "d pow(u, w) = w*u^(w - 1)*du", "add": "d add(u, w) = du + dw"}


def lecture(**changes):
    """The example of the lecture notes, by hand: forward and reverse."""
    nodes = (
        TraceNode(0, "x", "input", (), "x", 0.5, 1.25, (), (22, 23), True),
        TraceNode(2, "a", "pow", (0,), "x^2", 0.25, 0.5, (), (22, 25)),
        TraceNode(4, "b", "pow", (0,), "x^3", 0.125, 1.0, (), (31, 34)),
        TraceNode(6, "f", "add", (2, 4), "a/2 + b", 0.25, 1.0, (), (36, 43)),
    )
    edges = (TraceEdge(0, 2, 1.0), TraceEdge(0, 4, 0.75), TraceEdge(2, 6, 0.5), TraceEdge(4, 6, 1.0))
    a, b, of_a, of_b = Term(6, 1.0, 0.5), Term(6, 1.0, 1.0), Term(2, 0.5, 1.0), Term(4, 1.0, 0.75)
    steps = (
        TraceStep("start"),
        *(TraceStep("primal", node.id) for node in nodes),
        TraceStep("return", 6, (Update(6, (), 1.0), Update(2, (a,), 0.5), Update(4, (b,), 1.0))),
        TraceStep("return", 4, (Update(0, (of_b,), 0.75),)),
        TraceStep("return", 2, (Update(0, (of_a, of_b), 1.25),)),
    )
    reverse = Trace(TEXT, {"x": 0.5}, "reverse", 0.25, {"x": 1.25}, 6, nodes, edges, steps, rules=RULES)
    slopes = {0: 1.0, 2: 1.0, 4: 0.75, 6: 1.25}
    forward = reverse._replace(
        mode="forward",
        directions=("x",),
        nodes=tuple(node._replace(adjoint=None, tangents=(slopes[node.id],)) for node in nodes),
        edges=tuple(edge._replace(partial=None) for edge in edges),
        steps=(TraceStep("start"), *(TraceStep("push", node.id) for node in nodes)),
        substitution=(("⟨0.5, 1⟩^2/2 + ⟨0.5, 1⟩^3", "⟨0.25, 1.25⟩"),),
    )
    return forward._replace(**changes), reverse._replace(**changes)


class Reader(HTMLParser):
    """Every element of a page with its attributes, and the text inside each."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.open = [], {}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


def rows(text, mode, table):
    """The cells of a finished table, as text."""
    section = re.search(rf'<section class="mode" id="{mode}">.*?</section>', text, re.DOTALL)[0]
    body = re.search(rf'<table class="{table}">.*?<tbody>(.*?)</tbody>', section, re.DOTALL)[1]
    found = []
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        found.append([re.sub(r"<.*?>", "", cell) for cell in cells])
    return found


def test_the_finished_tables_need_no_script():
    text = page(*lecture(), "<svg></svg>", "<math></math>")
    assert rows(text, "reverse", "nodes") == [
        ["x", "input", "0.5", "0.5×1.0 + 1.0×0.75 = 1.25"],
        ["a", "x^2", "0.25", "1.0×0.5 = 0.5"],
        ["b", "x^3", "0.125", "1.0×1.0 = 1.0"],
        ["f", "a/2 + b", "0.25", "seed 1.0"],
    ]
    assert rows(text, "reverse", "edges") == [
        ["∂a/∂x", "1.0"],
        ["∂b/∂x", "0.75"],
        ["∂f/∂a", "0.5"],
        ["∂f/∂b", "1.0"],
    ]
    assert [row[-1] for row in rows(text, "forward", "nodes")] == [
        "seed 1.0",
        "1.0×1.0 = 1.0",
        "0.75×1.0 = 0.75",
        "0.5×1.0 + 1.0×0.75 = 1.25",
    ]
    assert "  ⟨0.5, 1⟩^2/2 + ⟨0.5, 1⟩^3\n= ⟨0.25, 1.25⟩" in text


def test_nothing_on_the_page_points_anywhere():
    reader = Reader(page(*lecture(), "<svg></svg>", "<math></math>"))
    assert not [attributes for _, attributes in reader.elements if attributes.keys() & {"src", "href", "srcset"}]
    assert not [name for _, attributes in reader.elements for name in attributes if name.startswith("on")]
    assert "url(" not in "".join(reader.texts["style"])
    assert "@import" not in "".join(reader.texts["style"])
    assert not re.search(r"eval\(|Function\(|innerHTML|fetch\(|XMLHttp|import\(", "".join(reader.texts["script"]))


def test_the_policy_names_the_very_script_of_the_page():
    text = page(*lecture(), "", "")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    script = re.search(r'<script type="module">(.*)</script>', text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy


HOSTILE = [
    "</script><b>",
    "<script>window.hit=1</script>",
    "<!--<script>",
    "<img src=x onerror=window.hit=1>",
    "\"'&lt;",
    "$css ${data} $$",
    "\u2028</style>",
    "a ]]> & b",
]


def named(name):
    """A page on which everything that a user may name is called so."""
    changed = {
        "expression": f"`{name}`^2",
        "at": {name: 0.5},
        "gradient": {name: 1.25},
        "warnings": (("underflow", f"`{name}` vanishes"),),
        "rules": {"pow": f"d pow = `{name}`"},
    }
    forward, reverse = (
        trace._replace(
            nodes=(
                trace.nodes[0]._replace(name=name),
                trace.nodes[1]._replace(text=f"`{name}`^2"),
                *trace.nodes[2:],
            ),
            **changed,
        )
        for trace in lecture()
    )
    forward = forward._replace(directions=(name,), substitution=((name, "1"),))
    line = DerivationLine(f"rule {name}", name, "", "", "<mi>x</mi>", Written(name, "", "<mi>x</mi>"))
    return page(forward, reverse, "", "", [Derivation((name,), (line,), 1)])


@pytest.mark.parametrize("name", HOSTILE)
def test_what_the_user_wrote_is_text(name):
    reader = Reader(named(name))
    assert [tag for tag, _ in reader.elements] == [tag for tag, _ in Reader(named("x")).elements]
    data = json.loads("".join(re.findall(r'id="data">(.*?)</script>', named(name))))
    assert data["modes"]["reverse"]["nodes"]["0"]["name"] == name
    assert f"`{name}`^2" in "".join(reader.texts["pre"])
    assert " ".join(name.split()) in "".join(reader.texts["title"])


def test_numbers_that_are_rounded_say_so():
    third = 1 / 3
    reverse = lecture()[1]
    node = reverse.nodes[0]._replace(adjoint=third * 0.75)
    term = Term(6, 0.75, third)
    steps = (TraceStep("start"), TraceStep("return", 6, (Update(0, (term,), third * 0.75),)))
    made = adjoints(reverse._replace(nodes=(node,), steps=steps))[0][0]
    assert made.exact
    assert made.total == "0.25"
    assert made.terms == (("0.75", ("0.3333333", "0.3333333333333333")),)
    forward = lecture()[0]
    text = page(forward, reverse._replace(nodes=(node, *reverse.nodes[1:]), steps=steps), "", "")
    assert rows(text, "reverse", "nodes")[0][-1] == "0.75×0.3333333 ≈ 0.25"


def test_a_sum_that_rounds_otherwise_than_the_sweep_is_not_called_equal():
    reverse = lecture()[1]
    update = Update(0, (Term(6, 1.0, 0.5),), 0.5000001)
    steps = (TraceStep("start"), TraceStep("return", 6, (update,)))
    node = reverse.nodes[0]._replace(adjoint=0.5000001)
    assert not adjoints(reverse._replace(nodes=(node,), steps=steps))[0][0].exact


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.0, "1.0"),
        (-2.5, "-2.5"),
        (True, "true"),
        (1e300, "1e+300"),
        (1e22 / 3, ("3.333333e+21", "3.3333333333333335e+21")),
        (5e-324, "5e-324"),
    ],
)
def test_numbers_are_shown_short_and_kept_in_full(value, shown):
    assert number(value) == shown


def test_every_number_in_full_reads_back():
    for value in (0.1 + 0.2, 2**0.5, 1e-9 / 7, 123456789.123, -1e15 / 3, 2.0**60):
        shown = number(value)
        assert float(shown if isinstance(shown, str) else shown[1]) == value


def test_negative_factors_stand_in_parentheses():
    forward, reverse = lecture()
    edges = (*reverse.edges[:1], TraceEdge(0, 4, -0.75), *reverse.edges[2:])
    steps = (*reverse.steps[:-2], TraceStep("return", 4, (Update(0, (Term(4, 1.0, -0.75),), -0.75),)))
    nodes = (reverse.nodes[0]._replace(adjoint=-0.75), *reverse.nodes[1:])
    text = page(forward, reverse._replace(edges=edges, steps=steps, nodes=nodes), "", "")
    assert rows(text, "reverse", "nodes")[0][-1] == "1.0×(-0.75) = -0.75"


def test_where_no_derivative_flows_there_is_a_dash():
    forward, reverse = lecture()
    edges = (TraceEdge(0, 2), *reverse.edges[1:])
    nodes = (*reverse.nodes[:1], reverse.nodes[1]._replace(adjoint=None, value=True), *reverse.nodes[2:])
    text = page(forward, reverse._replace(nodes=nodes, edges=edges), "", "")
    assert rows(text, "reverse", "nodes")[1] == ["a", "x^2", "true", "–"]
    assert rows(text, "reverse", "edges")[0] == ["∂a/∂x", "–"]


def test_the_tangent_of_what_does_not_depend_on_the_direction_is_zero():
    forward, reverse = lecture()
    nodes = tuple(node._replace(tangents=(None,)) for node in forward.nodes)
    sums = tangents(forward._replace(nodes=nodes), reverse)
    assert [one[0].total for one in sums.values()] == ["0.0"] * 4
    assert sums[6][0].terms == (("0.5", "0.0"), ("1.0", "0.0"))


def test_at_a_kink_no_product_makes_the_tangent():
    """abs(x) at 0: reverse mode's partial is 0, and forward mode's tangent from the right is 1."""
    forward, reverse = lecture()
    edges = (TraceEdge(0, 2, 0.0), *reverse.edges[1:])
    made = tangents(forward, reverse._replace(edges=edges))[2][0]
    assert (made.terms, made.total, made.exact) == ((), "1.0", True)


def test_tangents_without_partials_are_not_written_as_sums():
    forward, reverse = lecture()
    sums = tangents(forward, reverse._replace(edges=()))
    assert [one[0].terms for one in sums.values()] == [()] * 4


def fan(count):
    """One input that so many nodes use: its accumulator is a sum of so many terms."""
    inner = range(1, count + 1)
    nodes = (
        TraceNode(0, "x", "input", (), "x", 1.0, 2.0 * count, (1.0,)),
        *(TraceNode(k, f"v{k}", "mul", (0,), "2*x", 2.0, 1.0, (2.0,)) for k in inner),
        TraceNode(count + 1, "s", "add", tuple(inner), "…", 2.0 * count, 1.0, (2.0 * count,)),
    )
    edges = (*(TraceEdge(0, k, 2.0) for k in inner), *(TraceEdge(k, count + 1, 1.0) for k in inner))
    down = tuple(Update(k, (Term(count + 1, 1.0, 1.0),), 1.0) for k in inner)
    steps = [TraceStep("start"), *(TraceStep("primal", node.id) for node in nodes)]
    steps.append(TraceStep("return", count + 1, (Update(count + 1, (), 1.0), *down)))
    for done, k in enumerate(reversed(inner), 1):  # as the sweep records them: of a long sum the newest term alone
        steps.append(TraceStep("return", k, (Update(0, (Term(k, 1.0, 2.0),), 2.0 * done, done - 1),)))
    reverse = Trace(
        "sum", {"x": 1.0}, "reverse", 2.0 * count, {"x": 2.0 * count}, count + 1, nodes, edges, tuple(steps)
    )
    pushes = tuple(TraceStep("push", node.id) for node in nodes)
    return reverse._replace(mode="forward", directions=("x",), steps=(steps[0], *pushes)), reverse


def test_long_sums_are_cut_but_counted():
    text = page(*fan(10), "", "")
    assert rows(text, "reverse", "nodes")[0][-1] == " + ".join(["1.0×2.0"] * 6) + " + 4 more = 20.0"


def test_a_page_grows_with_the_work_and_not_with_its_square():
    small, large = (len(page(*fan(count), "", "")) for count in (200, 400))
    assert large < 2.2 * small
    assert large < 1_000_000


def test_a_large_graph_is_told_and_not_drawn():
    text = page(*fan(DRAWABLE), "<svg></svg>", "")
    assert "<svg></svg>" not in text
    assert f"A drawing of {DRAWABLE + 2} nodes would show nothing" in text


def test_beyond_what_browsers_show_there_is_a_sentence():
    with pytest.raises(LimitError, match=r"the page would show 9,002 nodes and 18,000 edges"):
        page(*fan(9000), "", "")


def test_a_part_of_the_work_says_what_is_left_out():
    """Of the lecture's example only x and b: the term of a is not on the page, nor is the result."""
    forward, reverse = (
        trace._replace(
            nodes=(trace.nodes[0], trace.nodes[2]),
            edges=trace.edges[1:2],
            steps=tuple(step for step in trace.steps if step.node in (None, 0, 4)),
        )
        for trace in lecture()
    )
    text = page(forward, reverse, "", "")
    assert [row[-1] for row in rows(text, "reverse", "nodes")] == ["1.0×0.75 + … = 1.25", "1.0"]
    assert "∂result/∂x" in text


def test_places_count_as_browsers_do():
    forward, reverse = lecture()
    node = reverse.nodes[0]._replace(place=(3, 4))
    text = page(forward, reverse._replace(expression="`𝑥`*x", nodes=(node, *reverse.nodes[1:])), "", "")
    data = json.loads(re.search(r'id="data">(.*?)</script>', text)[1])
    assert data["modes"]["reverse"]["nodes"]["0"]["place"] == [4, 5]


def test_derivations_show_their_rules():
    asked = DerivationLine("", "", "", "", "<mi>Q</mi>")
    found = DerivationLine("power rule", "x^2", "", "", "<mi>A</mi>", Written("x^2", "", "<mi>S</mi>"))
    text = page(*lecture(), "", "", [Derivation(("x",), (asked, found), 3)])
    assert "<math><mrow><mi>Q</mi></mrow></math>" in text
    assert "<math><mrow><mo>=</mo><mi>A</mi></mrow></math>" in text
    assert "power rule, on <math><mi>S</mi></math>" in text
    assert "equal to the first at 3 random points" in text


# ------------------------------------------------------------------ colours


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "value", "partial", "adjoint", "tangent"])
@pytest.mark.parametrize("ground", ["paper", "card", "soft", "lit", "touched"])
def test_every_text_stands_out_from_its_ground(scheme, ink, ground):
    """The contrast of 4.5 that WCAG 2 asks for."""
    css = (Path(html.__file__).parent / "page" / "page.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    colours = dict(re.findall(r"--(\w+): (#\w+);", light if scheme == "light" else dark))
    lighter, darker = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
