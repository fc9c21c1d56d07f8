"""What has happened: the event log and the results of commands, in SQLite; in memory unless a directory is named."""

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reference_app import timer
from reference_app.messages import LoggedEvent, Outcome

REPLAY_EVENTS = 1000
"""How many events, from the last one back, a reader may still catch up on; the log itself keeps all of them."""

_FORMAT = 1
_SCHEMA = """
CREATE TABLE log (epoch TEXT NOT NULL, duration_ms INTEGER NOT NULL);
CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE results (id TEXT PRIMARY KEY, request TEXT NOT NULL, outcome TEXT NOT NULL);
"""


class StoreError(Exception):
    """The log cannot be opened, read or written; the text names the file."""


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """What was asked under an id and what came of it."""

    id: str
    request: str
    outcome: Outcome


class Store:
    """One log, used by one thread of one process; `close` it."""

    def __init__(self, database: sqlite3.Connection, file: Path | None) -> None:
        self._database = database
        self._file = file
        self._place = _place(file)
        self.epoch: str
        self.state: timer.State
        """What the log amounts to."""
        self.last_seq = 0
        self._recent: deque[LoggedEvent] = deque(maxlen=REPLAY_EVENTS)

    @classmethod
    def open(cls, directory: Path | None, new_epoch: str, duration_ms: int, file: str = "timer.sqlite3") -> "Store":
        """Open the log in this file of `directory`; where there is none yet, begin one called `new_epoch`, with an idle
        timer.

        Raises StoreError if the directory or its file cannot be used, or if another process is using it.
        """
        path = None if directory is None else directory / file
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(path or ":memory:", timeout=0)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{_place(path)}: {error}") from None
        store = cls(database, path)
        try:
            store._begin(new_epoch, duration_ms)
            store._load()
        except (sqlite3.Error, ValueError) as error:
            database.close()
            raise StoreError(f"{_place(path)}: {error}") from None
        return store

    def _begin(self, new_epoch: str, duration_ms: int) -> None:
        # The lock is held until the process ends: two writers would number their events alike.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        (found,) = self._database.execute("PRAGMA user_version").fetchone()
        if found not in (0, _FORMAT):
            raise ValueError(f"has format {found}, this version reads format {_FORMAT}")
        if found == 0:
            self._database.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_FORMAT}; COMMIT")
        # A process that is killed between the two leaves a log without a name, and nothing in it.
        with self._database as transaction:
            begin = "INSERT INTO log SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM log)"
            transaction.execute(begin, (new_epoch, duration_ms))

    def _load(self) -> None:
        self.epoch, duration_ms = self._database.execute("SELECT epoch, duration_ms FROM log").fetchone()
        self.state = timer.new_state(duration_ms)
        for _, body in self._database.execute("SELECT seq, body FROM events ORDER BY seq"):
            self._remember(LoggedEvent.model_validate_json(body))

    def _remember(self, event: LoggedEvent) -> None:
        self.state = timer.fold(self.state, event)
        self.last_seq = event.seq
        self._recent.append(event)

    @property
    def oldest_seq(self) -> int:
        """The seq of the oldest event that can still be replayed; 0 if nothing has happened."""
        return self._recent[0].seq if self._recent else 0

    def last(self, count: int) -> tuple[LoggedEvent, ...]:
        """The last `count` events, oldest first."""
        return tuple(self._recent)[-count:]

    def after(self, seq: int) -> tuple[LoggedEvent, ...] | None:
        """The events after `seq`, oldest first; None if the log cannot tell them all, or has not come that far."""
        if not self.oldest_seq - 1 <= seq <= self.last_seq:
            return None
        return self.last(self.last_seq - seq) if seq < self.last_seq else ()

    def command(self, id: str) -> CommandRecord | None:
        """What is known of the command `id`; raises StoreError."""
        with self._explained():
            row = self._database.execute("SELECT request, outcome FROM results WHERE id = ?", (id,)).fetchone()
        return CommandRecord(id, row[0], Outcome.model_validate_json(row[1])) if row else None

    def append(self, events: Sequence[timer.Event], command: CommandRecord | None = None) -> tuple[LoggedEvent, ...]:
        """Log events, and the command that caused them, all or nothing and for good; only then are they known.

        Raises StoreError, and nothing has been logged then.
        """
        logged = tuple(LoggedEvent(seq=seq, **dict(event)) for seq, event in enumerate(events, start=self.last_seq + 1))
        with self._explained(), self._database as transaction:
            transaction.executemany(
                "INSERT INTO events VALUES (?, ?)", [(event.seq, _to_json(event)) for event in logged]
            )
            if command is not None:
                row = (command.id, command.request, _to_json(command.outcome))
                transaction.execute("INSERT INTO results VALUES (?, ?, ?)", row)
        for event in logged:
            self._remember(event)
        return logged

    @property
    def is_unused(self) -> bool:
        """Nothing was ever asked of it; raises StoreError."""
        with self._explained():
            (asked,) = self._database.execute("SELECT EXISTS (SELECT 1 FROM results)").fetchone()
        return self.last_seq == 0 and not asked

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def discard(self) -> None:
        """Let go of the file and remove it."""
        self.close()
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self._place}: {error}") from None


def _place(file: Path | None) -> str:
    return "memory" if file is None else str(file)


def _to_json(value: LoggedEvent | Outcome) -> str:
    return value.model_dump_json(exclude_none=True)
