"""The server of all measures, in a process of its own: as little work a message as Python allows.

    python -m benchmarks.origin

Prints its port, and ends when its standard input does.

`/echo` is a WebSocket that sends back what comes, compressed or not; `/events?n=` an event stream of n events and an
end; `/first` one event and then silence; anything else is answered with the JSON that a poll gets.
"""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

from benchmarks.children import serve_until_stdin_ends
from benchmarks.traffic import FrameCutter, small_messages

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455, 1.3."""
EVENTS_A_WRITE = 50
EVENT_END = b"}"
"""Stands once in each event, and nowhere else in the stream."""

_TICKS = small_messages().messages
_CHUNKS = [b"%x\r\n%s\r\n" % (len(event), event) for event in (b"data: %s\n\n" % tick for tick in _TICKS)]
"""One chunk an event, as app servers send them."""
_STREAMING = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
_BODY = b'{"messages":[' + b",".join(_TICKS[:4]) + b"]}"
_POLLED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: %d\r\n\r\n%s"
    % (len(_BODY), _BODY)
)


class Origin(asyncio.Protocol):
    """One connection: HTTP requests, one after the other, until one of them makes it a WebSocket."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""
        self._frames = FrameCutter()
        self._receive: Callable[[bytes], None] = self._read_requests
        self._flood: Iterator[bytes] = iter(())
        self._paused = False

    def data_received(self, data: bytes) -> None:
        self._receive(data)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._pump()

    def _read_requests(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        first_line, *lines = head.split(b"\r\n")
        url = urlsplit(first_line.split(b" ")[1].decode())
        if url.path == "/echo":
            self._transport.write(_switching({name.lower(): value for name, _, value in map(_field, lines)}))
            self._receive = self._echo
        elif url.path == "/events":
            self._flood = _flood(int(parse_qs(url.query)["n"][0]))
            self._pump()
        elif url.path == "/first":
            self._transport.write(_STREAMING + _CHUNKS[0])
        else:
            self._transport.write(_POLLED)

    def _echo(self, data: bytes) -> None:
        data, ends = self._frames.feed(data)
        out, start = [], 0
        for end in ends:
            out.append(_unmasked(data, start, end))
            start = end
        self._transport.write(b"".join(out))

    def _pump(self) -> None:
        while not self._paused and (piece := next(self._flood, b"")):
            self._transport.write(piece)


def _field(line: bytes) -> tuple[bytes, bytes, bytes]:
    name, colon, value = line.partition(b":")
    return name, colon, value.strip()


def _switching(headers: dict[bytes, bytes]) -> bytes:
    accept = base64.b64encode(hashlib.sha1(headers[b"sec-websocket-key"] + GUID).digest())
    offered = headers.get(b"sec-websocket-extensions", b"")
    agreed = b"Sec-WebSocket-Extensions: permessage-deflate\r\n" if b"permessage-deflate" in offered else b""
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Accept: %s\r\n%s\r\n" % (accept, agreed)
    )


def _unmasked(data: bytes, start: int, end: int) -> bytes:
    """A client's frame as the server's own: the same first byte (so text stays text, and compressed compressed)."""
    second = data[start + 1]
    mask_at = start + 2 + {126: 2, 127: 8}.get(second & 0x7F, 0)
    size = end - mask_at - 4
    mask = data[mask_at : mask_at + 4] * (size // 4 + 1)
    payload = (int.from_bytes(data[mask_at + 4 : end]) ^ int.from_bytes(mask[:size])).to_bytes(size)
    return bytes((data[start], second & 0x7F)) + data[start + 2 : mask_at] + payload


def _flood(events: int) -> Iterator[bytes]:
    """An event stream, head to last chunk, in large pieces."""
    yield _STREAMING
    for start in range(0, events, EVENTS_A_WRITE):
        at = start % len(_CHUNKS)
        yield b"".join(_CHUNKS[at : at + min(EVENTS_A_WRITE, events - start)])
    yield b"0\r\n\r\n"


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Origin, "127.0.0.1", 0)
    async with server:
        await serve_until_stdin_ends(server.sockets[0].getsockname()[1])


if __name__ == "__main__":
    asyncio.run(main())
