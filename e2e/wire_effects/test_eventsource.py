"""What each fault of an event stream really does to it, seen by a client's and an origin's socket."""

import gzip
import re
import time
import zlib

import pytest

from e2e.wire_effects.reading import (
    DONE,
    GET,
    fill,
    is_silent,
    planned,
    read_broken_stream,
    read_so_far,
    read_stream,
    read_to_last_chunk,
    receipts,
    wait_for_event,
)
from proxy_addons.events import Request, SsePassing
from proxy_addons.faults.base import Fault
from proxy_addons.faults.eventsource_abort import AbortEventSource
from proxy_addons.faults.eventsource_buffer import BufferEventSource
from proxy_addons.faults.eventsource_corrupt import CorruptEventSource
from proxy_addons.faults.eventsource_cut import CutEventSource
from proxy_addons.faults.eventsource_delay import DelayEventSource
from proxy_addons.faults.eventsource_drop import DropEventSource
from proxy_addons.faults.eventsource_duplicate import DuplicateEventSource
from proxy_addons.faults.eventsource_end import EndEventSource
from proxy_addons.faults.eventsource_inject import InjectEventSource
from proxy_addons.faults.eventsource_reorder import ReorderEventSource
from proxy_addons.faults.eventsource_reset import ResetEventSource
from proxy_addons.faults.eventsource_rewrite import RewriteEventSource
from proxy_addons.faults.eventsource_splice import SpliceEventSource
from proxy_addons.faults.eventsource_stall import StallEventSource
from proxy_addons.framing.sse import SseFramer
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultCrashed, FaultFired, MessageSeen
from proxy_addons.tests.origin import LAST_CHUNK, STREAMING, SUBSCRIBE, Origin, Peer, chunk

ONE = b"id: 1\ndata: one\n\n"
TWO = b"id: 2\ndata: two\n\n"
THREE = b"id: 3\ndata: three\n\n"
ALL = ONE + TWO + THREE
COMMENT = b": still here\n\n"
CAFE = "id: 2\r\ndata: one café\r\n\r\n".encode()
COMPRESSIBLE = SUBSCRIBE.replace(b"\r\n\r\n", b"\r\nAccept-Encoding: gzip, br\r\n\r\n")
MOST = 1 << 25
"""More than all buffers between two ends have room for."""
CANARY = rb"brownout-canary-[0-9a-f]{8}"


def what_arrives(proxy: FaultProxy, origin: Origin, *sent: bytes) -> bytes:
    """Of a whole stream, each piece of which the origin sends in a chunk of its own, before it ends it."""
    client, server = origin.open_stream(proxy.url)
    server.send(b"".join(map(chunk, sent)) + LAST_CHUNK)
    return read_to_last_chunk(client)


