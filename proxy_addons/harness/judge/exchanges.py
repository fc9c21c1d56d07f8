"""Requests and all that came of them: what was sent to the client, and whether it got it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from proxy_addons.harness.judge.facts import BinaryContract, Contract, Purpose, Said
from proxy_addons.harness.judge.passage import Passage, Slowness
from proxy_addons.records import (
    BodySeen,
    ConnectionEnded,
    FaultFired,
    MessageSeen,
    Record,
    Released,
    RequestSeen,
    ResponseSeen,
    StreamBegan,
    StreamEnded,
)

Rung = Literal["websocket", "eventsource", "polling", "command", "asset"]
NEVER = float("inf")
BINARY = "binary"
"""What the receipt of a rule says of a message that it sends as binary."""
OFTEN = 3
"""What a page asks for so often, it polls; for a subject that does not say what its requests are for."""
LEAVING_S = 1.0
"""Where a channel ends so soon after it flows again, its client had left it before."""


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
    """Whether the record can tell so; it can't where a rule slows the connection, or an intermediary compresses."""
    late_s: float = 0.0
    """How long a rule had held it."""
    was_stalled: bool = False
    """Whether it was held with its whole connection, or with its browser offline."""

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
    answer: str = ""
    """The body with which a rule answers it."""
    held: list[Delivery] = field(default_factory=list)
    """What a stall of its whole connection keeps from the client at the moment."""

    @property
    def path(self) -> str:
        return self.url.partition("?")[0]

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

    @property
    def may_have_worked(self) -> bool:
        """Whether it did, or the record can't tell."""
        return any(each.said is not None and (each.delivered or not each.surely) for each in self.deliveries)

    def is_open_at(self, t: float) -> bool:
        """A stream from its opening to its end; a poll from its request to its answer."""
        begin = self.t if self.rung == "polling" else self.opened_t
        return begin <= t < self.ended_t


def exchanges_of(records: Iterable[Record], contract: Contract) -> Iterator[Exchange]:
    """Those of a record, in the order of their requests."""
    by_number: dict[int, Exchange] = {}
    by_connection: dict[int, list[Exchange]] = {}
    slowness, reading = Slowness(), _Reading(contract)
    for number, record in enumerate(records):
        for t, connection in slowness.learn(record):
            for each in by_connection.get(connection, []):
                _let_go(each, t, number)
        if isinstance(record, RequestSeen):
            asked = by_number[record.exchange] = _asked(number, record, contract)
            by_connection.setdefault(asked.connection, []).append(asked)
        elif isinstance(record, ConnectionEnded):
            for each in by_connection.get(record.connection, []):
                if each.ended_t == NEVER:
                    each.ended_t, each.how, each.ended_by, each.last = record.t, record.how, record.by, number
        elif (exchange := by_number.get(getattr(record, "exchange", None) or 0)) is not None:
            exchange.last = number
            _learn(exchange, number, record, reading, slowness)
    found = list(by_number.values())
    if "attempts" not in contract.offers:
        _tell_polls(found)
    for each in found:
        _doubt(each)
    _leave_overtaken_polls(found)
    yield from found


def _tell_polls(exchanges: list[Exchange]) -> None:
    """What was asked for once or twice is a part of the page."""
    times = Counter(each.path for each in exchanges if each.rung == "polling")
    for each in exchanges:
        if each.rung == "polling" and times[each.path] < OFTEN:
            each.purpose = each.rung = "asset"
            each.deliveries = []


def _let_go(exchange: Exchange, t: float, number: int) -> None:
    """What a stall of its connection held back goes out, if anybody is still there."""
    held, exchange.held = exchange.held, []
    if t < exchange.ended_t or exchange.rung == "polling":
        exchange.deliveries += [
            Delivery(number, t, exchange, each.raw, each.said, True, each.surely, t - each.t, was_stalled=True)
            for each in held
        ]


