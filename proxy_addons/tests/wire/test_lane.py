"""One direction of a WebSocket, without a proxy: when bytes pass unread, and what reading makes of them."""

import zlib
from typing import cast

import pytest
from mitmproxy.connection import Connection

from proxy_addons.events import Direction
from proxy_addons.framing.deflate import Deflate
from proxy_addons.framing.websocket import CLOSE, CONTINUATION, PING, TEXT, Frame, encode_frame
from proxy_addons.history import Tape
from proxy_addons.wire.lane import MASK, Lane

HELLO = encode_frame(TEXT, b"hello")
FAREWELL = encode_frame(CLOSE, b"\x03\xe8")
LONG = encode_frame(TEXT, b"x" * 300)


def lane(direction: Direction = "to_client", *, compressed: bool = False) -> Lane:
    return Lane(direction, cast(Connection, None), cast(Tape, None), Deflate() if compressed else None)


def raw(frames: list[Frame]) -> list[bytes]:
    return [frame.raw for frame in frames]


class TestUnread:
    def test_passes_part_of_a_frame_as_it_comes(self) -> None:
        assert lane().take(HELLO[:4], wanted=False) == (HELLO[:4], [])

    @pytest.mark.parametrize("known", [1, 2, 3])
    def test_keeps_an_incomplete_header_until_it_is_whole(self, known: int) -> None:
        one_lane = lane()
        assert one_lane.take(HELLO + LONG[:known], wanted=False) == (HELLO, [])
        assert one_lane.take(LONG[known:], wanted=False) == (LONG, [])

    def test_looks_at_a_close_frame_all_the_same(self) -> None:
        passing, frames = lane().take(HELLO + FAREWELL, wanted=False)
        assert (passing, raw(frames)) == (HELLO, [FAREWELL])

    def test_looks_at_a_close_frame_of_which_one_byte_has_come(self) -> None:
        one_lane = lane()
        assert one_lane.take(HELLO + FAREWELL[:1], wanted=False) == (HELLO, [])
        passing, frames = one_lane.take(FAREWELL[1:], wanted=False)
        assert (passing, raw(frames)) == (b"", [FAREWELL])


class TestWhenSomebodyWantsToRead:
    def test_counts_the_messages_that_passed_unread(self) -> None:
        one_lane = lane()
        one_lane.take(HELLO + HELLO, wanted=False)
        _, (frame,) = one_lane.take(HELLO, wanted=True)
        one_lane.assemble(frame)
        assert one_lane.index == 3

    def test_lets_the_rest_of_a_frame_pass_whose_start_is_out(self) -> None:
        one_lane = lane()
        one_lane.take(HELLO[:4], wanted=False)
        passing, frames = one_lane.take(HELLO[4:] + LONG, wanted=True)
        assert (passing, raw(frames)) == (HELLO[4:], [LONG])

    def test_comes_too_late_for_a_message_whose_first_fragment_is_out(self) -> None:
        one_lane = lane()
        one_lane.take(encode_frame(TEXT, b"he", fin=False), wanted=False)
        one_lane.take(encode_frame(CONTINUATION, b"llo"), wanted=True)
        assert one_lane.passing

    def test_inflates_a_message_that_looks_back_on_unread_ones(self) -> None:
        one_lane, compressor = lane(compressed=True), zlib.compressobj(wbits=-15)
        message = b"the same words again"
        first, second = (
            encode_frame(TEXT, compressor.compress(message) + compressor.flush(zlib.Z_SYNC_FLUSH)[:-4], rsv1=True)
            for _ in range(2)
        )
        one_lane.take(first, wanted=False)
        _, (frame,) = one_lane.take(second, wanted=True)
        whole = one_lane.assemble(frame)
        assert whole is not None
        assert (whole.data, whole.damaged) == (message, False)

    def test_goes_back_to_passing_bytes_between_two_messages(self) -> None:
        one_lane = lane()
        _, (frame,) = one_lane.take(HELLO + LONG[:10], wanted=True)
        one_lane.assemble(frame)
        one_lane.fragments.clear()
        assert one_lane.take(LONG[10:20], wanted=False) == (LONG[:20], [])


class TestWhatGoesOut:
    def test_a_client_s_frames_are_masked(self) -> None:
        assert lane("to_server").encode(b"hello", text=True) == encode_frame(TEXT, b"hello", mask=MASK)

    def test_a_compressed_lane_is_altered_by_what_its_peer_cannot_follow(self) -> None:
        plain, compressed = lane(), lane(compressed=True)
        plain.disturb()
        compressed.disturb()
        assert (plain.altered, compressed.altered) == (False, True)

    def test_what_a_stall_holds_is_counted_by_messages(self) -> None:
        one_lane = lane()
        for frame in (HELLO, encode_frame(PING, b"?"), LONG):
            one_lane.hold(frame)
        assert one_lane.held_messages == 2
        assert one_lane.held_bytes == len(HELLO) + 2 + 1 + len(LONG)
        assert one_lane.take_held() == [HELLO, encode_frame(PING, b"?"), LONG]
        assert (one_lane.held_messages, one_lane.held_bytes) == (0, 0)
