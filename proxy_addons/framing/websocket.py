"""Bytes of a WebSocket connection <-> frames (RFC 6455); what they make up is in `messages`.

Every byte that is fed ends up in exactly one frame or in `pending`, and every data frame in exactly one message, so
what is read here can be passed on unchanged. Nothing here judges: what breaks the protocol is read as far as it goes.
"""

from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
"""Opcodes (RFC 6455, 11.8); from `CLOSE` on they are control frames."""

MAX_REASON_BYTES = 123
"""What a close frame has room for beside its code: control payloads end at 125 bytes (RFC 6455, 5.5)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its exact bytes, and what they say (RFC 6455, 5.2)."""

    raw: bytes
    """Header and payload as they came, masked if they came masked."""
    fin: bool
    rsv1: bool
    opcode: int
    payload: bytes
    """Unmasked, and still compressed if the message is."""

    @property
    def is_control(self) -> bool:
        """Whether it may stand between the fragments of a message."""
        return self.opcode >= CLOSE


class FrameScanner:
    """Cuts the bytes of one direction into frames, whatever the chunks they come in, in linear time."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pending(self) -> bytes:
        """What was fed and is not in a frame yet (a copy)."""
        return bytes(self._buffer)

    def take(self) -> bytes:
        """The same, which is forgotten then."""
        pending, self._buffer = bytes(self._buffer), bytearray()
        return pending

    def feed(self, data: bytes) -> list[Frame]:
        """Takes the next bytes after the handshake and returns the frames that they complete."""
        self._buffer += data
        frames: list[Frame] = []
        start = 0
        while (end := frame_end(self._buffer, start)) is not None and end <= len(self._buffer):
            frames.append(_read_frame(bytes(self._buffer[start:end])))
            start = end
        del self._buffer[:start]
        return frames


class FrameSkimmer:
    """Walks over the frames of one direction without cutting them out: what a relay must know that passes bytes on."""

    def __init__(self) -> None:
        self.messages = 0
        """How many messages are over, or will be with the frame that is still coming."""
        self.fragmented = False
        """A message is under way whose last frame has not begun."""
        self.remaining = 0
        """How many bytes of the present frame are still to come."""

    def skim(self, data: bytes) -> int:
        """How many of the next bytes stand before a close frame or an incomplete header; all of them, usually.

        No more than those are taken: the others must be given again, with what follows them.
        """
        at, size = self.remaining, len(data)
        while at + 2 <= size:
            first, second = data[at], data[at + 1]
            length, payload_at = second & 0x7F, at + (6 if second & 0x80 else 2)
            if first & 0x0F == CLOSE:
                break
            if length > 125:
                width = 2 if length == 126 else 8
                if at + 2 + width > size:
                    break
                length, payload_at = int.from_bytes(data[at + 2 : at + 2 + width]), payload_at + width
            if first & 0x0F < CLOSE:
                self.fragmented = first < 0x80
                self.messages += first >> 7
            at = payload_at + length
        self.remaining = max(at - size, 0)
        return min(at, size)


def layout(second: int) -> tuple[int, int]:
    """From a frame's second byte: where its mask and where its payload starts, from the start of the frame."""
    mask_at = 2 + {126: 2, 127: 8}.get(second & 0x7F, 0)
    return mask_at, mask_at + (4 if second & 0x80 else 0)


def frame_end(buffer: bytes | bytearray, start: int) -> int | None:
    """Where the frame at `start` ends, which may be beyond the buffer; None as long as its length is not known."""
    if len(buffer) < start + 2:
        return None
    mask_at, payload_at = layout(buffer[start + 1])
    if len(buffer) < start + mask_at:
        return None
    size = int.from_bytes(buffer[start + 2 : start + mask_at]) if mask_at > 2 else buffer[start + 1] & 0x7F
    return start + payload_at + size


def _read_frame(raw: bytes) -> Frame:
    mask_at, payload_at = layout(raw[1])
    mask, payload = raw[mask_at:payload_at], raw[payload_at:]
    return Frame(
        raw=raw,
        fin=bool(raw[0] & 0x80),
        rsv1=bool(raw[0] & 0x40),
        opcode=raw[0] & 0x0F,
        payload=apply_mask(payload, mask) if mask else payload,
    )


def apply_mask(payload: bytes, mask: bytes) -> bytes:
    """Masks or unmasks (RFC 6455, 5.3: it is the same step) with the four bytes of `mask`."""
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)


def encode_frame(
    opcode: int, payload: bytes, *, mask: bytes | None = None, fin: bool = True, rsv1: bool = False
) -> bytes:
    """The bytes of one frame; `mask` is the four bytes that a client's frame needs. The payload is taken as it is."""
    size = len(payload)
    if size < 126:
        length = bytes([size])
    elif size < 1 << 16:
        length = bytes([126]) + size.to_bytes(2)
    else:
        length = bytes([127]) + size.to_bytes(8)
    first = bytes([fin << 7 | rsv1 << 6 | opcode])
    if mask is None:
        return first + length + payload
    return first + bytes([length[0] | 0x80]) + length[1:] + mask + apply_mask(payload, mask)


def encode_close(code: int, reason: str = "") -> bytes:
    """The payload of a close frame (RFC 6455, 5.5.1).

    Raises:
        ValueError: the reason needs more than `MAX_REASON_BYTES` bytes.
    """
    encoded = reason.encode()
    if len(encoded) > MAX_REASON_BYTES:
        raise ValueError(
            f"a close reason has room for {MAX_REASON_BYTES} bytes of UTF-8, this one needs {len(encoded)}"
        )
    return code.to_bytes(2) + encoded


def read_close(payload: bytes) -> tuple[int | None, str]:
    """Code and reason of a close frame's payload; no code where there is none or only half of one."""
    if len(payload) < 2:
        return None, ""
    return int.from_bytes(payload[:2]), payload[2:].decode(errors="replace")
