"""What a buffering intermediary does to an event stream: bytes held until there are enough of them, and gzip.

Pure.
"""

import zlib
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from proxy_addons.actions import Buffer
from proxy_addons.wire.outbox import WakeUp

_GZIP = 31
"""`wbits` for the largest window and a gzip header (zlib manual, deflateInit2)."""


class Piece(NamedTuple):
    """Bytes on their way to the client."""

    data: bytes
    is_event: bool = False
    """Whether they are a whole event, or the last of one: which counts where events are counted."""


class Passed(NamedTuple):
    """What goes on now of what was held."""

    data: bytes = b""
    events: int = 0
    """How many of the events that came are in it, or end in it."""


class HoldBack:
    """Bytes in, and out again when one of the conditions of a Buffer is reached; without any, when drained."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._held: deque[Piece] = deque()
        self._bytes = 0
        self._events = 0
        self._token = object()
        """Stands for the time that runs since the first byte that is held."""

    @property
    def counts_events(self) -> bool:
        """Whether it must know where an event begins and ends."""
        return self._buffer.behind is not None

    def put(self, pieces: Iterable[Piece]) -> tuple[Passed, WakeUp | None]:
        """Takes the next bytes; returns what is passed on now, and the wake-up to ask for, if any."""
        was_empty = not self._held
        for piece in (piece for piece in pieces if piece.data):
            self._held.append(piece)
            self._bytes += len(piece.data)
            self._events += piece.is_event
        if self._buffer.until_bytes is not None and self._bytes >= self._buffer.until_bytes:
            return self.drain(), None
        passed = self._push_out()
        if was_empty and self._held and self._buffer.until_ms is not None:
            return passed, WakeUp(self._buffer.until_ms, self._token)
        return passed, None

    def due(self, token: object) -> Passed:
        """What is passed on when this wake-up comes."""
        return self.drain() if token is self._token else Passed()

    def drain(self) -> Passed:
        """Everything that is held; from here on it begins anew."""
        self._token = object()
        return self._let_out(len(self._held))

    def _push_out(self) -> Passed:
        """The oldest, until no more events than allowed are held."""
        going, left = 0, self._events
        while self._buffer.behind is not None and left > self._buffer.behind:
            left -= self._held[going].is_event
            going += 1
        return self._let_out(going)

    def _let_out(self, pieces: int) -> Passed:
        out = [self._held.popleft() for _ in range(pieces)]
        passed = Passed(b"".join(piece.data for piece in out), sum(piece.is_event for piece in out))
        self._bytes -= len(passed.data)
        self._events -= passed.events
        return passed


class Compressor:
    """A gzip body. Unless it flushes, what comes out follows long after what goes in (RFC 1952; zlib manual)."""

    def __init__(self, *, flushes: bool) -> None:
        self.flushes = flushes
        self._zlib = zlib.compressobj(wbits=_GZIP)

    def add(self, data: bytes, *, flush: bool = False) -> bytes:
        """What can be sent once this has gone in."""
        out = self._zlib.compress(data)
        return out + self._zlib.flush(zlib.Z_SYNC_FLUSH) if flush or (self.flushes and data) else out

    def end(self) -> bytes:
        """The rest, with the checksum."""
        return self._zlib.flush()
