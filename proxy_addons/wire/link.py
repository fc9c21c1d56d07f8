"""One client's TCP connection, below TLS and HTTP: what can be done to its bytes and to the socket itself."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Literal, Protocol, assert_never, cast

from mitmproxy.connection import Connection
from mitmproxy.proxy.events import Event
from mitmproxy.proxy.server import ConnectionHandler, ConnectionIO

from proxy_addons.actions import BOTH, Abort, ConnectionAction, Limit, Pace, Parting, Reset, Stall
from proxy_addons.events import Direction
from proxy_addons.wire.client_socket import ClientSocket
from proxy_addons.wire.pipe import Pipe
from proxy_addons.wire.shortcut import is_free, lay
from proxy_addons.wire.upstream import Upstream

PassOn = Callable[[bytes], tuple[bytes, bytes]]
"""Divides the bytes that come into those that pass, unseen by mitmproxy, and the rest, which is for it."""

_NEVER_S = 10**9
"""mitmproxy cuts connections that are idle for 600 s; a stream may be quiet for longer, and a stall has to be."""


class Watcher(Protocol):
    """Whom a link tells what happens to it."""

    def client_gone(self, link: "ClientLink") -> None:
        """The client has sent FIN or RST."""

    def link_over(self, link: "ClientLink") -> None:
        """mitmproxy is done with the connection, and its last byte and end have gone out, or can't any more."""

    def socket_closed(self, link: "ClientLink") -> None:
        """The socket is closed."""

    def pace_failed(self, rule: str, error: Exception) -> None:
        """A pace raised this and was removed."""


