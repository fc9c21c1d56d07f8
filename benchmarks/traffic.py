"""What goes over the wire: messages, ready to be sent, and the counting of what comes back. Pure."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from proxy_addons.draws import draw
from proxy_addons.framing.websocket import TEXT, encode_frame

SMALL_BYTES = 100
LARGE_BYTES = 65_536
BLOCK = 400
"""How many messages differ. 40 kB of them: more than deflate remembers, so that sending them again costs as much."""
BATCH = 50
"""How many messages one write holds, where they are small."""

SYNC_TAIL = b"\x00\x00\xff\xff"
"""Ends each piece of a deflate stream, and is left off on the wire (RFC 7692, 7.2.1)."""


@dataclass(frozen=True)
class Batch:
    """What one write sends: whole frames."""

    frames: int
    data: bytes


@dataclass(frozen=True)
class Traffic:
    """The client's side of one WebSocket: an opening, to warm up, and what can follow it again and again.

    A compressed message refers to those before it, so no other order is valid.
    """

    messages: tuple[bytes, ...]
    opening: tuple[Batch, ...]
    """All of `messages`, once."""
    again: tuple[Batch, ...]
    """All of `messages` once more."""
    compressed: bool


def small_messages(*, compressed: bool = False, batch: int = BATCH) -> Traffic:
    """Text messages of 100 bytes: JSON like an app's, each another."""
    return _traffic(tuple(_tick(n) for n in range(BLOCK)), batch, compressed)


def large_messages() -> Traffic:
    """Text messages of 64 KiB."""
    line = b"".join(_tick(n) for n in range(BLOCK))
    text = line * (LARGE_BYTES // len(line) + 1)
    return _traffic((text[:LARGE_BYTES],) * 8, 1, compressed=False)


def read_answer(payloads: Sequence[bytes], compressed: bool) -> list[bytes]:
    """The data of the messages that came back from the start of a WebSocket, one payload each."""
    if not compressed:
        return list(payloads)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    return [inflater.decompress(payload + SYNC_TAIL) for payload in payloads]


def _tick(n: int) -> bytes:
    fields = {"v": 1, "kind": "tick", "seq": n, "server_ms": int(draw("ms", n) * 1e13), "note": ""}
    fields["note"] = f"{draw('note', n):.17f}".ljust(SMALL_BYTES - len(json.dumps(fields)), ".")
    return json.dumps(fields).encode()


def _traffic(messages: tuple[bytes, ...], batch: int, compressed: bool) -> Traffic:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)

    def frame(n: int, message: bytes) -> bytes:
        mask = int(draw("mask", n) * (1 << 32)).to_bytes(4)
        if compressed:
            message = (deflater.compress(message) + deflater.flush(zlib.Z_SYNC_FLUSH)).removesuffix(SYNC_TAIL)
        return encode_frame(TEXT, message, mask=mask, rsv1=compressed)

    opening, again = (tuple(_batches([frame(n, each) for n, each in enumerate(messages)], batch)) for _ in range(2))
    return Traffic(messages, opening, again, compressed)


def _batches(frames: list[bytes], size: int) -> Iterator[Batch]:
    for start in range(0, len(frames), size):
        part = frames[start : start + size]
        yield Batch(len(part), b"".join(part))


def endlessly(traffic: Traffic) -> Iterator[Batch]:
    """What follows the opening, for as long as it is wanted."""
    return cycle(traffic.again)


def first(traffic: Traffic, frames: int) -> Iterator[Batch]:
    """What follows the opening, up to at least this many frames."""
    return islice(endlessly(traffic), -(-frames // traffic.again[0].frames))


class FrameCutter:
    """Finds where frames end (RFC 6455, 5.2), at the least cost: the ends of the wire must not be what is measured."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> tuple[bytes, list[int]]:
        """Bytes that begin with a frame, and where in them each whole frame ends; what is behind is kept for later."""
        data = self._rest + data if self._rest else data
        ends: list[int] = []
        start, size = 0, len(data)
        while start + 2 <= size:
            second = data[start + 1]
            length, head = second & 0x7F, 6 if second & 0x80 else 2
            if length > 125:
                wide = 2 if length == 126 else 8
                if start + 2 + wide > size:
                    break
                length, head = int.from_bytes(data[start + 2 : start + 2 + wide]), head + wide
            end = start + head + length
            if end > size:
                break
            ends.append(end)
            start = end
        self._rest = data[start:]
        return data, ends
