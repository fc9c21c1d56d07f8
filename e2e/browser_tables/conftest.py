"""A browser's empty page, a proxy, and behind it a server whose every byte is known. The rows are those of Chromium."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page
from websockets.sync.server import ServerConnection

from e2e.browser_tables.servers import ONE, StreamServer
from e2e.browser_tables.table import Observe, ServeStream, ServeWebSocket, Through
from e2e.browsers import always_in
from e2e.observer import Observer
from proxy_addons.faults import Fault
from proxy_addons.one_line import parse_rule
from proxy_addons.plan import Plan, Rule
from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import websocket_server

pytest_generate_tests = always_in("chromium")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends in the right order what a test starts."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def serve_stream(stack: ExitStack) -> ServeStream:
    """Starts a server of event streams that begin with these pieces."""

    def start(*pieces: bytes, length: int | None = None) -> StreamServer:
        return stack.enter_context(StreamServer(*(pieces or (ONE,)), length=length))

    return start


@pytest.fixture
def serve_websocket(stack: ExitStack) -> ServeWebSocket:
    """Starts a server that sends the first of these messages, and the next one for each that it gets."""

    def start(first: str | bytes, *others: str | bytes) -> str:
        def talk(socket: ServerConnection) -> None:
            socket.send(first)
            further = iter(others)
            for _ in socket:
                socket.send(next(further))

        return stack.enter_context(websocket_server(talk, max_size=None))

    return start


@pytest.fixture
def through(stack: ExitStack, _carrier: None) -> Iterator[Through]:
    """Starts a proxy in front of a server, with these rules, each in one line, or a fault; all of them must fire."""
    proxies: list[FaultProxy] = []

    def start(target: str, *rules: str | Fault) -> FaultProxy:
        read = (parse_rule(rule) if isinstance(rule, str) else Rule(fault=rule) for rule in rules)
        proxies.append(stack.enter_context(FaultProxy(target, Plan(rules=tuple(read)))))
        return proxies[-1]

    yield start
    assert [rule for proxy in proxies for rule in proxy.unfired()] == []


@pytest.fixture(scope="module")
def empty_page(browser: Browser) -> Iterator[Page]:
    """One for all tests, each of which begins at an origin of its own: a new one would take longer than the test."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def observe(empty_page: Page) -> Observe:
    """An empty page at the proxy."""
    return lambda proxy: Observer(empty_page, proxy.url)
