"""A desk calculator for derivatives, without a terminal: an entry goes in, its answer is printed, or it raises.

A session is a program that grows. Values are those of variables, as after --at, so that `grad f(x*y)` is by x and y;
functions stand before the text that calls them. Every command is the command line's own function, with its options
read by the same typer; the session adds what it knows: the function, the values, the settings.
"""

import re
from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import typer

from adcalc.api import Function as Asked
from adcalc.cli import options
from adcalc.cli.app import COMMANDS, invoke
from adcalc.cli.point import bindings
from adcalc.cli.repl.command import Command, command
from adcalc.cli.repl.exactly import is_short
from adcalc.cli.repl.reader import Reader
from adcalc.cli.repl.request import Option, Part, split
from adcalc.cli.repl.statements import run_statements
from adcalc.cli.repl.store import Store
from adcalc.errors import (
    AdcalcError,
    AdcalcSyntaxError,
    LimitError,
    Place,
    Source,
    UnboundVariableError,
    UsageError,
    suggestion,
)
from adcalc.syntax.array_calls import function_names
from adcalc.syntax.code import RESERVED
from adcalc.syntax.point import Binding
from adcalc.syntax.unparse import quoted

_FIRST: Final = re.compile(r"\s*(?:\$\s+)?(?:adcalc\s+)?([a-z]+)(?=\s|\Z)")
_OPERATOR: Final = re.compile(r"\s*(?:=(?!=)|[-+*/%^@<>=!](?=\s)|\Z)")
_BOUND: Final = re.compile(r"(?:\A|,)\s*(`[^`]+`|[^\W\d]\w*)\s*=(?!=)")
_POINT_IS_OPTIONAL: Final = frozenset({"diff", "graph", "check", "emit"})
_WITHOUT_COLON: Final = frozenset({"again", "undo", "help", "quit", "exit"})


