"""Where results go: JSON for scripts, colours for a terminal, plain text for everything else."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import IO, TextIO

from adcalc.errors import AdcalcError, FileError, PrecisionError
from adcalc.render.layout import Block, Grid, Words


def show(blocks: Sequence[Block], stream: TextIO | None = None) -> None:
    """Print lines and tables for a person: coloured where a terminal looks and NO_COLOR does not forbid it."""
    from adcalc.render.text import text

    stream = sys.stdout if stream is None else stream
    ascii_only = not _encodes(stream)
    lines: list[Words] = [block for block in blocks if not isinstance(block, Grid)]
    if _coloured(stream) or len(lines) < len(blocks):
        from adcalc.render.terminal import draw

        draw(blocks, stream, ascii_only, _coloured(stream))
    else:
        stream.write(text(lines, ascii_only) + "\n")


def line(json_text: str) -> None:
    """Print one line of JSON, or of a format that is UTF-8 whatever the terminal is."""
    try:
        sys.stdout.write(json_text + "\n")
    except UnicodeEncodeError:
        sys.stdout.flush()
        sys.stdout.buffer.write(f"{json_text}\n".encode())


def width() -> int:
    """The columns that tables may take: the terminal's, or COLUMNS, or 80."""
    from shutil import get_terminal_size

    return get_terminal_size((80, 24)).columns


def height() -> int:
    """The lines of the terminal, or LINES, or 24."""
    from shutil import get_terminal_size

    return get_terminal_size((80, 24)).lines


def has_braille() -> bool:
    """Whether standard output can show the dots that curves are drawn with."""
    try:
        "⣿".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def warn(warnings: Sequence[tuple[str, str]], strict: bool, as_json: bool) -> None:
    """Print warnings, pairs of kind and message, on standard error; the JSON of an answer has them itself.

    Raises PrecisionError where they are to be errors.
    """
    if warnings and strict:
        raise PrecisionError("; ".join(message for _, message in warnings), hint="without --strict it is a warning")
    if warnings and not as_json:
        show([[("warning: ", "error"), (message, "")] for _, message in warnings], sys.stderr)


def save(path: str, content: str | bytes | Callable[[IO[bytes]], None]) -> None:
    """Write a file whole or not at all: what stood there before is replaced only when the new content is complete.

    `content` is what stands in it, or writes it into an open file. A link goes on pointing to its file; what is not a
    file, such as /dev/stdout or a pipe, is written to.
    Raises FileError where it cannot be written.
    """
    from pathlib import Path
    from tempfile import NamedTemporaryFile

    data = content.encode("utf-8") if isinstance(content, str) else content
    fill: Callable[[IO[bytes]], object] = data if callable(data) else lambda file: file.write(data)
    try:
        target = Path(path).resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                fill(stream)
            return
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            try:
                fill(file)
                file.close()
                os.chmod(file.name, mode)
                os.replace(file.name, target)
            except BaseException:
                os.unlink(file.name)
                raise
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: links in a circle, ValueError: no such name
        reason = str(error.strerror if isinstance(error, OSError) else error)
        reason = reason[:1].lower() + reason[1:]
        raise FileError(f"{path} cannot be written: {reason}") from None


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def problem(error: AdcalcError, as_json: bool) -> None:
    """Print an error on standard error: as one JSON object, or as the sentence, the place and the hint."""
    if as_json:
        from adcalc.render import json

        sys.stderr.write(json.error(error) + "\n")
        return
    from adcalc.render.text import error as lines

    show(lines(error), sys.stderr)


def _coloured(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _encodes(stream: TextIO) -> bool:
    """Whether the stream can show mathematics beyond ASCII."""
    try:
        "∂²±⟹·ε⟨⟩│─∈█░".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
