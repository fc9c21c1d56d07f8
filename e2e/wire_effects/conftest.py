"""A proxy between a client and an origin that are both in the hands of the test."""

from collections.abc import Iterator

import pytest

from e2e.wire_effects.way import WAYS, Way
from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import Origin, Peer


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Closes what it accepted, and what was opened through it, at the end."""
    origin = Origin()
    yield origin
    origin.close()


@pytest.fixture
def proxy(origin: Origin, _carrier: None) -> Iterator[FaultProxy]:
    """Without rules; those that a test injects must have fired at its end."""
    with FaultProxy(origin.url) as proxy:
        yield proxy
    assert proxy.unfired() == []


@pytest.fixture
def ends(proxy: FaultProxy, origin: Origin) -> tuple[Peer, Peer]:
    """The client's and the server's end of an open WebSocket."""
    return origin.open_websocket(proxy.url)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, proxy: FaultProxy, origin: Origin) -> Way:
    """An open WebSocket, spoken through one way, and in a second test the other."""
    return Way.through(proxy, origin, request.param)