class Session:
    """What one person or program has typed so far, and what it means for the next entry.

    `echo` says whether a value that was bound is shown; `settings` are options for every command that has them.

    >>> session = Session()
    >>> session.answer("x = 3")
    >>> session.answer("diff x^2 --format latex")
    2 x
    """

    def __init__(self, functions: str | None = None, json: bool = False, echo: bool = False) -> None:
        self.store = Store()
        self.reader = Reader(self.store)
        self.settings: dict[str, str] = {}
        self.json = json
        self.echo = echo
        self.keys = "emacs"
        self.history: list[str] = []
        self.is_over = False
        self.functions = functions
        self.last = ""  # the last entry that asked something
        self.table = options.table(functions)
        self.names = frozenset(function_names(self.table.names()))  # of functions

    def answer(self, entry: str) -> None:
        """Print what an entry asks for. Raises AdcalcError with the place in the entry; then nothing has changed."""
        self.reader.begin()
        try:
            self._dispatch(entry)
        except AdcalcError as error:
            self.store.roll_back()
            raise self._explained(self.reader.located(error, entry)) from None
        except BaseException as failure:
            self.store.roll_back()
            self.reader.forget()
            if isinstance(failure, MemoryError):
                raise LimitError("the memory of this machine is not enough for it") from None
            raise
        self.store.settle()

    def repeat(self, entry: str) -> None:
        """Carry out an entry as a part of another one.

        >>> Session().repeat("1 + 1")
        1 + 1 = 2
        """
        self._dispatch(entry)

    def _dispatch(self, entry: str) -> None:
        bare = entry.strip()
        if bare.startswith(":") or (bare in _WITHOUT_COLON and bare not in self.store.values):
            from adcalc.cli.repl.commands import run

            run(self, entry)
            return
        name, begin = self.command_of(entry)
        if name == "repl":
            raise UsageError("this is a session already", hint=":help says what it can do")
        if not name:
            try:
                run_statements(self, entry)
            except (AdcalcSyntaxError, UnboundVariableError) as error:
                raise self._misspelt(entry) or error from None
            return
        self.last = entry
        asked = command(name)
        with suppress(typer.Exit):  # --help has said all
            if asked.has("expression"):
                self.ask(asked, entry, begin)
            else:
                self._pass_on(asked, entry, begin)

    def command_of(self, entry: str) -> tuple[str, int]:
        """The command that an entry begins with, and where its name ends; "" where it is mathematics.

        >>> Session().command_of("grad x^2"), Session().command_of("grad = 2")
        (('grad', 4), ('', 0))
        """
        found = _FIRST.match(entry)
        if found is None or found[1] not in COMMANDS:
            return "", 0
        behind = _OPERATOR.match(entry, found.end())
        if behind and (found[1] in self.store.values or behind[0].strip() == "="):
            return "", 0
        return found[1], found.end()

    def _misspelt(self, entry: str) -> AdcalcError | None:
        """The error for an entry that is no mathematics, and begins with nearly the name of a command."""
        found = _FIRST.match(entry)
        if found is None or not entry[found.end() :].strip() or _OPERATOR.match(entry, found.end()):
            return None
        name, known = found[1], self.names | set(self.store.functions) | set(self.store.values)
        hint = None if name in known | RESERVED else suggestion(name, COMMANDS)
        return UsageError(f"there is no command '{name}'", Place(Source(entry), *found.span(1)), hint) if hint else None

    def ask(self, asked: Command, entry: str, begin: int) -> None:
        """Run a command that is about an expression, with the function and the values that the session has."""
        request = split(entry, begin, asked.takes_value)
        arguments: list[str] = []
        points: list[Part] = []
        given: set[str] = set()
        for option in request.options:
            name = asked.option.get(option.name.text, option.name.text)
            given.add(name)
            if option.value is None:
                arguments.append(option.name.text)
            elif name == "at":
                points.append(option.value)
            else:
                arguments += [option.name.text, option.value.text]
            if option.value is not None:
                self.reader.typed(*option.value)
        parameters = self.parameters(asked, arguments, given, entry, request.options)
        self.call(asked, parameters, request.expression, points, len(entry))

    def call(
        self,
        asked: Command,
        parameters: dict[str, Any],
        expression: Part,
        points: list[Part],
        end: int = 0,
        text: str | None = None,
    ) -> None:
        """Call a command's function on an expression, at the session's values and those of --at; keep its answer.

        `text` is the expression as a constant one, where it is: what is kept in the place of proved digits.
        """
        if parameters.get("json") is False:
            parameters["json"] = self.json
        table = self.table if parameters.get("functions") is None else options.table(parameters["functions"])
        maximum = parameters.get("max_operations", options.MAXIMUM)
        function: Asked
        if parameters.get("implicit") is not None:
            from adcalc.api.formulas.implicit import Equation

            self.reader.typed(*expression)
            function = Equation(options.source(expression.text, parameters["file"]), table, maximum)
            parameters["expression"] = expression.text if parameters["file"] is None else None
        elif parameters.get("file") is not None:
            if expression.text:
                raise UsageError("an expression and --file cannot both be given", hint="leave one of them out")
            function = parameters["expression"] = options.function(None, parameters["file"], table, maximum)
        elif expression.text in ("", "-"):
            raise UsageError("there is no expression", Place(Source(" " * end), end, end), f"{asked.name} x^2")
        else:
            function = self.reader.function(*expression, table, maximum)
            parameters["expression"] = function
        optional = asked.name in _POINT_IS_OPTIONAL or parameters.get("as_") is not None
        is_curve = parameters.get("implicit") is not None  # which need not go through the session's point
        parameters["at"] = [part.text for part in points] if is_curve else self._point(function, points, optional)
        self.store.note(asked.call(parameters), text)

    def parameters(
        self,
        asked: Command,
        typed: Sequence[str] = (),
        given: Container[str] = (),
        entry: str = "",
        parts: Sequence[Option] = (),
    ) -> dict[str, Any]:
        """The parameters of a command: the options as typed, and the settings for those that were not given.

        >>> session = Session()
        >>> session.settings["mode"] = "forward"
        >>> session.parameters(command("grad"))["mode"]
        'forward'
        """
        arguments = list(typed)
        for name, value in self.settings.items():
            is_other = asked.name == "trace" and name == "mode" and value not in ("forward", "reverse")
            of_floats = "trace" in given or "implicit" in given
            is_other = is_other or (name in ("digits", "enclosure") and of_floats)
            if asked.has(name) and name not in given and not is_other:
                option = f"--{name.replace('_', '-')}"
                arguments += [option, value] if asked.takes_value[option] else [option]
        if self.functions is not None and "functions" not in given and asked.has("functions"):
            arguments += ["--functions", self.functions]
        try:
            return asked.parameters(arguments)
        except UsageError as error:
            wrong = [option.name for option in parts if option.name.text not in asked.takes_value]
            if wrong:
                error.place = Place(Source(entry), wrong[0].start, wrong[0].start + len(wrong[0].text))
            raise

    def _point(self, function: Asked, points: list[Part], is_optional: bool) -> list[Any] | None:
        """What --at is: the session's values for the function's variables, then the texts that were typed."""
        texts: list[Any] = [part.text for part in points]
        values = self.store.values
        if not values:
            return texts or None
        known = function.inputs(values)
        if points:
            given = {name for text in texts for name in self._names_of(text)}
            known = tuple(name for name in known if name not in given)
        elif is_optional and not all(name in values for name in known):
            return None
        known = tuple(name for name in known if name in values)
        written = [name for name in known if isinstance(values[name].number, float) or is_short(values[name].text)]
        held = [f"{quoted(name)}={values[name].text}" for name in written]
        arrays = {name: values[name].number for name in known if name not in written}
        if held:
            texts.insert(0, ", ".join(held))
        if arrays:
            texts.insert(0, {name: Binding(one, Place(Source(name), 0, len(name))) for name, one in arrays.items()})
        return texts or None

    def _names_of(self, text: str) -> Iterable[str]:
        """The variables that a text of --at gives a value, whatever form that has; those of a file are looked up."""
        if "@" in text:
            return list(bindings([text], self.table))
        return [name.strip("`") for name in _BOUND.findall(text)]

    def _pass_on(self, asked: Command, entry: str, begin: int) -> None:
        """Run a command that is about something else than an expression: its words are the shell's."""
        import shlex

        try:
            words = shlex.split(entry[begin:])
        except ValueError:
            raise UsageError("a quotation mark is not closed", hint="close it, or leave it out") from None
        if "-" in words:
            raise UsageError("standard input is the session's own", hint="name a file")
        if self.json and asked.has("json"):
            words.append("--json")
        if self.functions is not None and asked.has("functions") and "--functions" not in words:
            words += ["--functions", self.functions]
        code = invoke([asked.name, *words])
        if isinstance(code, int) and code:
            raise UsageError(f"{asked.name} found something wrong")

    def _explained(self, error: AdcalcError) -> AdcalcError:
        """The error in the words of a session, where --at is not the way to give a value."""
        if isinstance(error, UnboundVariableError) and error.hint and error.hint.startswith("add it to --at"):
            name = error.hint.rpartition(": ")[2].partition("=")[0]
            ans = name in ("ans", "_grad") or name.startswith("_grad_")
            error.hint = "there is no answer yet" if ans else f"give it one: {name} = 1"
        return error
