"""The pictures in README, made by the program itself: python tests/pictures.py remakes them.

Each is what a terminal of 88 columns shows, as rich exports it, without the fonts that it would fetch from the network.
"""

import re
import shlex
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from adcalc.cli import output
from adcalc.cli.app import run
from adcalc.render.layout import Block
from adcalc.render.terminal import write

FOLDER = Path(__file__).parents[1] / "examples" / "pictures"
COMMANDS = {
    "trace": 'adcalc trace "f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)" --at x=0.5',
    "compare": 'adcalc compare "exp(sin(x))/x" --at x=1.5',
    "graph": 'adcalc graph "cos(x*y)+y" --at x=0,y=1',
}
_WIDTH = 88
_FONTS = re.compile(r"\s*@font-face \{\{.*?\}\}", re.DOTALL)


def picture(name: str) -> str:
    """The SVG of one command's output.

    >>> picture("trace").startswith("<svg")
    True
    """
    console = Console(
        record=True, width=_WIDTH, file=StringIO(), force_terminal=True, highlight=False, color_system="truecolor"
    )

    def show(blocks: Sequence[Block], stream: object = None) -> None:
        write(console, list(blocks))

    with patch.object(output, "show", show), patch.object(output, "width", lambda: _WIDTH):
        assert run(shlex.split(COMMANDS[name])[1:]) == 0
    return console.export_svg(title=COMMANDS[name], code_format=_FONTS.sub("", CONSOLE_SVG_FORMAT), unique_id=name)


def main() -> None:
    """Remake all of them, or those that are named."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or COMMANDS:
        (FOLDER / f"{name}.svg").write_text(picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()
