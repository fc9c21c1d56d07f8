"""What each fault on a client's TCP connection really does, byte for byte, at both ends of the wire."""

import time
from typing import Literal

import pytest

from e2e.wire_effects.reading import GET, fill, is_silent, receipts, with_body
from e2e.wire_effects.way import Way, answers
from proxy_addons.actions import Pace
from proxy_addons.draws import Distribution, draw, spread
from proxy_addons.engine import Engine
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults.connection_coalesce import CoalesceConnection
from proxy_addons.faults.connection_cut_after import CutAfterConnection
from proxy_addons.faults.connection_end import EndConnection
from proxy_addons.faults.connection_latency import LatencyConnection
from proxy_addons.faults.connection_refuse import RefuseConnection
from proxy_addons.faults.connection_reset import ResetConnection
from proxy_addons.faults.connection_split import SplitConnection
from proxy_addons.faults.connection_stall import StallConnection
from proxy_addons.faults.connection_throttle import ThrottleConnection
from proxy_addons.framing.websocket import BINARY, TEXT, encode_frame
from proxy_addons.plan import Plan, Rule, When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ConnectionEnded, FaultFired, RequestSeen
from proxy_addons.tests.origin import STREAMING, SUBSCRIBE, SWITCHED, TIMEOUT_S, UPGRADE, Origin, Peer, chunk

OK = with_body(b'{"on": true}')
EVENTS = [chunk(b"data: %d\n\n" % n) for n in (1, 2, 3)]
FRAMES = [encode_frame(TEXT, b"%d" % n) for n in (1, 2, 3)]
AGES_MS = 600_000
"""Longer than any test: only what ends it early lets the bytes through."""
MOST = 1 << 25
"""More than the buffers of two kernels and a proxy in between hold."""


class Conversation:
    """A stream that the test opens: what the client asks, what the origin answers, and what it says then."""

    def __init__(self, ask: bytes, answer: bytes, says: list[bytes]) -> None:
        self.ask, self.answer, self.says = ask, answer, says

    def open(self, origin: Origin, proxy: FaultProxy) -> tuple[Peer, Peer]:
        """Both ends; nothing of the answer has been read by the client."""
        return origin.exchange(proxy.url, self.ask, self.answer)


@pytest.fixture(params=["websocket", "eventsource"])
def stream(request: pytest.FixtureRequest) -> Conversation:
    """What a fault on a connection does is the same whatever is spoken on it."""
    if request.param == "websocket":
        return Conversation(UPGRADE, SWITCHED, FRAMES)
    return Conversation(SUBSCRIBE, STREAMING, EVENTS)


def ask(proxy: FaultProxy) -> Peer:
    """A client that has asked for the timer."""
    client = Peer.connect(proxy.url)
    client.send(GET)
    return client


