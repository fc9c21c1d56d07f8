"""What each fault on WebSockets really does, byte for byte, at both ends of the wire."""

import json
import time
import zlib
from typing import Literal

import pytest

from e2e.wire_effects.reading import fill, hear, is_silent, receipts
from e2e.wire_effects.way import MASK, Way
from proxy_addons.faults.websocket_abort import AbortWebSocket
from proxy_addons.faults.websocket_close import CloseWebSocket
from proxy_addons.faults.websocket_corrupt import CorruptWebSocket
from proxy_addons.faults.websocket_delay import DelayWebSocket
from proxy_addons.faults.websocket_drop import DropWebSocket
from proxy_addons.faults.websocket_duplicate import DuplicateWebSocket
from proxy_addons.faults.websocket_fragment import FragmentWebSocket
from proxy_addons.faults.websocket_inject import InjectWebSocket
from proxy_addons.faults.websocket_mute_ping import MutePingWebSocket
from proxy_addons.faults.websocket_reorder import ReorderWebSocket
from proxy_addons.faults.websocket_reset import ResetWebSocket
from proxy_addons.faults.websocket_stall import StallWebSocket
from proxy_addons.framing.websocket import BINARY, CLOSE, PING, PONG, TEXT, encode_close, encode_frame
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ControlSeen, FaultFired, Released
from proxy_addons.tests.origin import LAST_CHUNK, SWITCHED, TIMEOUT_S, UPGRADE, Origin, Peer, chunk

ONE, TWO, THREE = (encode_frame(TEXT, text) for text in (b"one", b"two", b"three"))
MOST = 1 << 25
BYE = encode_frame(CLOSE, encode_close(1001))
AGES_MS = 600_000
"""Longer than any test: only what ends it early lets the bytes through."""


