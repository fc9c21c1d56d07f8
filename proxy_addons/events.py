"""What the engine sees: a closed set of frozen facts about connections, requests, streams and messages.

The wire makes them, the engine shows them to every rule. All counts that people meet start at 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from proxy_addons.framing.sse import SseBlock

Transport = Literal["websocket", "eventsource", "http"]
"""How a request talks: a WebSocket handshake, a request for `text/event-stream`, or anything else."""

Direction = Literal["to_client", "to_server"]

Headers = tuple[tuple[str, str], ...]
"""Header fields in the order and with the letters in which they came; a name can stand there several times."""


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
    headers: Headers

    def values_of(self, name: str) -> list[str]:
        """The values of all header fields of this name (RFC 9110, 5.1: case does not matter)."""
        return [value for each, value in self.headers if each.lower() == name.lower()]

    def cookies(self) -> Iterator[tuple[str, str]]:
        """Name and value of each cookie that the client sends (RFC 6265, 4.2.1)."""
        for line in self.values_of("cookie"):
            for pair in line.split(";"):
                name, _, value = pair.strip().partition("=")
                yield name, value


@dataclass(frozen=True, slots=True)
class Answer:
    """An ordinary response, whole."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class ListenerReady:
    """The proxy listens, or a rule came into force while it listens."""


@dataclass(frozen=True, slots=True)
class ConnectionOpened:
    """A client's TCP connection was accepted and nothing has been read; or it stands when a rule comes into force."""

    connection: int
    standing: bool = False


@dataclass(frozen=True, slots=True)
class RequestReceived:
    """A whole request was read and nothing of it has been sent upstream."""

    request: Request
    body: bytes = b""
    earlier: tuple[Answer, ...] = ()
    """What the origin answered to this method and path before, the latest last; the wire keeps it only while a rule
    looks back."""


@dataclass(frozen=True, slots=True)
class ResponseStarting:
    """The origin's head has come and nothing of it has been sent to the client: also of a 101 and of a stream."""

    request: Request
    status: int
    headers: Headers


@dataclass(frozen=True, slots=True)
class ResponseReceived:
    """The origin's whole answer, which is no stream, has come and nothing of its body has been sent to the client."""

    request: Request
    answer: Answer
    """Unpacked, where the origin compressed it."""
    wire_bytes: int
    """How long the body was on the wire."""


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The origin accepted the WebSocket, or answered 200 with `text/event-stream`; or the stream stands when a rule
    comes into force."""

    request: Request
    standing: bool = False


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
class ControlPassing:
    """A WebSocket ping or pong, about to be passed on."""

    request: Request
    direction: Direction
    opcode: Literal["ping", "pong"]
    data: bytes


@dataclass(frozen=True, slots=True)
class SsePassing:
    """A whole SSE event (a block that carries data), about to be passed on to the client."""

    request: Request
    index: int
    """The nth event of this stream."""
    block: SseBlock


@dataclass(frozen=True, slots=True)
class SseRestPassing:
    """A block of an event stream that is no event (comments, a lone `id` or `retry`), about to be passed on."""

    request: Request
    block: SseBlock


Event = (
    ListenerReady
    | ConnectionOpened
    | RequestReceived
    | ResponseStarting
    | ResponseReceived
    | StreamOpened
    | MessagePassing
    | ControlPassing
    | SsePassing
    | SseRestPassing
)

Counted = MessagePassing | SsePassing
"""What counts as a message of its stream."""
