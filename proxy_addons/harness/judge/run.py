"""A run as the checks see it: the record, sorted by what belongs together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

from proxy_addons.harness.judge.facts import Contract, Purpose, Said
from proxy_addons.harness.judge.passage import Passage, Slowness
from proxy_addons.records import (
    BodySeen,
    ConnectionEnded,
    FaultFired,
    ListenerChanged,
    MessageSeen,
    Moment,
    PageClosed,
    PageLooked,
    PageOpened,
    Record,
    Released,
    RequestSeen,
    ResponseSeen,
    RuleChanged,
    StepTaken,
    StreamBegan,
    StreamEnded,
    TruthTold,
)

R = TypeVar("R", bound=Moment)
Rung = Literal["websocket", "eventsource", "polling", "command", "asset"]
NEVER = float("inf")


@dataclass(eq=False)
class Delivery:
    """One message of the server on its way to the client."""

    number: int
    """Of its record."""
    t: float
    exchange: "Exchange"
    raw: str
    said: Said | None
    """None: what was sent is malformed, or was not delivered and nobody knows."""
    delivered: bool
    """Whether the client's socket got it at that time as the server sent it."""
    surely: bool = True
    """Whether the record can tell so; it can't where a rule slows the connection, or an intermediary buffers."""
    late_s: float = 0.0
    """How long a rule had held it."""

    @property
    def is_valid(self) -> bool:
        """Whether a right client applies it."""
        return self.delivered and self.said is not None


@dataclass(eq=False)
class Exchange:
    """One request and all that came of it."""

    number: int
    """Of the record of the request."""
    t: float
    connection: int
    exchange: int
    client: str
    attempt: int
    purpose: Purpose
    rung: Rung
    url: str
    status: int | None = None
    answered_t: float = NEVER
    by: str = ""
    """Who answered: `origin` or `rule`."""
    opened_t: float = NEVER
    """When the WebSocket or event stream stood."""
    ended_t: float = NEVER
    """When it was over for the client; of a poll or a command, when its answer had gone out."""
    how: str = ""
    ended_by: str = ""
    code: int | None = None
    last: int = 0
    """The number of the last record about it."""
    deliveries: list[Delivery] = field(default_factory=list)
    passage: Passage = field(default_factory=Passage)

    @property
    def is_channel(self) -> bool:
        """Whether messages of the server come in by it."""
        return self.rung in ("websocket", "eventsource", "polling")

    @property
    def first_valid(self) -> Delivery | None:
        return next((each for each in self.deliveries if each.is_valid), None)

    @property
    def worked(self) -> bool:
        """Whether it delivered anything valid."""
        return self.first_valid is not None

    def is_open_at(self, t: float) -> bool:
        """A stream from its opening to its end; a poll from its request to its answer."""
        begin = self.t if self.rung == "polling" else self.opened_t
        return begin <= t < self.ended_t


@dataclass(frozen=True)
class Look:
    """What a page displayed."""

    number: int
    record: PageLooked

    @property
    def t(self) -> float:
        return self.record.t

    @property
    def page(self) -> str:
        return self.record.page

    def mark(self, name: str) -> str | None:
        return self.record.marks.get(name)

    def number_of(self, name: str) -> float | None:
        """A mark as a number; None if there is none, or none that can be read."""
        try:
            return float(self.record.marks[name])
        except (KeyError, ValueError):
            return None

    @property
    def is_fresh(self) -> bool:
        return self.mark("stale") == "fresh"


