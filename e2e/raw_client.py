"""A client at the level of the socket: it sees exactly what the proxy puts on the wire."""

import socket
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from proxy_addons.framing.sse import SseBlock, SseFramer
from proxy_addons.framing.websocket import CLOSE, Frame, FrameScanner, encode_frame, read_close

TIMEOUT_S = 5.0
MASK = b"mask"

Ending = Literal["fin", "rst", "silence"]


class RawClient:
    """One TCP connection. Reads raise nothing: a peer that goes away is a value."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = f"{parts.hostname}:{parts.port}"
        self._buffer = b""
        self.ending: Ending | None = None
        self._socket = socket.socket()
        self._socket.settimeout(TIMEOUT_S)
        try:
            self._socket.connect((parts.hostname, parts.port))
        except ConnectionResetError:  # accepted, and reset before connect() had returned
            self.ending = "rst"
        except OSError:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def request(self, target: str, *headers: str, method: str = "GET") -> str:
        """Send a request and read the head of the answer; an empty string if there is none."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._host}", *headers, "", ""]
        self.send("\r\n".join(lines).encode())
        return self.read_head()

    def upgrade(self, target: str = "/timer/ws") -> str:
        """A WebSocket handshake, without compression."""
        return self.request(
            target,
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )

    def read_head(self) -> str:
        while b"\r\n\r\n" not in self._buffer:
            if not self._receive():
                break
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def read_to_end(self, timeout_s: float = TIMEOUT_S) -> bytes:
        """Everything until FIN or RST, or until the line has been silent for `timeout_s`; `ending` says which."""
        while self._receive(timeout_s):
            pass
        data, self._buffer = self._buffer, b""
        return data

    def _receive(self, timeout_s: float = TIMEOUT_S) -> bool:
        if self.ending in ("fin", "rst"):
            return False
        self._socket.settimeout(timeout_s)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            self.ending = "silence"
            return False
        except ConnectionResetError:
            self.ending = "rst"
            return False
        if not data:
            self.ending = "fin"
            return False
        self._buffer += data
        return True


class RawWebSocket(RawClient):
    """A WebSocket seen frame by frame."""

    def __init__(self, url: str, target: str = "/timer/ws") -> None:
        super().__init__(url)
        self.head = self.upgrade(target)
        self._scanner = FrameScanner()
        self._frames: list[Frame] = []

    def send_frame(self, opcode: int, payload: bytes) -> None:
        self.send(encode_frame(opcode, payload, mask=MASK))

    def next_frame(self, timeout_s: float = TIMEOUT_S) -> Frame | None:
        """The next frame; None when the peer is gone or silent (`ending` says which)."""
        while not self._frames:
            if not self._buffer and not self._receive(timeout_s):
                return None
            data, self._buffer = self._buffer, b""
            self._frames += self._scanner.feed(data)
        return self._frames.pop(0)

    def frames_to_end(self, timeout_s: float = TIMEOUT_S) -> list[Frame]:
        frames = []
        while frame := self.next_frame(timeout_s):
            frames.append(frame)
        return frames

    def payload_of_next(self, opcode: int) -> bytes | None:
        """Skip what comes before the next frame of this kind; None if there is none."""
        while frame := self.next_frame():
            if frame.opcode == opcode:
                return frame.payload
        return None

    def read_close(self) -> tuple[int | None, str] | None:
        """Code and reason of the close frame; None if there is none."""
        payload = self.payload_of_next(CLOSE)
        return None if payload is None else read_close(payload)


class RawEventStream(RawClient):
    """An event stream seen chunk by chunk (RFC 9112, 7.1) and event by event."""

    def __init__(self, url: str, target: str = "/timer/stream") -> None:
        super().__init__(url)
        self.head = self.request(target, "Accept: text/event-stream")
        self._framer = SseFramer()
        self._events: list[SseBlock] = []
        self.last_chunk_seen = False

    def next_event(self, timeout_s: float = TIMEOUT_S) -> SseBlock | None:
        while not self._events:
            body = self._next_chunk(timeout_s)
            if body is None:
                return None
            self._events += [block for block in self._framer.feed(body) if block.data is not None]
        return self._events.pop(0)

    def events_to_end(self, timeout_s: float = TIMEOUT_S) -> list[SseBlock]:
        events = []
        while event := self.next_event(timeout_s):
            events.append(event)
        return events

    @property
    def incomplete(self) -> bytes:
        """What has come of an event that is not complete."""
        return self._framer.pending

    def _next_chunk(self, timeout_s: float) -> bytes | None:
        while (chunk := self._cut_chunk()) is None:
            if not self._receive(timeout_s):
                return None
        if chunk == b"":
            self.last_chunk_seen = True
            return None
        return chunk

    def _cut_chunk(self) -> bytes | None:
        size, found, rest = self._buffer.partition(b"\r\n")
        if not found or len(rest) < int(size, 16) + 2:
            return None
        length = int(size, 16)
        self._buffer = rest[length + 2 :]
        return rest[:length]
