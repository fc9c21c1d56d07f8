"""A proxy in front of an origin that does what the test says, instead of in front of an app."""

from collections.abc import Callable, Iterator

import pytest

from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import Origin, Peer

Pair = tuple[Peer, Peer]
"""Client and origin of one stream through the proxy."""


@pytest.fixture
def origin() -> Iterator[Origin]:
    origin = Origin()
    yield origin
    origin.close()


@pytest.fixture
def proxy(origin: Origin, _carrier: None) -> Iterator[FaultProxy]:
    """Without rules; mitmproxy keeps running between tests."""
    with FaultProxy(origin.url) as proxy:
        yield proxy


@pytest.fixture
def open_websocket(proxy: FaultProxy, origin: Origin) -> Iterator[Callable[[], Pair]]:
    """Opens a WebSocket through the proxy."""
    clients: list[Peer] = []

    def open_one() -> Pair:
        pair = origin.open_websocket(proxy.url)
        clients.append(pair[0])
        return pair

    yield open_one
    for client in clients:
        client.close()


@pytest.fixture
def open_stream(proxy: FaultProxy, origin: Origin) -> Iterator[Callable[[], Pair]]:
    """Opens an event stream through the proxy."""
    clients: list[Peer] = []

    def open_one() -> Pair:
        pair = origin.open_stream(proxy.url)
        clients.append(pair[0])
        return pair

    yield open_one
    for client in clients:
        client.close()
