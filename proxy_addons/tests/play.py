"""Events for tests: a stream of either kind, and what a fault does to it, without any proxy."""

from proxy_addons.actions import Action, Forward
from proxy_addons.events import (
    Direction,
    Event,
    MessagePassing,
    Request,
    RequestReceived,
    SsePassing,
    StreamOpened,
    Transport,
)
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.framing.sse import SseFramer


def request(
    transport: Transport = "websocket", *, exchange: int = 1, path: str = "/timer", method: str = "GET"
) -> Request:
    """The head of a request on the first connection."""
    return Request(1, exchange, transport, method, path, "", ())


def received(
    transport: Transport = "http", *, exchange: int = 1, path: str = "/timer", method: str = "GET"
) -> RequestReceived:
    """A request that was read and not sent on."""
    return RequestReceived(request(transport, exchange=exchange, path=path, method=method))


def opened(transport: Transport = "websocket", *, exchange: int = 1) -> StreamOpened:
    """A stream that was just accepted."""
    return StreamOpened(request(transport, exchange=exchange))


def messages(*texts: str, exchange: int = 1, direction: Direction = "to_client") -> list[MessagePassing]:
    """Text messages of one WebSocket."""
    return [
        MessagePassing(request(exchange=exchange), direction, index, text.encode(), text=True)
        for index, text in enumerate(texts, 1)
    ]


def sse_events(*texts: str, exchange: int = 1) -> list[SsePassing]:
    """Events of one event stream."""
    blocks = SseFramer().feed("".join(f"id: {n}\ndata: {text}\n\n" for n, text in enumerate(texts, 1)).encode())
    return [
        SsePassing(request("eventsource", exchange=exchange), index, block) for index, block in enumerate(blocks, 1)
    ]


def play(fault: Fault, *events: Event) -> list[Action]:
    """What the fault wants for each event of one stream, on which all of them count."""
    actions: list[Action] = []
    counted = 0
    for event in events:
        actions += fault.decide(event, Tally(messages=counted)) or [Forward()]
        counted += isinstance(event, MessagePassing | SsePassing)
    return actions
