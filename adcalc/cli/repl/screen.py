"""Answers on a terminal: collected, then shown at once or page by page; errors beneath the line that they are about."""

import io
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from adcalc.cli import output
from adcalc.cli.repl.pipe import answered
from adcalc.cli.repl.session import Session
from adcalc.errors import AdcalcError
from adcalc.render.text import columns, error

PROMPT: Final = "> "  # as wide as the indentation of a source line in a message, so that places stand beneath it
_SINGLE: Final = 76  # characters of a line that a message shows whole


class _Collected(io.TextIOWrapper):
    """What is printed meanwhile; for whoever prints it is the terminal."""

    def isatty(self) -> bool:
        return True


def answer(session: Session, entry: str, is_alone: bool = True) -> bool:
    """Answer an entry on the terminal; whether those that were pasted with it are still wanted.

    `is_alone` says that the line above is the entry.

    >>> answer(Session(), ":quit")
    False
    """
    session.history.append(entry)
    printed: list[bytes] = []
    try:
        with paged(printed):
            if session.json:
                output.line(answered(session, entry)[0])
            else:
                session.answer(entry)
    except AdcalcError as failure:
        problem(entry, failure, is_above=is_alone and not any(printed))
        return False
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        return False
    return not session.is_over


@contextmanager
def paged(printed: list[bytes]) -> Iterator[None]:
    """Collect what is printed, and show it: in a pager where it is longer than the screen. `printed` gets it too.

    Nothing is shown of work that is interrupted; what stands before an error is shown.
    """
    real = sys.stdout
    data = io.BytesIO()
    sys.stdout = collected = _Collected(data, encoding=real.encoding or "utf-8", errors="backslashreplace")
    try:
        yield
    except KeyboardInterrupt:
        collected.flush()
        data.seek(0)
        data.truncate()
        raise
    finally:
        sys.stdout = real
        collected.flush()
        printed.append(data.getvalue())
        show(printed[-1])


def show(printed: bytes) -> None:
    """Write to the terminal, or to the pager where there are more lines than the screen has.

    >>> show(b"")
    """
    rows = shutil.get_terminal_size((80, 24)).lines
    pager = _pager()
    if printed.count(b"\n") < rows or not pager or os.environ.get("TERM", "dumb") == "dumb":
        sys.stdout.write(printed.decode(sys.stdout.encoding or "utf-8", "backslashreplace"))
        sys.stdout.flush()
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
    try:
        subprocess.run(pager, input=printed, check=False, env={"LESS": "-FRX", **os.environ})
    except OSError:
        sys.stdout.write(printed.decode(sys.stdout.encoding or "utf-8", "backslashreplace"))
    finally:
        signal.signal(signal.SIGINT, before)


def _pager() -> list[str]:
    """The user's pager, or less; nothing where there is none."""
    chosen = os.environ.get("PAGER")
    try:
        words = shlex.split(chosen) if chosen is not None else ["less"]
    except ValueError:
        return []
    return words if words and shutil.which(words[0]) else []


def problem(entry: str, failure: AdcalcError, is_above: bool = True) -> None:
    """Show an error: the place beneath the line as it was typed, where that is the line above, then the sentence."""
    lines = error(failure)
    place = failure.place
    width = shutil.get_terminal_size((80, 24)).columns
    is_above = (
        is_above
        and place is not None
        and place.source == (entry, "")
        and "\n" not in entry
        and len(entry) <= _SINGLE
        and len(PROMPT) + columns(entry) < width
    )
    if is_above:
        lines = [lines[2], lines[0], *lines[3:]]
    sys.stdout.flush()
    output.show(lines, sys.stderr)
    sys.stderr.flush()
