"""The client's socket without rules: it must not be felt; and how it ends."""

import socket
from asyncio import StreamWriter

import pytest

from proxy_addons.actions import Abort, ConnectionAction, Limit, Pace, Stall
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ConnectionEnded, FaultCrashed, StreamEnded
from proxy_addons.tests.origin import TIMEOUT_S, Origin, open_files
from proxy_addons.tests.wire.test_link import BIG_FRAME, BIG_MASKED, FRAME, MASKED, TO_CLIENT, apply, send_until_full
from proxy_addons.wire.client_socket import Writer
from proxy_addons.wire.link import ClientLink


def link_of(proxy: FaultProxy) -> ClientLink:
    """The one connection that the proxy has."""
    (link,) = proxy._running().links.values()
    return link


def sockets() -> list[str]:
    return [name for name in open_files() if name.startswith("socket:")]


def goes_past(link: ClientLink) -> tuple[bool, bool]:
    """Whether bytes to the client and from it go straight to and from asyncio."""
    client = link._socket
    assert client is not None
    return client.writer.write == client.transport.write, client._tap.receive == client.reader_protocol.data_received


def test_costs_nothing_while_no_rule_shapes_it(proxy: FaultProxy, origin: Origin) -> None:
    origin.open_websocket(proxy.url)
    assert goes_past(link_of(proxy)) == (True, True)


@pytest.mark.parametrize(
    ("action", "past"),
    [
        pytest.param(Pace(latency_ms=1), (False, False), id="both"),
        pytest.param(Pace(TO_CLIENT, latency_ms=1), (False, True), id="to_client"),
        pytest.param(Limit(9, "to_server", "stall"), (True, False), id="to_server"),
    ],
)
def test_costs_nothing_again_when_the_rule_is_healed(
    proxy: FaultProxy, origin: Origin, action: ConnectionAction, past: tuple[bool, bool]
) -> None:
    origin.open_websocket(proxy.url)
    apply(proxy, action)
    assert goes_past(link_of(proxy)) == past
    proxy.heal("throwaway")
    assert goes_past(link_of(proxy)) == (True, True)


def test_sends_small_writes_at_once(proxy: FaultProxy, origin: Origin) -> None:
    origin.open_websocket(proxy.url)
    for io in link_of(proxy)._handler.transports.values():
        assert isinstance(io.writer, StreamWriter | Writer)
        raw = io.writer.get_extra_info("socket")
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_is_not_cut_when_it_is_idle_for_long(proxy: FaultProxy, origin: Origin) -> None:
    origin.open_websocket(proxy.url)
    assert link_of(proxy)._handler.timeout_watchdog.timeout > 365 * 86_400


def test_a_client_that_does_not_read_can_still_be_read_from(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.open_websocket(proxy.url)
    sent = send_until_full(server, BIG_FRAME)
    client.send(MASKED)
    assert server.read(len(MASKED)) == MASKED
    assert client.read(len(sent)) == sent


def test_a_client_that_does_not_read_gets_everything_before_the_end(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.open_websocket(proxy.url)
    sent = send_until_full(server, BIG_FRAME)
    server.close()
    assert client.rest() == (sent, "fin")


def test_a_client_may_go_on_sending_after_a_fin(proxy: FaultProxy, origin: Origin) -> None:
    client, _ = origin.open_websocket(proxy.url)
    apply(proxy, Abort())
    assert client.rest() == (b"", "fin")
    for _ in range(3):
        client.send(MASKED)  # after an RST this would raise


def test_an_end_that_is_let_go_after_the_client_has_reset_is_none(proxy: FaultProxy, origin: Origin) -> None:
    # given an end that a stall holds, and a client that resets, which nobody reads as the stall holds that, too
    client, server = origin.open_websocket(proxy.url)
    apply(proxy, Stall())
    server.close()
    proxy.history.wait_for(lambda record: isinstance(record, StreamEnded), TIMEOUT_S)
    client.reset()
    # when the stall is healed, then nothing fails, and the connection is over
    proxy.heal("throwaway")
    proxy.history.wait_for(lambda record: isinstance(record, ConnectionEnded), TIMEOUT_S)
    assert proxy.history.of(FaultCrashed) == []


def test_stops_at_once_with_everything_under_way() -> None:
    before = sockets()
    origin = Origin()
    with FaultProxy(origin.url) as proxy:
        pairs = [origin.open_websocket(proxy.url) for _ in range(4)]
        apply(proxy, Stall())
        for client, server in pairs[:2]:
            client.send(MASKED)
            server.send(FRAME)
        send_until_full(pairs[2][1], BIG_FRAME)
        send_until_full(pairs[3][0], BIG_MASKED)
    own = [peer for pair in pairs for peer in pair]
    assert len(sockets()) == len(before) + len(own) + 1  # the origin's own, which listens
    origin.close()
    assert sockets() == before


def test_stops_at_once_while_an_end_waits_on_a_slow_line(origin: Origin) -> None:
    with FaultProxy(origin.url) as proxy:
        client, server = origin.open_websocket(proxy.url)
        apply(proxy, Pace(TO_CLIENT, latency_ms=600_000))
        server.send(FRAME)
        server.close()
        proxy.history.wait_for(lambda record: isinstance(record, StreamEnded), TIMEOUT_S)
    assert client.rest() == (b"", "fin")
