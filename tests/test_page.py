"""The page of a trace in a real browser: stepping, keys, slider, paper, phone, and that no request leaves it."""

import math
import shutil

import pytest

from adcalc.api import function
from adcalc.api.work.pages import trace_page
from adcalc.errors import AdcalcError

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install playwright"
)
expect = playwright_api.expect

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium or google-chrome on the PATH")

LECTURE = ("f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)", {"x": 0.5})
COSINE = ("cos(x*y)+y", {"x": 0, "y": 1})
ROUNDED = ("s = sqrt(x^2 + y^2 + z^2)\nt = exp(-s/3)*cos(2*s)\nt/s + x*y*z", {"x": 1.25, "y": -0.7, "z": 0.3})


@pytest.fixture(scope="module")
def browser():
    with playwright_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def contexts(browser):
    """A context for each colour scheme, with a script and without: to open one takes as long as a test."""
    opened = {}

    def context(scheme, script):
        key = scheme, script
        if key not in opened:
            opened[key] = browser.new_context(color_scheme=scheme, java_script_enabled=script)
        return opened[key]

    return context


@pytest.fixture
def show(contexts, folder):
    """Opens the page of a question; at the end, nothing has been asked of the network and nothing complained of."""
    opened, asked, complaints, tabs = [], [], [], []

    def make(question, width=1200, mode="reverse", scheme="light", script=True, **options):
        text, point = question
        file = folder / f"{abs(hash((text, mode, str(options))))}.html"
        if not file.exists():
            file.write_text(trace_page(function(text), point, mode=mode, **options), "utf-8")
        tab = contexts(scheme, script).new_page()
        tab.set_viewport_size({"width": width, "height": 800})
        tabs.append(tab)
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(file.as_uri())
        tab.goto(opened[-1])
        return tab

    yield make
    for tab in tabs:
        tab.close()
    assert asked == opened
    assert complaints == []


def table(tab, mode="reverse", kind="nodes"):
    """The cells of a table as they stand, row by row."""
    return tab.evaluate(
        "([mode, kind]) => [...document.querySelectorAll(`#${mode} .${kind} tbody tr`)]"
        ".map((row) => [...row.children].map((cell) => cell.textContent))",
        [mode, kind],
    )


def press(tab, key, times=1):
    for _ in range(times):
        tab.keyboard.press(key)


def test_it_begins_with_nothing_and_ends_with_the_adjoints(show):
    tab = show(LECTURE)
    assert [row[2:] for row in table(tab)] == [["", ""]] * 4
    assert [row[1] for row in table(tab, kind="edges")] == [""] * 4
    press(tab, "ArrowRight", 20)
    assert table(tab) == [
        ["x", "input", "0.5", "0.5×1.0 + 1.0×0.75 = 1.25"],
        ["a", "x^2", "0.25", "1.0×0.5 = 0.5"],
        ["b", "x^3", "0.125", "1.0×1.0 = 1.0"],
        ["f", "a/2 + b", "0.25", "seed 1.0"],
    ]
    assert [row[1] for row in table(tab, kind="edges")] == ["1.0", "0.75", "0.5", "1.0"]
    assert "∂f/∂x = ∂f/∂a·∂a/∂x + ∂f/∂b·∂b/∂x" in tab.inner_text("#story")
    assert "0.5×1.0 + 1.0×0.75 = 1.25" in tab.inner_text("#story")
    assert "Done: ∂f/∂x = 1.25" in tab.inner_text("#story")


def test_every_step_fills_what_it_computes(show):
    tab = show(LECTURE)
    filled = []
    for _ in range(8):
        filled.append([[row[2], row[3].rpartition(" ")[2]] for row in table(tab)])
        press(tab, "ArrowRight")
    assert filled[:5] == [
        [["0.5", ""]] * (done > 0)
        + [["0.25", ""]] * (done > 1)
        + [["0.125", ""]] * (done > 2)
        + [["0.25", ""]] * (done > 3)
        + [["", ""]] * (4 - done)
        for done in range(5)
    ]
    adjoints = [[row[1] for row in step] for step in filled[5:]]
    assert adjoints == [["", "0.5", "1.0", "1.0"], ["0.75", "0.5", "1.0", "1.0"], ["1.25", "0.5", "1.0", "1.0"]]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_stepping_back_restores_every_step(show, mode):
    tab = show(ROUNDED, mode=mode)

    def state():
        return tab.evaluate(
            "[document.querySelector('main').innerText, document.getElementById('graph').innerHTML,"
            " document.getElementById('source').innerHTML, document.getElementById('count').textContent]"
        )

    seen = [state()]
    while tab.is_enabled("#forth"):
        press(tab, "ArrowRight")
        seen.append(state())
    assert len({str(one) for one in seen}) == len(seen) > 9
    for earlier in reversed(seen[:-1]):
        press(tab, "ArrowLeft")
        assert state() == earlier


