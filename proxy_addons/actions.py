"""What may be done about an event: a closed set. Faults decide on one, the wire performs it.

Words: abort is a FIN without farewell, reset an RST, close a WebSocket close frame with a code, end the clean end
of a body, stall an open connection that is silent, refuse a connection that never opens. Bytes that an action
carries go to the client (or, for what passes `to_server`, to the origin) exactly as they are.
"""

from dataclasses import dataclass, field
from typing import Literal

from proxy_addons.events import Answer, Direction, Headers

Parting = Literal["end", "abort", "reset", "stall"]
"""What follows the last byte that still goes out."""

BOTH: frozenset[Direction] = frozenset({"to_client", "to_server"})


# -- what happens to a message, an SSE block or a whole body -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Forward:
    """Pass the event on as it came."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Pass nothing on; what follows goes its way."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Pass these bytes on instead: the data of a message, a raw SSE block, or a body."""

    data: bytes
    as_text: bool | None = None
    """Whether a message goes out as a text one (which need not be UTF-8); None: as what it came."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Pass the event on, and again `copies` times, each `apart_ms` after the one before."""

    copies: int = 1
    apart_ms: float = 0


@dataclass(frozen=True, slots=True)
class Delay:
    """Pass the event on later; what follows does not wait for it."""

    ms: float


@dataclass(frozen=True, slots=True)
class Reorder:
    """Pass the event on right after the next `behind` messages or events of its direction."""

    behind: int = 1


@dataclass(frozen=True, slots=True)
class Insert:
    """Pass the event on, and these bytes beside it: the data of a further message, or raw bytes of an event stream.
    On a stream that has just opened, they come before all else."""

    data: bytes
    before: bool = False
    as_text: bool = True


@dataclass(frozen=True, slots=True)
class Fragment:
    """Pass a message on in frames of at most `piece_bytes` of payload, uncompressed (RFC 6455, 5.4)."""

    piece_bytes: int
    pings: bool = False
    """A ping stands between the fragments, as the RFC allows."""


# -- what happens to a stream or a connection ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Abort:
    """FIN to the client: no close frame, no last chunk. The event itself is not passed on."""

    parting: bytes = b""
    """What of an SSE block still goes out before the FIN."""


@dataclass(frozen=True, slots=True)
class Reset:
    """RST to the client. The event itself is not passed on."""

    parting: bytes = b""


@dataclass(frozen=True, slots=True)
class Close:
    """A WebSocket close frame to the client, as if the origin had sent it (RFC 6455, 7.4)."""

    code: int | None
    """None: a close frame without a code, which a browser reports as 1005."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """The clean end of an SSE body: the last chunk, then nothing."""

    parting: bytes = b""


@dataclass(frozen=True, slots=True)
class Stall:
    """Keep the connection open and pass nothing on in these directions, for a time or until the rule is healed.

    On a connection, nothing is read or written any more, so that a peer meets full buffers; on a stream, what comes
    is held. `parting` still goes out before the silence.
    """

    directions: frozenset[Direction] = field(default=BOTH)
    for_ms: float | None = None
    parting: bytes = b""


@dataclass(frozen=True, slots=True)
class Buffer:
    """Hold an event stream's bytes back, as a buffering intermediary does, until one of these is reached, and then
    pass on what is there and begin anew; what is held at the origin's end goes out before that end."""

    until_bytes: int | None = None
    until_ms: float | None = None
    """Since the first byte that is held."""
    behind: int | None = None
    """Only as many whole events as this are held: each further one pushes the oldest out."""
    gzip: bool = False
    """The stream goes out compressed, without the flushes that would show each event in time. Only where the event is
    a ResponseStarting."""

    @property
    def waits(self) -> bool:
        """Whether anything but the end lets out what is held."""
        return self.until_bytes is not None or self.until_ms is not None or self.behind is not None

    @property
    def hides(self) -> bool:
        """Whether nobody knows what of an event has gone out: it is in the compressor."""
        return self.gzip and not self.waits


