"""The session at a terminal: a line editor with history, colours, completion and a line that says what is in force."""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application.current import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout.processors import HighlightMatchingBracketProcessor
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.styles import Style

from adcalc.cli.repl.colours import STYLES, coloured
from adcalc.cli.repl.completion import candidates
from adcalc.cli.repl.entries import Depth, entries
from adcalc.cli.repl.history import HistoryFile, home
from adcalc.cli.repl.screen import PROMPT, answer
from adcalc.cli.repl.session import Session
from adcalc.cli.repl.settings import settings
from adcalc.cli.repl.shown import brief
from adcalc.render.text import plain

_STYLE = Style.from_dict(
    {
        **{name or "plain": style for name, style in STYLES.items()},
        "bottom-toolbar": "noreverse ansibrightblack",
        "prompt": "bold",
        "matching-bracket.other": "bold underline",
        "matching-bracket.cursor": "bold underline",
    }
)


class _Colours(Lexer):
    def __init__(self, session: Session) -> None:
        self._session = session

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines: list[StyleAndTextTuples] = [[]]
        for style, stretch in coloured(self._session, document.text):
            first, *rest = stretch.split("\n")
            lines[-1].append((f"class:{style or 'plain'}", first))
            lines += [[(f"class:{style or 'plain'}", line)] for line in rest]
        return lambda number: lines[number] if number < len(lines) else []

    def invalidation_hash(self) -> tuple[int, int]:
        return len(self._session.store.values), len(self._session.store.functions)


class _Completion(Completer):
    def __init__(self, session: Session, is_ascii: bool) -> None:
        self._session = session
        self._is_ascii = is_ascii

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        length, found = candidates(self._session, document.text_before_cursor)
        for one in found:
            beside = one.beside
            yield Completion(one.text, -length, display_meta=lambda beside=beside: self._shown(beside()))

    def _shown(self, words: str) -> str:
        words = " ".join(words.split())
        return plain(words) if self._is_ascii else words


class _History(History):
    def __init__(self, file: HistoryFile) -> None:
        super().__init__()
        self._file = file

    def load_history_strings(self) -> Iterable[str]:
        return reversed(self._file.entries())

    def store_string(self, string: str) -> None:
        self._file.append(string)


class Prompt:
    """The line editor around a session. `input` and `output` are the terminal's, unless a test brings its own."""

    def __init__(
        self, session: Session, history: HistoryFile, input: Input | None = None, output: Output | None = None
    ) -> None:
        self.session = session
        session.echo = True
        session.history = history.entries()
        self._is_ascii = not _encodes(sys.stdout.encoding)
        no_colour = bool(os.environ.get("NO_COLOR"))
        self._editor: PromptSession[str] = PromptSession(
            [("class:prompt", PROMPT)],
            multiline=True,
            lexer=_Colours(session),
            completer=_Completion(session, self._is_ascii),
            complete_while_typing=False,
            history=_History(history),
            key_bindings=_keys(),
            bottom_toolbar=self._in_force,
            prompt_continuation=lambda width, number, is_soft_wrap: " " * width,
            input_processors=[HighlightMatchingBracketProcessor()],
            style=_STYLE,
            include_default_pygments_style=False,
            color_depth=ColorDepth.DEPTH_1_BIT if no_colour else None,
            reserve_space_for_menu=6,
            enable_suspend=True,
            tempfile_suffix=".adc",
            input=input,
            output=output,
        )

    def run(self) -> int:
        """Read and answer until the user leaves; the exit code, which is 0: mistakes at a prompt are no failure."""
        signal.signal(signal.SIGINT, signal.default_int_handler)  # also where whoever started it ignores Ctrl-C
        while not self.session.is_over:
            self._editor.editing_mode = EditingMode.VI if self.session.keys == "vi" else EditingMode.EMACS
            try:
                text = self._editor.prompt()
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
            found = self._entries(text)
            for entry in found:
                if not answer(self.session, entry, is_alone=len(found) == 1):
                    break
        return 0

    def _entries(self, text: str) -> list[str]:
        """The entries of what was typed or pasted: one program, unless there are commands among its lines."""
        found = list(entries(text.splitlines()))
        has_commands = any(one.lstrip().startswith(":") or self.session.command_of(one)[0] for one in found)
        return found if has_commands or len(found) < 2 else [text]

    def _in_force(self) -> StyleAndTextTuples:
        """The bottom line: the point, the mode and whatever else is set."""
        known = settings(self.session)
        keys = known.pop("keys")
        if known["json"] == "off":
            del known["json"]
        point = ", ".join(f"{name} = {brief(held.number)}" for name, held in self.session.store.values.items())
        rest = "  ".join([*(f"{name} {value}" for name, value in known.items()), keys])
        room = get_app().output.get_size().columns - len(rest) - 4
        if len(point) > room:
            point = f"{point[: max(0, room - 4)]} ..."
        line = f"{point or 'no values yet'}  |  {rest}" if room > 8 else rest
        return [("class:bottom-toolbar.text", plain(line) if self._is_ascii else line)]


def _keys() -> KeyBindings:
    """Enter ends an entry that is complete, and goes to another line of one that is not."""
    keys = KeyBindings()

    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None  # the word in the menu was meant, not the entry
            return
        text = buffer.text
        depth = Depth(text)
        gives_up = text.endswith("\n") and depth.braces <= 0
        if not text.strip() or text.lstrip().startswith(":") or depth.is_complete or gives_up:
            buffer.validate_and_handle()
        else:
            buffer.newline()

    keys.add("enter", filter=has_focus(DEFAULT_BUFFER))(enter)
    keys.add("escape", "enter", filter=has_focus(DEFAULT_BUFFER))(lambda event: event.current_buffer.newline())
    return keys


def run(session: Session) -> int:
    """The exit code of a session at a terminal."""
    from threading import Thread

    from adcalc import __version__

    sys.stdout.write(f"adcalc {__version__}   :help says what can be typed, Ctrl-D leaves\n")
    Thread(target=_warm, daemon=True).start()
    return Prompt(session, HistoryFile(home(os.environ))).run()


def _warm() -> None:
    """Load what the first answer needs while the first line is being typed."""
    from importlib import import_module

    from adcalc.cli.repl.command import command

    for name in ("adcalc.render.layout", "adcalc.render.terminal", "rich.console", "rich.text"):
        import_module(name)
    for name in ("eval", "grad"):
        command(name)


def _encodes(encoding: Any) -> bool:
    try:
        "∂⟹·".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
