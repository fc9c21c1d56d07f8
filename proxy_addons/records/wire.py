"""What crossed the wire, and what the rules did to it."""

from dataclasses import dataclass
from typing import Literal

from proxy_addons.events import Direction, Transport
from proxy_addons.records.base import Moment


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
    retry_after: str | None = None
    """The header field of that name (RFC 9110, 10.2.3), where there is one."""

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
    text: bool = True
    """Whether it is text; `data` of a binary message is what UTF-8 makes of it."""
    event: str = ""
    """The type of an SSE event, and its id."""
    id: str | None = None

    def __str__(self) -> str:
        fate = "" if self.delivered else " (not delivered)"
        return f"stream {self.exchange} {self.direction} message {self.index}{fate}: {self.data}"


@dataclass(frozen=True, slots=True)
class ControlSeen(Moment):
    """A WebSocket ping or pong came by."""

    exchange: int
    direction: Direction
    opcode: str
    """`ping` or `pong`."""
    data: str
    delivered: bool

    def __str__(self) -> str:
        fate = "" if self.delivered else " (not delivered)"
        return f"stream {self.exchange} {self.direction} {self.opcode}{fate}"


@dataclass(frozen=True, slots=True)
class BodySeen(Moment):
    """The body of a request or of an ordinary answer came by."""

    exchange: int
    direction: Direction
    data: str
    """As `as_text` writes it, up to the limit of the history."""
    bytes: int
    """How long it was in all."""
    delivered: bool
    """Whether it was passed on as it came."""

    def __str__(self) -> str:
        fate = "" if self.delivered else " (not delivered as it came)"
        return f"request {self.exchange} {self.direction} body of {self.bytes} bytes{fate}: {self.data}"


NOT_FLUSHED = "not flushed"
"""The detail of a receipt of a buffer that compresses and keeps to itself when its client gets to see what."""


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
    """How many bytes the effect sends in the place of what came."""
    detail: str
    sent: str = ""
    """Those bytes, as `as_text` writes them, up to the limit of the history."""

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
    """A rule came or went while the proxy ran, or its time began (`armed`) or was over (`disarmed`)."""

    rule: str
    kind: str
    change: Literal["added", "removed", "armed", "disarmed"]

    def __str__(self) -> str:
        return f"rule {self.rule} {self.change} [{self.kind}]"


@dataclass(frozen=True, slots=True)
class FaultCrashed(Moment):
    """A fault raised an error or wanted what cannot be done; the event passed."""

    rule: str
    error: str

    def __str__(self) -> str:
        return f"rule {self.rule} crashed: {self.error}"


@dataclass(frozen=True, slots=True)
class OriginRestarted(Moment):
    """A rule had the subject restart its server, and that is done, or failed."""

    rule: str
    error: str = ""

    def __str__(self) -> str:
        return f"rule {self.rule}: the origin " + (f"did not restart: {self.error}" if self.error else "runs again")


@dataclass(frozen=True, slots=True)
class RecordsLost(Moment):
    """Messages went by that the record could not keep; the proxy went on."""

    messages: int
    """How many pieces of traffic, each of at least one message or a part of one."""
    bytes: int
    why: str

    def __str__(self) -> str:
        return f"not recorded: {self.messages} pieces of traffic, {self.bytes} bytes: {self.why}"