class ClientLink:
    """The nth connection that a listener accepted, with a way to reach its socket and its layers."""

    def __init__(self, number: int, handler: ConnectionHandler) -> None:
        self.number = number
        self._handler = handler
        self._upstream = Upstream(handler)
        self._socket: ClientSocket | None = None
        self._watcher: Watcher | None = None
        self.ending: tuple[str, str] | None = None
        """How the connection ends and by whom, as soon as that is known."""
        self.gone = False
        """The client has sent FIN or RST."""
        self._heals: dict[str, asyncio.TimerHandle] = {}
        self._finished = False
        self._detached = False

    # -- life ------------------------------------------------------------------------------------------------

    def attach(self, watcher: Watcher) -> None:
        """Take the client's socket in hand, before its first byte is read."""
        self._watcher = watcher
        self._handler.timeout_watchdog.timeout = _NEVER_S
        io = self._handler.transports[self._handler.client]
        writer, reader = cast(asyncio.StreamWriter, io.writer), cast(asyncio.StreamReader, io.reader)
        self._socket = ClientSocket(writer, reader, self)
        io.writer = cast(asyncio.StreamWriter, self._socket.writer)

    def detach(self) -> None:
        """mitmproxy is done with the connection; what waits on a slow line still goes out."""
        self._detached = True
        self._check_over()

    def ends(self, how: str, by: str) -> None:
        """Note why the connection is about to end; the first reason counts."""
        self.ending = self.ending or (how, by)

    @property
    def was_reset(self) -> bool:
        return self.ending is not None and self.ending[0] == "rst"

    async def deliver(self, event: Event) -> None:
        """Hand an event to this connection's layers, in turn with what comes from the network."""
        if not self._detached:
            await self._handler.server_event(event)

    def _check_over(self) -> None:
        if self._finished and self._detached and self._watcher is not None:
            self.ends("fin", "proxy")
            self._watcher.link_over(self)

    def shortcut(self, server: Connection, to_client: PassOn, to_server: PassOn) -> None:
        """Let bytes go past mitmproxy, both ways, as far as these pass them on; but none that are encrypted."""
        origin, client = self._handler.transports.get(server), self._handler.transports.get(self._handler.client)
        if self._socket is None or origin is None or client is None or server.tls or self._handler.client.tls:
            return
        self._socket.reader_protocol.take_with(lambda data: _take(data, to_server, origin))
        lay(origin, lambda data: _take(data, to_client, client))

    def how_origin_ended(self, origin: Connection) -> Literal["fin", "rst"]:
        """Whether FIN or RST has come from it just now: mitmproxy makes no difference, but asyncio remembers."""
        io = self._handler.transports.get(origin)
        error = io.reader.exception() if io and isinstance(io.reader, asyncio.StreamReader) else None
        return "rst" if isinstance(error, ConnectionResetError) else "fin"

    # -- what ends it ------------------------------------------------------------------------------------------

    def abort(self, by: str = "rule", parting: bytes = b"") -> None:
        """Send FIN to the client, behind everything that waits for it; a rule's also ends a stall."""
        self.ends("fin", by)
        if self._socket is not None:
            self._socket.leave("fin", parting, at_once=by == "rule" and self._socket.to_client.stalled)
            self._let_go(self._socket)

    def reset(self, by: str = "rule", parting: bytes = b"") -> None:
        """Send RST to the client, in the same way: it reads ECONNRESET, Chromium says -101."""
        self.ends("rst", by)
        if self._socket is not None:
            self._socket.leave("rst", parting, at_once=by == "rule" and self._socket.to_client.stalled)
            self._let_go(self._socket)

    def close(self) -> None:
        """End both sides of the connection with FIN, whatever is under way."""
        self.ends("fin", "proxy")
        if self._socket is not None:
            self._upstream.drop()
            self._socket.close()
            if not self._let_go(self._socket):
                self._socket.writer.close()

    def _let_go(self, client: ClientSocket) -> bool:
        """Have mitmproxy end the connection, origin and all; False if it does not serve it."""
        io = self._handler.transports.get(self._handler.client)
        if io is None or (io.handler is not None and io.handler.done()):  # the latter when all of it comes to an end
            return False
        if io.handler is not None:
            io.handler.cancel("ended by the fault proxy")
        else:  # accepted so lately that nobody reads yet: mitmproxy looks at the error first, and who reads at the end
            self._handler.client.error = "ended by the fault proxy"
            client.end_reading()
        return io.handler is not None

    # -- what rules do to it ------------------------------------------------------------------------------------

    def apply(self, rule: str, action: ConnectionAction, order: Sequence[str] = ()) -> None:
        """Perform an action, at once; `order` are the rules in plan order."""
        if self._socket is None:
            return
        match action:
            case Abort(parting):
                self.abort(parting=parting)
            case Reset(parting):
                self.reset(parting=parting)
            case Stall(directions, for_ms, parting):
                if parting:
                    self._socket.writer.write(parting)
                self._stall(rule, directions, for_ms)
            case Pace():
                for pipe in self._pipes(action.directions):
                    pipe.pace(rule, action, order)
            case Limit(after_bytes, direction, then):
                (limited,) = self._pipes({direction})
                limited.limit(rule, after_bytes, lambda: self._reached(rule, limited, then))
            case _:
                assert_never(action)
        self._socket.switch()

    def release(self, rule: str) -> None:
        """Undo what a rule does to the connection; what it holds flows on, in order."""
        if self._socket is None:
            return
        if (timer := self._heals.pop(rule, None)) is not None:
            timer.cancel()
        self._socket.to_client.release(rule)
        if self._socket.to_server.stalled_only_by(rule):
            self._upstream.release()
        self._socket.to_server.release(rule)
        self._socket.switch()

    def pause_upstream(self, pause: bool) -> None:
        """Read nothing more from the origin, or go on: a stream holds as much as it can."""
        (self._upstream.pause if pause else self._upstream.resume)("stream")

    def pause_client(self, pause: bool) -> None:
        """Read nothing more from the client, or go on: a stream holds as much as it can."""
        if self._socket is not None:
            self._socket.stop_reading("stream", pause)

    def _stall(self, rule: str, directions: frozenset[Direction], for_ms: float | None) -> None:
        for pipe in self._pipes(directions):
            pipe.stall(rule)
        if "to_server" in directions:
            self._upstream.hold()
        if (timer := self._heals.pop(rule, None)) is not None:
            timer.cancel()
        if for_ms is not None:
            self._heals[rule] = asyncio.get_running_loop().call_later(for_ms / 1000, self.release, rule)

    def _reached(self, rule: str, pipe: Pipe, then: Parting) -> None:
        """As many bytes as a limit lets through have gone out."""
        if then == "stall":
            self._stall(rule, BOTH, None)
        else:
            pipe.drop()
            (self.reset if then == "reset" else self.abort)()
        assert self._socket is not None, "it has just sent bytes"
        self._socket.switch()

    def _pipes(self, directions: Collection[Direction]) -> list[Pipe]:
        assert self._socket is not None, "asked for an attached link only"
        pipes: dict[Direction, Pipe] = {"to_client": self._socket.to_client, "to_server": self._socket.to_server}
        return [pipe for direction, pipe in pipes.items() if direction in directions]

    # -- what the socket tells ------------------------------------------------------------------------------------

    def client_left(self, how: str) -> None:
        self.ends(how, "client")
        self.gone = True
        if how == "rst" and self._socket is not None:
            self._upstream.reset()
        if self._watcher is not None:
            self._watcher.client_gone(self)

    def crowded(self, crowded: bool) -> None:
        (self._upstream.pause if crowded else self._upstream.resume)("client")

    def finished(self) -> None:
        self._finished = True
        for timer in self._heals.values():
            timer.cancel()
        self._heals.clear()
        self._check_over()

    def closed(self) -> None:
        if self._watcher is not None:
            self._watcher.socket_closed(self)

    def pace_failed(self, rule: str, error: Exception) -> None:
        if self._watcher is not None:
            self._watcher.pace_failed(rule, error)


def _take(data: bytes, pass_on: PassOn, io: ConnectionIO) -> bytes:
    """Pass on what may pass to this side, and return the rest."""
    if not is_free(io):
        return data
    passing, rest = pass_on(data)
    if passing:
        cast(asyncio.StreamWriter, io.writer).write(passing)
    return rest
