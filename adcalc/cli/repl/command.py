"""A command of the command line at the prompt: its options, read by typer once, and its function, called often."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from adcalc.cli.app import COMMANDS, group, hinted, parsed
from adcalc.errors import NumberOverflowError

_KEPT = 512  # sets of options that are remembered


class Command:
    """One command as typer has it: the names of its options, and what they make of a request.

    >>> grad = command("grad")
    >>> grad.takes_value["--mode"], grad.takes_value["--json"], grad.has("expression")
    (True, False, True)
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._command = group(name).commands[name]
        self.takes_value: dict[str, bool] = {"--help": False, "-h": False}
        self.option: dict[str, str] = {}  # the name of the parameter that each option is
        self.help: dict[str, str] = {}
        for parameter in self._command.params:
            for spelling in parameter.opts if parameter.param_type_name == "option" else ():
                self.takes_value[spelling] = not parameter.is_flag
                self.option[spelling] = parameter.name
                self.help[spelling] = parameter.help.replace("\\[", "[")  # as rich has it escaped
        self.purpose: str = (self._command.help or "").split("\n")[0].rstrip(".")
        self._parameters = frozenset(parameter.name for parameter in self._command.params)
        self._known: dict[tuple[str, ...], Mapping[str, Any]] = {}

    def has(self, parameter: str) -> bool:
        """Whether the command has a parameter, named as in Python: `at_kink`."""
        return parameter in self._parameters

    def parameters(self, arguments: Sequence[str]) -> dict[str, Any]:
        """The parameters that options make, with those that were not given. Raises UsageError, typer.Exit."""
        key = tuple(arguments)
        found = self._known.get(key)
        if found is None:
            found = parsed(self._command, arguments)
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = found
        return dict(found)

    def call(self, parameters: Mapping[str, Any]) -> Any:
        """What the command's function returns, and prints."""
        try:
            return self._command.callback(**parameters)
        except NumberOverflowError as error:
            known = self._parameters if parameters.get("digits") is None else ()
            raise hinted(error, known, ":set digits 17") from None


@lru_cache(maxsize=len(COMMANDS))
def command(name: str) -> Command:
    """The command of a name, loaded when it is first used."""
    return Command(name)
