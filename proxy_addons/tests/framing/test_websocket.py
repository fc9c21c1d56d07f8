"""WebSocket bytes: frames, messages in their fragments, compression, close payloads."""

import zlib

import pytest

from proxy_addons.framing.websocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    MAX_REASON_BYTES,
    PING,
    TEXT,
    Deflate,
    Frame,
    FrameScanner,
    Message,
    MessageAssembler,
    encode_close,
    encode_frame,
    read_close,
)

MASK = b"\x37\xfa\x21\x3d"


def frames_of(*chunks: bytes) -> list[Frame]:
    scanner = FrameScanner()
    return [frame for chunk in chunks for frame in scanner.feed(chunk)]


def message_of(assembler: MessageAssembler, *encoded: bytes) -> Message:
    (message,) = [message for frame in frames_of(*encoded) if (message := assembler.feed(frame))]
    return message


def compressed(compressor: "zlib._Compress", data: bytes, flush: int = zlib.Z_SYNC_FLUSH) -> bytes:
    return (compressor.compress(data) + compressor.flush(flush)).removesuffix(b"\x00\x00\xff\xff")


@pytest.mark.parametrize(
    ("raw", "opcode", "payload"),
    [
        pytest.param(b"\x81\x05Hello", TEXT, b"Hello", id="unmasked text"),
        pytest.param(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", TEXT, b"Hello", id="masked text"),
        pytest.param(b"\x89\x05Hello", PING, b"Hello", id="ping"),
        pytest.param(b"\x82\x7e\x01\x00" + bytes(256), BINARY, bytes(256), id="16-bit length"),
        pytest.param(b"\x82\x7f" + (65536).to_bytes(8) + bytes(65536), BINARY, bytes(65536), id="64-bit length"),
    ],
)
def test_reads_the_examples_of_the_rfc(raw: bytes, opcode: int, payload: bytes) -> None:
    """RFC 6455, 5.7."""
    assert frames_of(raw) == [Frame(raw, fin=True, rsv1=False, opcode=opcode, payload=payload)]


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
@pytest.mark.parametrize("mask", [None, MASK], ids=["unmasked", "masked"])
def test_writes_what_it_reads(size: int, mask: bytes | None) -> None:
    raw = encode_frame(BINARY, b"x" * size, mask=mask, fin=False, rsv1=True)
    assert frames_of(raw) == [Frame(raw, fin=False, rsv1=True, opcode=BINARY, payload=b"x" * size)]


def test_waits_for_the_rest_of_a_frame() -> None:
    raw = encode_frame(TEXT, b"Hello", mask=MASK)
    scanner = FrameScanner()
    assert scanner.feed(raw[:9]) == []
    assert scanner.pending == raw[:9]
    assert [frame.payload for frame in scanner.feed(raw[9:])] == [b"Hello"]
    assert scanner.pending == b""


def test_reads_all_frames_of_one_chunk() -> None:
    raw = encode_frame(TEXT, b"a") + encode_frame(PING, b"") + encode_frame(TEXT, b"b")
    assert [frame.payload for frame in frames_of(raw)] == [b"a", b"", b"b"]


def test_joins_fragments_around_a_control_frame() -> None:
    message = message_of(
        MessageAssembler(),
        encode_frame(TEXT, b"Hel", fin=False),
        encode_frame(PING, b"?"),
        encode_frame(CONTINUATION, b"lo"),
    )
    assert (message.text, message.data, message.damaged) == (True, b"Hello", False)
    assert [frame.opcode for frame in message.frames] == [TEXT, CONTINUATION]


def test_tells_binary_from_text() -> None:
    assert not message_of(MessageAssembler(), encode_frame(BINARY, b"\x00")).text


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param([encode_frame(CONTINUATION, b"lo")], id="continuation of nothing"),
        pytest.param([encode_frame(TEXT, b"l", fin=False), encode_frame(TEXT, b"o")], id="message within a message"),
        pytest.param(
            [encode_frame(TEXT, b"l", fin=False), encode_frame(CONTINUATION, b"o", rsv1=True)],
            id="compression that starts in the middle",
        ),
        pytest.param([encode_frame(0x3, b"lo")], id="unknown opcode"),
        pytest.param([encode_frame(TEXT, b"lo", rsv1=True)], id="compressed without agreement"),
    ],
)
def test_marks_as_damaged_what_breaks_the_protocol(encoded: list[bytes]) -> None:
    message = message_of(MessageAssembler(), *encoded)
    assert (message.data, message.damaged) == (b"lo", True)


