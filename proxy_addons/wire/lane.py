"""One direction of a WebSocket: what has been read of it, and what waits to go out.

Bytes are skimmed as long as nobody wants to know what they say: only the frames' headers are looked at. They are read,
frame by frame and message by message, while a rule may act, while something is held, and from a close frame on.
"""

from dataclasses import dataclass, field

from mitmproxy.connection import Connection

from proxy_addons.events import Direction
from proxy_addons.framing.deflate import Deflate
from proxy_addons.framing.messages import Message, MessageAssembler
from proxy_addons.framing.websocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    TEXT,
    Frame,
    FrameScanner,
    FrameSkimmer,
    encode_frame,
)
from proxy_addons.history import Tape
from proxy_addons.wire.outbox import Outbox

MASK = b"\x00\x00\x00\x00"
"""A client must mask (RFC 6455, 5.3); which mask is its own affair, and zero keeps our records readable."""

_BACKLOG_BYTES = 65_536


@dataclass(eq=False)
class Lane:
    """The bytes of one direction, from the peer that feeds it to `sink`."""

    direction: Direction
    sink: Connection
    tape: Tape
    deflate: Deflate | None = None
    index: int = 0
    """How many messages were over when reading began, and have ended since."""
    fragments: list[Frame] = field(default_factory=list)
    """Those frames of the present message that are not out."""
    passing: bool = False
    """The first fragments of the message are with the peer already: a rule comes too late for it."""
    altered: bool = False
    """A rule changed what the peer's decompressor has seen, so the peer gets uncompressed messages from here on."""
    outbox: Outbox[bytes] = field(default_factory=Outbox)
    stalled_by: set[str] = field(default_factory=set)
    """The rules that stall it."""
    held_bytes: int = 0
    """How much a stall keeps back."""
    held_farewell: Frame | None = None
    """The close frame behind what is held."""
    held_end: bool = False
    """The peer that feeds this lane is gone, and the other one has not been told."""

    def __post_init__(self) -> None:
        self._skimmer = FrameSkimmer()
        self._scanner = FrameScanner()
        self._assembler = MessageAssembler(self.deflate, self.direction)
        self._held: list[bytes] = []
        self._reading = False
        self._kept = b""  # not skimmed yet: an incomplete header, or a close frame
        self._rest = 0  # bytes that complete a frame whose start is out
        self._backlog: list[bytes] = []
        self._backlog_bytes = 0

    # -- what comes -----------------------------------------------------------------------------------------

    def take(self, data: bytes, *, wanted: bool) -> tuple[bytes, list[Frame]]:
        """Takes the next bytes: those that pass as they are, and behind them the whole frames that are to be looked at.

        Where messages are not `wanted`, everything passes but an incomplete header and what starts with a close frame.
        """
        if self._reading and not wanted and self._between_messages:
            self._end_reading()
        if self._reading:
            return self._read(data)
        passing = b""
        if not wanted:
            passing, data = self._skim(data), b""
            if not self._before_close:
                return passing, []
        self._begin_reading()
        rest, frames = self._read(data)
        return passing + rest, frames

    def take_unread(self, data: bytes) -> tuple[bytes, bytes]:
        """Takes the next bytes as far as nobody has to look at them; returns those that pass, and those not taken."""
        if self._reading:
            return b"", data
        passing = self._skim(data)
        if not self._before_close:
            return passing, b""
        rest, self._kept = self._kept, b""
        return passing, rest

    @property
    def busy(self) -> bool:
        """Whether bytes must be read for the lane's own sake, whatever the rules want."""
        return self.altered or bool(self.stalled_by) or not self.outbox.empty

    def assemble(self, frame: Frame) -> Message | None:
        """Takes the next data frame, and returns the message that it completes."""
        self.fragments.append(frame)
        message = self._assembler.feed(frame)
        if message is not None:
            self.index += 1
        return message

    # -- skimming: only the headers are looked at -----------------------------------------------------------

    def _skim(self, data: bytes) -> bytes:
        if self._kept:
            data, self._kept = self._kept + data, b""
        passing = self._skimmer.skim(data)
        if passing < len(data):
            data, self._kept = data[:passing], data[passing:]
        if self.deflate:
            self._note(data)
        return data

    @property
    def _before_close(self) -> bool:
        return bool(self._kept) and self._kept[0] & 0x0F == CLOSE

    def _note(self, data: bytes) -> None:
        """A message inflates only for those who have inflated the ones before it, so those are read as well: later."""
        self._backlog.append(data)
        self._backlog_bytes += len(data)
        if self._backlog_bytes > _BACKLOG_BYTES:
            self._catch_up()

    def _catch_up(self) -> None:
        backlog, self._backlog, self._backlog_bytes = b"".join([self._scanner.take(), *self._backlog]), [], 0
        for frame in self._scanner.feed(backlog[self._assembler.skip(backlog) :]):
            self._assembler.feed(frame)

    # -- reading: frame by frame ----------------------------------------------------------------------------

    @property
    def _between_messages(self) -> bool:
        return not self.fragments and not self.passing and not self._rest

    def _begin_reading(self) -> None:
        skimmer, self._skimmer = self._skimmer, FrameSkimmer()
        self._reading = True
        self.index += skimmer.messages
        self.passing = skimmer.fragmented
        self._rest = skimmer.remaining
        if self.deflate:
            self._catch_up()

    def _read(self, data: bytes) -> tuple[bytes, list[Frame]]:
        data, self._kept = self._kept + data, b""
        rest, data = data[: self._rest], data[self._rest :]
        self._rest -= len(rest)
        if rest and self.deflate:
            self._note(rest)
            self._catch_up()
        return rest, self._scanner.feed(data) if data else []

    def _end_reading(self) -> None:
        self._reading = False
        self._kept, self._scanner = self._scanner.pending, FrameScanner()
        if not self.deflate:
            self._assembler = MessageAssembler(None, self.direction)

    # -- what goes out --------------------------------------------------------------------------------------

    def disturb(self) -> None:
        """The peer will not get each message once and in order: its decompressor can't follow any more."""
        self.altered = self.altered or self.deflate is not None

    def encoded(self, message: Message) -> bytes:
        """The message as it came, or uncompressed where the peer could not inflate it."""
        if self.altered and not message.damaged:
            return self.encode(message.data, text=message.text)
        return b"".join(frame.raw for frame in message.frames)

    def encode(self, data: bytes, *, text: bool, fin: bool = True, first: bool = True) -> bytes:
        """One frame of a message."""
        opcode = CONTINUATION if not first else TEXT if text else BINARY
        return encode_frame(opcode, data, mask=self.mask, fin=fin)

    @property
    def mask(self) -> bytes | None:
        return MASK if self.direction == "to_server" else None

    def fragmented(self, message: Message, piece_bytes: int, *, pings: bool) -> bytes:
        """The message uncompressed, in frames of at most `piece_bytes`, with a ping between each two of them."""
        starts = range(0, len(message.data), piece_bytes) or range(1)
        last = starts[-1]
        frames = [
            self.encode(message.data[at : at + piece_bytes], text=message.text, first=at == 0, fin=at == last)
            for at in starts
        ]
        return (encode_frame(PING, b"", mask=self.mask) if pings else b"").join(frames)

    # -- what a stall keeps back ----------------------------------------------------------------------------

    def hold(self, raw: bytes) -> None:
        self._held.append(raw)
        self.held_bytes += len(raw)

    def take_held(self) -> list[bytes]:
        held, self._held, self.held_bytes = self._held, [], 0
        return held

    @property
    def held_messages(self) -> int:
        """How many messages begin in what is held."""
        return sum(raw[0] & 0x0F in (TEXT, BINARY) for raw in self._held)
