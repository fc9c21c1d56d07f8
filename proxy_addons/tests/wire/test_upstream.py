"""The origin's side of a connection, with transports that only remember what was done to them."""

from errno import ENOTCONN
from types import SimpleNamespace
from typing import cast

import pytest
from mitmproxy.proxy.server import ConnectionHandler

from proxy_addons.wire.upstream import Upstream


class Transport:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.unsent = 0

    def pause_reading(self) -> None:
        self.told.append("pause")

    def resume_reading(self) -> None:
        self.told.append("resume")

    def abort(self) -> None:
        self.told.append("abort")

    def get_write_buffer_size(self) -> int:
        return self.unsent


class Writer:
    def __init__(self) -> None:
        self.transport = Transport()
        self.written: list[bytes] = []
        self.ended = False
        self.closing = False
        self.gone = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def write_eof(self) -> None:
        if self.gone:
            raise OSError(ENOTCONN, "Transport endpoint is not connected")
        self.ended = True

    def is_closing(self) -> bool:
        return self.closing


class Connection:
    """A client, an origin that is connected, and one that is not yet."""

    def __init__(self) -> None:
        self.client, self.origin = Writer(), Writer()
        writers = {"client": self.client, "origin": self.origin, "connecting": None}
        self.transports = {name: SimpleNamespace(writer=writer) for name, writer in writers.items()}
        handler = SimpleNamespace(client="client", transports=self.transports)
        self.upstream = Upstream(cast(ConnectionHandler, handler))

    @property
    def writer(self) -> Writer:
        """What mitmproxy writes to."""
        return cast(Writer, self.transports["origin"].writer)


@pytest.fixture
def connection() -> Connection:
    return Connection()


def test_is_paused_as_long_as_there_is_a_reason(connection: Connection) -> None:
    connection.upstream.pause("one")
    connection.upstream.pause("two")
    connection.upstream.resume("one")
    assert connection.origin.transport.told == ["pause", "pause"]
    connection.upstream.resume("two")
    assert connection.origin.transport.told == ["pause", "pause", "resume"]
    assert connection.client.transport.told == []


def test_is_written_to_later_what_was_held_in_order(connection: Connection) -> None:
    connection.upstream.hold()
    connection.upstream.hold()
    connection.writer.write(b"a")
    connection.writer.write(b"b")
    connection.writer.write_eof()
    assert (connection.origin.written, connection.origin.ended) == ([], False)
    connection.upstream.release()
    connection.writer.write(b"c")
    assert (connection.origin.written, connection.origin.ended) == ([b"ab", b"c"], True)


def test_is_not_written_to_after_it_has_gone(connection: Connection) -> None:
    connection.upstream.hold()
    connection.writer.write(b"a")
    connection.origin.closing = True
    connection.upstream.release()
    assert connection.origin.written == []


def test_passes_on_what_else_mitmproxy_asks_while_it_holds(connection: Connection) -> None:
    connection.upstream.hold()
    assert connection.writer.transport is connection.origin.transport


def test_is_aborted_only_where_bytes_are_left_that_it_does_not_read(connection: Connection) -> None:
    connection.upstream.drop()
    assert connection.origin.transport.told == []
    connection.origin.transport.unsent = 1
    connection.upstream.drop()
    assert connection.origin.transport.told == ["abort"]


def test_an_end_that_was_held_for_an_origin_that_has_reset_is_none(connection: Connection) -> None:
    connection.upstream.hold()
    connection.writer.write_eof()
    connection.origin.gone = True
    connection.upstream.release()
    assert connection.origin.transport.told == ["abort"]
