"""What may be done about an event: a closed set. Faults decide on one, the wire performs it.

Words: abort is a FIN without farewell, reset an RST, close a WebSocket close frame with a code, end the clean end
of a body, stall an open connection that is silent, refuse a connection that never opens.
"""

from dataclasses import dataclass, field

from proxy_addons.events import Direction


@dataclass(frozen=True, slots=True)
class Forward:
    """Pass the event on as it came."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Pass these bytes on instead of the message or SSE block."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Respond:
    """Answer the request without asking the origin."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Abort:
    """FIN to the client: no close frame, no last chunk. The event itself is not passed on."""

    parting: bytes = b""
    """What of an SSE block still goes out before the FIN."""


@dataclass(frozen=True, slots=True)
class Reset:
    """RST to the client. The event itself is not passed on."""


@dataclass(frozen=True, slots=True)
class Close:
    """A WebSocket close frame to the client, as if the origin had sent it (RFC 6455, 7.4)."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """The clean end of an SSE body: the last chunk, then nothing."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Keep the connection open and pass nothing on in these directions, until the rule is healed."""

    directions: frozenset[Direction] = field(default=frozenset({"to_client", "to_server"}))


@dataclass(frozen=True, slots=True)
class Refuse:
    """Stop listening, so that every SYN is answered with RST, until the rule is healed."""


Action = Forward | Replace | Respond | Abort | Reset | Close | End | Stall | Refuse
