"""What `:set` sets: options for every command that has them, and what is the session's own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from adcalc.cli import output
from adcalc.cli.repl.command import command
from adcalc.errors import UsageError, suggestion

if TYPE_CHECKING:
    from adcalc.cli.repl.session import Session

_OPTIONS: Final = (
    "mode",
    "digits",
    "difference",
    "at_kink",
    "max_operations",
    "strict",
    "enclosure",
)  # of commands, for :set
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "mode": ("reverse", "forward", "symbolic", "finite"),
    "difference": ("richardson", "central", "forward", "complex"),
    "at_kink": ("right", "left", "zero", "mean"),
    "json": ("on", "off"),
    "strict": ("on", "off"),
    "enclosure": ("on", "off"),
    "keys": ("emacs", "vi"),
}


def settings(session: "Session") -> dict[str, str]:
    """The settings in force, by name as typed.

    >>> from adcalc.cli.repl.session import Session
    >>> settings(Session())
    {'mode': 'reverse', 'json': 'off', 'keys': 'emacs'}
    """
    found = {"mode": "reverse", **session.settings}
    found |= {"json": "on" if session.json else "off", "keys": session.keys}
    return {name.replace("_", "-"): value for name, value in found.items()}


def setting_names() -> list[str]:
    """The names of what can be set: options that a command has, and what is the session's own.

    >>> "mode" in setting_names(), "keys" in setting_names()
    (True, True)
    """
    taken = [name for name in _OPTIONS if command("grad").has(name) or command("eval").has(name)]
    return [name.replace("_", "-") for name in (*taken, "json", "keys")]


def choices(name: str) -> tuple[str, ...]:
    """The values that a setting may take, where they are few.

    >>> choices("keys")
    ('emacs', 'vi')
    """
    return _CHOICES.get(name.replace("-", "_"), ())


def change(session: "Session", rest: str) -> None:
    """Change a setting, or tell what is in force. Raises UsageError for what cannot be set.

    >>> from adcalc.cli.repl.session import Session
    >>> change(Session(), "keys")
    keys  emacs
    """
    if not rest:
        tell(session, "settings", settings(session))
        return
    name, _, value = rest.replace("=", " ").partition(" ")
    value = value.strip()
    known = setting_names()
    if name not in known:
        raise UsageError(f"there is no setting '{name}'", hint=suggestion(name, known) or f"one of {', '.join(known)}")
    allowed = choices(name)
    if not value:
        tell(session, "settings", {name: settings(session).get(name, "off")})
        return
    if value == "off" and name not in ("json", "keys"):
        session.settings.pop(name.replace("-", "_"), None)
    elif allowed and value not in allowed:
        raise UsageError(
            f"{name} cannot be '{value}'", hint=suggestion(value, allowed) or f"one of {', '.join(allowed)}"
        )
    elif name == "json":
        session.json = value == "on"
    elif name == "keys":
        session.keys = value
    else:
        _require_number(name, value, bool(allowed))
        session.settings[name.replace("-", "_")] = value
    if session.json:
        tell(session, "settings", {name: value})


def _require_number(name: str, value: str, has_choices: bool) -> None:
    if not has_choices and not (value.isascii() and value.isdigit() and int(value) > 0):
        raise UsageError(f"{name} is a whole number from 1 on", hint=f":set {name} 30")


def tell(session: "Session", key: str, held: Mapping[str, Any]) -> None:
    """Names and what they stand for: aligned for a person, one object for a program.

    >>> from adcalc.cli.repl.session import Session
    >>> tell(Session(), "variables", {"x": 2.0})
    x  2.0
    """
    if session.json:
        output.line(record(key, held))
        return
    width = max(map(len, held), default=0)
    output.show([[(name.ljust(width), "name"), ("  ", ""), (str(value), "value")] for name, value in held.items()])


def record(key: str, value: Any) -> str:
    """One object of JSON.

    >>> record("variables", {})
    '{"variables": {}}'
    """
    from adcalc.render import json

    return json.record({key: value})
