"""Recorded raw traffic -> records: what each chunk of a stream completed, whatever the chunks."""

from typing import Protocol

from proxy_addons.events import Direction
from proxy_addons.framing.deflate import Deflate
from proxy_addons.framing.messages import MessageAssembler
from proxy_addons.framing.sse import SseFramer
from proxy_addons.framing.websocket import PING, PONG, Frame, FrameScanner
from proxy_addons.records import ControlSeen, MessageSeen, Record, as_text


class Decoder(Protocol):
    """Reads one direction of one stream from its start. It can be copied with `copy.deepcopy`, also in the middle."""

    @property
    def name(self) -> str:
        """Which stream, for people."""

    def feed(self, t: float, raw: bytes, delivered: bool) -> list[Record]:
        """Takes the next chunk, which came at `t`, and returns the records of what it completed."""


class WebSocketDecoder:
    """Reads the messages, pings and pongs of one direction of a WebSocket; close frames are no records of their own."""

    def __init__(self, exchange: int, direction: Direction, extensions: str, body_limit: int) -> None:
        self._exchange, self._direction, self._body_limit = exchange, direction, body_limit
        self._scanner = FrameScanner()
        self._assembler = MessageAssembler(Deflate.parse(extensions), direction)
        self._messages = 0

    @property
    def name(self) -> str:
        return f"stream {self._exchange} {self._direction}"

    def feed(self, t: float, raw: bytes, delivered: bool) -> list[Record]:
        records = [self._record(t, frame, delivered) for frame in self._scanner.feed(raw)]
        return [record for record in records if record is not None]

    def _record(self, t: float, frame: Frame, delivered: bool) -> Record | None:
        if frame.is_control:
            name = _CONTROLS.get(frame.opcode)
            data = as_text(frame.payload)
            return ControlSeen(t, self._exchange, self._direction, name, data, delivered) if name else None
        message = self._assembler.feed(frame)
        if message is None:
            return None
        self._messages += 1
        return MessageSeen(
            t,
            self._exchange,
            self._direction,
            self._messages,
            data=as_text(message.data, self._body_limit),
            bytes=sum(len(each.raw) for each in message.frames),
            delivered=delivered,
            text=message.text,
        )


class SseDecoder:
    """Reads the events of an event stream; what is no event (comments, a lone `id`) is no record."""

    def __init__(self, exchange: int, body_limit: int) -> None:
        self._exchange, self._body_limit = exchange, body_limit
        self._framer = SseFramer()
        self._events = 0

    @property
    def name(self) -> str:
        return f"stream {self._exchange}"

    def feed(self, t: float, raw: bytes, delivered: bool) -> list[Record]:
        records: list[Record] = []
        for block in self._framer.feed(raw):
            if block.data is None:
                continue
            self._events += 1
            data = as_text(block.data, self._body_limit)
            records.append(
                MessageSeen(
                    t,
                    self._exchange,
                    "to_client",
                    self._events,
                    data=data,
                    bytes=len(block.raw),
                    delivered=delivered,
                    event=block.event,
                    id=block.id,
                )
            )
        return records


_CONTROLS = {PING: "ping", PONG: "pong"}