class TestConnectionRefuse:
    def test_answers_the_syn_with_rst_until_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(RefuseConnection())
        with pytest.raises(ConnectionRefusedError):
            Peer.connect(proxy.url)
        assert receipts(proxy) == [(rule.id, "connection.refuse", None, "")]
        proxy.heal(rule)
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK

    def test_can_accept_and_hang_up_before_anything_is_read(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(RefuseConnection(how="close"), times=None)
        for _ in range(2):
            with Peer.connect(proxy.url) as client:
                assert client.rest() == (b"", "fin")
        assert receipts(proxy) == [(rule.id, "connection.refuse", None, "")] * 2
        proxy.heal(rule)
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK

    @pytest.mark.parametrize("how", ["rst", "close"])
    def test_leaves_standing_streams_alone(
        self, proxy: FaultProxy, origin: Origin, stream: Conversation, how: Literal["rst", "close"]
    ) -> None:
        client, server = stream.open(origin, proxy)
        proxy.inject(RefuseConnection(how=how), must_fire=how == "rst")
        server.send(stream.says[0])
        assert client.read(len(stream.answer + stream.says[0])) == stream.answer + stream.says[0]


class TestConnectionReset:
    def test_resets_a_connection_as_it_is_accepted(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(ResetConnection(on="accept"))
        with Peer.connect(proxy.url) as client:
            assert client.rest() == (b"", "rst")
        assert receipts(proxy) == [(rule.id, "connection.reset", None, "")]
        assert not origin.is_called()

    def test_resets_when_the_request_has_been_read(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ResetConnection(on="request"))
        with ask(proxy) as client:
            assert client.rest() == (b"", "rst")
        assert len(proxy.history.of(RequestSeen)) == 1
        assert not origin.is_called()

    def test_resets_a_stream_after_some_messages(self, proxy: FaultProxy, origin: Origin, stream: Conversation) -> None:
        proxy.inject(ResetConnection(after_messages=2))
        client, server = stream.open(origin, proxy)
        passed = stream.answer + b"".join(stream.says[:2])
        server.send(b"".join(stream.says[:2]))
        assert client.read(len(passed)) == passed
        server.send(stream.says[2])
        assert client.rest() == (b"", "rst")
        assert [receipt.index for receipt in proxy.history.receipts] == [3]

    def test_resets_a_standing_stream_at_once(self, proxy: FaultProxy, origin: Origin, stream: Conversation) -> None:
        client, server = stream.open(origin, proxy)
        assert client.read(len(stream.answer)) == stream.answer
        proxy.inject(ResetConnection())
        assert client.rest() == (b"", "rst")
        assert server.rest()[0] == b""
        ended = proxy.history.wait_for(lambda record: isinstance(record, ConnectionEnded), TIMEOUT_S)
        assert str(ended) == "connection 1 over: rst by the rule"
        assert [receipt.connection for receipt in proxy.history.receipts] == [1]

    def test_leaves_the_neighbours_alone(self, proxy: FaultProxy, origin: Origin, stream: Conversation) -> None:
        proxy.inject(ResetConnection(), when=When(connection=2), times=None)
        first, second, third = (stream.open(origin, proxy) for _ in range(3))
        assert second[0].rest()[1] == "rst"
        for client, server in (first, third):
            server.send(stream.says[0])
            assert client.read(len(stream.answer + stream.says[0])) == stream.answer + stream.says[0]


class TestConnectionEnd:
    def test_ends_a_connection_as_it_is_accepted(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(EndConnection(on="accept"))
        with Peer.connect(proxy.url) as client:
            assert client.rest() == (b"", "fin")
        assert not origin.is_called()

    def test_ends_when_the_request_has_been_read(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(EndConnection(on="request"))
        with ask(proxy) as client:
            assert client.rest() == (b"", "fin")
        assert len(proxy.history.of(RequestSeen)) == 1
        assert not origin.is_called()

    def test_ends_a_stream_after_some_messages_without_a_farewell(
        self, proxy: FaultProxy, origin: Origin, stream: Conversation
    ) -> None:
        rule = proxy.inject(EndConnection(after_messages=2))
        client, server = stream.open(origin, proxy)
        server.send(b"".join(stream.says))
        assert client.rest() == (stream.answer + b"".join(stream.says[:2]), "fin")
        assert server.rest() == (b"", "fin")
        assert receipts(proxy) == [(rule.id, "connection.end", 3, "")]

    def test_ends_a_standing_stream_at_once(self, proxy: FaultProxy, origin: Origin, stream: Conversation) -> None:
        client, server = stream.open(origin, proxy)
        assert client.read(len(stream.answer)) == stream.answer
        proxy.inject(EndConnection())
        assert client.rest() == (b"", "fin")
        assert server.rest() == (b"", "fin")


class TestConnectionStall:
    def test_reads_nothing_from_a_connection_that_it_has_accepted(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(StallConnection(on="accept"))
        with ask(proxy) as client:
            assert is_silent(client, proxy, origin)
            assert not origin.is_called()
            proxy.heal(rule)
            answers(origin.accept(), GET, OK)
            assert client.read(len(OK)) == OK

    def test_holds_the_answer_back_when_the_request_has_been_read(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(StallConnection(on="request", direction="to_client"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.read(len(OK)) == OK

    def test_holds_a_request_back_that_has_been_read(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(StallConnection(on="request"))
        with ask(proxy) as client:
            proxy.history.wait_for(lambda record: isinstance(record, FaultFired), TIMEOUT_S)
            assert is_silent(client, proxy, origin)
            assert not origin.is_called()
            proxy.heal(rule)
            answers(origin.accept(), GET, OK)
            assert client.read(len(OK)) == OK

    def test_holds_a_further_request_of_a_connection_back(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        rule = proxy.inject(StallConnection(on="request"))
        client.send(GET)
        proxy.history.wait_for(lambda record: isinstance(record, FaultFired), TIMEOUT_S)
        assert is_silent(client, proxy, origin)
        assert not server.has_news()
        proxy.heal(rule)
        answers(server, GET, OK)
        assert client.read(len(OK)) == OK

    def test_silences_a_standing_stream_until_healed(
        self, proxy: FaultProxy, origin: Origin, stream: Conversation
    ) -> None:
        client, server = stream.open(origin, proxy)
        assert client.read(len(stream.answer)) == stream.answer
        rule = proxy.inject(StallConnection())
        server.send(b"".join(stream.says))
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.read(len(b"".join(stream.says))) == b"".join(stream.says)
        assert receipts(proxy) == [(rule.id, "connection.stall", None, "")]

    def test_lets_the_first_messages_pass(self, proxy: FaultProxy, origin: Origin, stream: Conversation) -> None:
        rule = proxy.inject(StallConnection(after_messages=2))
        client, server = stream.open(origin, proxy)
        server.send(b"".join(stream.says))
        passed = stream.answer + b"".join(stream.says[:2])
        assert client.read(len(passed)) == passed
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.read(len(stream.says[2])) == stream.says[2]

    def test_silences_one_way_and_passes_the_other(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(StallConnection(direction=way.direction))
        way.say(b"one", b"two")
        way.back().say(b"still here")
        way.back().must_hear(way.back().frame(b"still here"))
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one"), way.frame(b"two"))

    def test_silences_both_ways(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        proxy.inject(StallConnection())
        way.say(b"one")
        way.back().say(b"two")
        assert is_silent(way.listener, proxy, origin)
        assert not way.speaker.has_news()

    def test_lets_the_speaker_meet_full_buffers_and_loses_nothing(
        self, proxy: FaultProxy, origin: Origin, way: Way
    ) -> None:
        rule = proxy.inject(StallConnection())
        header = way.frame(bytes(MOST), BINARY)[:-MOST]
        way.speaker.send(header)
        taken = fill(way.speaker, bytes(1 << 16), MOST, proxy, origin)
        assert len(taken) < MOST
        proxy.heal(rule)
        way.must_hear(header, taken)

    def test_ends_by_itself_after_its_time(self, proxy: FaultProxy, way: Way) -> None:
        before = time.monotonic()
        proxy.inject(StallConnection(for_ms=60))
        way.say(b"one")
        way.must_hear(way.frame(b"one"))
        assert time.monotonic() - before >= 0.06


class TestConnectionLatency:
    def test_delivers_each_way_late_by_its_time(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(LatencyConnection(ms=60))
        said = time.monotonic()
        way.say(b"one", b"two")
        way.must_hear(way.frame(b"one"))
        assert time.monotonic() - said >= 0.06
        way.must_hear(way.frame(b"two"))
        assert receipts(proxy) == [(rule.id, "connection.latency", None, "")]

    def test_delays_head_and_body_of_an_answer(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(LatencyConnection(ms=40))
        asked = time.monotonic()
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert time.monotonic() - asked >= 0.04
        assert client.read(len(OK)) == OK
        assert time.monotonic() - asked >= 0.08

    def test_delays_one_way_and_leaves_the_other(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(LatencyConnection(ms=AGES_MS, direction=way.direction))
        way.say(b"one", b"two")
        way.back().say(b"at once")
        way.back().must_hear(way.back().frame(b"at once"))
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one"), way.frame(b"two"))

    @pytest.mark.parametrize("distribution", ["uniform", "normal", "exponential"])
    def test_adds_a_jitter_that_the_seed_decides(self, proxy: FaultProxy, way: Way, distribution: Distribution) -> None:
        fault = LatencyConnection(ms=20, jitter_ms=60, distribution=distribution, direction=way.direction)
        rule = proxy.inject(fault)
        said = time.monotonic()
        way.say(b"one")
        way.must_hear(way.frame(b"one"))
        assert time.monotonic() - said >= jittered_s(rule, fault)

    def test_adds_up_with_that_of_other_rules(self, proxy: FaultProxy, way: Way) -> None:
        for _ in range(2):
            proxy.inject(LatencyConnection(ms=30))
        said = time.monotonic()
        way.say(b"one")
        way.must_hear(way.frame(b"one"))
        assert time.monotonic() - said >= 0.06

    def test_keeps_the_order_whatever_the_jitter(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(LatencyConnection(ms=0, jitter_ms=20))
        words = [b"%d" % n for n in range(20)]
        for word in words:
            way.say(word)
        way.must_hear(*(way.frame(word) for word in words))


def jittered_s(rule: Rule, fault: LatencyConnection) -> float:
    """How late the first bytes of a way are, as the rule's draw has it."""
    decision = Engine(Plan(rules=(rule,))).decide(ConnectionOpened(1))
    assert decision is not None
    assert isinstance(decision.action, Pace)
    unit = draw(decision.action.key, fault.direction, 1)
    assert unit > 0.05  # or nothing would be proved
    return (fault.ms + spread(fault.distribution, fault.jitter_ms, unit)) / 1000


class TestConnectionThrottle:
    def test_lets_so_many_bytes_through_in_a_second(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(ThrottleConnection(bytes_per_second=2000))
        said = time.monotonic()
        way.speaker.send(way.frame(bytes(200), BINARY))
        way.must_hear(way.frame(bytes(200), BINARY))
        assert time.monotonic() - said >= 0.1
        assert receipts(proxy) == [(rule.id, "connection.throttle", None, "")]

    def test_narrows_one_way_and_leaves_the_other(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(ThrottleConnection(bytes_per_second=0.001, direction=way.direction))
        way.say(b"one", b"two")
        way.back().say(b"at once")
        way.back().must_hear(way.back().frame(b"at once"))
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one"), way.frame(b"two"))

    def test_sends_what_it_held_before_the_end(self, proxy: FaultProxy, way: Way) -> None:
        proxy.inject(ThrottleConnection(bytes_per_second=2000, direction=way.direction))
        way.speaker.send(way.frame(bytes(100), BINARY))
        way.speaker.finish()
        assert way.listener.rest() == (way.frame(bytes(100), BINARY), "fin")


class TestConnectionSplit:
    @pytest.mark.parametrize(
        ("payload", "piece_bytes", "arrives"),
        [
            pytest.param("à".encode(), 1, b"\x81", id="within a frame's header"),
            pytest.param("à".encode(), 3, b"\x81\x02\xc3", id="within a character"),
            pytest.param(b"0123", 5, b"\x81\x04012", id="within the payload"),
        ],
    )
    def test_cuts_a_frame_to_the_client(
        self,
        proxy: FaultProxy,
        origin: Origin,
        ends: tuple[Peer, Peer],
        payload: bytes,
        piece_bytes: int,
        arrives: bytes,
    ) -> None:
        client, server = ends
        frame = encode_frame(TEXT, payload)
        rule = proxy.inject(SplitConnection(piece_bytes=piece_bytes, apart_ms=AGES_MS))
        server.send(frame)
        assert client.read(len(arrives)) == arrives
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.read(len(frame) - len(arrives)) == frame[len(arrives) :]
        assert receipts(proxy) == [(rule.id, "connection.split", None, "")]

    def test_cuts_an_event_within_its_crlf(self, proxy: FaultProxy, origin: Origin) -> None:
        event = chunk(b"data: 1\r\n\r\n")
        arrives = event[: event.index(b"1\r\n\r\n") + 2]
        rule = proxy.inject(SplitConnection(on="stream", piece_bytes=len(arrives), apart_ms=AGES_MS))
        client, server = origin.open_stream(proxy.url)
        server.send(event)
        assert client.read(len(arrives)) == arrives
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.read(len(event) - len(arrives)) == event[len(arrives) :]

    def test_cuts_one_way_and_leaves_the_other(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(SplitConnection(piece_bytes=2, apart_ms=AGES_MS, direction=way.direction))
        way.say(b"one")
        way.back().say(b"whole")
        way.back().must_hear(way.back().frame(b"whole"))
        way.must_hear(way.frame(b"one")[:2])
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one")[2:])

    def test_sends_the_pieces_apart_and_loses_none(self, proxy: FaultProxy, origin: Origin) -> None:
        assert len(OK) > 80  # three pieces
        before = time.monotonic()
        proxy.inject(SplitConnection(piece_bytes=40, apart_ms=20, direction="to_client"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        assert time.monotonic() - before >= 0.04


class TestConnectionCoalesce:
    def test_holds_the_first_bytes_for_the_window(self, proxy: FaultProxy, way: Way) -> None:
        rule = proxy.inject(CoalesceConnection(window_ms=60))
        said = time.monotonic()
        way.say(b"one")
        way.must_hear(way.frame(b"one"))
        assert time.monotonic() - said >= 0.06
        assert receipts(proxy) == [(rule.id, "connection.coalesce", None, "")]

    def test_writes_at_once_what_it_gathered_as_soon_as_that_is_enough(
        self, proxy: FaultProxy, origin: Origin, way: Way
    ) -> None:
        one, two = way.frame(b"one"), way.frame(b"two")
        proxy.inject(CoalesceConnection(window_ms=AGES_MS, max_bytes=len(one + two)))
        way.speaker.send(one)
        assert is_silent(way.listener, proxy, origin)
        way.speaker.send(two)
        assert way.listener.read_some() == one + two

    def test_gathers_one_way_and_leaves_the_other(self, proxy: FaultProxy, origin: Origin, way: Way) -> None:
        rule = proxy.inject(CoalesceConnection(window_ms=AGES_MS, direction=way.direction))
        way.say(b"one")
        way.back().say(b"at once")
        way.back().must_hear(way.back().frame(b"at once"))
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one"))


class TestConnectionCutAfter:
    def test_ends_a_connection_at_once_where_no_byte_may_pass(self, proxy: FaultProxy) -> None:
        proxy.inject(CutAfterConnection(after_bytes=0))
        with Peer.connect(proxy.url) as client:
            assert client.rest() == (b"", "fin")

    @pytest.mark.parametrize("after_bytes", [1, 17, len(OK) - 1, len(OK)])
    def test_ends_an_answer_after_so_many_bytes(self, proxy: FaultProxy, origin: Origin, after_bytes: int) -> None:
        rule = proxy.inject(CutAfterConnection(after_bytes=after_bytes))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.rest() == (OK[:after_bytes], "fin")
        assert receipts(proxy) == [(rule.id, "connection.cut_after", None, "")]

    def test_leaves_an_answer_that_is_shorter(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CutAfterConnection(after_bytes=len(OK) + 3))
        client, server = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        client.send(GET)
        server.read_head()
        server.send(OK)
        assert client.rest() == (OK[:3], "fin")

    def test_resets_after_so_many_bytes(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CutAfterConnection(after_bytes=17, then="reset"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.rest() == (OK[:17], "rst")

    def test_falls_silent_after_so_many_bytes(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(CutAfterConnection(after_bytes=17, then="stall"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(17) == OK[:17]
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.read(len(OK) - 17) == OK[17:]

    @pytest.mark.parametrize("then", ["abort", "reset"])
    def test_counts_what_the_client_sends_where_told_to(
        self, proxy: FaultProxy, origin: Origin, then: Literal["abort", "reset"]
    ) -> None:
        way = Way.through(proxy, origin, "to_server")
        proxy.inject(CutAfterConnection(on="stream", after_bytes=3, direction="to_server", then=then))
        way.say(b"one")
        assert way.listener.rest()[0] == way.frame(b"one")[:3]
        assert way.speaker.rest() == (b"", "fin" if then == "abort" else "rst")

    def test_can_fall_silent_to_the_server(self, proxy: FaultProxy, origin: Origin) -> None:
        way = Way.through(proxy, origin, "to_server")
        rule = proxy.inject(CutAfterConnection(on="stream", after_bytes=3, direction="to_server", then="stall"))
        way.say(b"one")
        way.must_hear(way.frame(b"one")[:3])
        assert is_silent(way.listener, proxy, origin)
        proxy.heal(rule)
        way.must_hear(way.frame(b"one")[3:])

    def test_counts_from_the_message_that_it_is_told(
        self, proxy: FaultProxy, origin: Origin, stream: Conversation
    ) -> None:
        proxy.inject(CutAfterConnection(on="stream", after_messages=1, after_bytes=2))
        client, server = stream.open(origin, proxy)
        server.send(b"".join(stream.says))
        assert client.rest() == (stream.answer + stream.says[0] + stream.says[1][:2], "fin")
