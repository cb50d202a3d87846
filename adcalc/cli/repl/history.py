"""The history on disk: one file that sessions only ever append to, an entry a line, each line written at once.

A session that is killed leaves whole lines; two sessions at once append theirs one after the other. What is no whole
line, because the machine stopped while it was written, is passed over.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

_LONGEST = 10_000  # entries that are read back


def home(environment: Mapping[str, str]) -> Path:
    """Where the history is: in the user's folder for state, XDG_STATE_HOME or ~/.local/state.

    >>> home({"XDG_STATE_HOME": "/var/state"}).as_posix()
    '/var/state/adcalc/history'
    """
    state = environment.get("XDG_STATE_HOME", "")
    folder = Path(state) if os.path.isabs(state) else Path(environment.get("HOME") or Path.home()) / ".local" / "state"
    return folder / "adcalc" / "history"


class HistoryFile:
    """The entries of all sessions; where the file cannot be read or written, there is none, and nobody is bothered.

    >>> HistoryFile(Path("/dev/null")).entries()
    []
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[str]:
        """The entries so far, the oldest first."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return []
        found = []
        for line in lines[-_LONGEST:]:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, str):
                found.append(entry)
        return found

    def append(self, entry: str) -> None:
        """Add an entry, in one write; first ending a line that another session could not finish."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                end = os.lseek(file, 0, os.SEEK_END)
                os.lseek(file, max(0, end - 1), os.SEEK_SET)
                torn = end > 0 and os.read(file, 1) != b"\n"  # or another session is writing: an empty line more
                os.write(file, (b"\n" if torn else b"") + json.dumps(entry).encode() + b"\n")
            finally:
                os.close(file)
        except OSError:
            return
