"""The record of a run: append-only, on one clock, and the only thing that checks may read."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar, get_args

from proxy_addons.events import Direction
from proxy_addons.recording.decoding import SseDecoder, WebSocketDecoder
from proxy_addons.recording.reading import Reading
from proxy_addons.recording.spool import Spool
from proxy_addons.recording.tape import Journal, Tape
from proxy_addons.records import ControlSeen, FaultFired, MessageSeen, Moment, Record, RecordsLost, as_text, line

__all__ = ["Follower", "History", "Tape", "load_history"]

R = TypeVar("R", bound=Moment)

_DECODED = (MessageSeen, ControlSeen, RecordsLost)
"""The records that come out of traffic when it is read."""


class History:
    """The records of one run in the order in which things happened. Thread-safe.

    Traffic is kept as the bytes that came by and decoded when somebody reads, waits or follows; what was decoded
    stays. So an unread history costs little time, and memory up to a limit; beyond it, bytes go to a temporary file.
    A disk that is full or slow loses messages, which one `RecordsLost` says, and stops nobody.
    """

    def __init__(
        self,
        records: Iterable[Record] = (),
        *,
        body_limit: int = 256 << 10,
        memory_limit: int = 2 << 20,
        disk_limit: int = 4 << 30,
    ) -> None:
        """Of the data of a message it shows `body_limit` bytes; of raw traffic it keeps about `memory_limit` bytes in
        memory and at most `disk_limit` bytes on disk."""
        self.body_limit = body_limit
        self._journal = Journal(Spool(disk_limit), memory_limit)
        self._reading = Reading(self._journal)
        self._read: list[Record] = []
        self._turn = threading.RLock()  # whose turn it is to decode
        self._bell = _Bell()
        self._watchers = 0
        self._watchers_lock = threading.Lock()
        for record in records:
            self._journal.append(record)

    # -- writing ----------------------------------------------------------------------------------------------

    def append(self, record: Record) -> None:
        """Adds a record. Who waits for it or follows hears of it in a thread of their own."""
        self._journal.append(record)

    def websocket_tape(self, exchange: int, direction: Direction, extensions: str = "") -> Tape:
        """Where the bytes of one direction of a WebSocket go, from the handshake on.

        `extensions` is the Sec-WebSocket-Extensions header of the 101.
        """
        return self._journal.tape(partial(WebSocketDecoder, exchange, direction, extensions, self.body_limit))

    def sse_tape(self, exchange: int) -> Tape:
        """Where the bytes of an event stream go, from the start of its body on."""
        return self._journal.tape(partial(SseDecoder, exchange, self.body_limit))

    def text(self, data: bytes) -> str:
        """The data of a message or a body for a record: `as_text`, up to the limit."""
        return as_text(data, self.body_limit)

    # -- reading ----------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        self._catch_up()
        return len(self._read)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    @property
    def records(self) -> tuple[Record, ...]:
        """All records so far."""
        self._catch_up()
        return tuple(self._read)

    @property
    def receipts(self) -> list[FaultFired]:
        """What the rules did, so far."""
        return self.of(FaultFired)

    def of(self, kind: type[R]) -> list[R]:
        """All records of one class, so far. Decodes traffic only for classes that come out of it."""
        among = self.records if any(issubclass(each, kind) for each in _DECODED) else tuple(self._journal.records)
        return [record for record in among if isinstance(record, kind)]

    def follow(self, *, since: int = 0) -> "Follower":
        """Every record from number `since` on, as they come: to iterate over in a thread that may take its time."""
        return Follower(self, since)

    def wait_for(self, wanted: Callable[[Record], bool], timeout_s: float, *, since: int = 0) -> Record:
        """The first record, from number `since` on, that is wanted; waits for it if it is not there yet.

        Raises:
            TimeoutError: it did not come in time; names what was wanted (the predicate's docstring, or its name) and
                the last records.
        """
        position, found = since, list[Record]()

        def look() -> bool:
            nonlocal position
            self._catch_up()
            fresh = self._read[position:]
            position += len(fresh)
            found.extend(islice(filter(wanted, fresh), 1))
            return bool(found)

        self._watch(+1)
        try:
            self._bell.wait_for(look, timeout_s)
        finally:
            self._watch(-1)
        if not found:
            raise TimeoutError(self._missing(wanted, timeout_s, since))
        return found[0]

    def save(self, path: Path | str) -> None:
        """Writes one JSON object a line: its class as `record`, then its fields.

        What nobody has read yet is decoded on the way and not kept.
        """
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(_written(record) for record in self._in_passing())

    def _in_passing(self) -> Iterator[Record]:
        with self._turn:
            count, rest = len(self._read), self._reading.fork()
        extent = self._journal.extent
        yield from islice(self._read, count)
        while not rest.reached(extent):
            yield from rest.advance()

    def _catch_up(self) -> None:
        """Decodes all that is there now."""
        extent = self._journal.extent
        while not self._reading.reached(extent):
            with self._turn:
                self._read += self._reading.advance()

    def _watch(self, more: int) -> None:
        """Counts who wants to know at once what is new. While nobody does, writing calls nobody."""
        with self._watchers_lock:
            self._watchers += more
            self._journal.grown = self._bell.ring if self._watchers else None

    def _missing(self, wanted: Callable[[Record], bool], timeout_s: float, since: int) -> str:
        name = wanted.__doc__ or getattr(wanted, "__qualname__", "") or repr(wanted)
        start = self._read[0].t if self._read else 0.0
        last = [f"  {line(record, start)}" for record in self._read[since:][-8:]]
        return "\n".join(
            [f"waited {timeout_s:g} s in vain for: {str(name).strip()}; last records:", *(last or ["  none"])]
        )


class Follower:
    """One who reads a history while it grows. Iterating waits for more, until `stop`."""

    def __init__(self, history: History, since: int) -> None:
        self._history = history
        self._position = since
        self._stopped = False

    def __iter__(self) -> Iterator[Record]:
        self._history._watch(+1)
        try:
            while fresh := self._fresh():
                yield from fresh
        finally:
            self._history._watch(-1)

    def stop(self) -> None:
        """No more than what is there now; may be called from any thread."""
        self._stopped = True
        self._history._bell.ring()

    def _fresh(self) -> list[Record]:
        """What has come since; waits for it, and is empty at the end only."""
        fresh: list[Record] = []

        def look() -> bool:
            over = self._stopped
            self._history._catch_up()
            fresh.extend(self._history._read[self._position :])
            self._position += len(fresh)
            return over or bool(fresh)

        self._history._bell.wait_for(look, None)
        return fresh


class _Bell:
    """Wakes those who wait. He who rings never waits for one who looks."""

    _MOST_LOOKS = 100

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = 0

    def ring(self) -> None:
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def wait_for(self, look: Callable[[], bool], timeout_s: float | None) -> None:
        """Looks now, whenever the bell rings, and when the time is up, until there is what was looked for."""

        def look_unlocked() -> bool:
            """Looks once more if the bell rang meanwhile. If it rings all the time, it will do so again soon, and the
            time must not pass unseen."""
            found = False
            for _ in range(self._MOST_LOOKS):
                rung = self._rung
                self._changed.release()
                try:
                    found = look()
                finally:
                    self._changed.acquire()
                if found or rung == self._rung:
                    break
            return found

        with self._changed:
            self._changed.wait_for(look_unlocked, timeout_s)


def load_history(path: Path | str) -> History:
    """What `History.save` wrote.

    Raises:
        ValueError: a line is no record; names the line.
    """
    with open(path, encoding="utf-8") as file:
        return History(_read(text, f"{path}:{number}") for number, text in enumerate(file, 1))


def _written(record: Record) -> str:
    fields = {name: getattr(record, name) for name in record.__dataclass_fields__}
    return json.dumps({"record": type(record).__name__, **fields}) + "\n"


def _read(text: str, where: str) -> Record:
    try:
        fields = json.loads(text)
        return _CLASSES[fields.pop("record")](**fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{where}: is no record: {error!r}") from error


_CLASSES: dict[str, type[Record]] = {kind.__name__: kind for kind in get_args(Record)}
