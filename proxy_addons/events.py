"""What the engine sees: a closed set of frozen facts about connections, requests, streams and messages.

The wire makes them, the engine shows them to every rule. All counts that people meet start at 1.
"""

from dataclasses import dataclass
from typing import Literal

from proxy_addons.framing.sse import SseBlock

Transport = Literal["websocket", "eventsource", "http"]
"""How a request talks: a WebSocket handshake, a request for `text/event-stream`, or anything else."""

Direction = Literal["to_client", "to_server"]


@dataclass(frozen=True, slots=True)
class Request:
    """The head of one HTTP request, and the stream (WebSocket or EventSource) that may grow out of it."""

    connection: int
    """The nth TCP connection that the proxy accepted."""
    exchange: int
    """The nth request that the proxy read, over all connections."""
    transport: Transport
    method: str
    path: str
    """Without the query string."""
    query: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListenerReady:
    """The proxy listens, or a rule was added while it listens."""


@dataclass(frozen=True, slots=True)
class ConnectionOpened:
    """A client's TCP connection was accepted and nothing has been read; or it stands when a rule is added."""

    connection: int


@dataclass(frozen=True, slots=True)
class RequestReceived:
    """A whole request was read and nothing of it has been sent upstream."""

    request: Request


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The origin accepted the WebSocket, or answered 200 with `text/event-stream`; or the stream stands when a
    rule is added."""

    request: Request


@dataclass(frozen=True, slots=True)
class MessagePassing:
    """A whole WebSocket text or binary message, decompressed, about to be passed on."""

    request: Request
    direction: Direction
    index: int
    """The nth message of this WebSocket in this direction."""
    data: bytes
    text: bool


@dataclass(frozen=True, slots=True)
class SsePassing:
    """A whole SSE event (a block that carries data), about to be passed on to the client."""

    request: Request
    index: int
    """The nth event of this stream."""
    block: SseBlock


Event = ListenerReady | ConnectionOpened | RequestReceived | StreamOpened | MessagePassing | SsePassing
