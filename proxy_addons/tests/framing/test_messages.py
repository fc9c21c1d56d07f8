"""Messages in their fragments."""

import pytest

from proxy_addons.framing.messages import Message, MessageAssembler
from proxy_addons.framing.websocket import (
    BINARY,
    CONTINUATION,
    PING,
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
