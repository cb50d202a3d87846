"""The session on a real pseudo-terminal: what is typed goes in as keys, what a person sees comes out."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

PATIENCE = 20  # seconds until a terminal that says nothing is given up
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[=>()][0-9A-Z]?|\r")


class Terminal:
    """A process on a pseudo-terminal: keys, and what they bring."""

    def __init__(self, state, arguments=(), rows=40, columns=100, **environment):
        self.file, child = pty.openpty()
        self.resize(rows, columns)
        kept = {
            name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "PAGER", "LINES")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "adcalc", *arguments],
            stdin=child,
            stdout=child,
            stderr=child,
            env={**kept, "TERM": "xterm", "XDG_STATE_HOME": str(state), "PYTHONIOENCODING": "utf-8", **environment},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(child)
        self.raw = ""
        self.seen = 0  # of the text, how much has been waited for

    def resize(self, rows, columns):
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.file, keys.encode())

    def read(self, seconds):
        """Read what is there within a time; answers the question where the cursor is."""
        ready, _, _ = select.select([self.file], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.file, 65536).decode("utf-8", "replace")
        except OSError:  # the other side has gone
            return False
        for _ in range(data.count("\x1b[6n")):
            self.type("\x1b[1;1R")
        self.raw += data
        return bool(data)

    @property
    def text(self):
        return ESCAPE.sub("", self.raw)

    def wait_for(self, words):
        """Wait until words are shown, after those that were waited for before."""
        limit = time.monotonic() + PATIENCE
        while words not in self.text[self.seen :]:
            if not self.read(max(0, limit - time.monotonic())):
                pytest.fail(f"{words!r} was not shown, but\n{self.text[self.seen :]}")
        self.seen = self.text.index(words, self.seen) + len(words)

    def wait_raw(self, code):
        """Wait until a control sequence is sent."""
        limit = time.monotonic() + PATIENCE
        while code not in self.raw:
            if not self.read(max(0, limit - time.monotonic())):
                pytest.fail(f"{code!r} was not sent")

    def begin(self):
        self.wait_for("no values yet")
        return self

    def ask(self, line, answer):
        self.type(f"{line}\r")
        self.wait_for(answer)

    def end(self):
        """Leave with Ctrl-D; gives the exit code."""
        limit = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < limit:
            self.type("\x04")  # again, where the first came before the prompt
            self.pause(0.2)
        return self.process.returncode

    def pause(self, seconds):
        """Let time pass, and go on being a terminal."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self.read(max(0, min(0.05, limit - time.monotonic())))

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.file)


@pytest.fixture
def terminal(tmp_path):
    """Start sessions; they are ended with the test."""
    started = []

    def start(*arguments, state=tmp_path, **options):
        started.append(Terminal(state, arguments, **options))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_bare_adcalc_is_a_session(terminal):
    session = terminal().begin()
    session.ask("x = 2", "x = 2")
    session.ask("f(u) = u^2", "x = 2  |  mode reverse")
    session.ask("grad f(3x)", "f(3*x) = 36")
    session.wait_for("∂/∂x = 36")
    session.ask("grad y", "'y' has no value")
    session.ask("ans/2", "ans/2 = 18")
    assert session.end() == 0
    assert "Traceback" not in session.text


def test_a_mistake_is_underlined_beneath_the_line(terminal):
    session = terminal("repl").begin()
    session.type("grad sin(x) + cso(y)\r")
    session.wait_for("did you mean 'cos'?")
    lines = session.text.replace("\n\n", "\n").splitlines()
    place = next(number for number, line in enumerate(lines) if line.strip() == "^^^")
    assert lines[place].index("^^^") == len("> grad sin(x) + ")
    assert lines[place + 1] == "error: unknown function 'cso'"
    assert lines[place + 2] == "hint: did you mean 'cos'?"


def test_keys_edit_the_line(terminal):
    session = terminal("repl").begin()
    session.type("sin(0) + 7\x01\x0b")  # to its beginning, and cut
    session.ask("2 + 3\x1b[D\x1b[D\x7f*", "2*3 = 6")
    session.ask("\x19", "sin(0) + 7 = 7")  # what was cut
    session.ask("\x1b[A\x1b[A", "2*3 = 6")  # two entries back


def test_an_open_bracket_goes_on_in_the_next_line(terminal):
    session = terminal("repl").begin()
    session.type("f(u) = {\rv = u^2\rv + 1\r}\r")
    session.ask("f(2)", "f(2) = 5")
    session.type("1 +\r4\r")
    session.wait_for("1 + 4 = 5")


