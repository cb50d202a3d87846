"""Pictures of step sweeps: real files of their formats, the same every time, and nothing global touched."""

import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from adcalc.api import function
from adcalc.errors import UsageError
from adcalc.render.picture import picture, suffix


@pytest.fixture(scope="module")
def sweep():
    return function("log(x)*exp(x)").compare(x=0.01, sweep=True).sweep  # with gaps


def test_an_svg_is_xml_with_the_names_in_it(sweep):
    root = ET.fromstring(picture("log(x)*exp(x)", sweep, "svg"))
    assert root.tag.endswith("svg")
    text = " ".join("".join(part.itertext()) for part in root.iter() if part.tag.endswith("text"))
    for wanted in ("log(x)*exp(x)", "forward step, order 1", "five points, order 4", "step"):
        assert wanted in text


def texts(data):
    root = ET.fromstring(data)
    return " ".join("".join(part.itertext()) for part in root.iter() if part.tag.endswith("text"))


@pytest.mark.parametrize("format", ["svg", "png"])
@pytest.mark.parametrize(
    ("text", "x"), [("x", 1.0), ("x", 1e308), ("exp(x)", 709.7), ("x^2", 1e-300), ("sin(x)", 1e300)]
)
def test_any_sweep_makes_a_picture(text, x, format):
    assert picture(text, function(text).compare(x=x, sweep=True).sweep, format)


def test_a_sweep_without_errors_says_so():
    assert "no error at any step" in texts(picture("x", function("x").compare(x=1, sweep=True).sweep, "svg"))


def test_axes_count_powers_of_ten_and_name_the_point(sweep):
    written = texts(picture("log(x)*exp(x)", sweep, "svg"))
    assert "step from x = 0.01" in written
    assert "error of the derivative by x" in written
    assert "10−8" in "".join(written.split())


def test_a_letter_that_the_font_lacks_is_no_warning(recwarn):
    made = function("数^2").compare({"数": 1}, sweep=True).sweep
    assert picture("数^2", made, "png")
    assert "数^2" in texts(picture("数^2", made, "svg"))
    assert not recwarn.list


def test_a_png_has_its_size(sweep):
    data = picture("log(x)*exp(x)", sweep, "png")
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    assert width > height > 400


@pytest.mark.parametrize("format", ["svg", "png"])
def test_the_same_sweep_gives_the_same_bytes(sweep, format):
    assert picture("x", sweep, format) == picture("x", sweep, format)


def test_a_title_is_no_formula_of_matplotlibs(sweep):
    text = "`a$b`^2 + `$c`" + "+x" * 100
    assert "a$b" in picture(text, sweep, "svg").decode()


def test_suffixes():
    assert [suffix(name) for name in ("a.svg", "b.PNG", "c.d/e.svg")] == ["svg", "png", "svg"]
    for name in ("a.pdf", "svg", "a.svg/b", "", "a."):
        with pytest.raises(UsageError):
            suffix(name)


def test_pyplot_is_not_loaded():
    program = (
        "import sys; from adcalc.api import function; from adcalc.render.picture import picture;"
        "picture('x', function('exp(x)').compare(x=0, sweep=True).sweep, 'svg');"
        "print('matplotlib.pyplot' in sys.modules, 'matplotlib.figure' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]
