"""What `:help` says: a page about the session, the help of a command, or a function in full."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from adcalc.cli import output
from adcalc.cli.app import COMMANDS
from adcalc.errors import UsageError, suggestion

if TYPE_CHECKING:
    from adcalc.cli.repl.session import Session
    from adcalc.render.layout import Words

_PAGE: Final = (
    ("cos(pi/3) + 1", "an expression is evaluated"),
    ("x = 2; y = 1/3", "a variable gets a value: that of the expression now"),
    ("f(u) = u^2", "a function is defined"),
    ("grad f(x*y)", "every command works without quotes and without --at"),
    ("grad f(x*y) --wrt x --at y=5", "its options stand behind the expression"),
    ("plot f(x) --at x=-5..5", "the curve of value and derivative over a range"),
    ("propagate f(x)*y --at x=2±0.1", "error bars; --at x=[1 .. 2] is an interval for eval and grad"),
    ("ans, _grad, _grad_x", "the last value, the last gradient, its partial by x"),
    ("again", "repeats the last question; undo takes the last binding back"),
    (":set mode forward", "an option for every command; :set alone shows them"),
    (":vars, :functions, :forget x", "what the session knows"),
    (":save my.adc, :load my.adc", "the session as a program"),
    (":history, :help TOPIC, :quit", "TOPIC is a command or a function"),
)
_TOPICS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "set": (
        (":set", "all settings"),
        (":set mode forward", "reverse, forward, symbolic or finite, where a command does not say --mode"),
        (":set at-kink right", "right, left, zero or mean, instead of an error at a kink; off"),
        (":set digits 30", "answers in 30 proved digits at exact values; off"),
        (":set enclosure on", "answers as the decimals between which they lie"),
        (":set json on", "answers as JSON"),
        (":set strict on", "warnings are errors"),
        (":set keys vi", "vi or emacs keys in the line editor"),
    ),
    "vars": ((":vars", "the variables that have a value, as given and as a number"),),
    "functions": ((":functions", "the functions of this session; functions without a colon is the whole table"),),
    "forget": ((":forget x", "x has no value and is no function any more"), (":forget all", "forget everything")),
    "save": ((":save my.adc", "write values and functions as a program"),),
    "load": ((":load my.adc", "carry out the statements of a program"),),
    "history": ((":history", "the last 20 entries"), (":history 100", "as many"), (":history sin", "those with sin")),
    "again": (("again", "repeats the last question, with the values as they are now"),),
    "undo": (("undo", "takes back the last entry that bound, defined or forgot something"),),
    "ans": (("ans", "the last value: 2*ans"),),
    "_grad": (("_grad", "the last gradient, as a list"), ("_grad_x", "its partial by x: x - 0.1*_grad_x")),
    "quit": ((":quit", "leave; so do quit, exit and Ctrl-D"),),
    "exit": ((":exit", "leave; so do quit, exit and Ctrl-D"),),
    "help": ((":help", "the session in short"), (":help grad", "a command"), (":help tanh", "a function")),
    "keys": (
        ("Tab", "completes; again, walks through the menu"),
        ("Ctrl-R", "searches the history"),
        ("Alt-Enter", "begins another line of the same entry; so does Enter while a bracket is open"),
        ("Ctrl-C", "leaves the line, or stops the running work"),
        ("Ctrl-D", "leaves the session"),
    ),
}


def show_help(session: "Session", topic: str) -> None:
    """Print the page about a topic, or about the session. Raises UsageError for a topic that there is not.

    >>> from adcalc.cli.repl.session import Session
    >>> show_help(Session(), "again")
    again  repeats the last question, with the values as they are now
    """
    topic = topic.removeprefix(":") if topic.removeprefix(":") in _TOPICS else topic
    if topic in ("", "repl"):
        _page(_PAGE)
    elif topic in COMMANDS and topic != "functions":
        _command(topic)
    elif topic in _TOPICS:
        _page(_TOPICS[topic])
    elif topic in session.store.functions:
        output.show([[(session.store.functions[topic].text, "expression")]])
    elif topic in session.names:
        session.repeat(f"functions {topic}")
    else:
        known = [*COMMANDS, *_TOPICS, *session.store.functions, *sorted(session.names)]
        raise UsageError(f"there is no help on '{topic}'", hint=suggestion(topic, known) or ":help lists the topics")


def _page(rows: tuple[tuple[str, str], ...]) -> None:
    width = max(len(example) for example, _ in rows)
    lines: list[Words] = [[(example.ljust(width), "name"), (f"  {words}", "")] for example, words in rows]
    output.show(lines)


def _command(name: str) -> None:
    """A command's own help, without the options that a session answers itself."""
    from contextlib import suppress

    import typer

    from adcalc.cli.app import invoke

    with suppress(typer.Exit):
        invoke([name, "--help"])
