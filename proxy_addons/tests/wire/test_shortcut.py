"""The way past mitmproxy: what takes it, what does not, and that nobody overtakes anybody."""

import asyncio
from collections.abc import Callable, Iterator
from queue import Queue
from threading import Thread

import pytest

from proxy_addons.framing.websocket import CLOSE, TEXT, encode_close, encode_frame
from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import TIMEOUT_S, Origin
from proxy_addons.wire import websocket
from proxy_addons.wire.lane import Lane
from proxy_addons.wire.shortcut import Shortcut

HELLO = encode_frame(TEXT, b"hello")


class Inner(asyncio.Protocol):
    """In the place of asyncio's stream reader protocol."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self.received.append(data)


@pytest.fixture
def reader() -> Iterator[asyncio.StreamReader]:
    loop = asyncio.new_event_loop()
    yield asyncio.StreamReader(loop=loop)
    loop.close()


class TestShortcut:
    @pytest.mark.parametrize(
        ("take", "left"),
        [
            pytest.param(lambda _: b"", [], id="all is taken"),
            pytest.param(lambda data: data[1:], [b"bc"], id="some is given back"),
            pytest.param(lambda data: data, [b"abc"], id="all is given back"),
        ],
    )
    def test_the_reader_gets_what_is_not_taken(
        self, reader: asyncio.StreamReader, take: Callable[[bytes], bytes], left: list[bytes]
    ) -> None:
        inner = Inner()
        shortcut = Shortcut(inner, reader)
        shortcut.take_with(take)
        shortcut.data_received(b"abc")
        assert inner.received == left

    def test_nothing_overtakes_what_the_reader_still_has(self, reader: asyncio.StreamReader) -> None:
        inner = Inner()
        shortcut = Shortcut(inner, reader)
        shortcut.take_with(lambda _: b"")
        reader.feed_data(b"older")
        shortcut.data_received(b"newer")
        assert inner.received == [b"newer"]


class TestThroughTheProxy:
    @pytest.fixture
    def relayed(self, monkeypatch: pytest.MonkeyPatch) -> Queue[bytes]:
        """What comes up to mitmproxy's layers after all."""
        seen: Queue[bytes] = Queue()
        original = websocket.WebSocketRelay.relay

        def watch(self: websocket.WebSocketRelay, lane: Lane, data: bytes) -> websocket.Commands:
            seen.put(data)
            return original(self, lane, data)

        monkeypatch.setattr(websocket.WebSocketRelay, "relay", watch)
        return seen

    def test_messages_go_past_and_a_close_frame_does_not(
        self, proxy: FaultProxy, origin: Origin, relayed: Queue[bytes]
    ) -> None:
        client, server = origin.open_websocket(proxy.url)
        farewell = encode_frame(CLOSE, encode_close(1000))
        for _ in range(3):
            server.send(HELLO)
            assert client.read(len(HELLO)) == HELLO
        server.send(HELLO + farewell)
        assert client.read(len(HELLO + farewell)) == HELLO + farewell
        assert list(relayed.queue) == [farewell]

    def test_a_peer_that_does_not_read_slows_the_other_one_down(
        self, proxy: FaultProxy, origin: Origin, relayed: Queue[bytes]
    ) -> None:
        # given an origin that does not read, and a client that says more than all buffers hold
        client, server = origin.open_websocket(proxy.url)
        much = encode_frame(TEXT, b"x" * 1_000_000) * 32
        speaker = Thread(target=client.send, args=(much,))
        speaker.start()
        # then mitmproxy takes over, which reads no more from a client whose origin is behind
        assert relayed.get(timeout=TIMEOUT_S)
        # and when the origin reads, it gets everything
        parts = [server.read_some()]
        while sum(map(len, parts)) < len(much) and parts[-1]:
            parts.append(server.read_some())
        assert b"".join(parts) == much
        speaker.join()
