"""The command `adcalc`: it finds the subcommand, and turns every failure into a message and an exit code."""

import os
import re
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from adcalc.cli.options import MINUS_MARK
from adcalc.errors import AdcalcError, NumberOverflowError, UsageError, suggestion

COMMANDS = (
    *("eval", "grad", "diff", "jacobian", "hessian", "jvp", "vjp", "hvp", "taylor", "trace", "compare", "check"),
    *("propagate", "graph", "plot", "fmt", "functions", "repl"),
)
_HELP = ["--help", "-h"]
_OPTION = re.compile(r"-[awfmnh]\Z|-[awfmn]([A-Za-z_]\w*=|\d+\Z|[/.]|[a-z]+\Z)|--[a-z]")
_MARKUP = re.compile(r"\[[a-z#/@][^\[]*?\]")  # what rich would take for a tag, and not print
_PLAIN = (  # what typer says of numbers, and how a person says it
    (re.compile("not a valid int( range)?"), "not a whole number"),
    (re.compile("not a valid float( range)?"), "not a number"),
    (re.compile(r"not in the range x>=(\d+)"), r"less than \1"),
    (re.compile(r"not in the range (\d+)<=x<=(\d+)"), r"not from \1 to \2"),
)
_SHOWN_MARK = repr(MINUS_MARK)[1:-1]  # as typer writes it
_MORE = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)")
_USAGE: Any = typer.BadParameter.__mro__[2]  # what typer raises for wrong options; it has no public name


def application(first: str = "") -> typer.Typer:
    """The command line; where the first word names a command, with that command alone, so that no other is loaded.

    >>> [command.callback.__name__ for command in application("grad").registered_commands]
    ['grad']
    """
    app = typer.Typer(
        name="adcalc",
        help="Exact derivatives of what you type. `adcalc COMMAND --help` shows each command with examples.\n\n"
        'Example: adcalc grad "cos(x*y)+y" --at x=0,y=1',
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": _HELP},
    )
    app.callback()(_root)
    for name in (first,) if first in COMMANDS else COMMANDS:
        app.command(cls=_Command)(getattr(import_module(f"adcalc.cli.commands.{name}"), name))
    return app


class _Command(typer.core.TyperCommand):
    """A command whose help shows an option's argument as N alone, and not as N [x>=1]."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from typer import rich_utils

        rich_utils.RANGE_STRING = ""
        super().format_help(ctx, formatter)


def _version(asked: bool) -> None:
    if asked:
        from adcalc import __version__

        sys.stdout.write(f"adcalc {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="print the version and exit", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Exact derivatives of what you type."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    if not arguments and sys.stdin.isatty() and sys.stdout.isatty():
        arguments = ["repl"]
    code = run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _closed_pipe()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command; its output goes to standard output, its errors to standard error.

    >>> run(["eval", "1/4"])
    1/4 = 0.25
    0
    """
    as_json = "--json" in arguments
    try:
        result = invoke(arguments)
    except AdcalcError as error:
        return _failed(error, as_json)
    except typer.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _closed_pipe()
    except OSError as error:  # a full disk: files that cannot be read are told where they are read
        from adcalc.errors import FileError

        return _failed(FileError(f"the answer cannot be written: {(error.strerror or str(error)).lower()}"), as_json)
    except MemoryError:
        from adcalc.errors import LimitError

        return _failed(LimitError("the memory of this machine is not enough for it"), as_json)
    except Exception as mistake:  # nobody who types is shown a traceback
        return _failed(_mistake(mistake), as_json)
    return result if isinstance(result, int) else 0


def invoke(arguments: Sequence[str]) -> Any:
    """What one command returns: its result, or its exit code.

    Raises AdcalcError, and UsageError for wrong options.

    >>> invoke(["eval", "1/4"]).value
    1/4 = 0.25
    0.25
    """
    try:
        commands = group(arguments[0] if arguments else "")
        return commands.main(args=_guarded(arguments, commands), prog_name="adcalc", standalone_mode=False)
    except _USAGE as error:
        raise refused(error) from None
    except NumberOverflowError as error:
        asked = commands.commands[arguments[0]]
        raise hinted(error, () if "--digits" in arguments else [one.name for one in asked.params]) from None


