"""A way past mitmproxy for bytes that nobody needs to see: from one socket to the other in one turn of the loop.

Between a socket and mitmproxy stands asyncio's stream reader. A shortcut stands before that reader: it takes what
comes if it can, and what it gives back goes on to mitmproxy as if it had just come.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from mitmproxy.proxy.server import ConnectionIO

Take = Callable[[bytes], bytes]
"""Passes bytes on and returns those that it leaves to mitmproxy: none, or all from some byte on."""


_CROWD_BYTES = 65_536
"""When so much waits for a peer that does not read, mitmproxy takes over, which then reads no more from the other."""


class Shortcut(asyncio.Protocol):
    """In the place of the protocol that feeds a stream reader."""

    def __init__(self, inner: asyncio.Protocol, reader: asyncio.StreamReader) -> None:
        self._inner = inner
        self._unread = cast(Any, reader)._buffer
        self._take: Take | None = None

    def take_with(self, take: Take) -> None:
        """Offers all further bytes to `take` first, except while mitmproxy has older ones to read."""
        self._take = take

    def data_received(self, data: bytes) -> None:
        if self._take is not None and not self._unread:
            data = self._take(data)
        if data:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._take = None
        self._inner.connection_lost(exc)


def is_free(io: ConnectionIO) -> bool:
    """Whether this side can be written to without waiting."""
    transport = cast(asyncio.StreamWriter, io.writer).transport
    return not transport.is_closing() and transport.get_write_buffer_size() < _CROWD_BYTES


def lay(io: ConnectionIO, take: Take) -> None:
    """Offers to `take` what comes from this side, which has no shortcut yet."""
    transport = cast(asyncio.Transport, cast(asyncio.StreamWriter, io.writer).transport)
    shortcut = Shortcut(cast(asyncio.Protocol, transport.get_protocol()), cast(asyncio.StreamReader, io.reader))
    shortcut.take_with(take)
    transport.set_protocol(shortcut)