def _doubt(exchange: Exchange) -> None:
    """What a stall of a connection held back may have come too late: then its client had left, which was not seen."""
    left = exchange.rung == "polling" or exchange.ended_by == "client"
    late = (each for each in exchange.deliveries if each.was_stalled)
    for each in late:
        each.surely &= not (left and exchange.ended_t < each.t + LEAVING_S)


def _leave_overtaken_polls(exchanges: list[Exchange]) -> None:
    """A poll that is under way when a stream delivers for the first time is given up by a right client, which may be
    seen a moment later than the answer: whether that was read, the record can't tell."""
    streams = [
        (first.t, each)
        for each in exchanges
        if each.rung in ("websocket", "eventsource") and (first := each.first_valid) is not None
    ]
    polls = [each for each in exchanges if each.rung == "polling" and each.purpose == "live"]
    for t, stream in streams:
        for poll in polls:
            own = poll.client == stream.client and stream.ended_t > poll.ended_t
            if own and poll.t <= t + LEAVING_S and poll.ended_t >= t:
                for each in poll.deliveries:
                    each.delivered = each.surely = False


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


def _learn(exchange: Exchange, number: int, record: Record, reading: "_Reading", slowness: Slowness) -> None:
    surely, stalled = not slowness.holds(exchange.connection), slowness.stalls(exchange.connection)

    def deliver(
        raws: Iterable[str],
        *,
        delivered: bool = True,
        surely: bool = surely,
        late_s: float = 0.0,
        binary: bool = False,
    ) -> None:
        for raw in raws:
            said = reading.said_binary(raw) if binary else reading.said(raw)
            each = Delivery(number, record.t, exchange, raw, said, delivered and not stalled, surely, late_s)
            exchange.deliveries.append(each)
            if delivered and stalled:
                exchange.held.append(each)

    match record:
        case ResponseSeen():
            exchange.status, exchange.answered_t, exchange.by = record.status, record.t, record.by
            is_stream = exchange.rung in ("websocket", "eventsource")
            # What a rule answers is whole at once, and no body of it comes by.
            if (is_stream and not _accepts(record)) or (not is_stream and record.by == "rule"):
                exchange.ended_t = min(exchange.ended_t, record.t)
            if exchange.rung == "polling" and record.by == "rule" and record.status == 200:
                deliver(reading.polled(exchange.answer))
        case StreamBegan():
            exchange.opened_t = record.t
        case StreamEnded():
            exchange.ended_t, exchange.how, exchange.ended_by = record.t, record.how, record.by
            exchange.code = record.code
        case MessageSeen():
            exchange.passage.came(record)
            if record.direction == "to_client":
                known = surely and not exchange.passage.is_unsure
                deliver([record.data], delivered=record.delivered, surely=known, binary=not record.text)
        case BodySeen(direction="to_client"):
            exchange.ended_t = min(exchange.ended_t, record.t)
            if exchange.rung == "polling" and exchange.status == 200:
                known = surely and record.delivered
                deliver(reading.polled(record.data), delivered=record.delivered, surely=known)
        case FaultFired(effect="respond") if exchange.rung == "polling":
            exchange.answer = record.sent
        case FaultFired(effect="replace", index=None) if exchange.rung == "polling":
            deliver(reading.polled(record.sent))
        case FaultFired():
            deliver(exchange.passage.acted(record), binary=record.detail == BINARY)
        case Released():
            for raw, late_s in exchange.passage.released(record):
                deliver([raw], surely=surely and not exchange.passage.is_unsure, late_s=late_s)


class _Reading:
    """A contract that reads each message once: what a server tells all its clients is one text."""

    def __init__(self, contract: Contract) -> None:
        self.said = cache(contract.said)
        self.said_binary = cache(contract.said_binary if isinstance(contract, BinaryContract) else _nothing)
        self.polled = contract.polled


def _nothing(_raw: str) -> None:
    return None


def _accepts(response: ResponseSeen) -> bool:
    """Whether a stream may follow; to a browser, all else is the end of the attempt."""
    return response.status == 101 or (response.status == 200 and "event-stream" in response.content_type)
