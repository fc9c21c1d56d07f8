"""Cutting an event stream into passages must never cost, add or move a byte."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy_addons.wire.sse import Passage, SseRelay

STREAMS = st.text(alphabet="a:\r\n \ufeff", max_size=40).map(str.encode) | st.just(
    b"id: 1\ndata: a\n\ndata: b\r\n\r\n:c\n\n"
)


@given(stream=STREAMS, cuts=st.lists(st.integers(0, 50), max_size=6), holds=st.lists(st.booleans(), min_size=7))
def test_passes_every_byte_in_order_whatever_the_chunks_and_holds(
    stream: bytes, cuts: list[int], holds: list[bool]
) -> None:
    relay = SseRelay()
    pieces = [stream[start:end] for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), None], strict=True)]
    passed = [feed(relay, piece, hold=hold) for piece, hold in zip(pieces, holds, strict=False)]
    assert b"".join([*passed, relay.flush()]) == stream


def feed(relay: SseRelay, data: bytes, *, hold: bool) -> bytes:
    return b"".join(passage.raw for passage in relay.feed(data, hold=hold))


def summary(passages: Sequence[Passage]) -> list[tuple[bytes, int, bool]]:
    return [(passage.raw, passage.index, passage.whole) for passage in passages]


@pytest.mark.parametrize("hold", [True, False])
def test_numbers_events_and_passes_comments_as_none(hold: bool) -> None:
    passages = SseRelay().feed(b"data: a\n\n: hi\n\ndata: b\n\n", hold=hold)
    assert summary(passages) == [(b"data: a\n\n", 1, True), (b": hi\n\n", 0, False), (b"data: b\n\n", 2, True)]


def test_holds_an_event_until_it_is_complete() -> None:
    relay = SseRelay()
    assert relay.feed(b"data: a", hold=True) == []
    assert summary(relay.feed(b"\n\n", hold=True)) == [(b"data: a\n\n", 1, True)]


def test_does_not_offer_an_event_to_rules_when_a_part_of_it_has_passed() -> None:
    relay = SseRelay()
    assert summary(relay.feed(b"data: a", hold=False)) == [(b"data: a", 0, False)]
    (passage,) = relay.feed(b"\n\n", hold=True)
    assert (passage.raw, passage.index, passage.whole) == (b"\n\n", 1, False)
    assert passage.block is not None
    assert passage.block.data == b"a"


def test_flushes_what_was_held_once() -> None:
    relay = SseRelay()
    relay.feed(b"data: unfin", hold=True)
    assert (relay.flush(), relay.flush()) == (b"data: unfin", b"")
