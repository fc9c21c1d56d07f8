"""The record of a run: append-only, on one clock, and the only thing that checks may read."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar, get_args

from proxy_addons.events import Direction, Transport


@dataclass(frozen=True, slots=True)
class Moment:
    """What all records have; `str()` of a record is what happened, in plain words."""

    t: float
    """When: seconds on the clock of the run."""


@dataclass(frozen=True, slots=True)
class ListenerChanged(Moment):
    """The proxy's port opened or closed."""

    up: bool
    port: int

    def __str__(self) -> str:
        return f"port {self.port} {'listens' if self.up else 'refuses connections'}"


@dataclass(frozen=True, slots=True)
class ConnectionBegan(Moment):
    """A client's TCP connection was accepted."""

    connection: int

    def __str__(self) -> str:
        return f"connection {self.connection} accepted"


@dataclass(frozen=True, slots=True)
class RequestSeen(Moment):
    """A whole request was read."""

    connection: int
    exchange: int
    transport: Transport
    method: str
    url: str
    """Path and query."""
    headers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.transport} {self.exchange}: {self.method} {self.url} on connection {self.connection}"


@dataclass(frozen=True, slots=True)
class ResponseSeen(Moment):
    """The head of a response is about to reach the client."""

    exchange: int
    status: int
    content_type: str
    by: str
    """`origin` or `rule`."""

    def __str__(self) -> str:
        return f"request {self.exchange} answered {self.status} {self.content_type} by the {self.by}"


@dataclass(frozen=True, slots=True)
class StreamBegan(Moment):
    """A WebSocket or event stream is open."""

    exchange: int
    transport: Transport

    def __str__(self) -> str:
        return f"{self.transport} {self.exchange} open"


@dataclass(frozen=True, slots=True)
class MessageSeen(Moment):
    """A WebSocket message or SSE event came by."""

    exchange: int
    direction: Direction
    index: int
    """The nth of its stream in its direction."""
    data: str
    """As `as_text` writes it."""
    bytes: int
    """What it took on the wire."""
    delivered: bool
    """Whether it was passed on at once and as it came."""

    def __str__(self) -> str:
        fate = "" if self.delivered else " (not delivered)"
        return f"stream {self.exchange} {self.direction} message {self.index}{fate}: {self.data}"


@dataclass(frozen=True, slots=True)
class FaultFired(Moment):
    """The receipt of an effect."""

    rule: str
    kind: str
    effect: str
    """The action in lower case: `abort`, `reset`, `close`, ..."""
    connection: int | None
    exchange: int | None
    index: int | None
    """The message or event that it was performed on, if it was one."""
    bytes_sent: int
    """What the effect sent to the client."""
    detail: str

    def __str__(self) -> str:
        places = (("connection", self.connection), ("stream", self.exchange), ("message", self.index))
        where = ", ".join(f"{name} {number}" for name, number in places if number is not None) or "the listener"
        detail = f" ({self.detail})" if self.detail else ""
        return f"rule {self.rule}: {self.effect} on {where}{detail}, {self.bytes_sent} bytes sent [{self.kind}]"


@dataclass(frozen=True, slots=True)
class Released(Moment):
    """A stall was healed and what it held back went on."""

    rule: str
    exchange: int
    messages: int

    def __str__(self) -> str:
        return f"rule {self.rule}: stream {self.exchange} flows again, {self.messages} held messages released"


@dataclass(frozen=True, slots=True)
class StreamEnded(Moment):
    """A WebSocket or event stream is over."""

    exchange: int
    how: str
    """`fin`, `rst`, `close` or `end`."""
    by: str
    """`client`, `origin`, `rule` or `proxy`."""
    code: int | None = None
    """The close code, where a close frame had one."""
    reason: str = ""

    def __str__(self) -> str:
        farewell = " ".join(str(part) for part in (self.code, self.reason) if part not in (None, ""))
        return f"stream {self.exchange} over: {self.how} by the {self.by}{' ' if farewell else ''}{farewell}"


@dataclass(frozen=True, slots=True)
class ConnectionEnded(Moment):
    """A client's TCP connection is over."""

    connection: int
    how: str
    by: str

    def __str__(self) -> str:
        return f"connection {self.connection} over: {self.how} by the {self.by}"


@dataclass(frozen=True, slots=True)
class UpstreamFailed(Moment):
    """The origin could not be reached, or broke off."""

    connection: int
    error: str

    def __str__(self) -> str:
        return f"origin failed on connection {self.connection}: {self.error}"