class TestWebSocketAbort:
    def test_sends_fin_without_a_close_frame_when_the_socket_opens(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(AbortWebSocket())
        client, server = origin.open_websocket(proxy.url)
        assert client.rest() == (b"", "fin")
        assert server.rest() == (b"", "fin")
        assert receipts(proxy) == [(rule.id, "websocket.abort", None, "")]

    def test_lets_the_first_messages_pass_whole(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(AbortWebSocket(after_messages=2))
        client, server = origin.open_websocket(proxy.url)
        server.send(ONE + TWO + THREE)
        assert client.rest() == (ONE + TWO, "fin")
        assert [receipt.index for receipt in proxy.history.receipts] == [3]

    def test_counts_the_client_s_messages_where_the_rule_says_so(self, proxy: FaultProxy, origin: Origin) -> None:
        way = Way.through(proxy, origin, "to_server")
        proxy.inject(AbortWebSocket(after_messages=1), when=way.when)
        way.say(b"one", b"two")
        assert way.listener.rest() == (way.frame(b"one"), "fin")
        assert way.speaker.rest() == (b"", "fin")

    def test_cuts_a_standing_socket_at_once(self, proxy: FaultProxy, ends: tuple[Peer, Peer]) -> None:
        client, server = ends
        proxy.inject(AbortWebSocket())
        assert client.rest() == (b"", "fin")
        assert server.rest() == (b"", "fin")

    def test_leaves_event_streams_and_other_sockets_alone(
        self, proxy: FaultProxy, origin: Origin, ends: tuple[Peer, Peer]
    ) -> None:
        reader, writer = origin.open_stream(proxy.url)
        proxy.inject(AbortWebSocket(), when=When(nth=2))
        other, _ = origin.open_websocket(proxy.url)
        assert other.rest() == (b"", "fin")
        client, server = ends
        server.send(ONE)
        writer.send(chunk(b"data: on\n\n") + LAST_CHUNK)
        assert client.read(len(ONE)) == ONE
        assert reader.read_until(LAST_CHUNK) == chunk(b"data: on\n\n") + LAST_CHUNK


class TestWebSocketReset:
    def test_sends_rst_when_the_socket_opens(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(ResetWebSocket())
        client, server = origin.open_websocket(proxy.url)
        assert client.rest() == (b"", "rst")
        assert server.rest()[0] == b""
        assert receipts(proxy) == [(rule.id, "websocket.reset", None, "")]

    def test_lets_the_first_messages_pass_whole(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ResetWebSocket(after_messages=2))
        client, server = origin.open_websocket(proxy.url)
        server.send(ONE + TWO)
        assert client.read(len(ONE + TWO)) == ONE + TWO
        server.send(THREE)
        assert client.rest() == (b"", "rst")
        assert [receipt.index for receipt in proxy.history.receipts] == [3]

    def test_counts_the_client_s_messages_where_the_rule_says_so(self, proxy: FaultProxy, origin: Origin) -> None:
        way = Way.through(proxy, origin, "to_server")
        proxy.inject(ResetWebSocket(after_messages=1), when=way.when)
        way.say(b"one", b"two")
        assert way.speaker.rest() == (b"", "rst")
        assert way.listener.rest()[0] == way.frame(b"one")

    def test_cuts_a_standing_socket_at_once(self, proxy: FaultProxy, ends: tuple[Peer, Peer]) -> None:
        client, _ = ends
        proxy.inject(ResetWebSocket())
        assert client.rest() == (b"", "rst")


class TestWebSocketClose:
    @pytest.mark.parametrize(
        ("code", "reason"),
        [(1000, ""), (1001, ""), (1011, "oops"), (1012, "restart"), (1013, ""), (4001, "à bientôt"), (4999, "x" * 123)],
    )
    def test_sends_the_code_and_the_reason(
        self, proxy: FaultProxy, ends: tuple[Peer, Peer], code: int, reason: str
    ) -> None:
        client, _ = ends
        rule = proxy.inject(CloseWebSocket(code=code, reason=reason))
        frame = encode_frame(CLOSE, encode_close(code, reason))
        assert client.read(len(frame)) == frame
        ((by, kind, index, _),) = receipts(proxy)
        assert (by, kind, index) == (rule.id, "websocket.close", None)

    def test_sends_a_frame_without_a_code_where_none_is_given(self, proxy: FaultProxy, ends: tuple[Peer, Peer]) -> None:
        client, _ = ends
        proxy.inject(CloseWebSocket())
        assert client.read(2) == encode_frame(CLOSE, b"") == b"\x88\x00"

    def test_hangs_up_when_the_client_has_answered(self, proxy: FaultProxy, ends: tuple[Peer, Peer]) -> None:
        client, server = ends
        proxy.inject(CloseWebSocket(code=1012))
        assert client.read(4) == encode_frame(CLOSE, encode_close(1012))
        client.send(encode_frame(CLOSE, encode_close(1012), mask=MASK))
        assert client.rest() == (b"", "fin")
        assert server.rest() == (b"", "fin")

    def test_comes_in_the_place_of_the_message_that_is_one_too_many(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CloseWebSocket(code=1001, after_messages=2))
        client, server = origin.open_websocket(proxy.url)
        server.send(ONE + TWO + THREE)
        client.send(encode_frame(CLOSE, encode_close(1001), mask=MASK))
        assert client.rest() == (ONE + TWO + BYE, "fin")
        assert [receipt.index for receipt in proxy.history.receipts] == [3]

    def test_goes_to_the_client_also_when_its_own_messages_are_counted(self, proxy: FaultProxy, origin: Origin) -> None:
        way = Way.through(proxy, origin, "to_server")
        proxy.inject(CloseWebSocket(code=1001, after_messages=1), when=way.when)
        way.say(b"one", b"two")
        assert way.speaker.read(len(BYE)) == BYE
        assert way.listener.rest() == (way.frame(b"one"), "fin")


class TestWebSocketStall:
    def test_lets_nothing_through_either_way_until_healed(
        self, proxy: FaultProxy, origin: Origin, ends: tuple[Peer, Peer]
    ) -> None:
        client, server = ends
        up = encode_frame(TEXT, b"anyone there?", mask=MASK)
        rule = proxy.inject(StallWebSocket())
        server.send(ONE + encode_frame(PING, b"?") + TWO)
        client.send(up)
        assert is_silent(client, proxy, origin)
        assert not server.has_news()
        proxy.heal(rule)
        down = ONE + encode_frame(PING, b"?") + TWO
        assert client.read(len(down)) == down
        assert server.read(len(up)) == up
        assert receipts(proxy) == [(rule.id, "websocket.stall", None, "")]

    def test_silences_one_way_and_passes_the_other(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(StallWebSocket(direction=way.direction))
        way.say(b"one", b"two")
        way.back().say(b"still here")
        way.back().must_hear(way.back().frame(b"still here"))
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one"), way.frame(b"two"))

    def test_lets_the_speaker_meet_full_buffers_and_loses_nothing(
        self, proxy: FaultProxy, origin: Origin, way: Way
    ) -> None:
        rule = proxy.inject(StallWebSocket())
        frame = way.frame(bytes(100_000))
        sent = fill(way.speaker, frame, MOST, proxy, origin)
        assert len(sent) < MOST
        proxy.heal(rule)
        heard = hear(way.listener, len(sent) - len(frame))
        sent += (last := frame[len(sent) % len(frame) :])
        way.speaker.send(last)
        assert heard + hear(way.listener, len(sent) - len(heard)) == sent

    def test_shows_nobody_that_the_other_one_has_gone(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(StallWebSocket())
        way.say(b"one")
        way.speaker.finish()
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        assert way.listener.rest() == (way.frame(b"one"), "fin")

    def test_ends_by_itself_after_its_time(self, proxy: FaultProxy, way: Way) -> None:
        before = time.monotonic()
        proxy.inject(StallWebSocket(for_ms=60))
        way.say(b"one", b"two")
        way.must_hear(way.frame(b"one"), way.frame(b"two"))
        assert time.monotonic() - before >= 0.06
        assert sum(released.messages for released in proxy.history.of(Released)) == 2

    def test_lets_the_first_messages_pass(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(StallWebSocket(after_messages=1), when=way.when)
        way.say(b"one", b"two", b"three")
        way.must_hear(way.frame(b"one"))
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"two"), way.frame(b"three"))
        assert receipts(proxy) == [(rule.id, "websocket.stall", 2, "")]


class TestWebSocketDrop:
    def test_loses_one_message_and_no_other(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(DropWebSocket(nth_message=2), when=way.when)
        way.say(b"one", b"two", b"three")
        way.must_hear(way.frame(b"one"), way.frame(b"three"))
        assert receipts(proxy) == [(rule.id, "websocket.drop", 2, "")]

    def test_loses_each_one_that_the_rule_matches(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(DropWebSocket(), when=When(direction=way.direction, every=2), times=None)
        way.say(b"1", b"2", b"3", b"4", b"5")
        way.must_hear(way.frame(b"1"), way.frame(b"3"), way.frame(b"5"))
        assert [receipt.index for receipt in proxy.history.receipts] == [2, 4]

    def test_loses_all_fragments_of_a_message_and_no_ping_between_them(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(DropWebSocket(), when=way.when)
        ping = way.frame(b"?", PING)
        first, second = way.pieces(b"o", b"ne")
        way.speaker.send(first + ping + second + way.frame(b"two"))
        way.must_hear(ping, way.frame(b"two"))

    def test_leaves_the_other_direction_alone(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(DropWebSocket(), when=way.when)
        way.back().say(b"passes")
        way.back().must_hear(way.back().frame(b"passes"))
        way.say(b"one", b"two")
        way.must_hear(way.frame(b"two"))


class TestWebSocketDelay:
    def test_delivers_one_message_late_and_the_others_before_it(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(DelayWebSocket(nth_message=2, ms=60), when=way.when)
        said = time.monotonic()
        way.say(b"one", b"two", b"three")
        way.must_hear(way.frame(b"one"), way.frame(b"three"), way.frame(b"two"))
        assert time.monotonic() - said >= 0.06
        assert receipts(proxy) == [(rule.id, "websocket.delay", 2, "")]

    def test_keeps_a_message_for_as_long_as_it_says(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(DelayWebSocket(ms=AGES_MS), when=way.when)
        way.say(b"one", b"two")
        way.must_hear(way.frame(b"two"))
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one"))


class TestWebSocketDuplicate:
    def test_delivers_a_message_again_at_once(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(DuplicateWebSocket(nth_message=1), when=way.when)
        way.say(b"one", b"two")
        way.must_hear(way.frame(b"one"), way.frame(b"one"), way.frame(b"two"))
        assert receipts(proxy) == [(rule.id, "websocket.duplicate", 1, "oneone")]

    def test_delivers_it_as_often_as_it_says(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(DuplicateWebSocket(copies=3), when=way.when)
        way.say(b"one", b"two")
        way.must_hear(*[way.frame(b"one")] * 4, way.frame(b"two"))

    def test_delivers_it_again_later_while_others_pass(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(DuplicateWebSocket(copies=2, apart_ms=30), when=way.when)
        said = time.monotonic()
        way.say(b"one", b"two")
        way.must_hear(way.frame(b"one"), way.frame(b"two"), way.frame(b"one"))
        assert time.monotonic() - said >= 0.03
        way.must_hear(way.frame(b"one"))
        assert time.monotonic() - said >= 0.06


class TestWebSocketReorder:
    @pytest.mark.parametrize(
        ("behind", "heard"),
        [
            (1, [b"one", b"three", b"two", b"four", b"five"]),
            (2, [b"one", b"three", b"four", b"two", b"five"]),
            (3, [b"one", b"three", b"four", b"five", b"two"]),
        ],
    )
    def test_delivers_a_message_behind_others(
        self, proxy: FaultProxy, way: Way, behind: int, heard: list[bytes]
    ) -> None:
        rule = proxy.inject(ReorderWebSocket(nth_message=2, behind=behind), when=way.when)
        way.say(b"one", b"two", b"three", b"four", b"five")
        way.must_hear(*(way.frame(each) for each in heard))
        assert receipts(proxy) == [(rule.id, "websocket.reorder", 2, "")]

    def test_waits_where_nothing_follows(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        proxy.inject(ReorderWebSocket(), when=way.when)
        way.say(b"one")
        assert is_silent(way.listener, proxy, origin)
        way.speaker.send(way.frame(encode_close(1000), CLOSE))
        way.must_hear(way.frame(b"one"), way.frame(encode_close(1000), CLOSE))


class TestWebSocketCorrupt:
    DOCUMENT = b'{"seq":7,"timer":{"phase":"running"}}'

    def test_cuts_the_json_in_half_where_nothing_else_is_said(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(CorruptWebSocket(nth_message=2), when=way.when)
        way.say(b"one", self.DOCUMENT, b"three")
        way.must_hear(way.frame(b"one"))
        proxy.history.wait_for(lambda record: isinstance(record, FaultFired), TIMEOUT_S)
        ((by, kind, index, sent),) = receipts(proxy)
        assert (by, kind, index) == (rule.id, "websocket.corrupt", 2)
        assert sent.encode().startswith(self.DOCUMENT[:18])
        with pytest.raises(json.JSONDecodeError):
            json.loads(sent)
        way.must_hear(way.made(sent.encode()), way.frame(b"three"))

    @pytest.mark.parametrize(
        ("fault", "arrives"),
        [
            pytest.param(CorruptWebSocket(data="{oops"), b"{oops", id="data"),
            pytest.param(CorruptWebSocket(data=""), b"", id="nothing"),
            pytest.param(CorruptWebSocket(mutation="empty"), b"", id="mutation"),
            pytest.param(
                CorruptWebSocket(pointer="/timer/phase", replacement="null"),
                b'{"seq":7,"timer":{"phase":null}}',
                id="pointer",
            ),
            pytest.param(CorruptWebSocket(pointer="", replacement="[]"), b"[]", id="whole"),
        ],
    )
    def test_changes_a_message_as_it_says(
        self, proxy: FaultProxy, way: Way, fault: CorruptWebSocket, arrives: bytes
    ) -> None:
        proxy.inject(fault, when=way.when)
        way.say(self.DOCUMENT, b"two")
        way.must_hear(way.made(arrives), way.frame(b"two"))

    def test_passes_a_message_in_which_the_pointer_leads_nowhere(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(CorruptWebSocket(pointer="/seq", replacement="8"), when=way.when)
        way.say(b'{"kind": "tick"}', b'{"seq":7}')
        way.must_hear(way.frame(b'{"kind": "tick"}'), way.made(b'{"seq":8}'))

    def test_sends_text_as_binary(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(CorruptWebSocket(frame="binary"), when=way.when)
        way.say(b"one", b"two")
        way.must_hear(way.made(b"one", BINARY), way.frame(b"two"))

    def test_sends_binary_as_text_that_is_no_utf8(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(CorruptWebSocket(frame="text"), when=way.when)
        way.speaker.send(way.frame(b"\xff\xfe", BINARY))
        way.must_hear(way.made(b"\xff\xfe", TEXT))

    def test_reads_a_binary_message_and_leaves_it_binary(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(CorruptWebSocket(pointer="/seq", replacement="8"), when=way.when)
        way.speaker.send(way.frame(b'{"seq":7}', BINARY))
        way.must_hear(way.made(b'{"seq":8}', BINARY))

    def test_reads_compressed_messages_and_sends_plain_ones_from_there_on(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        switched = SWITCHED[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        client, server = origin.exchange(proxy.url, UPGRADE, switched)
        assert client.read_head() == switched
        proxy.inject(CorruptWebSocket(pointer="/seq", replacement="0", nth_message=2))
        compressed = deflated(b'{"seq":7}', b'{"seq":8}', b'{"seq":9}')
        server.send(b"".join(compressed))
        # the second taught the third some words, which a client without it would not know
        arrive = compressed[0] + encode_frame(TEXT, b'{"seq":0}') + encode_frame(TEXT, b'{"seq":9}')
        assert client.read(len(arrive)) == arrive


def deflated(*payloads: bytes) -> list[bytes]:
    """Text messages of one sender with permessage-deflate (RFC 7692, 7.2.1)."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = [compressor.compress(each) + compressor.flush(zlib.Z_SYNC_FLUSH) for each in payloads]
    return [encode_frame(TEXT, each.removesuffix(b"\x00\x00\xff\xff"), rsv1=True) for each in packed]


class TestWebSocketInject:
    def test_speaks_to_the_client_before_the_server_does(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(InjectWebSocket(data="welcome"))
        client, server = origin.open_websocket(proxy.url)
        server.send(ONE)
        both = encode_frame(TEXT, b"welcome") + ONE
        assert client.read(len(both)) == both
        assert receipts(proxy) == [(rule.id, "websocket.inject", None, "welcome")]

    def test_speaks_at_once_on_a_standing_socket(self, proxy: FaultProxy, ends: tuple[Peer, Peer]) -> None:
        client, _ = ends
        proxy.inject(InjectWebSocket(data="à vous"))
        frame = encode_frame(TEXT, "à vous".encode())
        assert client.read(len(frame)) == frame

    @pytest.mark.parametrize("before", [False, True], ids=["behind", "before"])
    def test_speaks_beside_a_message(self, proxy: FaultProxy, way: Way, *, before: bool) -> None:
        proxy.inject(InjectWebSocket(data="!", after_messages=2, before=before), when=way.when)
        way.say(b"one", b"two", b"three")
        two = [way.made(b"!"), way.frame(b"two")] if before else [way.frame(b"two"), way.made(b"!")]
        way.must_hear(way.frame(b"one"), *two, way.frame(b"three"))

    def test_can_send_binary(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(InjectWebSocket(data="à", binary=True, after_messages=1), when=way.when)
        way.say(b"one")
        way.must_hear(way.frame(b"one"), way.made("à".encode(), BINARY))

    def test_sends_a_stranger_that_bears_the_canary_where_nothing_is_said(
        self, proxy: FaultProxy, ends: tuple[Peer, Peer]
    ) -> None:
        client, _ = ends
        proxy.inject(InjectWebSocket())
        opcode, size = client.read(2)
        stranger = client.read(size)
        assert (opcode, receipts(proxy)[0][3]) == (0x80 | TEXT, stranger.decode())
        assert json.loads(stranger)["kind"].startswith("brownout-canary-")


class TestWebSocketFragment:
    def test_cuts_a_message_into_single_bytes_also_within_a_character(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(FragmentWebSocket(nth_message=1), when=way.when)
        way.say("ça".encode(), b"two")
        way.must_hear(*way.pieces(b"\xc3", b"\xa7", b"a"), way.frame(b"two"))
        ((by, kind, index, _),) = receipts(proxy)
        assert (by, kind, index) == (rule.id, "websocket.fragment", 1)

    def test_cuts_into_pieces_of_the_size_that_it_says(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(FragmentWebSocket(piece_bytes=4), when=way.when)
        way.speaker.send(way.frame(b"0123456789", BINARY))
        way.must_hear(*way.pieces(b"0123", b"4567", b"89", opcode=BINARY))

    def test_puts_pings_between_the_pieces(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(FragmentWebSocket(pings=True), when=way.when)
        way.say(b"one")
        way.must_hear(way.made(b"", PING).join(way.pieces(b"o", b"n", b"e")))

    def test_leaves_a_message_that_fits_in_one_frame(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(FragmentWebSocket(piece_bytes=3), when=way.when)
        way.say(b"one", b"two")
        way.must_hear(way.made(b"one"), way.frame(b"two"))


class TestWebSocketMutePing:
    @pytest.mark.parametrize(
        ("what", "muted"),
        [("ping", {"ping"}), ("pong", {"pong"}), ("both", {"ping", "pong"})],
        ids=["ping", "pong", "both"],
    )
    def test_swallows_what_it_says_and_passes_messages(
        self, proxy: FaultProxy, way: Way, what: Literal["ping", "pong", "both"], muted: set[str]
    ) -> None:
        rule = proxy.inject(MutePingWebSocket(what=what), when=way.when, times=None)
        said = {
            "ping": way.frame(b"?", PING),
            "1": way.frame(b"1"),
            "pong": way.frame(b"?", PONG),
            "2": way.frame(b"2"),
        }
        way.speaker.send(b"".join(said.values()))
        way.must_hear(*(frame for name, frame in said.items() if name not in muted))
        assert receipts(proxy) == [(rule.id, "websocket.mute_ping", None, "")] * len(muted)
        assert {seen.opcode for seen in proxy.history.of(ControlSeen) if not seen.delivered} == muted

    def test_leaves_the_other_direction_alone(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(MutePingWebSocket(), when=way.when, times=None)
        way.speaker.send(way.frame(b"lost", PING))
        way.back().speaker.send(way.back().frame(b"heard", PONG))
        way.back().must_hear(way.back().frame(b"heard", PONG))
        way.say(b"one")
        way.must_hear(way.frame(b"one"))
