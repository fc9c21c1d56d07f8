"""Bytes in with a time, pieces out with due times: how a slow line treats what is sent over it. No clock, no I/O."""

from collections import deque

from proxy_addons.actions import Pace
from proxy_addons.draws import draw, spread
from proxy_addons.events import Direction

END = b""
"""An empty piece is the end of the bytes: it waits in turn, as a FIN does."""

_GRAIN_S = 0.02
"""At a rate, bytes come in grains of so much time, not as one burst when their last one is through."""


class Pacer:
    """One direction of a connection under one `Pace`. Times are seconds on any clock that does not go back.

    Whatever the settings, the bytes that come out are those that went in, in their order.
    """

    def __init__(self, pace: Pace, direction: Direction) -> None:
        self._pace = pace
        self._direction = direction
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self._gathered_since = 0.0
        self._writes: deque[tuple[float, bytes]] = deque()
        """What was gathered, and when."""
        self._cut = 0
        """How much of the first of them has been cut off."""
        self._next: tuple[float, bytes] | None = None
        """What goes out next, and when: cut only when it is its turn, so that small pieces need no room."""
        self._piece_at = float("-inf")
        self._line_free_at = float("-inf")
        self._pieces = 0

    def feed(self, data: bytes, now: float) -> None:
        """Take bytes that came now, or `END`."""
        if data == END:
            self._write(now)
            self._writes.append((now, END))
        elif not self._pace.gather_ms:
            self._writes.append((now, data))
        else:
            self._gather(data, now)

    def due(self, now: float) -> list[bytes]:
        """What goes out by now, in order, each as a write of its own."""
        if self._gathered and self._gather_until() <= now:
            self._write(self._gather_until())
        pieces = []
        while (head := self._head()) is not None and head[0] <= now:
            pieces.append(head[1])
            self._next = None
            if self._pace.piece_apart_ms:  # also from a piece that goes out late: the next one is not to catch it up
                self._piece_at += now - head[0]
        return pieces

    def next_at(self) -> float | None:
        """When `due` has something next; None: not before more bytes come."""
        times = [self._gather_until()] if self._gathered else []
        if (head := self._head()) is not None:
            times.append(head[0])
        return min(times, default=None)

    def drain(self) -> list[bytes]:
        """Everything that waits, at once: the pace is over."""
        waiting = [self._next[1]] if self._next else []
        for _, data in self._writes:
            rest, self._cut = data[self._cut :], 0
            if rest or data == END:
                waiting.append(rest)
        waiting += self._gathered
        self._next = None
        self._writes.clear()
        self._gathered, self._gathered_bytes = [], 0
        return waiting

    # -- the steps, in order ------------------------------------------------------------------------------------

    def _gather(self, data: bytes, now: float) -> None:
        if self._gathered and self._gather_until() <= now:
            self._write(self._gather_until())
        if not self._gathered:
            self._gathered_since = now
        self._gathered.append(data)
        self._gathered_bytes += len(data)
        if self._pace.gather_bytes is not None and self._gathered_bytes >= self._pace.gather_bytes:
            self._write(now)

    def _gather_until(self) -> float:
        return self._gathered_since + self._pace.gather_ms / 1000

    def _write(self, at: float) -> None:
        if self._gathered:
            self._writes.append((at, b"".join(self._gathered)))
            self._gathered, self._gathered_bytes = [], 0

    def _head(self) -> tuple[float, bytes] | None:
        """The first piece, cut off and timed."""
        if self._next is None and self._writes:
            latency_s = self._latency_s()
            piece = self._cut_off(*self._writes[0])
            self._next = (self._time(piece, latency_s), piece)
        return self._next

    def _cut_off(self, at: float, data: bytes) -> bytes:
        size = self._pace.piece_bytes or len(data)
        if self._cut % max(size, 1) == 0:  # a piece begins
            self._piece_at = max(at, self._piece_at + self._pace.piece_apart_ms / 1000)
        end = min(len(data), self._cut + size - self._cut % max(size, 1))
        if self._pace.bytes_per_second is not None:
            end = min(end, self._cut + max(1, int(self._pace.bytes_per_second * _GRAIN_S)))
        piece, self._cut = data[self._cut : end], end
        if end == len(data):
            self._writes.popleft()
            self._cut = 0
        return piece

    def _time(self, piece: bytes, latency_s: float) -> float:
        """When a piece has gone over the line and arrives, if nothing before it comes later still."""
        sent = max(self._piece_at, self._line_free_at)
        if self._pace.bytes_per_second is not None:
            sent += len(piece) / self._pace.bytes_per_second
        self._line_free_at = sent
        return sent + latency_s

    def _latency_s(self) -> float:
        latency_ms = self._pace.latency_ms
        if self._pace.jitter_ms:
            self._pieces += 1
            unit = draw(self._pace.key, self._direction, self._pieces)
            latency_ms += spread(self._pace.distribution, self._pace.jitter_ms, unit)
        return latency_ms / 1000
