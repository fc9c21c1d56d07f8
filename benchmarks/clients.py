"""The clients of all measures: blocking sockets and whole batches, so that the proxy is what takes the time."""

import socket
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import takewhile

from benchmarks.origin import EVENT_END
from benchmarks.traffic import Batch, FrameCutter, Traffic, endlessly, first, read_answer

_TIMEOUT_S = 60.0
_READ_BYTES = 1 << 18
_FEW_EVENTS = 2_000
_UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
_OFFER = "Sec-WebSocket-Extensions: permessage-deflate"


class WrongAnswer(Exception):
    """What came back is not what was sent or asked for, so there is nothing to measure."""


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), _TIMEOUT_S) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield link


@contextmanager
def echoing(port: int, traffic: Traffic) -> Iterator["EchoClient"]:
    """A WebSocket to `/echo` on which the opening of this traffic has come back as it was sent."""
    with connected(port) as link:
        client = EchoClient(link, traffic)
        client.open()
        yield client


class EchoClient:
    """One WebSocket."""

    def __init__(self, link: socket.socket, traffic: Traffic) -> None:
        self._socket = link
        self._traffic = traffic
        self._cutter = FrameCutter()

    def open(self) -> None:
        """The handshake, and the opening. Raises WrongAnswer if that does not come back as it was sent."""
        self._upgrade()
        self._check_opening()

    def messages_per_second(self, seconds: float, window: int) -> float:
        """Echoes a second; at most `window` messages are on their way."""
        start = time.perf_counter()
        deadline = start + seconds
        echoed = self._pipeline(takewhile(lambda _: time.perf_counter() < deadline, endlessly(self._traffic)), window)
        return echoed / (time.perf_counter() - start)

    def echo(self, messages: int, window: int) -> int:
        """Send at least this many, and wait until all are back: how many were echoed since the WebSocket is open."""
        return len(self._traffic.messages) + self._pipeline(first(self._traffic, messages), window)

    def round_trip_ms(self, seconds: float) -> float:
        """From a batch to its echo, the median; one batch at a time."""
        took: list[float] = []
        end = time.perf_counter() + seconds
        for batch in endlessly(self._traffic):
            sent = time.perf_counter()
            self._pipeline([batch], batch.frames)
            now = time.perf_counter()
            took.append((now - sent) * 1000)
            if now > end:
                break
        return statistics.median(took)

    def _pipeline(self, batches: Iterable[Batch], window: int) -> int:
        echoed = under_way = 0
        for batch in batches:
            while under_way and under_way + batch.frames > window:
                back = self._frames_back()
                under_way -= back
                echoed += back
            self._socket.sendall(batch.data)
            under_way += batch.frames
        while under_way > 0:
            back = self._frames_back()
            under_way -= back
            echoed += back
        return echoed

    def _frames_back(self) -> int:
        return len(self._cutter.feed(_receive(self._socket))[1])

    def _upgrade(self) -> None:
        offer = [_OFFER] if self._traffic.compressed else []
        self._socket.sendall(_request("/echo", *_UPGRADE, *offer))
        head = _read_until(self._socket, b"\r\n\r\n")  # the origin says nothing more before we do
        agreed = b"permessage-deflate" in head
        if not head.startswith(b"HTTP/1.1 101 ") or agreed != self._traffic.compressed:
            raise WrongAnswer(f"asked for a WebSocket, compressed: {self._traffic.compressed}; answered {head!r}")

    def _check_opening(self) -> None:
        payloads: list[bytes] = []
        for batch in self._traffic.opening:
            self._socket.sendall(batch.data)
            wanted = len(payloads) + batch.frames
            while len(payloads) < wanted:
                payloads += _payloads(*self._cutter.feed(_receive(self._socket)))
        back = read_answer(payloads, self._traffic.compressed)
        if tuple(back) != self._traffic.messages:
            wrong = next(n for n, (a, b) in enumerate(zip(back, self._traffic.messages, strict=False)) if a != b)
            raise WrongAnswer(f"message {wrong} came back as {back[wrong][:200]!r}")


def events_per_second(port: int, seconds: float) -> float:
    """Events of a stream, each in a chunk of its own, that come as fast as the way allows."""
    with connected(port) as link:
        _stream(link, _FEW_EVENTS)
        roughly = _stream(link, _FEW_EVENTS)
        return _stream(link, max(_FEW_EVENTS, int(roughly * seconds)))


def take_events(port: int, events: int) -> None:
    """A stream of this many events, from its start to its end."""
    with connected(port) as link:
        _stream(link, events)


def first_event_ms(port: int, times: int) -> float:
    """From connecting to the first event of a stream that then is silent and open; the median."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        with connected(port) as link:
            link.sendall(_request("/first", "Accept: text/event-stream"))
            _read_until(link, EVENT_END)
            took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def requests_per_second(port: int, seconds: float) -> float:
    """Polls, one after the other, over one connection that is kept alive."""
    question, answered = _request("/timer"), 0
    with connected(port) as link:
        for _ in range(50):
            _poll(link, question)
        start = now = time.perf_counter()
        while now < start + seconds:
            _poll(link, question)
            answered += 1
            now = time.perf_counter()
        return answered / (now - start)


def _poll(link: socket.socket, question: bytes) -> None:
    link.sendall(question)
    answer = _read_until(link, b"]}")
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise WrongAnswer(f"asked for {question!r}; answered {answer!r}")


def _stream(link: socket.socket, events: int) -> float:
    start = time.perf_counter()
    link.sendall(_request(f"/events?n={events}", "Accept: text/event-stream"))
    seen, end = 0, b""
    while not end.endswith(b"\r\n0\r\n\r\n"):
        data = _receive(link)
        seen += data.count(EVENT_END)
        end = (end + data)[-7:]
    if seen != events:
        raise WrongAnswer(f"{seen} events of {events} came")
    return events / (time.perf_counter() - start)


def _request(target: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: app.test", *headers, "", ""]).encode()


def _payloads(data: bytes, ends: list[int]) -> Iterator[bytes]:
    start = 0
    for end in ends:
        yield data[start + 2 + {126: 2, 127: 8}.get(data[start + 1], 0) : end]
        start = end


def _receive(link: socket.socket) -> bytes:
    data = link.recv(_READ_BYTES)
    if not data:
        raise WrongAnswer("the connection ended in the middle of a measure")
    return data


def _read_until(link: socket.socket, mark: bytes) -> bytes:
    data = b""
    while mark not in data:
        data += _receive(link)
    return data
