"""Events for tests: a request, its answer, a stream of either kind, and what a fault does to them, without a proxy."""

from typing import Literal

from proxy_addons.actions import Action, Forward
from proxy_addons.events import (
    Answer,
    ControlPassing,
    Counted,
    Direction,
    Event,
    Headers,
    MessagePassing,
    Request,
    RequestReceived,
    ResponseReceived,
    ResponseStarting,
    SsePassing,
    SseRestPassing,
    StreamOpened,
    Transport,
)
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.framing.sse import SseFramer


def request(
    transport: Transport = "websocket",
    *,
    connection: int = 1,
    exchange: int = 1,
    path: str = "/timer",
    method: str = "GET",
    headers: Headers = (),
) -> Request:
    """The head of a request."""
    return Request(connection, exchange, transport, method, path, "", headers)


def received(
    transport: Transport = "http",
    *,
    exchange: int = 1,
    path: str = "/timer",
    method: str = "GET",
    body: bytes = b"",
    earlier: tuple[Answer, ...] = (),
) -> RequestReceived:
    """A request that was read and not sent on."""
    return RequestReceived(request(transport, exchange=exchange, path=path, method=method), body, earlier)


def starting(transport: Transport = "http", *, status: int = 200, content_type: str = "text/html") -> ResponseStarting:
    """An answer of which nothing but the head has come."""
    return ResponseStarting(request(transport), status, (("Content-Type", content_type),))


def answered(body: bytes = b"{}") -> ResponseReceived:
    """An answer that has come and was not passed on."""
    return ResponseReceived(request("http"), Answer(200, (), body), len(body))


def opened(transport: Transport = "websocket", *, exchange: int = 1, standing: bool = False) -> StreamOpened:
    """A stream that was just accepted, or that stands when its rule comes."""
    return StreamOpened(request(transport, exchange=exchange), standing)


def messages(*texts: str, exchange: int = 1, direction: Direction = "to_client") -> list[MessagePassing]:
    """Text messages of one WebSocket."""
    return [
        MessagePassing(request(exchange=exchange), direction, index, text.encode(), text=True)
        for index, text in enumerate(texts, 1)
    ]


def control(opcode: Literal["ping", "pong"], data: bytes = b"") -> ControlPassing:
    """A ping or pong to the client."""
    return ControlPassing(request(), "to_client", opcode, data)


def sse_events(*texts: str, exchange: int = 1) -> list[SsePassing]:
    """Events of one event stream, with the ids 1, 2, ..."""
    return sse(*(f"id: {n}\ndata: {text}\n\n".encode() for n, text in enumerate(texts, 1)), exchange=exchange)


def sse(*blocks: bytes, exchange: int = 1) -> list[SsePassing]:
    """Events of one event stream, byte by byte as they are given."""
    head = request("eventsource", exchange=exchange)
    return [SsePassing(head, n, block) for n, block in enumerate(SseFramer().feed(b"".join(blocks)), 1)]


def sse_rest(raw: bytes) -> SseRestPassing:
    """A block of an event stream that is no event."""
    (block,) = SseFramer().feed(raw)
    return SseRestPassing(request("eventsource"), block)


def play(fault: Fault, *events: Event, picks_messages: bool = False) -> list[Action]:
    """What the fault wants for each event of one stream, on which all of them count."""
    actions: list[Action] = []
    counted = 0
    for event in events:
        tally = Tally(messages=counted, key=KEY, picks_messages=picks_messages)
        actions.append(fault.decide(event, tally) or Forward())
        counted += isinstance(event, Counted)
    return actions


KEY = "seed, rule, stream and message"
"""What all draws in `play` are made of."""
