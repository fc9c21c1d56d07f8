"""WebSocket bytes in any chunks, messages in any fragments, any agreed compression: what went in comes out."""

import zlib
from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from property_tests.chunks import chunks_of, cuts
from proxy_addons.events import Direction
from proxy_addons.framing.deflate import Deflate
from proxy_addons.framing.messages import Message, MessageAssembler
from proxy_addons.framing.websocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    MAX_REASON_BYTES,
    PING,
    TEXT,
    Frame,
    FrameScanner,
    FrameSkimmer,
    encode_close,
    encode_frame,
    read_close,
)

masks = st.none() | st.binary(min_size=4, max_size=4)
frames = st.builds(
    encode_frame,
    st.integers(0, 15),
    st.binary(max_size=300),
    mask=masks,
    fin=st.booleans(),
    rsv1=st.booleans(),
)


def feed(chunks: list[bytes]) -> tuple[list[Frame], bytes]:
    scanner = FrameScanner()
    return [frame for chunk in chunks for frame in scanner.feed(chunk)], scanner.pending


@given(st.lists(frames, max_size=5).map(b"".join), st.binary(max_size=20), cuts)
def test_every_byte_is_in_one_frame_or_pending(sound: bytes, junk: bytes, cuts: list[int]) -> None:
    found, pending = feed(chunks_of(sound + junk, cuts))
    assert b"".join(frame.raw for frame in found) + pending == sound + junk


@given(st.lists(frames, max_size=5), cuts)
def test_chunks_do_not_change_the_frames(encoded: list[bytes], cuts: list[int]) -> None:
    found, pending = feed(chunks_of(b"".join(encoded), cuts))
    assert [frame.raw for frame in found] == encoded
    assert pending == b""


@given(st.lists(frames, max_size=5), cuts)
def test_skimming_finds_the_frames_that_reading_finds(encoded: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(encoded)
    found, _ = feed([stream])
    before_close = list(takewhile(lambda frame: frame.opcode != CLOSE, found))
    skimmer, skimmed, kept = FrameSkimmer(), b"", b""
    for chunk in chunks_of(stream, cuts):
        passing = skimmer.skim(kept + chunk)
        skimmed, kept = skimmed + (kept + chunk)[:passing], (kept + chunk)[passing:]
    assert skimmed == b"".join(frame.raw for frame in before_close)
    assert skimmer.messages == sum(frame.fin and not frame.is_control for frame in before_close)
    assert skimmer.remaining == 0


@given(st.integers(0, 15), st.binary(max_size=70_000), masks)
def test_a_frame_reads_back(opcode: int, payload: bytes, mask: bytes | None) -> None:
    (frame,), _ = feed([encode_frame(opcode, payload, mask=mask)])
    assert (frame.opcode, frame.payload, frame.fin) == (opcode, payload, True)


@given(st.lists(frames, max_size=10))
def test_every_data_frame_is_in_one_message_whatever_comes(encoded: list[bytes]) -> None:
    assembler = MessageAssembler(Deflate())
    found, _ = feed([*encoded, encode_frame(CONTINUATION, b"")])
    messages = [message for frame in found if (message := assembler.feed(frame))]
    assert [frame for message in messages for frame in message.frames] == [f for f in found if not f.is_control]


@given(
    st.lists(st.tuples(st.booleans(), st.binary(max_size=200), st.booleans(), cuts), max_size=8),
    st.integers(9, 15),
    st.booleans(),
    st.sampled_from(["to_client", "to_server"]),
)
def test_messages_come_out_as_they_went_in(
    sent: list[tuple[bool, bytes, bool, list[int]]], bits: int, forgets: bool, direction: Direction
) -> None:
    side = "server" if direction == "to_client" else "client"
    deflate = Deflate.parse(
        f"permessage-deflate; {side}_max_window_bits={bits}" + (f"; {side}_no_context_takeover" if forgets else "")
    )
    assembler = MessageAssembler(deflate, direction)
    compressor = zlib.compressobj(wbits=-bits)
    for text, data, compressed, fragments in sent:
        if forgets:
            compressor = zlib.compressobj(wbits=-bits)
        payload = data
        if compressed:
            payload = (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")
        message = assembled(assembler, TEXT if text else BINARY, payload, compressed, fragments)
        assert (message.text, message.data, message.damaged) == (text, data, False)


def assembled(assembler: MessageAssembler, opcode: int, payload: bytes, compressed: bool, cuts: list[int]) -> Message:
    """Sends the payload in fragments with a ping behind each, and returns the message that they make."""
    parts = chunks_of(payload, cuts) or [b""]
    stream = b"".join(
        encode_frame(
            CONTINUATION if index else opcode, part, fin=part_is_last(index, parts), rsv1=compressed and not index
        )
        + encode_frame(PING, b"?")
        for index, part in enumerate(parts)
    )
    (message,) = [message for frame in feed([stream])[0] if (message := assembler.feed(frame))]
    return message


def part_is_last(index: int, parts: list[bytes]) -> bool:
    return index == len(parts) - 1


@given(st.lists(st.binary(max_size=100), max_size=5))
def test_nothing_that_claims_to_be_compressed_raises(payloads: list[bytes]) -> None:
    assembler = MessageAssembler(Deflate())
    for payload in payloads:
        message = assembled(assembler, TEXT, payload, compressed=True, cuts=[])
        assert not message.damaged or message.data == payload


@given(st.integers(0, 65535), st.text(max_size=200))
def test_a_close_payload_reads_back_or_does_not_fit(code: int, reason: str) -> None:
    if len(reason.encode()) <= MAX_REASON_BYTES:
        assert read_close(encode_close(code, reason)) == (code, reason)


compressible = st.binary(max_size=30).map(lambda data: data * 3)


@given(
    st.lists(st.tuples(compressible, st.sampled_from(["final", "plain", "junk", "ping", "compressed"]), masks)),
    st.integers(9, 15),
)
def test_skipping_messages_leaves_what_reading_them_leaves(
    sent: list[tuple[bytes, str, bytes | None]], bits: int
) -> None:
    compressor, stream = zlib.compressobj(wbits=-bits), b""
    for data, sort, key in sent:
        if sort == "compressed":
            payload = (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")
            stream += encode_frame(TEXT, payload, rsv1=True, mask=key)
        elif sort == "final":
            alone = zlib.compressobj(wbits=-bits)
            stream += encode_frame(TEXT, alone.compress(data) + alone.flush() + b"\0", rsv1=True, mask=key)
        else:
            stream += encode_frame(PING if sort == "ping" else TEXT, data, rsv1=sort == "junk", mask=key)
    last = encode_frame(TEXT, compressor.compress(b"last " * 9) + compressor.flush(zlib.Z_SYNC_FLUSH)[:-4], rsv1=True)
    deflate = Deflate.parse(f"permessage-deflate; server_max_window_bits={bits}")
    skipping, reading = MessageAssembler(deflate), MessageAssembler(deflate)
    for frame in feed([stream[skipping.skip(stream) :]])[0]:
        skipping.feed(frame)
    for frame in feed([stream])[0]:
        reading.feed(frame)
    (frame,) = feed([last])[0]
    assert skipping.feed(frame) == reading.feed(frame)
