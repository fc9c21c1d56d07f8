"""The origin's side of one client's connection: not to be read from, or not to be written to, for a while."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from typing import Any, cast

from mitmproxy.proxy.server import ConnectionHandler, ConnectionIO

LINGER_ZERO = struct.pack("ii", 1, 0)
"""`struct linger {on, 0 s}`: close() then sends RST instead of FIN (socket(7))."""


class Upstream:
    """All connections to origins that serve one client."""

    def __init__(self, handler: ConnectionHandler) -> None:
        self._handler = handler
        self._pauses: set[str] = set()

    def pause(self, why: str) -> None:
        """Read nothing from the origin, so that it meets full buffers. Asked again, it is done again: asyncio's stream
        readers resume a transport for reasons of their own."""
        self._pauses.add(why)
        for io in self._origins():
            _transport(io).pause_reading()

    def resume(self, why: str) -> None:
        """Read again, unless there is another reason not to."""
        self._pauses.discard(why)
        if not self._pauses:
            for io in self._origins():
                _transport(io).resume_reading()

    def hold(self) -> None:
        """Write nothing to the origins that are connected: what mitmproxy has read before a stall, or is at."""
        for io in self._origins():
            if not isinstance(io.writer, _HeldWriter):
                io.writer = cast(asyncio.StreamWriter, _HeldWriter(cast(asyncio.StreamWriter, io.writer)))

    def release(self) -> None:
        """Write what was held, and hold nothing more."""
        for io in self._origins():
            writer: object = io.writer
            if isinstance(writer, _HeldWriter):
                io.writer = writer.release()

    def drop(self) -> None:
        """Close what cannot be closed in good order, since the origin does not read what waits for it."""
        for io in self._origins():
            if _transport(io).get_write_buffer_size():
                _transport(io).abort()

    def reset(self) -> None:
        """Send RST, as the client has."""
        for io in self._origins():
            raw = cast(socket.socket, _transport(io).get_extra_info("socket"))
            if raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
            _transport(io).abort()

    def _origins(self) -> Iterator[ConnectionIO]:
        for connection, io in self._handler.transports.items():
            if connection is not self._handler.client and io.writer is not None:
                yield io


class _HeldWriter:
    """In the place of the writer that mitmproxy writes to."""

    def __init__(self, inner: asyncio.StreamWriter) -> None:
        self._inner = inner
        self._held: list[bytes] = []
        self._ended = False

    def write(self, data: bytes) -> None:
        self._held.append(data)

    def write_eof(self) -> None:
        self._ended = True

    async def drain(self) -> None:
        pass

    def release(self) -> asyncio.StreamWriter:
        if not self._inner.is_closing():
            self._inner.write(b"".join(self._held))
            if self._ended:
                self._write_eof()
        return self._inner

    def _write_eof(self) -> None:
        try:
            self._inner.write_eof()
        except OSError:  # the origin has reset, which nobody has read yet: asyncio lets shutdown(2) raise (ENOTCONN)
            cast(asyncio.Transport, self._inner.transport).abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _transport(io: ConnectionIO) -> asyncio.Transport:
    return cast(asyncio.Transport, cast(asyncio.StreamWriter, io.writer).transport)