class TestEventSourceAbort:
    def test_sends_fin_without_the_last_chunk_as_the_stream_opens(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(AbortEventSource())
        client, server = origin.open_stream(proxy.url)
        assert read_broken_stream(client) == (b"", "fin")
        assert server.rest() == (b"", "fin")
        assert receipts(proxy) == [("eventsource.abort-1", "eventsource.abort", None, "")]

    def test_lets_the_first_events_pass(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(AbortEventSource(after_events=2))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ALL))
        assert read_broken_stream(client) == (ONE + TWO, "fin")
        assert receipts(proxy) == [("eventsource.abort-1", "eventsource.abort", 3, "")]

    @pytest.mark.parametrize(
        ("partial_bytes", "part"), [(1, b"i"), (9, b"id: 2\ndat"), (99, b"id: 2\ndata: two\n")], ids=str
    )
    def test_cuts_inside_an_event(self, proxy: FaultProxy, origin: Origin, partial_bytes: int, part: bytes) -> None:
        proxy.inject(AbortEventSource(after_events=1, partial_bytes=partial_bytes))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert read_broken_stream(client) == (ONE + part, "fin")
        assert receipts(proxy) == [("eventsource.abort-1", "eventsource.abort", 2, part.decode())]

    def test_cuts_a_standing_stream_at_once(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        proxy.inject(AbortEventSource())
        assert read_broken_stream(client) == (b"", "fin")

    def test_leaves_the_stream_that_comes_after_it_alone(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(AbortEventSource())
        client, _ = origin.open_stream(proxy.url)
        assert read_broken_stream(client) == (b"", "fin")
        assert what_arrives(proxy, origin, ONE) == ONE


class TestEventSourceReset:
    def test_sends_rst_as_the_stream_opens(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ResetEventSource())
        client, server = origin.open_stream(proxy.url)
        assert read_broken_stream(client) == (b"", "rst")
        assert server.rest() == (b"", "fin")
        assert receipts(proxy) == [("eventsource.reset-1", "eventsource.reset", None, "")]

    def test_lets_the_first_events_pass(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ResetEventSource(after_events=1))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert read_broken_stream(client) == (ONE, "rst")
        assert receipts(proxy) == [("eventsource.reset-1", "eventsource.reset", 2, "")]

    def test_resets_a_standing_stream_at_once(self, proxy: FaultProxy, origin: Origin) -> None:
        client, _ = origin.open_stream(proxy.url)
        proxy.inject(ResetEventSource())
        assert read_broken_stream(client) == (b"", "rst")


class TestEventSourceEnd:
    def test_ends_the_body_as_the_stream_opens(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(EndEventSource())
        client, server = origin.open_stream(proxy.url)
        assert read_to_last_chunk(client) == b""
        assert server.rest() == (b"", "fin")
        assert receipts(proxy) == [("eventsource.end-1", "eventsource.end", None, "")]

    def test_lets_the_first_events_pass(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(EndEventSource(after_events=2))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ALL))
        assert read_to_last_chunk(client) == ONE + TWO
        assert receipts(proxy) == [("eventsource.end-1", "eventsource.end", 3, "")]

    def test_ends_a_standing_stream_at_once(self, proxy: FaultProxy, origin: Origin) -> None:
        client, _ = origin.open_stream(proxy.url)
        proxy.inject(EndEventSource())
        assert read_to_last_chunk(client) == b""

    def test_keeps_the_connection_for_the_next_request(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(EndEventSource())
        client, _ = origin.open_stream(proxy.url)
        assert read_to_last_chunk(client) == b""
        client.send(GET)
        server = origin.accept()
        assert server.read_head() == GET
        server.send(DONE)
        assert client.read_head() == DONE


class TestEventSourceStall:
    def test_leaves_the_stream_open_and_silent_until_it_is_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(StallEventSource())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        wait_for_event(proxy, 1)
        assert is_silent(client, proxy, origin)
        assert receipts(proxy) == [("eventsource.stall-1", "eventsource.stall", None, "")]
        proxy.heal(rule)
        assert read_stream(client, len(ONE)) == ONE

    def test_lets_the_first_events_pass(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(StallEventSource(after_events=1))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE + TWO))
        wait_for_event(proxy, 2)
        assert read_stream(client, len(ONE)) == ONE
        assert is_silent(client, proxy, origin)
        assert receipts(proxy) == [("eventsource.stall-1", "eventsource.stall", 2, "")]

    def test_delivers_every_byte_in_order_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        rule = proxy.inject(StallEventSource())
        server.send(chunk(COMMENT + ONE) + chunk(TWO + b"id: 3\nda"))
        wait_for_event(proxy, 2)
        proxy.heal(rule)
        server.send(chunk(b"ta: three\n\n") + LAST_CHUNK)
        assert read_to_last_chunk(client) == COMMENT + ALL

    def test_holds_the_end_of_the_stream_as_well(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        rule = proxy.inject(StallEventSource())
        server.send(chunk(ONE) + LAST_CHUNK)
        wait_for_event(proxy, 1)
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert read_to_last_chunk(client) == ONE

    def test_holds_the_death_of_the_origin_as_well(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        rule = proxy.inject(StallEventSource())
        server.send(chunk(ONE))
        server.close()
        wait_for_event(proxy, 1)
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert read_broken_stream(client) == (ONE, "fin")

    def test_lasts_as_long_as_it_says(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(StallEventSource(after_events=1, for_ms=80))
        client, server = origin.open_stream(proxy.url)
        sent_s = time.monotonic()
        server.send(chunk(ONE) + chunk(TWO))
        assert read_stream(client, len(ONE + TWO)) == ONE + TWO
        assert time.monotonic() - sent_s >= 0.08

    def test_lets_the_origin_meet_full_buffers_and_loses_nothing(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(StallEventSource())
        client, server = origin.open_stream(proxy.url)
        server.send(b"%x\r\n" % MOST)
        taken = fill(server, b":%b\n\n" % bytes(4093), MOST, proxy, origin)
        assert len(taken) < MOST
        proxy.heal(rule)
        assert read_stream(client, len(taken)) == taken

    def test_lets_the_origin_know_that_the_client_has_gone(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(StallEventSource())
        client, server = origin.open_stream(proxy.url)
        client.close()
        assert server.rest() == (b"", "fin")


class TestEventSourceCut:
    @pytest.mark.parametrize(
        ("fault", "part"),
        [
            pytest.param(CutEventSource(where="field"), b"id: 2\r\ndata: on", id="inside a field"),
            pytest.param(CutEventSource(where="utf8"), b"id: 2\r\ndata: one caf\xc3", id="inside a UTF-8 character"),
            pytest.param(CutEventSource(where="crlf"), b"id: 2\r", id="inside CRLF"),
            pytest.param(CutEventSource(where="blank_line"), CAFE[:-2], id="before the blank line"),
            pytest.param(CutEventSource(where="bytes", after_bytes=3), b"id:", id="after n bytes"),
        ],
    )
    def test_lets_the_first_part_of_an_event_out(
        self, proxy: FaultProxy, origin: Origin, fault: CutEventSource, part: bytes
    ) -> None:
        proxy.inject(fault)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(CAFE) + chunk(THREE))
        assert read_broken_stream(client) == (part, "fin")
        ((rule, kind, index, sent),) = receipts(proxy)
        assert (rule, kind, index) == ("eventsource.cut-1", "eventsource.cut", 1)
        assert sent.encode().replace(rb"\xc3", b"\xc3") == part

    def test_waits_for_an_event_that_has_such_a_place(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CutEventSource(where="utf8"))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(CAFE))
        assert read_broken_stream(client) == (ONE + b"id: 2\r\ndata: one caf\xc3", "fin")

    def test_lets_the_first_events_pass(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CutEventSource(where="blank_line", after_events=1))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert read_broken_stream(client) == (ONE + TWO[:-1], "fin")

    def test_then_ends_the_body(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CutEventSource(where="blank_line", then="end"))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert read_to_last_chunk(client) == ONE[:-1]

    def test_then_resets(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CutEventSource(where="blank_line", then="reset"))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert read_broken_stream(client) == (ONE[:-1], "rst")

    def test_then_falls_silent_and_keeps_the_other_part_until_it_is_healed(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        rule = proxy.inject(CutEventSource(where="blank_line", then="stall"))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        wait_for_event(proxy, 2)
        assert read_stream(client, len(ONE) - 1) == ONE[:-1]
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert read_stream(client, len(TWO) + 1) == b"\n" + TWO

    def test_then_goes_on_with_the_next_event(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CutEventSource(where="blank_line", then="continue"))
        assert what_arrives(proxy, origin, ONE, TWO, THREE) == ONE[:-1] + TWO + THREE


class TestEventSourceBuffer:
    def test_holds_everything_to_the_end(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(COMMENT + TWO))
        wait_for_event(proxy, 2)
        assert is_silent(client, proxy, origin)
        assert receipts(proxy) == [("eventsource.buffer-1", "eventsource.buffer", None, "")]
        server.send(LAST_CHUNK)
        assert read_to_last_chunk(client) == ONE + COMMENT + TWO

    def test_holds_until_there_are_so_many_bytes_and_begins_anew(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource(until_bytes=len(ONE + TWO)))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        wait_for_event(proxy, 1)
        assert is_silent(client, proxy, origin)
        server.send(chunk(TWO))
        assert read_stream(client, len(ONE)) == ONE + TWO
        server.send(chunk(THREE))
        wait_for_event(proxy, 3)
        assert is_silent(client, proxy, origin)

    def test_holds_for_a_time_since_the_first_byte(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource(until_ms=60))
        client, server = origin.open_stream(proxy.url)
        sent_s = time.monotonic()
        server.send(chunk(ONE))
        wait_for_event(proxy, 1)
        server.send(chunk(TWO))
        assert read_stream(client, 1).startswith(ONE)
        assert time.monotonic() - sent_s >= 0.06

    def test_is_always_one_event_behind(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource(behind=1))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        wait_for_event(proxy, 1)
        assert is_silent(client, proxy, origin)
        server.send(chunk(TWO))
        assert read_stream(client, 1) == ONE
        server.send(chunk(THREE))
        assert read_stream(client, 1) == TWO
        assert is_silent(client, proxy, origin)
        server.send(LAST_CHUNK)
        assert read_to_last_chunk(client) == THREE

    def test_goes_out_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        rule = proxy.inject(BufferEventSource())
        server.send(chunk(ONE))
        wait_for_event(proxy, 1)
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert read_stream(client, len(ONE)) == ONE

    def test_lets_what_it_holds_out_before_the_origin_s_death(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        server.close()
        assert read_broken_stream(client) == (ONE, "fin")


class TestEventSourceBufferWithGzip:
    """`eventsource.buffer` with `gzip`: the stream of a middleware that compresses everything."""

    @staticmethod
    def open_compressed(proxy: FaultProxy, origin: Origin) -> tuple[Peer, Peer]:
        client, server = origin.exchange(proxy.url, COMPRESSIBLE, STREAMING)
        head = client.read_head().lower()
        assert head.startswith(b"http/1.1 200 ")
        assert b"\r\ncontent-encoding: gzip\r\n" in head
        assert b"\r\ntransfer-encoding: chunked\r\n" in head
        return client, server

    def test_compresses_the_stream_and_shows_no_event_before_the_end(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource(gzip=True))
        client, server = self.open_compressed(proxy, origin)
        reader = zlib.decompressobj(wbits=31)
        server.send(chunk(ONE) + chunk(TWO))
        wait_for_event(proxy, 2)
        assert reader.decompress(read_so_far(client, proxy, origin)) == b""
        server.send(LAST_CHUNK)
        assert reader.decompress(read_to_last_chunk(client)) == ONE + TWO
        assert reader.eof
        assert receipts(proxy) == [("eventsource.buffer-1", "eventsource.buffer", None, "")]

    def test_flushes_when_there_are_so_many_bytes(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource(gzip=True, until_bytes=len(ONE + TWO)))
        client, server = self.open_compressed(proxy, origin)
        reader = zlib.decompressobj(wbits=31)
        server.send(chunk(ONE))
        wait_for_event(proxy, 1)
        assert reader.decompress(read_so_far(client, proxy, origin)) == b""
        server.send(chunk(TWO))
        assert reader.decompress(read_stream(client, 1)) == ONE + TWO

    def test_flushes_after_a_time(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(BufferEventSource(gzip=True, until_ms=60))
        client, server = self.open_compressed(proxy, origin)
        reader = zlib.decompressobj(wbits=31)
        sent_s = time.monotonic()
        server.send(chunk(ONE))
        seen = b""
        while not seen:
            seen = reader.decompress(client.read_chunk())
        assert seen == ONE
        assert time.monotonic() - sent_s >= 0.06

    @pytest.mark.parametrize(
        ("asked", "answered"),
        [
            pytest.param(b"Accept-Encoding: br", b"Vary: a", id="not offered"),
            pytest.param(b"Accept-Encoding: gzip;q=0, br", b"Vary: a", id="refused"),
            pytest.param(b"Accept-Encoding: gzip, br", b"Content-Encoding: br", id="compressed already"),
        ],
    )
    def test_leaves_alone_what_it_cannot_compress(
        self, proxy: FaultProxy, origin: Origin, asked: bytes, answered: bytes
    ) -> None:
        proxy.inject(BufferEventSource(gzip=True), must_fire=False)
        answer = STREAMING.replace(b"\r\n\r\n", b"\r\n%b\r\n\r\n" % answered)
        client, server = origin.exchange(proxy.url, SUBSCRIBE.replace(b"\r\n\r\n", b"\r\n%b\r\n\r\n" % asked), answer)
        assert client.read_head() == answer
        server.send(chunk(ONE) + LAST_CHUNK)
        assert read_to_last_chunk(client) == ONE
        assert receipts(proxy) == []
        assert [crash.rule for crash in proxy.history.of(FaultCrashed)] == ["eventsource.buffer-1"]


class TestEventSourceDrop:
    def test_loses_one_event_and_no_other(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DropEventSource(nth_event=2))
        assert what_arrives(proxy, origin, ONE, TWO, THREE) == ONE + THREE
        assert receipts(proxy) == [("eventsource.drop-1", "eventsource.drop", 2, "")]
        assert [event.delivered for event in proxy.history.of(MessageSeen)] == [True, False, True]

    def test_loses_one_of_three_events_in_a_chunk(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DropEventSource(nth_event=2))
        assert what_arrives(proxy, origin, ALL) == ONE + THREE

    def test_loses_an_event_that_comes_byte_by_byte(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DropEventSource(nth_event=2))
        assert what_arrives(proxy, origin, *(ALL[n : n + 1] for n in range(len(ALL)))) == ONE + THREE

    def test_lets_an_event_pass_of_which_a_part_was_out_when_the_rule_came(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE + TWO[:8]))
        assert read_stream(client, len(ONE) + 8) == ONE + TWO[:8]
        proxy.inject(DropEventSource())
        server.send(chunk(TWO[8:]) + chunk(THREE) + chunk(ONE) + LAST_CHUNK)
        assert read_to_last_chunk(client) == TWO[8:] + ONE
        assert receipts(proxy) == [("eventsource.drop-1", "eventsource.drop", 3, "")]

    def test_lets_an_event_pass_that_never_ends(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DropEventSource(nth_event=1))
        assert what_arrives(proxy, origin, ONE, b"data: unfinished") == b"data: unfinished"

    def test_loses_every_event_and_no_comment(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DropEventSource(), times=None)
        assert what_arrives(proxy, origin, ONE, COMMENT + TWO, b"retry: 5\n\n", THREE) == COMMENT + b"retry: 5\n\n"
        assert [index for _, _, index, _ in receipts(proxy)] == [1, 2, 3]


class TestEventSourceDelay:
    def test_delivers_one_event_late_and_lets_the_next_overtake_it(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DelayEventSource(nth_event=1, ms=80))
        client, server = origin.open_stream(proxy.url)
        sent_s = time.monotonic()
        server.send(chunk(ONE) + chunk(TWO))
        assert read_stream(client, len(TWO)) == TWO
        assert read_stream(client, len(ONE)) == ONE
        assert time.monotonic() - sent_s >= 0.08
        ((rule, kind, index, _),) = receipts(proxy)
        assert (rule, kind, index) == ("eventsource.delay-1", "eventsource.delay", 1)

    def test_lets_the_end_of_the_stream_wait(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DelayEventSource(nth_event=1, ms=40))
        assert what_arrives(proxy, origin, ONE, TWO) == TWO + ONE

    def test_lets_the_origin_s_death_wait(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DelayEventSource(nth_event=1, ms=40))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        server.close()
        assert read_broken_stream(client) == (TWO + ONE, "fin")

    def test_lets_what_it_holds_out_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(DelayEventSource(nth_event=1, ms=60_000))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert read_stream(client, len(TWO)) == TWO
        proxy.heal(rule)
        assert read_stream(client, len(ONE)) == ONE


class TestEventSourceDuplicate:
    def test_delivers_one_event_twice_with_the_same_id(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DuplicateEventSource(nth_event=2))
        assert what_arrives(proxy, origin, ONE, TWO, THREE) == ONE + TWO + TWO + THREE
        ((rule, kind, index, _),) = receipts(proxy)
        assert (rule, kind, index) == ("eventsource.duplicate-1", "eventsource.duplicate", 2)

    def test_delivers_as_many_copies_as_it_says(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DuplicateEventSource(nth_event=1, copies=3))
        assert what_arrives(proxy, origin, ONE, TWO) == ONE * 4 + TWO

    def test_delivers_the_copies_some_time_apart(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DuplicateEventSource(nth_event=1, copies=2, apart_ms=40))
        client, server = origin.open_stream(proxy.url)
        sent_s = time.monotonic()
        server.send(chunk(ONE) + chunk(TWO))
        assert read_stream(client, len(ONE + TWO)) == ONE + TWO
        assert read_stream(client, len(ONE)) == ONE
        assert time.monotonic() - sent_s >= 0.04
        assert read_stream(client, len(ONE)) == ONE
        assert time.monotonic() - sent_s >= 0.08

    def test_delivers_what_is_left_of_them_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(DuplicateEventSource(nth_event=1, copies=2, apart_ms=60_000))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert read_stream(client, len(ONE + TWO)) == ONE + TWO
        proxy.heal(rule)
        assert read_stream(client, len(ONE + ONE)) == ONE + ONE


class TestEventSourceReorder:
    def test_delivers_an_event_behind_the_next(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ReorderEventSource(nth_event=1))
        assert what_arrives(proxy, origin, ONE, TWO, THREE) == TWO + ONE + THREE
        ((rule, kind, index, _),) = receipts(proxy)
        assert (rule, kind, index) == ("eventsource.reorder-1", "eventsource.reorder", 1)

    def test_delivers_an_event_behind_several(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ReorderEventSource(nth_event=1, behind=2))
        assert what_arrives(proxy, origin, ONE, TWO, THREE) == TWO + THREE + ONE

    def test_lets_an_event_wait_for_the_next(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ReorderEventSource(nth_event=1))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        wait_for_event(proxy, 1)
        assert is_silent(client, proxy, origin)
        server.send(chunk(TWO))
        assert read_stream(client, len(TWO + ONE)) == TWO + ONE

    def test_lets_an_event_out_before_the_end_when_none_follows(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ReorderEventSource(nth_event=1))
        assert what_arrives(proxy, origin, ONE) == ONE


class TestEventSourceCorrupt:
    TIMER = b'id: 7\nevent: timer\ndata: {"seq":7,\ndata: "phase":"idle"}\n\n'

    def test_replaces_the_data_of_one_event_and_of_no_other(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptEventSource(nth_event=2, data="{oops"))
        assert what_arrives(proxy, origin, ONE, TWO, THREE) == ONE + b"id: 2\ndata: {oops\n\n" + THREE
        assert receipts(proxy) == [
            ("eventsource.corrupt-1", "eventsource.corrupt", 2, "id: 2\ndata: {oops\n\n"),
        ]

    def test_keeps_type_and_id_and_writes_a_data_line_for_each_line(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptEventSource(data="a\nb"))
        assert what_arrives(proxy, origin, self.TIMER) == b"id: 7\nevent: timer\ndata: a\ndata: b\n\n"

    def test_replaces_what_a_pointer_leads_to(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptEventSource(pointer="/phase", replacement="17"))
        arrived = what_arrives(proxy, origin, self.TIMER)
        assert arrived.replace(b" ", b"") == b'id:7\nevent:timer\ndata:{"seq":7,"phase":17}\n\n'

    @pytest.mark.parametrize(
        "mutation", [None, "empty", "html", "invalid_utf8", "large", "missing_field", "whitespace"]
    )
    def test_changes_the_json_within_its_lines(self, proxy: FaultProxy, origin: Origin, mutation: str | None) -> None:
        rule = proxy.inject(CorruptEventSource(mutation=mutation))
        (block,) = SseFramer().feed(self.TIMER)
        expected = planned(rule, SsePassing(Request(1, 1, "eventsource", "GET", "/stream", "", ()), 1, block))
        assert re.fullmatch(rb"id: 7\nevent: timer\n(data: .*\n)+\n", expected)
        assert expected != self.TIMER
        assert what_arrives(proxy, origin, self.TIMER, TWO) == expected + TWO
        assert proxy.history.receipts[0].bytes_sent == len(expected)

    def test_lets_an_event_pass_in_which_the_pointer_leads_nowhere(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptEventSource(pointer="/nowhere", replacement="1"), must_fire=False)
        assert what_arrives(proxy, origin, self.TIMER) == self.TIMER
        assert receipts(proxy) == []


STRANGER = rb'data: \{"kind": ?"%b"\}\n\n' % CANARY


class TestEventSourceInject:
    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            pytest.param(InjectEventSource(data="hi"), b"data: hi\n\n" + ONE + TWO, id="as the stream opens"),
            pytest.param(InjectEventSource(data="hi", after_events=1), ONE + b"data: hi\n\n" + TWO, id="behind"),
            pytest.param(
                InjectEventSource(data="hi", after_events=2, before=True), ONE + b"data: hi\n\n" + TWO, id="before"
            ),
            pytest.param(
                InjectEventSource(data="a\nb", event="alarm", id="99"),
                b"event: alarm\nid: 99\ndata: a\ndata: b\n\n" + ONE + TWO,
                id="with type and id",
            ),
        ],
    )
    def test_slips_in_an_event_of_its_own(
        self, proxy: FaultProxy, origin: Origin, fault: InjectEventSource, expected: bytes
    ) -> None:
        proxy.inject(fault)
        assert what_arrives(proxy, origin, ONE, TWO) == expected
        ((rule, kind, index, sent),) = receipts(proxy)
        assert (rule, kind, index) == ("eventsource.inject-1", "eventsource.inject", fault.after_events or None)
        assert "hi" in sent or "data: a\ndata: b" in sent

    def test_speaks_of_a_kind_that_nobody_knows(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(InjectEventSource())
        assert re.fullmatch(STRANGER + ONE, what_arrives(proxy, origin, ONE))

    def test_speaks_on_a_standing_stream_at_once(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        proxy.inject(InjectEventSource(data="hi"))
        assert read_stream(client, 1) == b"data: hi\n\n"


class TestEventSourceRewrite:
    @pytest.mark.parametrize(
        ("fault", "sent", "expected"),
        [
            pytest.param(RewriteEventSource(id="forged"), TWO, b"id: forged\ndata: two\n\n", id="id forged"),
            pytest.param(RewriteEventSource(id="new"), b"data: x\n\n", b"data: x\nid: new\n\n", id="id added"),
            pytest.param(RewriteEventSource(id=""), TWO, b"id: \ndata: two\n\n", id="id forgotten"),
            pytest.param(RewriteEventSource(id="1\0"), TWO, b"id: 1\0\ndata: two\n\n", id="id with NUL"),
            pytest.param(RewriteEventSource(id_removed=True), TWO, b"data: two\n\n", id="id removed"),
            pytest.param(
                RewriteEventSource(id_back=3), b"id: e4.12\ndata: x\n\n", b"id: e4.9\ndata: x\n\n", id="id rolled back"
            ),
            pytest.param(RewriteEventSource(retry="0"), b"retry: 9\n" + TWO, b"retry: 0\n" + TWO, id="retry 0"),
            pytest.param(RewriteEventSource(retry="99999999999"), TWO, TWO[:-1] + b"retry: 99999999999\n\n", id="huge"),
            pytest.param(RewriteEventSource(retry="soon"), TWO, TWO[:-1] + b"retry: soon\n\n", id="retry no number"),
            pytest.param(RewriteEventSource(event="pong"), b"event: ping\n" + TWO, b"event: pong\n" + TWO, id="type"),
            pytest.param(RewriteEventSource(event=""), b"event: ping\n" + TWO, b"event: \n" + TWO, id="type empty"),
            pytest.param(RewriteEventSource(comments="removed"), b": hm\n" + TWO, TWO, id="comments removed"),
            pytest.param(RewriteEventSource(comments="added"), TWO, TWO[:-1] + b": comment\n\n", id="comments added"),
            pytest.param(RewriteEventSource(bom=True), TWO, b"\xef\xbb\xbf" + TWO, id="BOM"),
            pytest.param(RewriteEventSource(line_ending="cr"), TWO, b"id: 2\rdata: two\r\r", id="CR"),
            pytest.param(RewriteEventSource(line_ending="crlf"), TWO, b"id: 2\r\ndata: two\r\n\r\n", id="CRLF"),
            pytest.param(RewriteEventSource(line_ending="lf"), CAFE, CAFE.replace(b"\r\n", b"\n"), id="LF"),
        ],
    )
    def test_rewrites_an_event(
        self, proxy: FaultProxy, origin: Origin, fault: Fault, sent: bytes, expected: bytes
    ) -> None:
        proxy.inject(fault)
        assert what_arrives(proxy, origin, sent, THREE) == expected + THREE
        assert receipts(proxy) == [("eventsource.rewrite-1", "eventsource.rewrite", 1, expected.decode())]

    def test_rewrites_the_nth_event_only(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(RewriteEventSource(nth_event=2, id="forged"), times=None)
        assert what_arrives(proxy, origin, ONE, TWO, THREE) == ONE + b"id: forged\ndata: two\n\n" + THREE

    @pytest.mark.parametrize(
        ("fault", "sent", "expected"),
        [
            pytest.param(RewriteEventSource(comments="removed"), COMMENT, b"", id="comments removed"),
            pytest.param(RewriteEventSource(retry="0"), b"retry: 5000\n\n", b"retry: 0\n\n", id="a lone retry"),
            pytest.param(RewriteEventSource(id="forged"), b"id: 9\n\n", b"id: forged\n\n", id="a lone id"),
            pytest.param(RewriteEventSource(line_ending="crlf"), COMMENT, b": still here\r\n\r\n", id="line ends"),
        ],
    )
    def test_rewrites_what_stands_between_events(
        self, proxy: FaultProxy, origin: Origin, fault: Fault, sent: bytes, expected: bytes
    ) -> None:
        proxy.inject(fault)
        assert what_arrives(proxy, origin, sent, THREE) == expected + THREE
        assert receipts(proxy) == [("eventsource.rewrite-1", "eventsource.rewrite", None, expected.decode())]


WARNING = b"Warning: mysql_connect()\n"


class TestEventSourceSplice:
    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            pytest.param(SpliceEventSource(text=WARNING.decode()), WARNING + ONE + TWO, id="as the stream opens"),
            pytest.param(SpliceEventSource(text=WARNING.decode(), after_events=1), ONE + WARNING + TWO, id="behind"),
            pytest.param(
                SpliceEventSource(text="\rdata: ", after_events=2, before=True), ONE + b"\rdata: " + TWO, id="before"
            ),
        ],
    )
    def test_puts_foreign_text_between_events(
        self, proxy: FaultProxy, origin: Origin, fault: SpliceEventSource, expected: bytes
    ) -> None:
        proxy.inject(fault)
        assert what_arrives(proxy, origin, ONE, TWO) == expected
        ((rule, kind, index, sent),) = receipts(proxy)
        assert (rule, kind, index) == ("eventsource.splice-1", "eventsource.splice", fault.after_events or None)
        assert (fault.text or "") in sent

    def test_puts_a_line_of_html_with_a_canary_without_a_text(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(SpliceEventSource())
        assert re.fullmatch(b"<b>Warning</b>: " + CANARY + b"\n\n" + ONE, what_arrives(proxy, origin, ONE))


CLOSING = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("fault", "arrives", "ending"),
    [
        pytest.param(DropEventSource(nth_event=2), ONE + THREE, "fin", id="drop"),
        pytest.param(DelayEventSource(nth_event=1, ms=40), TWO + THREE + ONE, "fin", id="delay"),
        pytest.param(EndEventSource(after_events=1), ONE, "fin", id="end"),
        pytest.param(AbortEventSource(after_events=1, partial_bytes=3), ONE + TWO[:3], "fin", id="abort"),
        pytest.param(ResetEventSource(after_events=1), ONE, "rst", id="reset"),
        pytest.param(CutEventSource(where="blank_line", then="reset"), ONE[:-1], "rst", id="cut"),
        pytest.param(BufferEventSource(), ALL, "fin", id="buffer"),
    ],
)
def test_a_stream_without_chunks_is_treated_alike(
    proxy: FaultProxy, origin: Origin, fault: Fault, arrives: bytes, ending: str
) -> None:
    proxy.inject(fault)
    client, server = origin.exchange(proxy.url, SUBSCRIBE, CLOSING)
    assert client.read_head() == CLOSING
    server.send(ALL)
    server.finish()
    assert client.rest() == (arrives, ending)


def test_a_stream_that_the_origin_compressed_passes_as_it_is(proxy: FaultProxy, origin: Origin) -> None:
    proxy.inject(DropEventSource(), must_fire=False)
    answer = STREAMING.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    client, server = origin.exchange(proxy.url, COMPRESSIBLE, answer)
    assert client.read_head() == answer
    server.send(chunk(gzip.compress(ONE, mtime=0)) + LAST_CHUNK)
    assert read_to_last_chunk(client) == gzip.compress(ONE, mtime=0)
    assert receipts(proxy) == []
    assert [crash.rule for crash in proxy.history.of(FaultCrashed)] == ["eventsource.drop-1"]


def test_two_rules_act_on_one_stream(proxy: FaultProxy, origin: Origin) -> None:
    proxy.inject(StallEventSource())
    client, server = origin.open_stream(proxy.url)
    server.send(chunk(ONE))
    wait_for_event(proxy, 1)
    proxy.inject(AbortEventSource())
    assert read_broken_stream(client) == (b"", "fin")


def test_a_rule_and_a_compressor_act_on_one_stream(proxy: FaultProxy, origin: Origin) -> None:
    proxy.inject(BufferEventSource(gzip=True))
    proxy.inject(DropEventSource(nth_event=2))
    client, server = origin.exchange(proxy.url, COMPRESSIBLE, STREAMING)
    client.read_head()
    server.send(chunk(ALL) + LAST_CHUNK)
    assert zlib.decompress(read_to_last_chunk(client), wbits=31) == ONE + THREE


def test_events_are_counted_anew_on_the_next_stream_of_a_connection(proxy: FaultProxy, origin: Origin) -> None:
    proxy.inject(DropEventSource(nth_event=1), times=None)
    client, server = origin.open_stream(proxy.url)
    server.send(chunk(ONE) + chunk(TWO) + LAST_CHUNK)
    assert read_to_last_chunk(client) == TWO
    client.send(SUBSCRIBE)
    assert server.read_head() == SUBSCRIBE
    server.send(STREAMING + chunk(TWO) + chunk(THREE) + LAST_CHUNK)
    assert client.read_head() == STREAMING
    assert read_to_last_chunk(client) == THREE
    assert [(each.exchange, each.index) for each in proxy.history.receipts] == [(1, 1), (2, 1)]


def test_what_is_no_event_stream_is_left_alone(proxy: FaultProxy, origin: Origin) -> None:
    proxy.inject(AbortEventSource(), must_fire=False)
    client, _ = origin.open_websocket(proxy.url)
    assert is_silent(client, proxy, origin)
    assert proxy.history.of(FaultFired) == []
