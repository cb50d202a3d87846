"""Asking on the command line, as its tests do: what was printed, the object of an answer, the one of an error."""

import pytest
from reading import strictly

from adcalc.cli.app import run


@pytest.fixture
def ask(capsys):
    """Run a command; gives its exit code and what it printed."""

    def asked(*arguments):
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return asked


@pytest.fixture
def answer(ask):
    """Run a command with --json that succeeds; gives the object."""

    def answered(*arguments):
        code, out, err = ask(*arguments, "--json")
        assert (code, err) == (0, "")
        assert out.endswith("\n")
        assert out.count("\n") == 1
        return strictly(out)

    return answered


@pytest.fixture
def refusal(ask):
    """Run a command with --json that fails; gives the exit code and the error object."""

    def refused(*arguments):
        code, out, err = ask(*arguments, "--json")
        assert out == ""
        assert err.count("\n") == 1
        found = strictly(err)
        assert list(found) == ["error"]
        assert {"kind", "message"} <= set(found["error"])
        return code, found["error"]

    return refused