@pytest.mark.parametrize(
    "question",
    [
        COSINE,
        ROUNDED,
        ("floor(x)*y + x", {"x": 1.5, "y": 2}),
        ("pi*x", {"x": 1e-9}),
        ("x*abs(x)", {"x": 0}),
        ("2+3", {}),
    ],
)
def test_the_last_step_is_what_stands_there_without_a_script(show, question):
    with_script, without = show(question), show(question, script=False)
    for mode in ("reverse", "forward"):
        press(with_script, mode[0])
        press(with_script, "End")
        shown = table(with_script, mode)
        assert shown == [
            [cell.strip() for cell in row.locator("> *").all_text_contents()]
            for row in without.locator(f"#{mode} .nodes tbody tr").all()
        ]
        assert all(cell for row in shown for cell in row)


@pytest.mark.parametrize(("mode", "signs"), [("reverse", "∂v4/∂"), ("forward", "∂v4/∂")])
def test_the_gradient_is_that_of_another_program(show, mode, signs):
    sympy = pytest.importorskip("sympy")
    x, y, z = sympy.symbols("x y z")
    s = sympy.sqrt(x**2 + y**2 + z**2)
    expression = sympy.exp(-s / 3) * sympy.cos(2 * s) / s + x * y * z
    tab = show(ROUNDED, mode=mode)
    tab.check("#digits")
    press(tab, "End")
    done = tab.inner_text("#story").rpartition("Done: ")[2]
    for variable in (x, y, z):
        true = float(expression.diff(variable).subs({x: sympy.Rational(5, 4), y: -0.7, z: 0.3}))
        shown = float(done.partition(f"{signs}{variable} = ")[2].split(",")[0].split("\n")[0])
        assert math.isclose(shown, true, rel_tol=1e-12)


def test_forward_mode_pushes_both_seeds(show):
    tab = show(COSINE, mode="forward")
    assert tab.get_attribute("#to-forward", "aria-pressed") == "true"
    assert tab.is_hidden("#reverse")
    press(tab, "End")
    assert [row[-2:] for row in table(tab, "forward")] == [
        ["seed 1.0", "seed 0.0"],
        ["seed 0.0", "seed 1.0"],
        ["1.0×1.0 + 0.0×0.0 = 1.0", "1.0×0.0 + 0.0×1.0 = 0.0"],
        ["0.0×1.0 = 0.0", "0.0×0.0 = 0.0"],
        ["1.0×0.0 + 1.0×0.0 = 0.0", "1.0×0.0 + 1.0×1.0 = 1.0"],
    ]
    tab.click("#forward summary")
    assert "cos(⟨0, 1⟩ × ⟨1, 0⟩) + ⟨1, 0⟩" in tab.inner_text("#forward details")


def test_keys_buttons_and_slider_lead_to_the_same_steps(show):
    tab = show(LECTURE)

    def count():
        return tab.inner_text("#count")

    assert count() == "0 / 7"
    for key, expected in [("ArrowRight", 1), ("End", 7), ("ArrowLeft", 6), ("Home", 0), ("ArrowLeft", 0)]:
        press(tab, key)
        assert count() == f"{expected} / 7"
    for button, expected in [("forth", 1), ("last", 7), ("back", 6), ("first", 0)]:
        tab.click(f"#{button}")
        assert count() == f"{expected} / 7"
    assert tab.is_disabled("#back")
    tab.locator("#slider").fill("5")
    assert count() == "5 / 7"
    tab.focus("#slider")
    press(tab, "ArrowRight")
    assert count() == "6 / 7"  # once, and not twice
    press(tab, "Home")
    assert (count(), tab.input_value("#slider")) == ("0 / 7", "0")


