"""The session without a terminal: entries from standard input, plain answers out, flushed after each.

With JSON every line is a request and gets exactly one line in answer, an error too: a program on the other side writes
a line, reads a line, and never has to guess.
"""

import io
import json
import sys
from collections.abc import Iterable

from adcalc.cli import output
from adcalc.cli.repl.entries import entries
from adcalc.cli.repl.session import Session
from adcalc.errors import AdcalcError


def run(session: Session, strict: bool = False) -> int:
    """The exit code of a session on standard input: the highest of its entries', or the first with `strict`."""
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="backslashreplace")  # what is no text is a syntax error of its line
    return (_requests if session.json else _lines)(session, sys.stdin, strict)


def _lines(session: Session, lines: Iterable[str], strict: bool) -> int:
    code = 0
    for entry in entries(lines):
        session.history.append(entry)
        try:
            if session.json:  # since :set json on
                text, failed = answered(session, entry)
                output.line(text)
                code = max(code, failed)
            else:
                session.answer(entry)
        except AdcalcError as error:
            sys.stdout.flush()
            output.problem(error, False)
            sys.stderr.flush()
            code = max(code, error.exit_code)
            if strict:
                return code
        sys.stdout.flush()
        if session.is_over:
            break
    return code


def _requests(session: Session, lines: Iterable[str], strict: bool) -> int:
    code = 0
    for line in lines:
        entry = line.rstrip("\r\n")
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        session.history.append(entry)
        text, failed = answered(session, entry)
        output.line(text)
        sys.stdout.flush()
        code = max(code, failed)
        if session.is_over or (failed and strict):
            break
    return code


def answered(session: Session, entry: str) -> tuple[str, int]:
    """The one line of JSON that answers a request, and its exit code. What is not JSON is its `text`.

    >>> answered(Session(json=True), "1/4")
    ('{"expression": "1/4", "at": {}, "value": 0.25}', 0)
    >>> answered(Session(json=True), "again")
    ('{"error": {"kind": "usage", "message": "nothing has been asked yet"}}', 2)
    """
    data = io.BytesIO()
    printed = io.TextIOWrapper(data, encoding="utf-8", errors="backslashreplace", newline="\n")
    before, sys.stdout = sys.stdout, printed
    error: AdcalcError | None = None
    try:
        session.answer(entry)
    except AdcalcError as problem:
        error = problem
    finally:
        sys.stdout = before
    printed.flush()
    text = data.getvalue().decode("utf-8", "backslashreplace").strip("\n")
    if error is None and text.startswith("{") and "\n" not in text and session.json:
        return text, 0
    try:
        record = json.loads(text) if text else {}
    except ValueError:
        record = {"text": text}
    if not isinstance(record, dict):
        record = {"text": text}
    if error is not None:
        record["error"] = error.as_dict()
    return json.dumps(record, allow_nan=False), 0 if error is None else error.exit_code
