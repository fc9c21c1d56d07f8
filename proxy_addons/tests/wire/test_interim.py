"""Telling heads that announce an answer from the answer."""

import pytest

from proxy_addons.wire.interim import InterimHeads

HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
CONTINUE = b"HTTP/1.1 100\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


@pytest.mark.parametrize("answer", [b"", OK, SWITCHED, SWITCHED[:30], OK[:20], b"ni hao\r\n\r\n"])
@pytest.mark.parametrize("heads", [b"", HINTS, CONTINUE + HINTS])
def test_cuts_them_off_the_answer(heads: bytes, answer: bytes) -> None:
    assert InterimHeads().cut(heads + answer) == (heads, answer)


@pytest.mark.parametrize("answer", [HINTS + OK, OK, HINTS + SWITCHED])
@pytest.mark.parametrize("at", range(1, len(HINTS)))
def test_loses_nothing_of_what_comes_in_pieces(answer: bytes, at: int) -> None:
    interim = InterimHeads()
    pieces = [interim.cut(piece) for piece in (answer[:at], answer[at:]) if interim.may_be(piece) or piece]
    heads, rest = (b"".join(parts) for parts in zip(*pieces, strict=True))
    assert heads + rest == answer
    assert heads == (HINTS if answer.startswith(HINTS) else b"")


def test_keeps_a_head_until_it_is_whole() -> None:
    interim = InterimHeads()
    assert interim.cut(HINTS[:4]) == (b"", b"")
    assert interim.may_be(HINTS[4:])
    assert interim.cut(HINTS[4:]) == (HINTS, b"")


@pytest.mark.parametrize(("data", "expected"), [(b"HTTP/1.1 103", True), (b"HT", True), (OK, False), (b"data", False)])
def test_looks_only_at_what_may_be_one(data: bytes, expected: bool) -> None:
    assert InterimHeads().may_be(data) is expected
