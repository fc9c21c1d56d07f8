"""Both ends of a connection in the hands of a test, which speaks in turn as the client and as the origin."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from threading import Thread
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from websockets.sync.server import ServerConnection, serve

TIMEOUT_S = 20.0
"""How long what must come is waited for, on a busy machine; nothing waits so long for what must not."""

UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: app.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
SWITCHED = (
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
SUBSCRIBE = b"GET /stream HTTP/1.1\r\nHost: app.test\r\nAccept: text/event-stream\r\n\r\n"
STREAMING = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """One chunk of a body (RFC 9112, 7.1)."""
    return b"%x\r\n%s\r\n" % (len(data), data)


class Peer:
    """One end of a TCP connection. No wait lasts longer than `TIMEOUT_S`, and a peer that ends is no error."""

    def __init__(self, raw: socket.socket, *, was_reset: bool = False) -> None:
        raw.settimeout(TIMEOUT_S)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = raw
        self._buffer = b""
        self._was_reset = was_reset

    @classmethod
    def connect(cls, url: str) -> Self:
        """A client of the origin or proxy at this URL. Raises ConnectionRefusedError if nobody listens."""
        parts = urlsplit(url)
        raw = socket.socket()
        raw.settimeout(TIMEOUT_S)
        try:
            raw.connect((parts.hostname, parts.port))
        except ConnectionResetError:  # accepted, and reset before connect() had returned
            return cls(raw, was_reset=True)
        except OSError:
            raw.close()
            raise
        return cls(raw)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def send_until_full(self, data: bytes, most: int = 1 << 26) -> int:
        """Send this again and again until nobody takes any more for now, or `most` bytes are out; returns how many."""
        sent = 0
        with memoryview(data) as view:
            while sent < most and select([], [self._socket], [], 0)[1]:
                sent += self._socket.send(view[sent % len(data) :], socket.MSG_DONTWAIT)
        return sent

    def read(self, size: int) -> bytes:
        """The next bytes; fewer only if the peer ends before."""
        while len(self._buffer) < size and self._receive():
            pass
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def read_some(self) -> bytes:
        """What one read brings: on an idle machine, one write of the peer; nothing if it has ended."""
        if not self._buffer:
            self._receive()
        return self._take_all()

    def read_until(self, mark: bytes) -> bytes:
        """Everything up to and with `mark`, or to the peer's end."""
        while mark not in self._buffer and self._receive():
            pass
        return self.read((self._buffer + mark).index(mark) + len(mark))

    def read_head(self) -> bytes:
        return self.read_until(b"\r\n\r\n")

    def read_chunk(self) -> bytes:
        size = int(self.read_until(b"\r\n"), 16)
        return self.read(size + 2)[:-2]

    def rest(self) -> tuple[bytes, Literal["fin", "rst"]]:
        """Everything to the peer's end, and how it ended."""
        try:
            while self._receive(or_raise=True):
                pass
        except ConnectionResetError:
            return self._take_all(), "rst"
        return self._take_all(), "fin"

    def has_news(self) -> bool:
        """Whether anything has come that was not read, an end included."""
        return bool(self._buffer or select([self._socket], [], [], 0)[0])

    def finish(self) -> None:
        """FIN, and go on reading."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """RST (socket(7): close with a linger time of 0 s)."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take_all(self) -> bytes:
        data, self._buffer = self._buffer, b""
        return data

    def _receive(self, *, or_raise: bool = False) -> bool:
        try:
            if self._was_reset:
                raise ConnectionResetError
            data = self._socket.recv(65_536)
        except ConnectionResetError:
            self._was_reset = True
            if or_raise:
                raise
            return False
        except TimeoutError:
            raise TimeoutError(f"nothing more came within {TIMEOUT_S:g} s behind {self._buffer!r}") from None
        self._buffer += data
        return bool(data)


class Origin:
    """A server that does nothing by itself: the test accepts each connection and answers it."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(TIMEOUT_S)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._peers: list[Peer] = []

    def accept(self) -> Peer:
        """The next connection."""
        return self._kept(Peer(self._listening.accept()[0]))

    def is_called(self) -> bool:
        """Whether a connection waits to be accepted."""
        return bool(select([self._listening], [], [], 0)[0])

    def exchange(self, url: str, request: bytes, answer: bytes) -> tuple[Peer, Peer]:
        """A client that has sent the request to the proxy at this URL, and this end, which has answered its head."""
        client = self._kept(Peer.connect(url))
        client.send(request)
        server = self.accept()
        server.read_head()
        server.send(answer)
        return client, server

    def open_websocket(self, url: str, answer: bytes = SWITCHED) -> tuple[Peer, Peer]:
        """Both ends of a WebSocket through the proxy at this URL."""
        client, server = self.exchange(url, UPGRADE, answer)
        assert client.read_head() == SWITCHED
        return client, server

    def open_stream(self, url: str) -> tuple[Peer, Peer]:
        """Both ends of an event stream through the proxy at this URL."""
        client, server = self.exchange(url, SUBSCRIBE, STREAMING)
        assert client.read_head() == STREAMING
        return client, server

    def close(self) -> None:
        """Refuse connections from now on and close those that stand."""
        self._listening.close()
        for peer in self._peers:
            peer.close()

    def _kept(self, peer: Peer) -> Peer:
        self._peers.append(peer)
        return peer


@contextmanager
def websocket_server(handler: Callable[[ServerConnection], None], **options: Any) -> Iterator[str]:
    """The URL of a real WebSocket server, which runs in a thread."""
    with serve(handler, "127.0.0.1", 0, **options) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def open_files() -> list[str]:
    """What this process has open: files, sockets, pipes, by the names that Linux gives them; elsewhere nothing."""
    folder = Path("/proc/self/fd")
    links = list(folder.iterdir()) if folder.is_dir() else []
    return sorted(str(link.readlink()) for link in links if link.is_symlink())
