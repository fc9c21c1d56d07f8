"""What rules do to a client's connection, seen by raw sockets at both of its ends."""

import time
from contextlib import suppress

import pytest

from proxy_addons.actions import Abort, ConnectionAction, Limit, Pace, Reset, Stall
from proxy_addons.events import ConnectionOpened, Direction
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ConnectionEnded, FaultCrashed, Record, StreamEnded
from proxy_addons.tests.origin import STREAMING, TIMEOUT_S, UPGRADE, Origin, Peer, chunk
from proxy_addons.tests.throwaway import rule_that
from proxy_addons.wire.link import ClientLink

EVENT = chunk(b"data: on\n\n")
BIG_FRAME = b"\x82\x7e\xf0\x00" + bytes(0xF000)
FRAME = b"\x82\x01a"
BIG_MASKED = b"\x82\xfe\xf0\x00" + bytes(4 + 0xF000)
MASKED = b"\x82\x81\x00\x00\x00\x00a"
TO_CLIENT: frozenset[Direction] = frozenset({"to_client"})
TO_SERVER: frozenset[Direction] = frozenset({"to_server"})
LONG_MS = 600_000


def connection_ended(record: Record) -> bool:
    """the end of a client's connection in the record"""
    return isinstance(record, ConnectionEnded)


def apply(proxy: FaultProxy, action: ConnectionAction, id: str = "throwaway") -> None:
    """Let the action loose on the first connection, whether it stands or is still to come."""
    proxy.add(rule_that(ConnectionOpened, lambda event: action if event.connection == 1 else None, id=id))