def test_each_mode_keeps_its_place(show):
    tab = show(LECTURE)
    press(tab, "ArrowRight", 3)
    press(tab, "f")
    assert tab.inner_text("#count") == "0 / 4"
    press(tab, "ArrowRight")
    tab.click("#to-reverse")
    assert tab.inner_text("#count") == "3 / 7"


def test_space_plays_to_the_end_and_stops(show):
    tab = show(LECTURE)
    tab.clock.install()
    press(tab, " ")
    assert tab.get_attribute("#play", "aria-label") == "pause"
    tab.clock.run_for(3000)
    assert tab.inner_text("#count") == "2 / 7"
    press(tab, " ")
    tab.clock.run_for(5000)
    assert tab.inner_text("#count") == "2 / 7"
    tab.focus("#play")
    press(tab, " ")  # the button's own key: once, and not twice
    tab.clock.run_for(30_000)
    assert tab.inner_text("#count") == "7 / 7"
    assert tab.get_attribute("#play", "aria-label") == "play"


def test_the_active_node_its_edges_and_its_rule_are_lit(show):
    tab = show(LECTURE)
    press(tab, "ArrowRight", 6)
    lit = tab.evaluate(
        "[...document.querySelectorAll('.lit')].map((part) => part.id || Object.values(part.dataset)[0])"
    )
    ids = {node["name"]: node["id"] for node in _nodes(LECTURE)}
    x, b = ids["x"], ids["b"]
    assert sorted(lit) == sorted([str(b), f"{x}-{b}", f"node-{b}", f"edge-{x}-{b}", "pow"])
    touched = tab.evaluate("[...document.querySelectorAll('.touched')].map((part) => part.id || part.dataset.node)")
    assert sorted(touched) == sorted([str(x), f"node-{x}"])
    assert tab.inner_text("#source mark") == "x^3"
    assert "d pow(u, w) = " in tab.inner_text("#rule")


def _nodes(question):
    text, point = question
    return [node._asdict() for node in function(text).trace(point).nodes]


def test_the_drawing_fills_with_the_steps(show):
    tab = show(LECTURE)

    def texts(kind):
        return tab.locator(f"#graph text.{kind}").all_text_contents()

    assert texts("value") == texts("adjoint") == texts("partial") == [""] * 4
    press(tab, "ArrowRight", 4)
    assert texts("value") == ["0.5", "0.25", "0.125", "0.25"]
    assert texts("partial") == ["1.0", "0.75", "0.5", "1.0"]
    assert texts("adjoint") == [""] * 4
    press(tab, "ArrowRight", 2)
    assert texts("adjoint") == ["0.75", "0.5", "1.0", "1.0"]
    press(tab, "f")
    press(tab, "End")
    assert texts("adjoint") == ["1.0", "1.0", "0.75", "1.25"]


def test_the_step_is_announced(show):
    tab = show(LECTURE)
    live = tab.locator("#announce")
    assert live.get_attribute("aria-live") == "polite"
    press(tab, "End")
    expect(live).to_contain_text("Step 7 of 7. Return sweep. a hands down its adjoint, 0.5.")
    expect(live).to_contain_text("0.5×1.0 + 1.0×0.75 = 1.25")


