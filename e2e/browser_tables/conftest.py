"""A browser's empty page, a proxy, and behind it a server whose every byte is known."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page

from e2e.browser_tables.servers import StreamServer
from e2e.observer import Observer
from proxy_addons.one_line import add_lines
from proxy_addons.plan import Plan
from proxy_addons.proxy import FaultProxy

Through = Callable[..., FaultProxy]


@pytest.fixture
def through(_carrier: None) -> Iterator[Through]:
    """Starts a proxy in front of a server, with these rules, each in one line; all of them must fire."""
    with ExitStack() as running:
        proxies: list[FaultProxy] = []

        def start(target: str, *rules: str) -> FaultProxy:
            proxies.append(running.enter_context(FaultProxy(target, add_lines(Plan(), rules))))
            return proxies[-1]

        yield start
        assert [rule for proxy in proxies for rule in proxy.unfired()] == []


@pytest.fixture
def observe(page: Page) -> Callable[[FaultProxy], Observer]:
    """An empty page at the proxy, of which nothing was asked for it."""
    return lambda proxy: Observer(page, proxy.url)


@pytest.fixture
def stream_server() -> Iterator[Callable[..., StreamServer]]:
    """Starts a server that answers every request with the same event stream."""
    with ExitStack() as running:
        yield lambda *arguments, **options: running.enter_context(StreamServer(*arguments, **options))