def test_a_pasted_program_is_one_entry(terminal):
    session = terminal("repl").begin()
    session.wait_raw("\x1b[?2004h")
    session.type("\x1b[200~a = 3\nif a > 1 {\n  b = a^2\n}\nelse {\n  b = 0\n}\na + b\x1b[201~\r")
    session.wait_for("a + b = 12")
    session.type("\x1b[200~x = 4\ngrad x^2\n:vars\x1b[201~\r")
    session.wait_for("∂/∂x = 8")
    session.wait_for("b = 9")


def test_tab_completes(terminal):
    session = terminal("repl").begin()
    session.ask("theta = 3", "theta = 3")
    session.wait_for("mode reverse")  # the next prompt: keys that come before it are the terminal's
    session.type("arcsin\t")
    session.wait_for("arcsin(u) = asin(u)")
    session.type("\x03")
    session.wait_for("mode reverse")
    session.type("2*the\t")
    session.wait_for("2*theta")
    session.ask("", "2*theta = 6")
    session.wait_for("mode reverse")
    session.type("grad theta^2 --mo\t")
    session.wait_for("--mode")
    session.ask(" forward --json", '"mode": "forward"')


def test_history_is_kept_between_sessions(terminal):
    first = terminal("repl").begin()
    first.ask("1 + 2", "1 + 2 = 3")
    first.ask("f(u) = {\ru\r}", "no values yet")
    first.ask("f(5)", "f(5) = 5")
    assert first.end() == 0
    second = terminal("repl").begin()
    second.type("\x12" + "1 +")
    second.wait_for("1 + 2")
    second.type("\r\r")
    second.wait_for("1 + 2 = 3")
    second.ask(":history", "1 + 2")


def test_a_killed_session_leaves_its_history_and_two_do_not_mix(terminal):
    one, other = terminal("repl").begin(), terminal("repl").begin()
    one.ask("10 + 1", "= 11")
    other.ask("20 + 1", "= 21")
    one.ask("10 + 2", "= 12")
    os.killpg(one.process.pid, signal.SIGKILL)
    other.ask("20 + 2", "= 22")
    os.killpg(other.process.pid, signal.SIGKILL)
    third = terminal("repl").begin()
    third.type(":history\r")
    for entry in ("10 + 1", "20 + 1", "10 + 2", "20 + 2"):
        third.wait_for(entry)


def test_ctrl_c_leaves_the_line_and_stops_the_work(terminal):
    session = terminal("repl").begin()
    session.ask("x = 2", "x = 2")
    session.type("sin(\x03")
    session.ask("3*x", "3*x = 6")
    session.type("n = 0; while n < 10^7 { n = n + 1 } n\r")
    limit = time.monotonic() + PATIENCE
    while "interrupted" not in session.text and time.monotonic() < limit:
        session.pause(0.5)
        session.type("\x03")  # again, where the first came before the work
    session.wait_for("interrupted")
    session.ask("ans + x", "ans + x = 8")
    assert session.end() == 0


def test_the_window_may_change_its_size(terminal):
    session = terminal("repl").begin()
    session.ask("x = 2", "mode reverse")
    session.resize(10, 30)
    os.killpg(session.process.pid, signal.SIGWINCH)
    session.ask("x + 123456 + 234567 + 345678 + 456789", "x + 123456")
    session.ask("x + 1", "x + 1 = 3")
    assert session.end() == 0


def test_vi_keys(terminal):
    session = terminal("repl").begin()
    session.ask(":set keys vi", "vi")
    session.type("2 + 3\x1b")
    session.pause(0.7)  # an escape that nothing follows
    session.type("0rx")
    session.wait_for("x")
    session.type("r4\r")
    session.wait_for("4 + 3 = 7")


def test_long_answers_are_paged(terminal, tmp_path):
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho paged\nwc -l\n")
    pager.chmod(0o755)
    session = terminal("repl", rows=20, PAGER=str(pager)).begin()
    session.type("functions\r")
    session.wait_for("paged")
    session.ask("functions sin", "dual number")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colours(terminal, environment):
    session = terminal("repl", **environment)
    session.wait_for("Ctrl-D leaves")
    session.ask("x = 2", "x = 2")
    session.ask("grad x^2", "∂/∂x = 4")
    session.ask("cso(x)", "did you mean")
    assert session.end() == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-7][;m]", session.raw)


def test_a_terminal_without_unicode(terminal):
    session = terminal("repl", PYTHONIOENCODING="ascii").begin()
    session.ask("x = 2", "x = 2")
    session.ask("grad x^2", "d/dx = 4")
    session.type("sinh\t")
    session.wait_for("sinh(")
    session.type("x)\r")
    assert session.end() == 0
    assert session.raw.isascii()
