"""Signals to streams: in turn with the network, and to the stream that they name."""

from collections.abc import Callable

from proxy_addons.faults.eventsource_stall import StallEventSource
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import MessageSeen, Record
from proxy_addons.tests.origin import LAST_CHUNK, TIMEOUT_S, Origin, chunk

EVENT = chunk(b"data: one\n\n")


def event_of(exchange: int) -> Callable[[Record], bool]:
    return lambda record: isinstance(record, MessageSeen) and record.exchange == exchange


def test_heals_only_the_stream_that_its_rule_stalled(proxy: FaultProxy, origin: Origin) -> None:
    # given two streams, stalled by a rule each
    streams = [origin.open_stream(proxy.url), origin.open_stream(proxy.url)]
    first = proxy.inject(StallEventSource(), when=When(nth=1))
    proxy.inject(StallEventSource(), when=When(nth=2))
    for _, server in streams:
        server.send(EVENT)
    for exchange in (1, 2):
        proxy.history.wait_for(event_of(exchange), TIMEOUT_S)
    # when one rule is healed
    proxy.heal(first)
    # then one stream flows
    assert streams[0][0].read(len(EVENT)) == EVENT
    assert not streams[1][0].has_news()


def test_passes_by_a_connection_whose_stream_is_over(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.open_stream(proxy.url)
    server.send(LAST_CHUNK)
    assert client.read(len(LAST_CHUNK)) == LAST_CHUNK
    rule = proxy.inject(StallEventSource(), must_fire=False)
    proxy.heal(rule)
    assert proxy.history.receipts == []
