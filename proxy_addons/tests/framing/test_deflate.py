"""Compressed messages, and what a handshake settled about them."""

import zlib

import pytest

from proxy_addons.framing.deflate import Deflate
from proxy_addons.framing.messages import Message, MessageAssembler
from proxy_addons.framing.websocket import (
    CONTINUATION,
    TEXT,
    Frame,
    FrameScanner,
    encode_frame,
)


def frames_of(*chunks: bytes) -> list[Frame]:
    scanner = FrameScanner()
    return [frame for chunk in chunks for frame in scanner.feed(chunk)]


def message_of(assembler: MessageAssembler, *encoded: bytes) -> Message:
    (message,) = [message for frame in frames_of(*encoded) if (message := assembler.feed(frame))]
    return message


def compressed(compressor: "zlib._Compress", data: bytes, flush: int = zlib.Z_SYNC_FLUSH) -> bytes:
    return (compressor.compress(data) + compressor.flush(flush)).removesuffix(b"\x00\x00\xff\xff")


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
