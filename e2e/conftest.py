"""What every story starts with."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.harness.subject import Subject
from proxy_addons.proxy import FaultProxy


@pytest.fixture
def story() -> str:
    """A name for this story, to sign its notes with."""
    return uuid4().hex[:6]


@pytest.fixture
def operator(subject: Subject, story: str) -> Operator:
    """Somebody at the server, with a timer of ten minutes running."""
    operator = Operator(subject.url, story)
    operator.restart_timer()
    return operator


@pytest.fixture
def timer(page: Page, proxy: FaultProxy, operator: Operator, story: str) -> Iterator[TimerPage]:  # noqa: ARG001  # the operator has started the timer
    """The page, behind the proxy. Whatever happens, it may not throw."""
    timer = TimerPage(page, proxy.url, story)
    yield timer
    assert timer.errors == []


@pytest.fixture
def another_timer(browser: Browser, story: str) -> Iterator[Callable[[str], TimerPage]]:
    """Opens further pages, each in a browser profile of its own."""
    contexts = []

    def open_page(url: str) -> TimerPage:
        contexts.append(browser.new_context())
        return TimerPage(contexts[-1].new_page(), url, story)

    yield open_page
    for context in contexts:
        context.close()