def test_without_a_mouse_every_control_is_reached_and_seen(show):
    tab = show(LECTURE)
    press(tab, "ArrowRight")
    reached = []
    for _ in range(12):
        press(tab, "Tab")
        focus = tab.evaluate(
            "[document.activeElement.id || document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        reached.append(focus[0])
        assert focus[0] == "BODY" or focus[1] == "solid"
    assert reached[:8] == ["to-reverse", "to-forward", "first", "back", "play", "forth", "last", "slider"]
    assert "digits" in reached


def test_all_digits_are_one_click_away(show):
    tab = show(ROUNDED)
    press(tab, "End")
    short = table(tab)[3][2]
    assert short == "1.463728"
    assert " ≈ " in table(tab)[3][3]
    tab.check("#digits")
    assert float(table(tab)[3][2]) == function("sqrt(x^2 + y^2 + z^2)").value(ROUNDED[1])
    tab.uncheck("#digits")
    assert table(tab)[3][2] == short


@pytest.mark.parametrize("question", [LECTURE, COSINE, ROUNDED])
def test_a_phone_never_scrolls_sideways(show, question):
    tab = show(question, width=360)
    for mode in "rf":
        press(tab, mode)
        for key in ("Home", "ArrowRight", "End"):
            press(tab, key)
            assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    for button in ("to-reverse", "to-forward", "back", "play", "forth"):
        box = tab.locator(f"#{button}").bounding_box()
        assert min(box["width"], box["height"]) >= 36
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    tab.click("#back")
    assert tab.is_enabled("#forth")


def test_light_and_dark(show):
    colours = {}
    for scheme in ("light", "dark"):
        tab = show(LECTURE, scheme=scheme)
        colours[scheme] = tab.evaluate(
            "['backgroundColor', 'color'].map((name) => getComputedStyle(document.body)[name])"
        )
        node = tab.evaluate("getComputedStyle(document.querySelector('#graph .box')).fill")
        colours[scheme].append(node)
    assert all(light != dark for light, dark in zip(colours["light"], colours["dark"], strict=True))


def test_paper_gets_the_end_of_both_modes_and_no_controls(show):
    tab = show(LECTURE, scheme="dark")
    press(tab, "ArrowRight", 2)
    tab.emulate_media(media="print")
    expect(tab.locator("#reverse tr >> nth=1")).to_contain_text("0.5×1.0 + 1.0×0.75 = 1.25")
    assert table(tab, "forward")[-1][-1] == "0.5×1.0 + 1.0×0.75 = 1.25"
    for hidden in (".controls", "#now", ".keys"):
        assert tab.is_hidden(hidden)
    for shown in ("#reverse", "#forward", "#forward details pre", "#graph svg"):
        assert tab.is_visible(shown)
    assert tab.locator(".lit").count() == 0
    assert tab.evaluate("getComputedStyle(document.querySelector('#graph .name')).fill") == "rgb(0, 0, 0)"
    tab.emulate_media(media="screen")
    expect(tab.locator("#count")).to_have_text("2 / 7")
    assert tab.is_hidden("#forward")


def test_without_a_script_the_finished_tables_are_there(show):
    tab = show(LECTURE, script=False)
    assert tab.is_visible("#reverse")
    assert tab.is_visible("#forward")
    assert tab.is_hidden(".controls")
    assert "Without JavaScript" in tab.inner_text("footer")


HOSTILE = [
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<!--<script>",
    "</style><b>",
    "\"'&amp;",
]


def test_no_name_becomes_markup(show):
    def elements(names):
        tab = show((" + ".join(f"`{name}`^2" for name in names), dict.fromkeys(names, 0.5)))
        for mode in "rf":
            press(tab, mode)
            press(tab, "ArrowRight", 20)
        tags = tab.evaluate("[...document.querySelectorAll('*')].map((part) => part.tagName).sort()")
        return tab, tags

    tab, tags = elements(HOSTILE)
    assert tags == elements(["one name", "two names", "three names", "four names", "five names"])[1]
    assert tab.evaluate("window.hit") is None
    assert set(HOSTILE) < {row[0] for row in table(tab)}
    assert all(name in tab.inner_text("#source") for name in HOSTILE)


def test_a_part_of_the_work_still_ends_with_its_adjoints(show):
    tab = show(LECTURE, only=["b"])
    press(tab, "End")
    whole = {row[0]: row[3].rpartition(" ")[2] for row in table(show(LECTURE, script=False))}
    assert {row[0]: row[3].rpartition(" ")[2] for row in table(tab)} == {name: whole[name] for name in ("x", "b", "f")}
    assert table(tab)[0][3] == "1.0×0.75 + … = 1.25"


def test_a_thousand_nodes(show):
    steps = "; ".join(["a = x"] + ["a = sin(a) + y"] * 340)
    tab = show((f"{steps}; a", {"x": 0.3, "y": 2}), detail="all")
    assert tab.locator("#graph svg").count() == 0
    assert "would show nothing" in tab.inner_text("#graph")
    last = int(tab.get_attribute("#slider", "max"))
    assert last > 1300
    for position in (1, 700, 1500, last):
        tab.locator("#slider").fill(str(position))
        assert tab.evaluate(
            "(() => { const row = document.querySelector('#reverse .nodes tr.lit').getBoundingClientRect();"
            " const frame = document.querySelector('#reverse .window').getBoundingClientRect();"
            " return row.top >= frame.top && row.bottom <= frame.bottom + 1 })()"
        )
    assert len(tab.content()) < 4_000_000
    slope, value = 1.0, 0.3
    for _ in range(340):
        slope, value = slope * math.cos(value), math.sin(value) + 2
    assert math.isclose(float(table(tab)[0][3].rpartition(" ")[2]), slope, rel_tol=1e-6, abs_tol=1e-300)


def test_what_cannot_be_traced_says_so():
    with pytest.raises(AdcalcError):
        trace_page(function("log(x)"), {"x": -1})


LAYER = (
    "Y = linear(X, W, B); L = sum((Y - T)^2); L",
    {"X": [[1, 2], [3, 4], [5, 6]], "W": [[1], [2]], "B": [0.5], "T": [[1], [2], [3]]},
)


def test_arrays_are_stepped_through_too(show):
    tab = show(LAYER)
    assert [row[2:] for row in table(tab)] == [["", ""]] * 6
    assert [row[1] for row in table(tab, kind="edges")] == [""] * 5
    press(tab, "End")
    rows = {row[0]: row[2:] for row in table(tab)}
    assert rows["W"] == ["[[1]\n [2]]", "X.T @ dL/dY = [[211]\n [268]]"]
    assert rows["B"] == ["[0.5]", "sum(dL/dY, axis=0) = [57]"]
    assert rows["L"] == ["320.75", "seed 1.0"]
    assert table(tab, kind="edges") == [
        ["Y → X", "dL/dY @ W.T"],
        ["Y → W", "X.T @ dL/dY"],
        ["Y → B", "sum(dL/dY, axis=0)"],
        ["L → Y", "2*(Y - T)"],
        ["L → T", "-2*(Y - T)"],
    ]
    assert "Done: dL/dX = [[9, 18], [19, 38], [29, 58]], dL/dW = [[211], [268]]" in tab.inner_text("#story")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1200
    texts = tab.locator("#graph text.partial").all_text_contents()
    assert "X.T @ dL/dY" in texts


def test_stepping_back_through_arrays_restores_every_step(show):
    tab = show(LAYER, order="layered", checkpoints=0)

    def state():
        return tab.evaluate("document.querySelector('main').innerText")

    seen = [state()]
    while tab.is_enabled("#forth"):
        press(tab, "ArrowRight")
        seen.append(state())
    assert any("Computed again" in one and "had been let go" in one for one in seen)
    for earlier in reversed(seen[:-1]):
        press(tab, "ArrowLeft")
        assert state() == earlier


def test_forward_mode_moves_every_element_alike_where_nobody_says_how(show):
    tab = show(LAYER, mode="forward", wrt=["W"])
    press(tab, "End")
    rows = {row[0]: row[-1] for row in table(tab, "forward")}
    assert rows["W"] == "seed [[1]\n [1]]"
    assert rows["Y"] == "X @ dW = [[ 3]\n [ 7]\n [11]]"
    assert rows["L"] == "sum(2*(Y - T)*dY) = 479.0"


def test_large_arrays_have_their_norms_on_the_page(show):
    tab = show(("L = sum(exp(X)); L", {"X": [[0.0] * 60] * 20}))
    press(tab, "End")
    rows = {row[0]: row for row in table(tab)}
    assert rows["X"][2:] == ["norm 0", "exp(X) = norm 34.64102"]


@pytest.mark.parametrize("question", [LAYER, ("L = sum(exp(X)); L", {"X": [[0.5] * 9] * 4})])
def test_a_phone_never_scrolls_sideways_for_arrays(show, question):
    tab = show(question, width=360)
    for mode in "rf":
        press(tab, mode)
        for key in ("Home", "ArrowRight", "End"):
            press(tab, key)
            assert tab.evaluate("document.documentElement.scrollWidth") <= 360
