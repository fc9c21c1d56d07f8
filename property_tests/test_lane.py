"""One direction of a WebSocket, read or skimmed as it happens to be wanted: nothing is lost, and counting goes on."""

import zlib
from typing import cast

from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.connection import Connection

from property_tests.chunks import chunks_of, cuts
from proxy_addons.framing.deflate import Deflate
from proxy_addons.framing.messages import Message
from proxy_addons.framing.websocket import CLOSE, CONTINUATION, PING, TEXT, Frame, encode_frame
from proxy_addons.history import Tape
from proxy_addons.wire.lane import Lane

pieces = st.lists(st.binary(max_size=200), min_size=1, max_size=3)
conversations = st.lists(st.tuples(pieces, st.booleans()), max_size=8)
"""Messages in their fragments, each with or without a ping before its last one."""
moods = st.lists(st.booleans(), min_size=1, max_size=10)
"""Whether somebody wants to see messages, chunk by chunk, over and over."""


def lane(deflate: Deflate | None = None) -> Lane:
    return Lane("to_client", cast(Connection, None), cast(Tape, None), deflate)


def encoded(conversation: list[tuple[list[bytes], bool]], *, compressed: bool) -> bytes:
    """The frames; compressed messages look back on all earlier ones."""
    compressor, stream = zlib.compressobj(wbits=-15), b""
    for parts, pinged in conversation:
        if compressed:
            whole = compressor.compress(b"".join(parts)) + compressor.flush(zlib.Z_SYNC_FLUSH)
            whole = whole.removesuffix(b"\0\0\xff\xff")
            parts = [whole[: len(whole) // 2], whole[len(whole) // 2 :]]
        for nth, part in enumerate(parts):
            last = nth == len(parts) - 1
            stream += encode_frame(PING, b"?") if pinged and last else b""
            stream += encode_frame(CONTINUATION if nth else TEXT, part, fin=last, rsv1=compressed and nth == 0)
    return stream


def relay(lane: Lane, chunks: list[bytes], wanted: list[bool]) -> tuple[bytes, list[tuple[int, Message]]]:
    """What passes, and the messages that could be looked at as a whole, under their numbers."""
    out, seen = b"", []
    for nth, chunk in enumerate(chunks):
        passing, frames = lane.take(chunk, wanted=wanted[nth % len(wanted)])
        out += passing
        for frame in frames:
            out += frame.raw
            if frame.opcode < CLOSE and (message := assembled(lane, frame)):
                seen.append((lane.index, message))
    return out, seen


def assembled(lane: Lane, frame: Frame) -> Message | None:
    """The message that the frame completes, unless its beginning has passed unseen."""
    message = lane.assemble(frame)
    if message is None:
        return None
    too_late, lane.passing = lane.passing, False
    lane.fragments.clear()
    return None if too_late else message


@given(conversations, cuts, moods, st.booleans())
def test_every_byte_goes_through_once_and_in_order(
    conversation: list[tuple[list[bytes], bool]], cuts: list[int], wanted: list[bool], compressed: bool
) -> None:
    stream = encoded(conversation, compressed=compressed)
    one_lane = lane(Deflate() if compressed else None)
    out, _ = relay(one_lane, [*chunks_of(stream, cuts), b""], [*wanted, False])
    kept = stream.removeprefix(out)
    assert out + kept == stream
    rest, frames = one_lane.take(encode_frame(TEXT, b"last"), wanted=True)
    assert rest + b"".join(frame.raw for frame in frames) == kept + encode_frame(TEXT, b"last")


@given(conversations, cuts, moods, st.booleans())
def test_what_is_seen_is_what_was_sent_under_its_number(
    conversation: list[tuple[list[bytes], bool]], cuts: list[int], wanted: list[bool], compressed: bool
) -> None:
    stream = encoded(conversation, compressed=compressed)
    _, seen = relay(lane(Deflate() if compressed else None), chunks_of(stream, cuts), wanted)
    for index, message in seen:
        assert (message.data, message.damaged) == (b"".join(conversation[index - 1][0]), False)


@given(conversations, cuts, st.booleans())
def test_all_is_seen_where_all_is_wanted(
    conversation: list[tuple[list[bytes], bool]], cuts: list[int], compressed: bool
) -> None:
    stream = encoded(conversation, compressed=compressed)
    _, seen = relay(lane(Deflate() if compressed else None), chunks_of(stream, cuts), [True])
    assert [index for index, _ in seen] == list(range(1, len(conversation) + 1))


@given(conversations, cuts)
def test_a_close_frame_is_always_looked_at(conversation: list[tuple[list[bytes], bool]], cuts: list[int]) -> None:
    farewell = encode_frame(CLOSE, b"\x03\xe8")
    stream = encoded(conversation, compressed=False) + farewell
    one_lane, frames = lane(), list[Frame]()
    for chunk in chunks_of(stream, cuts):
        frames += one_lane.take(chunk, wanted=False)[1]
    assert [frame.raw for frame in frames if frame.opcode == CLOSE] == [farewell]
