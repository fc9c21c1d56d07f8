"""Cutting an event stream into passages must never cost, add or move a byte."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proxy_addons.framing.sse import SseFramer
from proxy_addons.wire import sse
from proxy_addons.wire.sse import Passage, SseRelay

LINES = ["data: a", "data", "dataset: 1", "id: 1", ":c", "", "", "\ufeffdata: b", "a data: b"]
STREAMS = st.text(alphabet="a:\r\n \ufeff", max_size=40).map(str.encode) | st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])), max_size=12
).map(lambda lines: "".join(line + end for line, end in lines).encode())
CUTS = st.lists(st.integers(0, 60), max_size=6)


def pieces_of(stream: bytes, cuts: list[int]) -> list[bytes]:
    return [stream[start:end] for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), None], strict=True)]


@given(stream=STREAMS, cuts=CUTS, holds=st.lists(st.booleans(), min_size=7, max_size=7))
def test_passes_every_byte_in_order_whatever_the_chunks_and_holds(
    stream: bytes, cuts: list[int], holds: list[bool]
) -> None:
    relay = SseRelay()
    passed = [feed(relay, piece, hold=hold) for piece, hold in zip(pieces_of(stream, cuts), holds, strict=False)]
    assert b"".join([*passed, relay.flush()]) == stream


@given(unwatched=STREAMS, cuts=CUTS, backlog=st.integers(1, 50))
@example(unwatched=b"\xef\xbb\xbfdata: a\n\n", cuts=[], backlog=50)
@example(unwatched=b"data: a\r\n\r\ndata: b\n\n", cuts=[], backlog=50)
@example(unwatched=b"data: a\n\n\xef\xbb\xbfdata: b\n", cuts=[], backlog=50)
def test_knows_the_next_event_s_number_and_what_of_it_has_gone_by(
    unwatched: bytes, cuts: list[int], backlog: int
) -> None:
    # given a stream of which a first part went by without being read, and a framer that reads all of it
    relay, framer = SseRelay(), SseFramer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sse, "BACKLOG_BYTES", backlog)
        seen = 0
        for piece in pieces_of(unwatched, cuts):
            relay.go_by(piece)
            seen += sum(block.data is not None for block in framer.feed(piece))
    gone_by = len(framer.pending)
    # when the rest is read
    rest = b"\ndata: x\n\ndata: y\n\n"
    passages, blocks = relay.feed(rest, hold=True), framer.feed(rest)
    # then both have found the same events
    assert [passage.block for passage in passages] == blocks
    numbers = iter(range(seen + 1, seen + 10))
    assert [passage.index for passage in passages] == [
        next(numbers) if block.data is not None else 0 for block in blocks
    ]
    assert b"".join(passage.raw for passage in passages) == rest
    assert [passage.whole for passage in passages] == [gone_by == 0, *[True] * (len(blocks) - 1)]


def feed(relay: SseRelay, data: bytes, *, hold: bool) -> bytes:
    return b"".join(passage.raw for passage in relay.feed(data, hold=hold))


def summary(passages: Sequence[Passage]) -> list[tuple[bytes, int, bool]]:
    return [(passage.raw, passage.index, passage.whole) for passage in passages]


@pytest.mark.parametrize("hold", [True, False])
def test_numbers_events_and_not_comments(hold: bool) -> None:
    passages = SseRelay().feed(b"data: a\n\n: hi\n\ndata: b\n\n", hold=hold)
    assert summary(passages) == [(b"data: a\n\n", 1, True), (b": hi\n\n", 0, True), (b"data: b\n\n", 2, True)]


def test_holds_an_event_until_it_is_complete() -> None:
    relay = SseRelay()
    assert relay.feed(b"data: a", hold=True) == []
    assert summary(relay.feed(b"\n\n", hold=True)) == [(b"data: a\n\n", 1, True)]


def test_says_whether_it_holds_anything() -> None:
    relay = SseRelay()
    relay.feed(b"data: a", hold=False)
    after_passing = relay.holds
    relay.feed(b"b", hold=True)
    after_holding = relay.holds
    relay.flush()
    assert (after_passing, after_holding, relay.holds) == (False, True, False)


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
