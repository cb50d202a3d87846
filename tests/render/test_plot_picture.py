"""Pictures of plots: real files of their formats, the same every time, of any size of numbers."""

from xml.etree import ElementTree as ET

import pytest

from adcalc.api import function
from adcalc.api.curves.plots import plot
from adcalc.render.plot_picture import picture


def made(text, low=-5, high=5, **options):
    return plot(function(text), "x", low, high, **options)


def texts(data):
    root = ET.fromstring(data)
    return ["".join(part.itertext()) for part in root.iter() if part.tag.endswith("}text")]


def test_an_svg_has_title_names_and_numbers():
    written = texts(picture("sin(x)*x", made("sin(x)*x"), "svg"))
    assert {"sin(x)*x", "value", "∂/∂x", "x", "-4", "-2", "0", "2", "4"} <= set(written)


@pytest.mark.parametrize("format", ["svg", "png", "pdf"])
def test_files_begin_as_they_should_and_are_the_same_every_time(format):
    result = made("1/x")
    data = picture("1/x", result, format)
    assert data.startswith({"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}[format])
    assert data == picture("1/x", result, format)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("x", 0, "1e-300"),
        ("x/2", -1.5e308, 1.5e308),
        ("exp(x)", -700, 700),
        ("0*x + 2", 0, 1),
        ("x", 1.0, 1.0000000000000004),
        ("floor(x)", -5, 5),
        ("tan(x)", -5, 5),
        ("sin(30*x)", -5, 5),
        ("log(x)", -1, 1),
    ],
)
def test_any_plot_makes_a_picture(text, low, high, recwarn):
    assert texts(picture(text, made(text, low, high), "svg"))
    assert not recwarn.list


def test_curves_of_another_size_stand_one_above_the_other():
    svg = picture("sin(10*x)", made("sin(10*x)"), "svg")
    assert svg.count(b'id="axes_') == 2
    assert picture("sin(x)", made("sin(x)"), "svg").count(b'id="axes_') == 1


def test_names_are_no_formulas_of_matplotlibs():
    found = plot(function("`a$b`^2*`$c`"), "a$b", 0, 1, {"$c": 2})
    assert "`a$b`^2*`$c`, $c = 2" in texts(picture("`a$b`^2*`$c`", found, "svg"))
