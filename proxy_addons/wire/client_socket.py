"""A client's socket between asyncio and mitmproxy: bytes go past at no cost, or through pipes where a rule says so."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Literal, Protocol, cast

from proxy_addons.pacing import END
from proxy_addons.wire.pipe import Pipe
from proxy_addons.wire.shortcut import Shortcut
from proxy_addons.wire.upstream import LINGER_ZERO

Farewell = Literal["half", "fin", "rst"]
"""FIN, and the client may go on sending; FIN; RST."""

_LINGER_S = 1.0
"""How long after our FIN the client's bytes are still read, and dropped: a socket that is closed with unread bytes
sends RST (RFC 2525, 2.17), and the client may then lose what it has not read."""

_FLUSH_S = 1.0
"""How long an RST waits for the bytes before it, if the client does not read them."""
_FLUSH_POLL_S = 0.005


class Owner(Protocol):
    """Whom a socket tells what happens to it."""

    def client_left(self, how: str) -> None:
        """The client has sent FIN (`fin`) or RST (`rst`)."""

    def crowded(self, crowded: bool) -> None:
        """Too much waits for the client (True), or no longer (False)."""

    def finished(self) -> None:
        """The last byte and the end have been given to the kernel, or can't be any more."""

    def closed(self) -> None:
        """The socket is closed."""

    def pace_failed(self, rule: str, error: Exception) -> None:
        """A pace raised this and was removed."""


