"""WebSocket bytes: frames and close payloads."""

import pytest

from proxy_addons.framing.websocket import (
    BINARY,
    CLOSE,
    MAX_REASON_BYTES,
    PING,
    TEXT,
    Frame,
    FrameScanner,
    encode_close,
    encode_frame,
    read_close,
)

MASK = b"\x37\xfa\x21\x3d"


def frames_of(*chunks: bytes) -> list[Frame]:
    scanner = FrameScanner()
    return [frame for chunk in chunks for frame in scanner.feed(chunk)]


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