@dataclass(frozen=True, slots=True)
class Pace:
    """Let the bytes of a connection through at a pace of its own, until the rule is healed. Steps in this order:
    gather small writes, cut them into pieces, queue them at a rate, and make each wait."""

    directions: frozenset[Direction] = field(default=BOTH)
    gather_ms: float = 0
    """Bytes are held this long since the first of them, and then go out as one write..."""
    gather_bytes: int | None = None
    """...or as soon as there are this many."""
    piece_bytes: int | None = None
    piece_apart_ms: float = 0
    bytes_per_second: float | None = None
    latency_ms: float = 0
    jitter_ms: float = 0
    distribution: Literal["uniform", "normal", "exponential"] = "uniform"
    key: str = ""
    """From which the jitter is drawn (`draws.draw`)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Let this many further bytes of the connection through in one direction, and then end it as `then` says."""

    after_bytes: int
    direction: Direction
    then: Parting


# -- what happens to a request and its answer ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Respond:
    """Answer the request without asking the origin."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Hold:
    """Make the client wait, for a time or until the rule is healed, and then go on as if nothing had been."""

    before: Literal["request", "head", "body"]
    """Before the request goes to the origin, before the first byte of the answer, or between its head and body."""
    for_ms: float | None = None


@dataclass(frozen=True, slots=True)
class EditHeaders:
    """Remove header fields by name, then add others, in a request or in an answer's head."""

    remove: tuple[str, ...] = ()
    add: Headers = ()


@dataclass(frozen=True, slots=True)
class Truncate:
    """Send a whole answer's head, `body_bytes` of its body, and then end as `then` says: `end` pretends that this was
    all of it, the others break the promise of the head."""

    body_bytes: int
    then: Parting


@dataclass(frozen=True, slots=True)
class Route:
    """Send the request to another origin, such as `http://127.0.0.1:8001`."""

    target: str


# -- what happens to the port and to the origin --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refuse:
    """Stop listening, so that every SYN is answered with RST, until the rule is healed."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Have the subject stop its server and start it again."""

    how: Literal["terminate", "kill"]
    """SIGTERM, and SIGKILL after the grace; or SIGKILL at once."""
    grace_ms: float
    down_ms: float
    """How long the server stays down after it has gone."""


ListenerAction = Refuse | Restart
ConnectionAction = Abort | Reset | Stall | Pace | Limit
RequestAction = Forward | Replace | Respond | Hold | EditHeaders | Route | ConnectionAction
HeadAction = Forward | Hold | EditHeaders | Buffer
AnswerAction = Forward | Replace | Truncate | Abort | Reset
MessageAction = Forward | Drop | Replace | Duplicate | Delay | Reorder | Insert
WebSocketAction = MessageAction | Fragment | Close | ConnectionAction
EventSourceAction = MessageAction | End | Buffer | ConnectionAction

Action = (
    ListenerAction | ConnectionAction | RequestAction | HeadAction | AnswerAction | WebSocketAction | EventSourceAction
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing that goes out in the place of a message or event."""

    data: bytes | None = None
    """None: the message or event as it came."""
    as_text: bool | None = None
    after_ms: float = 0
    behind: int = 0


def parcels(action: MessageAction) -> tuple[Parcel, ...]:
    """What goes out in the place of the event, in order."""
    match action:
        case Forward():
            return (Parcel(),)
        case Drop():
            return ()
        case Replace(data, as_text):
            return (Parcel(data, as_text),)
        case Duplicate(copies, apart_ms):
            return tuple(Parcel(after_ms=apart_ms * n) for n in range(copies + 1))
        case Delay(ms):
            return (Parcel(after_ms=ms),)
        case Reorder(behind):
            return (Parcel(behind=behind),)
        case Insert(data, before, as_text):
            return (Parcel(data, as_text), Parcel()) if before else (Parcel(), Parcel(data, as_text))


def at_once(action: MessageAction, came: bytes) -> bytes:
    """What of that goes out now, in the place of an event with the data `came`."""
    now = (parcel for parcel in parcels(action) if not parcel.after_ms and not parcel.behind)
    return b"".join(came if parcel.data is None else parcel.data for parcel in now)