class Run:
    """Everything that a check may know."""

    def __init__(self, records: Iterable[Record], contract: Contract) -> None:
        self.records = tuple(records)
        self.contract = contract
        self.start = self.records[0].t if self.records else 0.0
        self.end = max((record.t for record in self.records), default=0.0)
        self._valid_times: dict[str | None, list[float]] = {}

    def of(self, kind: type[R]) -> list[tuple[int, R]]:
        """All records of a class, with their numbers."""
        return [(number, record) for number, record in self._by_class.get(kind, []) if isinstance(record, kind)]

    @cached_property
    def _by_class(self) -> dict[type[Moment], list[tuple[int, Record]]]:
        sorted_out: dict[type[Moment], list[tuple[int, Record]]] = {}
        for number, record in enumerate(self.records):
            sorted_out.setdefault(type(record), []).append((number, record))
        return sorted_out

    # -- the wire ---------------------------------------------------------------------------------------------

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """In the order of their requests."""
        return list(_exchanges(self.records, self.contract))

    def channels(self, client: str | None = None, *purposes: Purpose) -> list[Exchange]:
        """The exchanges by which messages come in, of one client or of all, for these purposes or for any."""
        return [
            each
            for each in self.exchanges
            if each.is_channel and client in (None, each.client) and (not purposes or each.purpose in purposes)
        ]

    @cached_property
    def clients(self) -> list[str]:
        """Who asked for messages, in the order of their first request."""
        return list(dict.fromkeys(each.client for each in self.channels()))

    def deliveries(self, client: str | None = None) -> list[Delivery]:
        """All messages on their way to a client, or to any, in order of time."""
        return self._deliveries.get(client, [])

    @cached_property
    def _deliveries(self) -> dict[str | None, list[Delivery]]:
        """Those of each client, and of all under None."""
        found = [delivery for each in self.channels() for delivery in each.deliveries]
        sorted_out: dict[str | None, list[Delivery]] = {None: sorted(found, key=lambda each: (each.t, each.number))}
        for delivery in sorted_out[None]:
            sorted_out.setdefault(delivery.exchange.client, []).append(delivery)
        return sorted_out

    def valid_times(self, client: str | None = None) -> list[float]:
        """When valid messages were delivered, in order."""
        if client not in self._valid_times:
            self._valid_times[client] = [delivery.t for delivery in self.deliveries(client) if delivery.is_valid]
        return self._valid_times[client]

    # -- faults -----------------------------------------------------------------------------------------------

    @cached_property
    def faults(self) -> list[tuple[int, FaultFired]]:
        return self.of(FaultFired)

    @cached_property
    def healed_at(self) -> float:
        """`T_f`: when the last fault was lifted, as far as the record tells; the start where there was none."""
        healed = [record.t for record in self.records if isinstance(record, StepTaken) and record.step == "healed"]
        lifted = [
            record.t
            for record in self.records
            if isinstance(record, FaultFired | Released)
            or (isinstance(record, RuleChanged) and record.change in ("removed", "disarmed"))
            or (isinstance(record, ListenerChanged) and record.up)
        ]
        return max([self.start, *(lifted if self.faults else []), *healed])

    # -- the page and the truth -------------------------------------------------------------------------------

    @cached_property
    def looks(self) -> list[Look]:
        """What pages displayed, in order of time."""
        found = [Look(number, record) for number, record in self.of(PageLooked)]
        return sorted(found, key=lambda look: look.t)

    @cached_property
    def pages(self) -> list[str]:
        return list(dict.fromkeys(look.page for look in self.looks))

    def looks_of(self, page: str) -> list[Look]:
        return [look for look in self.looks if look.page == page]

    def life_of(self, page: str) -> tuple[float, float]:
        """From its opening to its end, or to that of the run."""
        opened = [record.t for _, record in self.of(PageOpened) if record.page == page]
        closed = [record.t for _, record in self.of(PageClosed) if record.page == page]
        return min(opened, default=self.start), max(closed, default=self.end)

    def client_of(self, page: str) -> str | None:
        """Which client a page is: by its own mark, or the only one there is."""
        named = [name for look in self.looks_of(page) if (name := look.mark("client"))]
        if named:
            return named[0]
        return self.clients[0] if len(self.clients) == 1 else None

    @cached_property
    def truth(self) -> list[tuple[int, TruthTold]]:
        """The server's log, in order of time."""
        return sorted(self.of(TruthTold), key=lambda told: told[1].t)

    def told(self, epoch: str, seq: int) -> TruthTold | None:
        """One event of the server's log."""
        return self._log.get((epoch, seq))

    @cached_property
    def _log(self) -> dict[tuple[str, int], TruthTold]:
        return {(told.epoch, told.seq): told for _, told in self.truth}


def _exchanges(records: tuple[Record, ...], contract: Contract) -> Iterator[Exchange]:
    by_number: dict[int, Exchange] = {}
    slowness = Slowness()
    for number, record in enumerate(records):
        slowness.learn(record)
        if isinstance(record, RequestSeen):
            by_number[record.exchange] = _asked(number, record, contract)
        elif isinstance(record, ConnectionEnded):
            for each in by_number.values():
                if each.connection == record.connection and each.ended_t == NEVER:
                    each.ended_t, each.how, each.ended_by, each.last = record.t, record.how, record.by, number
        elif (exchange := by_number.get(getattr(record, "exchange", None) or 0)) is not None:
            exchange.last = number
            _learn(exchange, number, record, contract, surely=not slowness.holds(exchange.connection))
    yield from by_number.values()


def _asked(number: int, record: RequestSeen, contract: Contract) -> Exchange:
    whose = contract.whose(record)
    rung: Rung
    if record.transport != "http":
        rung = record.transport
    elif whose.purpose in ("command", "asset"):
        rung = "command" if whose.purpose == "command" else "asset"
    else:
        rung = "polling"
    return Exchange(
        number=number,
        t=record.t,
        connection=record.connection,
        exchange=record.exchange,
        client=whose.client,
        attempt=whose.attempt,
        purpose=whose.purpose,
        rung=rung,
        url=record.url,
        last=number,
        passage=Passage(is_websocket=rung == "websocket"),
    )


def _learn(exchange: Exchange, number: int, record: Record, contract: Contract, *, surely: bool) -> None:
    def deliver(raws: Iterable[str], *, delivered: bool = True, surely: bool = surely, late_s: float = 0.0) -> None:
        exchange.deliveries += [
            Delivery(number, record.t, exchange, raw, contract.said(raw), delivered, surely, late_s) for raw in raws
        ]

    match record:
        case ResponseSeen():
            exchange.status, exchange.answered_t, exchange.by = record.status, record.t, record.by
            if exchange.rung in ("websocket", "eventsource") and not _accepts(record):
                exchange.ended_t = min(exchange.ended_t, record.t)
        case StreamBegan():
            exchange.opened_t = record.t
        case StreamEnded():
            exchange.ended_t, exchange.how, exchange.ended_by = record.t, record.how, record.by
            exchange.code = record.code
        case MessageSeen():
            exchange.passage.came(record)
            if record.direction == "to_client":
                known = surely and not exchange.passage.is_buffered
                deliver([record.data], delivered=record.delivered, surely=known)
        case BodySeen(direction="to_client"):
            exchange.ended_t = min(exchange.ended_t, record.t)
            if exchange.rung == "polling" and exchange.status == 200:
                known = surely and record.delivered
                deliver(contract.polled(record.data), delivered=record.delivered, surely=known)
        case FaultFired():
            deliver(exchange.passage.acted(record))
        case Released():
            for raw, late_s in exchange.passage.released(record):
                deliver([raw], late_s=late_s)


def _accepts(response: ResponseSeen) -> bool:
    """Whether a stream may follow; to a browser, all else is the end of the attempt."""
    return response.status == 101 or (response.status == 200 and "event-stream" in response.content_type)
