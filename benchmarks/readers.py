"""Many readers of the reference app in one process, at the least cost: what is measured is the server.

Sockets and one selector. Of what comes in, only the mark of an awaited note is looked for.
"""

import json
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

_ADDRESS = "127.0.0.1"
_READ_BYTES = 1 << 16
_PATIENCE_S = 60.0
_AT_A_TIME = 50
"""How many connections are opened together; fewer than a listener keeps waiting."""
_FIRST = b'"kind":"snapshot"'
_MARK = b'"text":"sent at '
_KEPT = 64
"""Bytes that are kept for the next read: more than a mark with its time is long."""
_WEBSOCKET = (
    "GET /timer/ws HTTP/1.1",
    f"Host: {_ADDRESS}",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
_STREAM = ("GET /timer/stream HTTP/1.1", f"Host: {_ADDRESS}", "Accept: text/event-stream")


class Reader:
    """One connection: whether it has its first message, and how late each note came."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.is_live = False
        self.late_s: list[float] = []
        self._rest = b""

    def take(self, data: bytes, now: float) -> None:
        data = self._rest + data
        if not self.is_live:
            self.is_live = _FIRST in data
        start = data.find(_MARK)
        while start >= 0 and (end := data.find(b'"', start + len(_MARK))) >= 0:
            self.late_s.append(now - float(data[start + len(_MARK) : end]))
            data = data[end:]
            start = data.find(_MARK)
        self._rest = data[-_KEPT:] if start < 0 else data[start:]


class Readers:
    """All of them."""

    def __init__(self, port: int, websockets: int, streams: int) -> None:
        self._port = port
        self._selector = selectors.DefaultSelector()
        self.websockets = self._open(_WEBSOCKET, websockets)
        self.streams = self._open(_STREAM, streams)

    def notes(self, count: int, every_s: float) -> None:
        """Have the server tell so many notes, one each time, and take them all in."""
        with socket.create_connection((_ADDRESS, self._port), _PATIENCE_S) as console:
            for _ in range(count):
                due = time.monotonic() + every_s
                console.sendall(_note())
                self._read_until(due)
                _expect_done(console)
        self._wait_for_stragglers(count)

    def forget(self) -> None:
        """What came so far does not count."""
        for reader in self._all:
            reader.late_s.clear()

    def close(self) -> None:
        for reader in self._all:
            reader.link.close()
        self._selector.close()

    @property
    def _all(self) -> list[Reader]:
        return [*self.websockets, *self.streams]

    def _wait_for_stragglers(self, count: int) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while any(len(reader.late_s) < count for reader in self._all) and time.monotonic() < deadline:
            self._read(0.1)

    def _open(self, request: tuple[str, ...], count: int) -> list[Reader]:
        opened: list[Reader] = []
        while len(opened) < count:
            batch = [self._connect(request) for _ in range(min(_AT_A_TIME, count - len(opened)))]
            deadline = time.monotonic() + _PATIENCE_S
            while not all(reader.is_live for reader in batch):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"not all of {len(batch)} readers had a snapshot within {_PATIENCE_S:.0f} s")
                self._read(0.1)
            opened += batch
        return opened

    def _connect(self, request: tuple[str, ...]) -> Reader:
        link = socket.create_connection((_ADDRESS, self._port), _PATIENCE_S)
        link.sendall("\r\n".join((*request, "", "")).encode())
        link.setblocking(False)
        reader = Reader(link)
        self._selector.register(link, selectors.EVENT_READ, reader)
        return reader

    def _read_until(self, deadline: float) -> None:
        while (left := deadline - time.monotonic()) > 0:
            self._read(left)

    def _read(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(timeout_s):
            data = key.data.link.recv(_READ_BYTES)
            if not data:
                raise ConnectionError("the server ended a connection")
            key.data.take(data, time.monotonic())


def _note() -> bytes:
    """The request that tells a note. What it says is when it was sent, on the clock that all processes here share."""
    text = f"sent at {time.monotonic():.6f}"
    body = json.dumps({"id": text, "name": "note", "args": {"text": text}})
    head = ("POST /timer/commands HTTP/1.1", f"Host: {_ADDRESS}", f"Content-Length: {len(body)}", "", body)
    return "\r\n".join(head).encode()


def _expect_done(console: socket.socket) -> None:
    answer = console.recv(_READ_BYTES)
    while answer and not answer.endswith(b"}"):
        answer += console.recv(_READ_BYTES)
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(f"a note was answered {answer!r}")


@contextmanager
def reading(port: int, websockets: int, streams: int) -> Iterator[Readers]:
    readers = Readers(port, websockets, streams)
    try:
        yield readers
    finally:
        readers.close()
