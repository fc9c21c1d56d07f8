"""What a buffering or compressing intermediary lets out, and when."""

import zlib

from proxy_addons.actions import Buffer
from proxy_addons.wire.holdback import Compressor, HoldBack, Passed, Piece


def put(hold_back: HoldBack, *events: bytes) -> bytes:
    return hold_back.put([Piece(event, is_event=True) for event in events])[0].data


class TestHoldBack:
    def test_keeps_everything_without_a_condition(self) -> None:
        hold_back = HoldBack(Buffer())
        assert put(hold_back, b"a") == b""
        assert put(hold_back, b"b") == b""
        assert hold_back.drain() == (b"ab", 2)

    def test_lets_all_out_when_there_is_enough_and_begins_anew(self) -> None:
        hold_back = HoldBack(Buffer(until_bytes=4))
        assert [put(hold_back, event) for event in (b"aa", b"bbb", b"c", b"ddd")] == [b"", b"aabbb", b"", b"cddd"]

    def test_lets_all_out_some_time_after_the_first_byte(self) -> None:
        hold_back = HoldBack(Buffer(until_ms=50))
        _, wake_up = hold_back.put([Piece(b"a")])
        assert wake_up is not None
        assert wake_up.after_ms == 50
        assert hold_back.put([Piece(b"b")]) == (Passed(), None)  # the time runs already
        assert hold_back.due(wake_up.token).data == b"ab"
        assert hold_back.put([Piece(b"c")])[1] is not None  # a new time

    def test_does_not_ask_for_a_time_when_nothing_is_held(self) -> None:
        assert HoldBack(Buffer(until_ms=50)).put([]) == (Passed(), None)

    def test_does_not_take_nothing_for_the_first_byte(self) -> None:
        hold_back = HoldBack(Buffer(until_ms=50))
        assert hold_back.put([Piece(b"")]) == (Passed(), None)  # what goes out in the place of a stream's opening
        assert hold_back.put([Piece(b"a")])[1] is not None

    def test_forgets_the_time_of_what_went_out_before(self) -> None:
        hold_back = HoldBack(Buffer(until_bytes=2, until_ms=50))
        _, wake_up = hold_back.put([Piece(b"a")])
        assert wake_up is not None
        assert put(hold_back, b"b") == b"ab"
        put(hold_back, b"c")
        assert hold_back.due(wake_up.token) == Passed()

    def test_stays_some_events_behind(self) -> None:
        hold_back = HoldBack(Buffer(behind=2))
        assert [put(hold_back, event) for event in (b"a", b"b", b"c", b"d")] == [b"", b"", b"a", b"b"]

    def test_pushes_comments_out_with_the_event_behind_them(self) -> None:
        hold_back = HoldBack(Buffer(behind=1))
        passed, _ = hold_back.put([Piece(b":"), Piece(b"a", is_event=True), Piece(b"b", is_event=True)])
        assert passed == (b":a", 1)

    def test_counts_bytes_of_what_is_still_held_only(self) -> None:
        hold_back = HoldBack(Buffer(behind=1, until_bytes=4))
        assert [put(hold_back, event) for event in (b"aa", b"b", b"c", b"d")] == [b"", b"aa", b"b", b"c"]

    def test_says_whether_it_counts_events(self) -> None:
        assert HoldBack(Buffer(behind=1)).counts_events
        assert not HoldBack(Buffer(until_bytes=1)).counts_events


def readable(compressed: bytes) -> bytes:
    """What a browser can read of it so far."""
    return zlib.decompressobj(wbits=31).decompress(compressed)


class TestCompressor:
    def test_does_not_show_an_event_in_time(self) -> None:
        compressor = Compressor(flushes=False)
        start = compressor.add(b"data: one\n\n")
        assert readable(start) == b""
        assert readable(start + compressor.end()) == b"data: one\n\n"

    def test_shows_it_when_it_flushes(self) -> None:
        compressor = Compressor(flushes=True)
        assert readable(compressor.add(b"data: one\n\n")) == b"data: one\n\n"

    def test_flushes_when_asked(self) -> None:
        compressor = Compressor(flushes=False)
        start = compressor.add(b"data: one\n\n")
        assert readable(start + compressor.add(b"", flush=True)) == b"data: one\n\n"

    def test_says_nothing_of_nothing(self) -> None:
        compressor = Compressor(flushes=True)
        compressor.add(b"a")
        assert compressor.add(b"") == b""
