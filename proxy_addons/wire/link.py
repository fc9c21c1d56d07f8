"""One client's TCP connection, below TLS and HTTP: what can be done to the socket itself."""

import asyncio
import socket
import struct
from typing import cast

from mitmproxy.proxy.events import Event
from mitmproxy.proxy.server import ConnectionHandler

_LINGER_ZERO = struct.pack("ii", 1, 0)
"""`struct linger {on, 0 s}`: close() then sends RST instead of FIN (socket(7))."""


class ClientLink:
    """The nth connection that a listener accepted, with a way to reach its socket and its layers."""

    def __init__(self, number: int, handler: ConnectionHandler) -> None:
        self.number = number
        self._handler = handler
        self.ending: tuple[str, str] | None = None
        """How the connection ended and by whom, where it was not the client."""

    @property
    def was_reset(self) -> bool:
        return self.ending is not None and self.ending[0] == "rst"

    def ends(self, how: str, by: str) -> None:
        """Note why the connection is about to end; the first reason counts."""
        self.ending = self.ending or (how, by)

    def reset(self, by: str = "rule") -> None:
        """Send RST to the client: it reads ECONNRESET, Chromium says -101."""
        self.ends("rst", by)
        io = self._handler.transports.get(self._handler.client)
        if io is None:
            return
        writer = cast(asyncio.StreamWriter, io.writer)
        raw = cast(socket.socket, writer.get_extra_info("socket"))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        writer.transport.abort()

    def close(self) -> None:
        """End both sides of the connection with FIN, whatever is under way."""
        self.ends("fin", "proxy")
        io = self._handler.transports.get(self._handler.client)
        if io is None:
            return
        if io.handler is not None:
            io.handler.cancel("closed by the proxy")
        elif io.writer is not None:  # accepted so lately that nobody reads yet: who does will find the end
            io.writer.close()

    async def deliver(self, event: Event) -> None:
        """Hand an event to this connection's layers, in turn with what comes from the network."""
        await self._handler.server_event(event)
