"""What every story starts with."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from e2e.contract import ITEMS, MARKS, client_of
from e2e.nightly import ASKED, duration_of
from e2e.operator_console import Operator
from e2e.order import shared_out
from e2e.pages import TimerPage
from e2e.spare import MARKER, OPTION, add_option, is_left_out
from e2e.truth import Truth
from proxy_addons.harness.browser import FIREFOX_PUTS_NOTHING_OFF
from proxy_addons.harness.probe import Probe
from proxy_addons.harness.subject import Subject
from proxy_addons.history import History

if TYPE_CHECKING:  # slow to import, and a run that has workers does not need it itself
    from proxy_addons.proxy import FaultProxy

TIMER = {"marks": MARKS, "items": ITEMS, "client": client_of}
"""Where an observer of the page must look."""


def pytest_addoption(parser: pytest.Parser) -> None:
    add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "nightly(seconds): takes so long, and is played by `make nightly` only")
    config.addinivalue_line("markers", MARKER)
    config.addinivalue_line("markers", "smoke: a first look in some seconds: each transport, each rung down and up")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first, where workers of pytest-xdist share the tests; very long and spare ones where somebody asks."""
    for item in items:
        if (seconds := duration_of(item)) is not None and not ASKED:
            item.add_marker(pytest.mark.skip(reason=f"takes {seconds:.0f} s; set BROWNOUT_NIGHTLY=1"))
        elif is_left_out(item) and not ASKED:
            item.add_marker(pytest.mark.skip(reason=f"another test is the first to notice; {OPTION} plays it, too"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = shared_out(
        items, workers, lambda item: item.nodeid, lambda item: item.get_closest_marker("skip") is not None
    )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_name: str) -> dict[str, Any]:
    """What Firefox puts off would take ten times too long at the pace of the tests."""
    if browser_name != "firefox":
        return browser_type_launch_args
    return {**browser_type_launch_args, "firefox_user_prefs": FIREFOX_PUTS_NOTHING_OFF}


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
def truth(observe: Callable[..., Probe], subject: Subject, history: History) -> Iterator[Truth]:  # noqa: ARG001  # what is told after the test is judged as well
    """What the app itself says happens stands in the record."""
    with Truth(subject.url, history) as truth:
        yield truth


@pytest.fixture
def timer(
    page: Page,
    proxy: "FaultProxy",
    observe: Callable[..., Probe],
    truth: Truth,  # noqa: ARG001  # what the page shows is compared with it
    operator: Operator,  # noqa: ARG001  # has started the timer
    story: str,
) -> Iterator[TimerPage]:
    """The page, behind the proxy and observed. Whatever happens, it may not throw."""
    timer = TimerPage(page, proxy.url, story, observe(page, **TIMER))
    yield timer
    timer.leave()
    assert timer.errors == []


@pytest.fixture
def another_timer(
    browser: Browser,
    observe: Callable[..., Probe],
    truth: Truth,  # noqa: ARG001  # as above
    story: str,
) -> Iterator[Callable[[str], TimerPage]]:
    """Opens further pages, each in a browser profile of its own."""
    timers: list[TimerPage] = []

    def open_page(url: str) -> TimerPage:
        page = browser.new_context().new_page()
        timers.append(TimerPage(page, url, story, observe(page, f"page-{len(timers) + 2}", **TIMER)))
        return timers[-1]

    yield open_page
    for timer in timers:
        timer.leave()
        timer.page.context.close()