@dataclass(frozen=True, slots=True)
class RuleChanged(Moment):
    """A rule came or went while the proxy ran."""

    rule: str
    kind: str
    change: str
    """`added` or `removed`."""

    def __str__(self) -> str:
        return f"rule {self.rule} {self.change} [{self.kind}]"


@dataclass(frozen=True, slots=True)
class FaultCrashed(Moment):
    """A fault raised an error or wanted what cannot be done; the event passed."""

    rule: str
    error: str

    def __str__(self) -> str:
        return f"rule {self.rule} crashed: {self.error}"


Record = (
    ListenerChanged
    | ConnectionBegan
    | RequestSeen
    | ResponseSeen
    | StreamBegan
    | MessageSeen
    | FaultFired
    | Released
    | StreamEnded
    | ConnectionEnded
    | UpstreamFailed
    | RuleChanged
    | FaultCrashed
)

R = TypeVar("R", bound=Moment)


class History:
    """The records of one run in the order in which they were appended. Thread-safe."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records = list(records)
        self._grown = threading.Condition()
        self._subscribers: list[Callable[[Record], object]] = []

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    @property
    def records(self) -> tuple[Record, ...]:
        """All records so far."""
        with self._grown:
            return tuple(self._records)

    @property
    def receipts(self) -> list[FaultFired]:
        """What the rules did, so far."""
        return self.of(FaultFired)

    def of(self, kind: type[R]) -> list[R]:
        """All records of one class, so far."""
        return [record for record in self.records if isinstance(record, kind)]

    def append(self, record: Record) -> None:
        """Adds a record and shows it to all subscribers, in this thread."""
        with self._grown:
            self._records.append(record)
            self._grown.notify_all()
            for tell in tuple(self._subscribers):
                tell(record)

    def subscribe(self, tell: Callable[[Record], object]) -> Callable[[], None]:
        """Calls `tell` with every record from now on, in order; it must be quick and must not raise.

        Returns what ends the subscription; a second call does nothing.
        """
        with self._grown:
            self._subscribers.append(tell)

        def unsubscribe() -> None:
            with self._grown:
                if tell in self._subscribers:
                    self._subscribers.remove(tell)

        return unsubscribe

    def wait_for(self, wanted: Callable[[Record], bool], timeout_s: float, *, since: int = 0) -> Record:
        """The first record, from number `since` on, that is wanted; waits for it if it is not there yet.

        Raises:
            TimeoutError: it did not come in time; names what was wanted (the predicate's docstring, or its name) and
                the last records.
        """
        position = since

        def find() -> Record | None:
            nonlocal position
            fresh, position = self._records[position:], max(position, len(self._records))
            return next((record for record in fresh if wanted(record)), None)

        with self._grown:
            found = self._grown.wait_for(find, timeout_s)
            if found is None:
                raise TimeoutError(self._missing(wanted, timeout_s, since))
            return found

    def save(self, path: Path | str) -> None:
        """Writes one JSON object a line: the record's class as `what`, then its fields."""
        lines = [json.dumps({"what": type(record).__name__, **asdict(record)}) + "\n" for record in self.records]
        Path(path).write_text("".join(lines), encoding="utf-8")

    def _missing(self, wanted: Callable[[Record], bool], timeout_s: float, since: int) -> str:
        name = wanted.__doc__ or getattr(wanted, "__qualname__", "") or repr(wanted)
        start = self._records[0].t if self._records else 0.0
        last = [f"  {line(record, start)}" for record in self._records[since:][-8:]]
        return "\n".join(
            [f"waited {timeout_s:g} s in vain for: {str(name).strip()}; last records:", *(last or ["  none"])]
        )


def load_history(path: Path | str) -> History:
    """What `History.save` wrote.

    Raises:
        ValueError: a line is no record; names the line.
    """
    return History(
        _read(text, f"{path}:{number}")
        for number, text in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1)
    )


def line(record: Record, start: float = 0.0) -> str:
    """One line for people: the time since `start` (on the clock of the run), and what happened."""
    return f"{record.t - start:+.3f} s  {record}"


def as_text(data: bytes) -> str:
    r"""The data of a message for the record: as UTF-8, each byte that is none as `\xff`."""
    return data.decode(errors="backslashreplace")


def _read(text: str, where: str) -> Record:
    try:
        fields = json.loads(text)
        return _CLASSES[fields.pop("what")](**fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{where}: is no record: {error!r}") from error


_CLASSES: dict[str, type[Record]] = {kind.__name__: kind for kind in get_args(Record)}