def test_inflates_messages_that_look_back_on_earlier_ones() -> None:
    assembler, compressor = MessageAssembler(Deflate()), zlib.compressobj(wbits=-15)
    for _ in range(3):
        encoded = encode_frame(TEXT, compressed(compressor, b"Hello, Hello"), rsv1=True)
        assert message_of(assembler, encoded).data == b"Hello, Hello"


def test_inflates_the_fragments_of_a_message_as_one() -> None:
    payload = compressed(zlib.compressobj(wbits=-15), b"Hello, Hello")
    message = message_of(
        MessageAssembler(Deflate()),
        encode_frame(TEXT, payload[:4], rsv1=True, fin=False),
        encode_frame(CONTINUATION, payload[4:]),
    )
    assert message.data == b"Hello, Hello"


def test_inflates_past_a_final_block() -> None:
    """RFC 7692, 7.2.3.4: a message may end in a block with BFINAL set, and the next one may still look back on it."""
    assembler = MessageAssembler(Deflate())
    final = compressed(zlib.compressobj(wbits=-15), b"Hello", zlib.Z_FINISH) + b"\x00"
    looking_back = compressed(zlib.compressobj(wbits=-15, zdict=b"Hello"), b"Hello")
    assert message_of(assembler, encode_frame(TEXT, final, rsv1=True)).data == b"Hello"
    assert message_of(assembler, encode_frame(TEXT, looking_back, rsv1=True)).data == b"Hello"


def test_leaves_alone_what_the_sender_did_not_compress() -> None:
    assert message_of(MessageAssembler(Deflate()), encode_frame(TEXT, b"Hello")).data == b"Hello"


def test_marks_as_damaged_what_does_not_inflate_and_goes_on() -> None:
    assembler = MessageAssembler(Deflate())
    damaged = message_of(assembler, encode_frame(TEXT, b"\xff\xff", rsv1=True))
    assert (damaged.data, damaged.damaged) == (b"\xff\xff", True)
    sound = encode_frame(TEXT, compressed(zlib.compressobj(wbits=-15), b"Hello"), rsv1=True)
    assert message_of(assembler, sound).data == b"Hello"


def test_marks_as_damaged_what_looks_back_against_the_agreement() -> None:
    assembler = MessageAssembler(Deflate(server_no_context_takeover=True), "to_client")
    compressor = zlib.compressobj(wbits=-15)
    text = b"a text that is long enough to be worth a look back"
    first, second = (encode_frame(TEXT, compressed(compressor, text), rsv1=True) for _ in range(2))
    assert not message_of(assembler, first).damaged
    assert message_of(assembler, second).damaged


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("", None, id="no extension"),
        pytest.param("x-other; a=1", None, id="another extension"),
        pytest.param("permessage-deflate", Deflate(), id="defaults"),
        pytest.param(
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=10",
            Deflate(server_no_context_takeover=True, server_max_window_bits=10),
            id="server's side",
        ),
        pytest.param(
            'x-other, permessage-deflate;client_no_context_takeover; client_max_window_bits="9"',
            Deflate(client_no_context_takeover=True, client_max_window_bits=9),
            id="client's side, quoted, second",
        ),
        pytest.param("permessage-deflate; server_max_window_bits=99", Deflate(), id="impossible window"),
    ],
)
def test_reads_what_the_handshake_settled(header: str, expected: Deflate | None) -> None:
    assert Deflate.parse(header) == expected


def test_close_payload_round_trips() -> None:
    assert read_close(encode_close(1012, "Neustart, natürlich")) == (1012, "Neustart, natürlich")


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(b"", (None, ""), id="empty"),
        pytest.param(b"\x03", (None, ""), id="half a code"),
        pytest.param(b"\x03\xe8", (1000, ""), id="no reason"),
        pytest.param(b"\x03\xe8\xff", (1000, "\ufffd"), id="reason that is not UTF-8"),
    ],
)
def test_reads_any_close_payload(payload: bytes, expected: tuple[int | None, str]) -> None:
    assert read_close(payload) == expected


def test_close_payload_fits_a_control_frame() -> None:
    assert len(encode_frame(CLOSE, encode_close(1000, "x" * MAX_REASON_BYTES))) == 127
    with pytest.raises(ValueError, match="room for 123 bytes of UTF-8, this one needs 124"):
        encode_close(1000, "ü" * 62)