def settle(proxy: FaultProxy, origin: Origin) -> None:
    """Let bytes that are under way arrive: another connection is opened and served meanwhile."""
    client, _ = origin.exchange(proxy.url, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", STREAMING)
    assert client.read_head() == STREAMING


def send_until_full(peer: Peer, data: bytes) -> bytes:
    """Send until nothing more is taken for a while; everything that was sent."""
    raw = peer._socket
    raw.settimeout(0.5)
    sent = 0
    with suppress(TimeoutError):
        while True:
            sent += raw.send((data * (1_000_000 // len(data)))[sent % len(data) :])
    raw.settimeout(TIMEOUT_S)
    return (data * (sent // len(data) + 1))[:sent]


@pytest.fixture
def stream(proxy: FaultProxy, origin: Origin) -> tuple[Peer, Peer]:
    return origin.open_stream(proxy.url)


@pytest.fixture
def websocket(proxy: FaultProxy, origin: Origin) -> tuple[Peer, Peer]:
    return origin.open_websocket(proxy.url)


class TestEnds:
    def test_are_recorded_with_who_ended_it(self, proxy: FaultProxy) -> None:
        with Peer.connect(proxy.url):
            pass
        end = proxy.history.wait_for(connection_ended, TIMEOUT_S)
        assert str(end) == "connection 1 over: fin by the client"

    def test_by_rst_are_told_from_those_by_fin(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        client.reset()
        assert server.rest() == (b"", "rst")
        assert "rst by the client" in str(proxy.history.wait_for(connection_ended, TIMEOUT_S))
        assert ["rst by the client" in str(end) for end in proxy.history.of(StreamEnded)] == [True]

    def test_keep_the_first_reason(self) -> None:
        link = ClientLink(1, None)  # type: ignore[arg-type]  # nothing here reaches mitmproxy
        link.ends("fin", "origin")
        link.ends("rst", "rule")
        assert (link.ending, link.was_reset) == (("fin", "origin"), False)

    def test_do_nothing_to_a_link_without_a_socket(self) -> None:
        link = ClientLink(1, None)  # type: ignore[arg-type]  # nothing here reaches mitmproxy
        for end in (link.reset, link.abort, link.close):
            end()
        link.apply("rule", Stall())
        link.release("rule")
        assert link.was_reset


class TestAbort:
    def test_is_fin_behind_the_parting_bytes(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Abort(parting=b"half an ev"))
        assert client.rest() == (b"half an ev", "fin")
        assert server.rest() == (b"", "fin")

    def test_is_fin_even_while_the_client_sends(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Stall(TO_SERVER), id="unread")
        client.send(MASKED * 10_000)
        apply(proxy, Abort())
        assert client.rest() == (b"", "fin")
        assert server.rest()[1] == "fin"

    def test_of_a_connection_that_opens_is_fin_before_anything(self, proxy: FaultProxy) -> None:
        apply(proxy, Abort())
        with Peer.connect(proxy.url) as client:
            assert client.rest() == (b"", "fin")
        assert "fin by the rule" in str(proxy.history.wait_for(connection_ended, TIMEOUT_S))

    def test_ends_a_stall_of_another_rule(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, _ = stream
        apply(proxy, Stall(), id="quiet")
        apply(proxy, Abort())
        assert client.rest() == (b"", "fin")


class TestReset:
    def test_is_rst_behind_the_parting_bytes(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Reset(parting=b"half an ev"))
        assert client.rest() == (b"half an ev", "rst")
        assert server.rest()[0] == b""

    def test_of_a_connection_that_opens_is_rst(self, proxy: FaultProxy) -> None:
        apply(proxy, Reset())
        with Peer.connect(proxy.url) as client:
            assert client.rest() == (b"", "rst")
        assert "rst by the rule" in str(proxy.history.wait_for(connection_ended, TIMEOUT_S))

    def test_comes_even_if_the_client_does_not_read(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        send_until_full(server, chunk(b"data: " + bytes(60_000) + b"\n\n"))
        apply(proxy, Reset(parting=b"last"))
        proxy.history.wait_for(connection_ended, TIMEOUT_S)
        assert client.rest()[1] == "rst"


class TestPace:
    def test_makes_bytes_late(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Pace(TO_CLIENT, latency_ms=60))
        start = time.monotonic()
        server.send(EVENT)
        assert client.read_chunk() == b"data: on\n\n"
        assert time.monotonic() - start >= 0.06

    def test_acts_on_each_direction_for_itself(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Pace(TO_CLIENT, latency_ms=LONG_MS))
        client.send(MASKED)
        assert server.read(len(MASKED)) == MASKED

    def test_acts_on_what_the_client_sends(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Pace(TO_SERVER, latency_ms=60))
        start = time.monotonic()
        client.send(MASKED)
        assert server.read(len(MASKED)) == MASKED
        assert time.monotonic() - start >= 0.06

    def test_of_a_rate_takes_its_time(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Pace(TO_CLIENT, bytes_per_second=10_000))
        data = chunk(b"data: " + b"x" * 990 + b"\n\n")
        start = time.monotonic()
        server.send(data)
        assert client.read(len(data)) == data
        assert time.monotonic() - start >= len(data) / 10_000 - 0.001

    def test_that_is_healed_lets_everything_go_in_order(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Pace(latency_ms=LONG_MS))
        frames = b"".join(b"\x82\x01%c" % n for n in range(200))
        for n in range(0, len(frames), 7):
            server.send(frames[n : n + 7])
        client.send(MASKED)
        proxy.heal("throwaway")
        assert client.read(len(frames)) == frames
        assert server.read(len(MASKED)) == MASKED
        server.send(FRAME)
        assert client.read(len(FRAME)) == FRAME

    def test_delays_the_origin_s_end_as_well(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Pace(TO_CLIENT, latency_ms=60))
        start = time.monotonic()
        server.send(EVENT)
        server.close()
        assert client.rest() == (EVENT, "fin")
        assert time.monotonic() - start >= 0.06
        assert "fin by the origin" in str(proxy.history.wait_for(connection_ended, TIMEOUT_S))

    def test_delays_the_client_s_end_as_well(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Pace(TO_SERVER, latency_ms=60))
        start = time.monotonic()
        client.send(MASKED)
        client.close()
        assert server.rest() == (MASKED, "fin")
        assert time.monotonic() - start >= 0.06

    def test_that_fails_is_recorded_and_the_bytes_go_on(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Pace(TO_CLIENT, jitter_ms=5, distribution="none"))  # type: ignore[arg-type]  # on purpose
        server.send(EVENT)
        assert client.read_chunk() == b"data: on\n\n"
        assert [crash.rule for crash in proxy.history.of(FaultCrashed)] == ["throwaway"]


class TestLimit:
    @pytest.mark.parametrize("then", ["abort", "end", "reset"])
    def test_cuts_after_so_many_bytes(self, proxy: FaultProxy, stream: tuple[Peer, Peer], then: str) -> None:
        client, server = stream
        apply(proxy, Limit(5, "to_client", then))  # type: ignore[arg-type]  # one of the literals
        server.send(EVENT)
        assert client.rest() == (EVENT[:5], "rst" if then == "reset" else "fin")

    def test_drops_what_waits_behind_it(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Limit(5, "to_client", "abort"))
        apply(proxy, Pace(TO_CLIENT, piece_bytes=1, piece_apart_ms=1), id="slow")
        server.send(EVENT)
        assert client.rest() == (EVENT[:5], "fin")

    def test_counts_what_the_client_sends(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Limit(9, "to_server", "abort"))
        client.send(MASKED)
        assert server.read(len(MASKED)) == MASKED
        client.send(MASKED)
        assert client.rest() == (b"", "fin")
        server.rest()

    def test_counts_from_the_first_byte_of_a_new_connection(self, proxy: FaultProxy, origin: Origin) -> None:
        apply(proxy, Limit(10, "to_client", "reset"))
        client, _ = origin.exchange(proxy.url, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", STREAMING)
        assert client.rest() == (STREAMING[:10], "rst")

    def test_that_stalls_falls_silent_until_it_is_healed(
        self, proxy: FaultProxy, origin: Origin, stream: tuple[Peer, Peer]
    ) -> None:
        client, server = stream
        apply(proxy, Limit(5, "to_client", "stall"))
        server.send(EVENT)
        assert client.read(5) == EVENT[:5]
        settle(proxy, origin)
        assert not client.has_news()
        proxy.heal("throwaway")
        assert client.read(len(EVENT) - 5) == EVENT[5:]


class TestStall:
    def test_lets_nothing_through_and_no_end(
        self, proxy: FaultProxy, origin: Origin, stream: tuple[Peer, Peer]
    ) -> None:
        client, server = stream
        apply(proxy, Stall())
        server.send(EVENT)
        server.close()
        settle(proxy, origin)
        assert not client.has_news()

    def test_that_is_healed_lets_everything_go_and_the_end(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Stall())
        server.send(EVENT)
        server.close()
        proxy.heal("throwaway")
        assert client.rest() == (EVENT, "fin")

    def test_that_is_healed_after_mitmproxy_is_done_lets_the_rest_go(
        self, proxy: FaultProxy, stream: tuple[Peer, Peer]
    ) -> None:
        client, server = stream
        apply(proxy, Stall())
        server.send(EVENT)
        server.close()
        proxy.history.wait_for(lambda record: isinstance(record, StreamEnded), TIMEOUT_S)
        proxy.heal("throwaway")
        assert client.rest() == (EVENT, "fin")

    def test_ends_by_itself_after_its_time(self, proxy: FaultProxy, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        start = time.monotonic()
        apply(proxy, Stall(for_ms=60))
        server.send(EVENT)
        assert client.read_chunk() == b"data: on\n\n"
        assert time.monotonic() - start >= 0.06

    def test_sends_its_parting_bytes_first(self, proxy: FaultProxy, origin: Origin, stream: tuple[Peer, Peer]) -> None:
        client, server = stream
        apply(proxy, Stall(parting=b"half"))
        server.send(EVENT)
        assert client.read(4) == b"half"
        settle(proxy, origin)
        assert not client.has_news()

    def test_to_the_client_leaves_the_other_way_open(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Stall(TO_CLIENT))
        server.send(FRAME)
        client.send(MASKED)
        assert server.read(len(MASKED)) == MASKED
        assert not client.has_news()

    def test_to_the_server_leaves_the_other_way_open(self, proxy: FaultProxy, websocket: tuple[Peer, Peer]) -> None:
        client, server = websocket
        apply(proxy, Stall(TO_SERVER))
        client.send(MASKED)
        server.send(FRAME)
        assert client.read(len(FRAME)) == FRAME
        assert not server.has_news()

    def test_to_the_server_hides_the_client_s_end(
        self, proxy: FaultProxy, origin: Origin, websocket: tuple[Peer, Peer]
    ) -> None:
        client, server = websocket
        apply(proxy, Stall(TO_SERVER))
        client.send(MASKED)
        client.finish()
        settle(proxy, origin)
        assert not server.has_news()
        proxy.heal("throwaway")
        assert server.rest() == (MASKED, "fin")

    def test_does_not_notice_that_the_client_has_gone_until_it_is_healed(
        self, proxy: FaultProxy, origin: Origin, websocket: tuple[Peer, Peer]
    ) -> None:
        client, server = websocket
        apply(proxy, Stall())
        client.reset()
        settle(proxy, origin)
        assert not server.has_news()
        proxy.heal("throwaway")
        assert "rst by the client" in str(proxy.history.wait_for(connection_ended, TIMEOUT_S))

    def test_to_the_server_lets_the_client_meet_full_buffers(
        self, proxy: FaultProxy, websocket: tuple[Peer, Peer]
    ) -> None:
        client, server = websocket
        apply(proxy, Stall(TO_SERVER))
        sent = send_until_full(client, BIG_MASKED)
        proxy.heal("throwaway")
        assert server.read(len(sent)) == sent

    def test_to_the_client_lets_the_origin_meet_full_buffers(
        self, proxy: FaultProxy, websocket: tuple[Peer, Peer]
    ) -> None:
        client, server = websocket
        apply(proxy, Stall(TO_CLIENT))
        sent = send_until_full(server, BIG_FRAME)
        client.send(MASKED)
        assert server.read(len(MASKED)) == MASKED
        proxy.heal("throwaway")
        assert client.read(len(sent)) == sent

    def test_of_two_rules_ends_with_the_last(
        self, proxy: FaultProxy, origin: Origin, stream: tuple[Peer, Peer]
    ) -> None:
        client, server = stream
        apply(proxy, Stall(), id="one")
        apply(proxy, Stall(), id="two")
        server.send(EVENT)
        proxy.heal("one")
        settle(proxy, origin)
        assert not client.has_news()
        proxy.heal("two")
        assert client.read_chunk() == b"data: on\n\n"

    def test_of_a_connection_that_opens_reads_nothing(self, proxy: FaultProxy, origin: Origin) -> None:
        apply(proxy, Stall())
        with Peer.connect(proxy.url) as client:
            client.send(UPGRADE)
            settle(proxy, origin)
            assert not client.has_news()
            proxy.heal("throwaway")
            assert origin.accept().read_head().startswith(b"GET /ws")


def test_leaves_the_neighbours_alone(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.open_stream(proxy.url)
    other, other_server = origin.open_stream(proxy.url)
    apply(proxy, Stall())
    for peer in (server, other_server):
        peer.send(EVENT)
    assert other.read_chunk() == b"data: on\n\n"
    assert not client.has_news()
