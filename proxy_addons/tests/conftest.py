"""A proxy in front of an origin that does what the test says, instead of in front of an app."""

from collections.abc import Iterator

import pytest

from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import Origin


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Closes what it accepted, and what was opened through it, at the end."""
    origin = Origin()
    yield origin
    origin.close()


@pytest.fixture
def proxy(origin: Origin, _carrier: None) -> Iterator[FaultProxy]:
    """Without rules; mitmproxy keeps running between tests."""
    with FaultProxy(origin.url) as proxy:
        yield proxy
