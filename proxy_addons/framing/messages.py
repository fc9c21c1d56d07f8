"""Frames of a WebSocket <-> messages (RFC 6455, 5.4), compressed or not."""

from dataclasses import dataclass

from proxy_addons.events import Direction
from proxy_addons.framing.deflate import TAIL, Deflate
from proxy_addons.framing.websocket import BINARY, CONTINUATION, TEXT, Frame, apply_mask, frame_end, layout


@dataclass(frozen=True, slots=True)
class Message:
    """A whole text or binary message."""

    frames: tuple[Frame, ...]
    """The frames that it came in, without the control frames that stood between them."""
    text: bool
    data: bytes
    """The payloads joined, and decompressed if the message is compressed."""
    damaged: bool = False
    """Whether it could not be read (fragments out of order, data that do not inflate): `data` is then as it came."""


class MessageAssembler:
    """Puts the frames of one direction together to messages; `deflate` is what the handshake agreed on, if anything."""

    def __init__(self, deflate: Deflate | None = None, direction: Direction = "to_client") -> None:
        self._inflater = deflate.inflater(direction) if deflate else None
        self._frames: list[Frame] = []

    def feed(self, frame: Frame) -> Message | None:
        """Takes the next frame and returns the message that it completes. Control frames belong to no message."""
        if frame.is_control:
            return None
        self._frames.append(frame)
        if not frame.fin:
            return None
        frames, self._frames = tuple(self._frames), []
        return self._message(frames)

    def skip(self, data: bytes) -> int:
        """Takes whole messages of one frame and control frames, as many as stand at the start of `data`, unread: for
        a fifth of the price, later messages can look back on them. Returns how many bytes that were."""
        if self._frames:
            return 0
        at, size, compressed = 0, len(data), list[bytes]()
        while (end := frame_end(data, at)) is not None and end <= size:
            if data[at] & 0x80 == 0 or data[at] & 0x0F == CONTINUATION:
                break
            if data[at] & 0x40:
                mask_at, payload_at = layout(data[at + 1])
                mask, payload = data[at + mask_at : at + payload_at], data[at + payload_at : end]
                compressed += [apply_mask(payload, mask) if any(mask) else payload, TAIL]
            at = end
        if self._inflater is None or self._inflater.skip(b"".join(compressed)):
            return at
        return 0

    def _message(self, frames: tuple[Frame, ...]) -> Message:
        first, *rest = frames
        text, raw = first.opcode == TEXT, b"".join(frame.payload for frame in frames)
        in_order = first.opcode in (TEXT, BINARY) and all(f.opcode == CONTINUATION and not f.rsv1 for f in rest)
        if in_order and not first.rsv1:
            return Message(frames, text, raw)
        data = self._inflater.inflate(raw) if in_order and self._inflater else None
        return Message(frames, text, raw if data is None else data, damaged=data is None)