def hinted(error: NumberOverflowError, options: Collection[str], way: str = "--digits 17") -> NumberOverflowError:
    """The error of a number beyond floats, with the way to have it, where the command has options for proved numbers.

    >>> hinted(NumberOverflowError("too large"), ["digits", "enclosure"]).hint
    '--digits 17 has every digit'
    """
    if error.hint is None and "enclosure" in options:
        error.hint = f"{way} has every digit"
    return error


def group(first: str) -> Any:
    """What typer makes of the application; its help says what is written, and fills its lines at every width.

    >>> sorted(group("grad").commands)
    ['grad']
    """
    made: Any = typer.main.get_command(application(first))
    for command in made.commands.values():
        paragraphs = command.help.split("\n\n")
        command.help = _MARKUP.sub(r"\\\g<0>", "\n\n".join(" ".join(one.split()) for one in paragraphs))
        for parameter in command.params:
            parameter.help = _MARKUP.sub(r"\\\g<0>", parameter.help or "")
    return made


def parsed(command: Any, arguments: Sequence[str]) -> dict[str, Any]:
    """The parameters that a command of the application makes of its options.

    Raises UsageError for wrong options; typer.Exit where an option, such as --help, is the whole request.

    >>> parsed(group("grad").commands["grad"], ["--mode", "forward"])["mode"]
    'forward'
    """
    try:
        found: dict[str, Any] = command.make_context(command.name, list(arguments)).params
    except _USAGE as error:
        raise refused(error) from None
    return found


def refused(error: Any) -> UsageError:
    """The error that a user reads, for options that typer refuses.

    >>> refused(typer.BadParameter("'2.5' is not a valid int range.")).message
    "invalid value: '2.5' is not a whole number"
    """
    message, _, near = error.format_message().replace(_SHOWN_MARK, "").partition(" Did you mean ")
    hint = (
        f"did you mean {near}" if near else "adcalc --help lists the commands" if "command" in message.lower() else None
    )
    if hasattr(error, "option_name") and hasattr(error, "possibilities"):  # an option that there is not
        message, context = error.message, error.ctx
        known = [name for one in context.command.get_params(context) for name in one.opts if name.startswith("--")]
        hint = suggestion(error.option_name, known) or f"{context.command_path} --help lists its options"
    if (more := _MORE.match(message)) is not None:
        parameters = {one.name for one in error.ctx.command.params}
        if "expression" in parameters:
            message = f"there is more after the expression: {more[1]}"
            of, is_claim, _ = more[1].partition(":")
            if is_claim and "claim" in parameters:
                hint = f'a claim stands behind --claim: --claim "{of}: …"'
            else:
                hint = "an expression with blanks stands in quotes"
        else:
            message = f"{error.ctx.command_path} takes no {more[1]}"
    return UsageError(_sentence(message), hint=hint)


def _mistake(mistake: Exception) -> AdcalcError:
    """The error for what should never happen: where in adcalc it did, so that it can be reported."""
    from traceback import extract_tb

    from adcalc.errors import InternalError

    frame = extract_tb(mistake.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}, line {frame.lineno}"
    return InternalError(
        f"adcalc has made a mistake: {type(mistake).__name__} in {where}", None, "please report it, with the command"
    )


def _failed(error: AdcalcError, as_json: bool) -> int:
    from adcalc.cli.output import problem

    try:
        problem(error, as_json)
    except BrokenPipeError:
        return _closed_pipe()
    return error.exit_code


def _closed_pipe() -> int:
    """Whoever read the output has gone: leave quietly, and let Python's own last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _guarded(arguments: Sequence[str], commands: Any) -> list[str]:
    """The arguments with a mark before each expression that begins with a minus sign, so that it is no option."""
    guarded: list[str] = []
    asked = commands.commands.get(arguments[0]) if arguments else None
    own = asked.params if asked else ()
    flags = {*_HELP, *(name for one in own if getattr(one, "is_flag", False) for name in one.opts)}
    options = arguments.index("--") if "--" in arguments else len(arguments)  # behind it there are none
    for before, argument in zip(["", *arguments], arguments[:options], strict=False):
        is_value = before.startswith("-") and before not in flags and bool(_OPTION.match(before))
        is_expression = argument.startswith("-") and len(argument) > 1 and not _OPTION.match(argument) and not is_value
        guarded.append(f"{MINUS_MARK}{argument}" if is_expression else argument)
    return [*guarded, *arguments[options:]]


def _sentence(message: str) -> str:
    message = message.strip().rstrip(".")
    for pattern, words in _PLAIN:
        message = pattern.sub(words, message)
    return message[:1].lower() + message[1:]
