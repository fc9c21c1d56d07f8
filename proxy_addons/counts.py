"""What a rule has seen so far, by connection and stream, and how often it fired. Forgets what has ended."""

from collections import Counter, deque
from dataclasses import dataclass, field

from proxy_addons.events import ConnectionOpened, Counted, Event, ListenerReady, MessagePassing

_ALIVE = 1024
"""More ordinary requests than this are not under way at a time on one connection; the oldest are over."""


@dataclass(slots=True)
class Seen:
    """What one rule has seen of one stream, request or connection."""

    nth: int
    """Its number among those that the rule saw, from 1."""
    messages: int = 0
    """How many messages or events matched."""
    bytes: int = 0
    """Of all messages or events in the rule's direction, whether they matched or not."""
    others: Counter[str] = field(default_factory=Counter)
    """How many events of other kinds matched, by kind."""

    def count(self, event: Event) -> str:
        """Counts an event that matched; returns which one of this stream it is, for draws."""
        if isinstance(event, Counted):
            self.messages += 1
            return str(self.messages)
        name = type(event).__name__
        self.others[name] += 1
        return f"{name} {self.others[name]}"


class Count:
    """What one rule has seen."""

    def __init__(self) -> None:
        self.fired = 0
        self._fired_on: Counter[int] = Counter()
        self._numbered = 0
        self._seen: dict[int, dict[int, Seen]] = {}
        self._ordinary: dict[int, deque[int]] = {}

    def seen(self, connection: int, exchange: int) -> Seen | None:
        """What was seen there; None: nothing that matched."""
        there = self._seen.get(connection)
        return there.get(exchange) if there else None

    def number(self, event: Event) -> Seen:
        """Gives the event's stream, request or connection the next number."""
        connection, exchange = where(event)
        self._numbered += 1
        there = self._seen.setdefault(connection, {})
        there[exchange] = seen = Seen(self._numbered)
        if not isinstance(event, ListenerReady | ConnectionOpened) and event.request.transport == "http":
            ordinary = self._ordinary.setdefault(connection, deque())
            ordinary.append(exchange)
            if len(ordinary) > _ALIVE:
                there.pop(ordinary.popleft(), None)
        return seen

    def fire(self, connection: int) -> None:
        self.fired += 1
        self._fired_on[connection] += 1

    def fired_on(self, connection: int) -> int:
        return self._fired_on[connection]

    def forget(self, connection: int) -> None:
        """Drops what is known of a connection that has ended; numbers and `fired` go on."""
        self._seen.pop(connection, None)
        self._ordinary.pop(connection, None)
        self._fired_on.pop(connection, None)


def where(event: Event) -> tuple[int, int]:
    """Connection and exchange; (0, 0) is the listener, (n, 0) a connection that has asked nothing yet."""
    if isinstance(event, ListenerReady):
        return 0, 0
    if isinstance(event, ConnectionOpened):
        return event.connection, 0
    return event.request.connection, event.request.exchange


def size(event: Counted) -> int:
    """How many bytes a message or event is."""
    return len(event.data) if isinstance(event, MessagePassing) else len(event.block.raw)
