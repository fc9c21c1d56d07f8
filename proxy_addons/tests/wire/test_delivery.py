"""What stands between an event and its client, without a proxy around it; `test_eventsource.py` has it all together."""

from collections.abc import Iterable
from typing import Any, cast

import pytest
from mitmproxy.proxy import commands
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import ResponseData, ResponseEndOfMessage
from mitmproxy.test.tflow import tclient_conn

from proxy_addons.actions import Buffer, Delay, Parcel, parcels
from proxy_addons.tests.play import request
from proxy_addons.wire.delivery import Delivery
from proxy_addons.wire.holdback import Compressor, HoldBack, Piece


class Recorder:
    """In the place of the listener and the link: remembers what it is told."""

    def __init__(self) -> None:
        self.released_by: list[tuple[str, int]] = []
        self.wakes: list[tuple[float, object]] = []
        self.paused: list[bool] = []

    def released(self, rule: str, _: object, messages: int) -> None:
        self.released_by.append((rule, messages))

    def wake(self, _link: object, _stream: int, ms: float, token: object) -> None:
        self.wakes.append((ms, token))

    def pause_upstream(self, paused: bool) -> None:
        self.paused.append(paused)


class Stream:
    """A delivery, and what its client got."""

    def __init__(self) -> None:
        self.told = Recorder()
        told = cast(Any, self.told)
        self.delivery = Delivery(request("eventsource"), told, told, tclient_conn(), 1, self._finish, cast(Any, None))
        self.got: list[bytes] = []

    def _finish(self, _: object) -> Any:
        self.got.append(b"END")
        yield from ()

    def run(self, sending: Iterable[commands.Command]) -> None:
        for command in sending:
            assert isinstance(command, SendHttp)
            assert isinstance(command.event, ResponseData)
            self.got.append(command.event.data)

    def event(self, data: bytes) -> None:
        self.delivery.out.append(Piece(data, is_event=True))
        self.run(self.delivery.flush())

    def delayed(self, data: bytes, ms: float = 5, rule: str = "slow") -> None:
        (parcel,) = parcels(Delay(ms))
        _, wake_ups = self.delivery.outbox.put([(data, parcel)], rule)
        self.delivery.ask(*wake_ups)

    def end(self) -> None:
        self.delivery.origins_end = ResponseEndOfMessage(1)
        self.run(self.delivery.part())


def test_sends_what_one_turn_brings_in_one_chunk() -> None:
    stream = Stream()
    stream.delivery.out += [Piece(b"a"), Piece(b"b")]
    stream.event(b"c")
    assert stream.got == [b"abc"]
    assert not stream.delivery.holds


def test_says_which_rule_held_what_comes_late() -> None:
    stream = Stream()
    stream.delayed(b"a")
    ((ms, token),) = stream.told.wakes
    assert ms == 5
    stream.run(stream.delivery.woken(token))
    assert stream.got == [b"a"]
    assert stream.told.released_by == [("slow", 1)]


def test_holds_in_each_of_its_stages_before_the_end() -> None:
    # given an event that is delayed, one in a buffer, and a stall
    stream = Stream()
    stream.delivery.hold_back = HoldBack(Buffer())
    stream.delayed(b"a")
    stream.event(b"b")
    stream.delivery.stall("stalled", None)
    stream.end()
    assert stream.got == []
    # when they go on, one after the other
    stream.run(stream.delivery.let_go("slow"))
    stream.run(stream.delivery.part())
    assert stream.got == []
    stream.run(stream.delivery.let_go("stalled"))
    stream.run(stream.delivery.part())
    # then all of it goes out, and the end behind it
    assert stream.got == [b"ba", b"END"]


def test_flows_again_when_no_rule_stalls_any_more() -> None:
    stream = Stream()
    stream.delivery.stall("first", None)
    stream.delivery.stall("second", 20)
    stream.event(b"a")
    stream.run(stream.delivery.let_go("first"))
    assert stream.got == []
    ((after_ms, token),) = stream.told.wakes
    assert after_ms == 20
    stream.run(stream.delivery.woken(token))
    assert stream.got == [b"a"]
    assert stream.told.released_by == [("first", 0), ("second", 1)]


def test_counts_events_and_not_the_chunks_in_which_they_came() -> None:
    # given a stall that holds two events and a comment of one chunk, and one event of another
    stream = Stream()
    stream.delivery.stall("rule", None)
    stream.delivery.out += [Piece(b"a", is_event=True), Piece(b": c")]
    stream.event(b"b")
    stream.event(b"c")
    # when they go on
    stream.run(stream.delivery.let_go("rule"))
    # then as they came, and the record says how many there were
    assert stream.got == [b"a: cb", b"c"]
    assert stream.told.released_by == [("rule", 3)]


def test_lets_the_origin_wait_when_a_stall_holds_too_much() -> None:
    stream = Stream()
    stream.delivery.stall("rule", None)
    stream.event(b"a" * (1 << 20))
    assert stream.told.paused == []
    stream.event(b"b")
    assert stream.told.paused == [True]
    stream.run(stream.delivery.let_go("rule"))
    assert stream.told.paused == [True, False]


@pytest.mark.parametrize(("flushes", "chunks"), [(False, 1), (True, 2)])
def test_ends_a_compressed_body_with_its_checksum(flushes: bool, chunks: int) -> None:
    stream = Stream()
    stream.delivery.gzip = Compressor(flushes=flushes)
    stream.event(b"a")
    stream.event(b"b")
    stream.end()
    assert len(stream.got) - 2 == chunks
    assert stream.got[-1] == b"END"


def test_counts_a_piece_as_the_outbox_does() -> None:
    stream = Stream()
    _, wake_ups = stream.delivery.outbox.put([(b"a", Parcel(behind=1))], "rule")
    assert not wake_ups
    assert stream.delivery.holds


def test_says_what_a_buffer_lets_out_and_when() -> None:
    # given an intermediary that stays one event behind
    stream = Stream()
    stream.delivery.hold_back, stream.delivery.buffered_by = HoldBack(Buffer(behind=1)), "rule"
    # when three come
    stream.event(b"a")
    assert stream.told.released_by == []
    stream.event(b"b")
    stream.event(b"c")
    assert stream.got == [b"a", b"b"]
    assert stream.told.released_by == [("rule", 1), ("rule", 1)]
    # then what it still holds is told when the stream ends
    stream.end()
    assert stream.told.released_by == [("rule", 1)] * 3


def test_does_not_say_of_a_buffer_behind_which_a_stall_stands_that_it_lets_anything_out() -> None:
    stream = Stream()
    stream.delivery.hold_back, stream.delivery.buffered_by = HoldBack(Buffer(until_bytes=1)), "buffer"
    stream.delivery.stall("stall", None)
    stream.event(b"a")
    assert stream.told.released_by == []
    stream.run(stream.delivery.let_go("stall"))
    assert stream.told.released_by == [("stall", 1)]
