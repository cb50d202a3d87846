"""`adcalc repl`: an interactive session."""

import sys
from typing import Annotated

import typer

from adcalc.cli import options

Load = Annotated[str | None, typer.Option("--load", metavar="FILE", help="begin with a session that :save wrote")]
Json = Annotated[bool, typer.Option("--json", help="answer each line with one JSON object on one line, errors too")]
Strict = Annotated[bool, typer.Option("--strict", help="end at the first line that fails; warnings are errors")]


def repl(
    load: Load = None,
    json: Json = False,
    functions: options.Functions = None,
    strict: Strict = False,
) -> int:
    """Type, look, change one thing, look again: a desk calculator for derivatives. Bare adcalc in a terminal is it.

    An expression is evaluated; x = 2 gives a variable its value, f(u) = u^2
    defines a function. Every command works as on the command line, without
    quotes and without --at: grad f(x*y). ans is the last value, _grad the last
    gradient, _grad_x its partial by x; again repeats, undo takes the last
    binding back, :help says more.

    From a pipe it reads lines: plain answers on standard output, errors on
    standard error; the exit code is the highest of the lines'. With --json each
    line that is neither empty nor a comment is one request, and gets one line on
    standard output, an error too: what its command prints with --json, or an
    object with bound, defined, text or error.

    Example: adcalc repl

    Example: printf 'x = 2\\ngrad x^2\\n' | adcalc repl

    Example: adcalc repl --json < requests.txt

    JSON keys: those of each command; bound, defined; variables, functions, settings, text; error
    """
    from adcalc.cli.repl.session import Session

    session = Session(functions, json)
    if strict:
        session.settings["strict"] = "on"
    if load is not None:
        from adcalc.cli.repl.commands import load_file

        load_file(session, load)
        session.store.settle()
    if sys.stdin.isatty() and sys.stdout.isatty() and not json:
        from adcalc.cli.repl import prompt

        return prompt.run(session)
    from adcalc.cli.repl import pipe

    return pipe.run(session, strict)
