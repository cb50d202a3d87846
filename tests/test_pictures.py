"""README's pictures show what the program prints today: the text in them is compared, measured times apart."""

import re
from html import unescape
from pathlib import Path

import pytest
from pictures import COMMANDS, FOLDER, picture

TIME = re.compile(r"[\d.]+\s*(ns|µs|us|ms|s)\b")


def words(svg):
    """The texts of a picture, with measured times blotted out, and with them the width of their column."""
    texts = [unescape(text).replace("\xa0", " ") for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    return re.sub(r"[ ─\n]+", " ", TIME.sub("", "\n".join(texts)))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_picture_is_what_is_printed(name):
    assert words(picture(name)) == words((FOLDER / f"{name}.svg").read_text("utf-8"))


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_shows_the_picture_and_its_command(name):
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert f"examples/pictures/{name}.svg" in readme


@pytest.mark.parametrize("name", COMMANDS)
def test_a_picture_fetches_nothing(name):
    svg = (FOLDER / f"{name}.svg").read_text("utf-8")
    assert "url(http" not in svg
    assert "@font-face" not in svg