class ClientSocket:
    """Stands in for the writer that mitmproxy writes to (`writer`), and in front of the reader that it reads from."""

    def __init__(self, inner: asyncio.StreamWriter, reader: asyncio.StreamReader, owner: Owner) -> None:
        self._inner = inner  # a writer that nobody keeps closes its transport (Python 3.13)
        self._owner = owner
        self.transport = cast(asyncio.Transport, inner.transport)
        self.reader_protocol = Shortcut(cast(asyncio.Protocol, self.transport.get_protocol()), reader)
        self.to_client = Pipe(
            "to_client",
            out=self.transport.write,
            end=self._part,
            filled=lambda full: self._crowd("pipe", full),
            crashed=owner.pace_failed,
        )
        self.to_server = Pipe(
            "to_server",
            out=self.reader_protocol.data_received,
            end=self.reader_protocol.eof_received,
            filled=lambda full: self.stop_reading("pipe", full),
            crashed=owner.pace_failed,
        )
        self._farewell: Farewell = "half"
        self._parted = False
        self._stopping = False
        self._left = False
        self._crowds: set[str] = set()
        self._not_reading: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.writer = Writer(self)
        self._tap = _Tap(self)
        self.switch()
        self.transport.set_protocol(self._tap)

    def switch(self) -> None:
        """After a change of what the pipes do: bytes go through them, or past them."""
        self.writer.write = self._write_to_crowd if self._crowds else self._way_out()
        self._tap.receive = self.reader_protocol.data_received if self.to_server.idle else self._receive
        self.stop_reading("stall", self.to_server.stalled)

    # -- from the client ----------------------------------------------------------------------------------------

    def _receive(self, data: bytes) -> None:
        if self._not_reading:  # asyncio's stream reader has resumed the transport, for reasons of its own
            self.transport.pause_reading()
        self.to_server.feed(data)

    def eof_received(self) -> bool:
        """The client's FIN; True keeps the socket open for what is still to be sent."""
        self._left = True
        self._owner.client_left("fin")
        if self._parted and self._farewell == "fin":
            return False
        if self.to_server.idle:
            self.reader_protocol.eof_received()
        else:
            self.to_server.feed(END)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            self._owner.client_left("rst")
        self.to_client.clear()
        self.to_server.clear()
        self._cancel_timer()
        self.reader_protocol.connection_lost(error)
        self._finish()
        self._owner.closed()

    def end_reading(self) -> None:
        """As if the client had sent FIN."""
        self.to_server.clear()
        self.switch()
        self.reader_protocol.eof_received()

    def stop_reading(self, why: str, stop: bool) -> None:
        """Or go on, if there is no other reason to stop."""
        before = bool(self._not_reading)
        (self._not_reading.add if stop else self._not_reading.discard)(why)
        if stop:
            self.transport.pause_reading()
        elif before and not self._not_reading:
            self.transport.resume_reading()

    # -- to the client ------------------------------------------------------------------------------------------

    def leave(self, farewell: Farewell, parting: bytes = b"", *, at_once: bool = False) -> None:
        """End the connection in turn, behind everything that waits; or at once, past a stall."""
        if at_once:
            self.to_client.drop()
        if parting:
            self.to_client.feed(parting)
        if self._parted and self._farewell != "half":
            return
        self._farewell = farewell
        if self._parted:
            self._part()
        else:
            self.to_client.feed(END)
        self.switch()

    @property
    def leaving(self) -> bool:
        """Whether nothing more can be written."""
        return self.to_client.closed or self.transport.is_closing()

    def close(self) -> None:
        """Drop everything and close, now."""
        self._stopping = True
        self.to_client.clear()
        self.to_server.clear()
        self._cancel_timer()
        self.switch()
        if self.transport.get_write_buffer_size():  # nobody knows when the client will read it
            self.transport.abort()

    def close_if_stopping(self) -> bool:
        if self._stopping:
            self.transport.close()
            self._finish()
        return self._stopping

    def crowd(self, crowded: bool) -> None:
        """The kernel takes no more for now, or takes more again."""
        self._crowd("kernel", crowded)

    def _crowd(self, why: str, crowded: bool) -> None:
        (self._crowds.add if crowded else self._crowds.discard)(why)
        self._owner.crowded(bool(self._crowds))
        self.switch()

    def _way_out(self) -> Callable[[bytes], object]:
        return self.transport.write if self.to_client.idle else self.to_client.feed

    def _write_to_crowd(self, data: bytes) -> None:
        self._owner.crowded(True)  # who writes has been read from nevertheless
        self._way_out()(data)

    def _part(self) -> None:
        self._parted = True
        match self._farewell:
            case "half":
                self._write_eof()
            case "fin":
                self._fin()
            case "rst":
                self._rst(asyncio.get_running_loop().time() + _FLUSH_S)

    def _fin(self) -> None:
        if self._left or self.transport.is_closing():
            self.transport.close()
        else:
            self._write_eof()
            self.to_server.clear()
            self.switch()
            self._not_reading.clear()
            self.transport.resume_reading()
            self._timer = asyncio.get_running_loop().call_later(_LINGER_S, self.transport.close)
        self._finish()

    def _rst(self, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        if self.transport.get_write_buffer_size() and loop.time() < deadline:
            self._timer = loop.call_later(_FLUSH_POLL_S, self._rst, deadline)
            return
        raw = cast(socket.socket, self.transport.get_extra_info("socket"))
        if raw.fileno() >= 0:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self.transport.abort()
        self._finish()

    def _write_eof(self) -> None:
        if self.transport.is_closing():
            return
        try:
            self.transport.write_eof()
        except OSError:  # the client has reset, which nobody has read yet: asyncio lets shutdown(2) raise (ENOTCONN)
            self.transport.abort()

    def _finish(self) -> None:
        self._parted = True
        self._owner.finished()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class _Tap(asyncio.Protocol):
    """What asyncio calls for the client's socket, in the place of its own stream reader."""

    receive: Callable[[bytes], object]

    def __init__(self, owner: ClientSocket) -> None:
        self._socket = owner

    def data_received(self, data: bytes) -> None:
        self.receive(data)

    def eof_received(self) -> bool:
        return self._socket.eof_received()

    def pause_writing(self) -> None:
        self._socket.crowd(True)

    def resume_writing(self) -> None:
        self._socket.crowd(False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._socket.connection_lost(exc)


class Writer:
    """What mitmproxy calls of a stream writer. It never waits in `drain`, for mitmproxy would do nothing else
    meanwhile, in either direction: the origin is not read from while the client is behind (`Owner.crowded`)."""

    write: Callable[[bytes], object]

    def __init__(self, owner: ClientSocket) -> None:
        self._socket = owner
        self.transport = owner.transport

    async def drain(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self._socket.leaving

    def write_eof(self) -> None:
        self._socket.leave("half")

    def close(self) -> None:
        if not self._socket.close_if_stopping():
            self._socket.leave("fin")

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.transport.get_extra_info(name, default)
