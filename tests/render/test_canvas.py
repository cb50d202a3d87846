"""Canvases: every dot is in its cell."""

from itertools import pairwise

from adcalc.render.canvas import Braille, Letters, line


def words(row):
    return "".join(word for word, _ in row)


def test_a_cell_of_braille_has_eight_dots():
    for number, (row, column) in enumerate((row, column) for row in range(4) for column in range(2)):
        canvas = Braille(1, 1, "a")
        canvas.path([(row, column)], 0)
        bit = ord(words(canvas.row(0))) - 0x2800
        assert bit == (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)[number]


def test_dots_add_up_and_the_last_series_gives_the_colour():
    canvas = Braille(2, 2, "ab")
    canvas.path(line((0, 0), (7, 3)), 0)
    canvas.path([(0, 1)], 1)
    assert canvas.row(0)[0] == (chr(0x2800 + 0x01 + 0x02 + 0x20 + 0x80 + 0x08), "name")
    assert canvas.row(1)[1][1] == "value"


def test_one_dot_in_two():
    canvas = Braille(1, 4, "a")
    canvas.path(line((3, 0), (3, 7)), 0, 2)
    assert words(canvas.row(0)) == "⡀⡀⡀⡀"


def test_what_is_empty_is_as_said():
    assert words(Letters(1, 3, "a").row(0, ("-", "quiet"))) == "---"
    assert words(Braille(1, 3, "a").row(0, ("┈", "quiet"))) == "┈┈┈"


def test_a_line_goes_from_end_to_end_without_gaps():
    for end in ((0, 0), (5, 2), (2, 9), (-4, 7), (-3, -8)):
        dots = line((0, 0), end)
        assert (dots[0], dots[-1]) == ((0, 0), end)
        for one, other in pairwise(dots):
            assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 1


def test_marks_stand_over_all():
    for kind in (Letters, Braille):
        canvas = kind(1, 1, "ab")
        canvas.path([(0, 0)], 0)
        canvas.mark(0, 0, 1)
        assert canvas.row(0) == [("b", "name")]
