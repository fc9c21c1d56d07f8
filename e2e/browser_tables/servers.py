"""Servers whose every byte is known."""

import socketserver
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

from proxy_addons.tests.origin import Peer, chunk

ONE, TWO = b"retry: 30\nid: 1\ndata: one\n\n", b"id: 2\ndata: two\n\n"
"""With a reconnection time of 30 ms, so that no test waits for the browser's own 3 s."""
OTHERWISE = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n"


class StreamServer(socketserver.ThreadingTCPServer):
    """Answers each request for a path that starts with /stream with the same event stream, which pages of any origin
    may read, and leaves it open; any other with an empty 200."""

    daemon_threads = True

    def __init__(self, *pieces: bytes, length: int | None = None) -> None:
        """Each piece goes out at once, in a chunk of its own; with `length`, the body is promised to have so many
        bytes instead."""
        self._in_chunks = length is None
        framing = "Transfer-Encoding: chunked" if self._in_chunks else f"Content-Length: {length}"
        fields = ["Content-Type: text/event-stream", "Access-Control-Allow-Origin: *", framing]
        self.answer = "\r\n".join(["HTTP/1.1 200 OK", *fields, "", ""]).encode() + b"".join(map(self._part, pieces))
        self.streams: list[Peer] = []
        super().__init__(("127.0.0.1", 0), _Connection)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def say(self, piece: bytes) -> None:
        """A further piece of the latest stream."""
        self.streams[-1].send(self._part(piece))

    def _part(self, piece: bytes) -> bytes:
        return chunk(piece) if self._in_chunks else piece

    def __enter__(self) -> Self:
        self._thread = Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Connection(socketserver.BaseRequestHandler):
    server: StreamServer

    def handle(self) -> None:
        client = Peer(self.request)
        with suppress(OSError):  # gone, or silent for too long
            while head := client.read_head():
                if head.startswith(b"GET /stream"):
                    self.server.streams.append(client)
                    client.send(self.server.answer)
                else:
                    client.send(OTHERWISE)
