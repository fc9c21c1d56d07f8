"""What is done to a page, as the page sees it and as the record tells it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from proxy_addons.harness.guide import Question
from proxy_addons.harness.steps import HandlePage
from proxy_addons.harness.visitor import Visitor
from proxy_addons.history import History
from proxy_addons.records import PageClosed, PageMeasured, PageMoved, PageOpened, PageSaid
from proxy_addons.tests.harness.little_app import guide, running

KNOWN = guide(questions=(Question("figures", "({ said: document.body.dataset.said })"),))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running() as app:
        yield app.url


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def shown() -> list[tuple[str, str]]:
    """What the page has shown of its connection."""
    return []


@pytest.fixture
def visitor(browser: Browser, url: str, history: History, shown: list[tuple[str, str]]) -> Iterator[Visitor]:
    visitor = Visitor(browser, url, history, KNOWN, "page", lambda *words: shown.append(words))
    visitor.open()
    yield visitor
    visitor.close()


@pytest.fixture
def shows(visitor: Visitor) -> Callable[[str, str], bool]:
    """Whether the page shows a value, now or soon."""

    def has(mark: str, value: str) -> bool:
        probe = visitor.probe
        return probe.wait_for(lambda: probe.latest is not None and probe.latest.marks.get(mark) == value, 10)

    return has


def moves(history: History) -> list[str]:
    return [record.to for record in history.of(PageMoved)]


def test_what_the_page_shows_of_its_connection_is_told_at_once(
    shows: Callable[[str, str], bool], shown: list[tuple[str, str]]
) -> None:
    assert shows("connection", "live")
    assert shown[-1] == ("websocket", "live")


def test_a_page_is_hidden_and_seen_again(visitor: Visitor, shows: Callable[[str, str], bool], history: History) -> None:
    visitor.do(HandlePage(do="hide"))
    assert shows("visible", "hidden")
    visitor.do(HandlePage(do="show"))
    assert shows("visible", "visible")
    assert moves(history) == ["hidden", "visible"]


def test_a_browser_goes_offline_and_online(
    visitor: Visitor, shows: Callable[[str, str], bool], history: History
) -> None:
    visitor.do(HandlePage(do="offline"))
    assert shows("online", "no")
    visitor.do(HandlePage(do="online"))
    assert shows("online", "yes")
    assert moves(history) == ["offline", "online"]


def test_a_page_whose_script_is_busy_shows_that_it_heard_nothing(
    visitor: Visitor, shows: Callable[[str, str], bool]
) -> None:
    assert shows("stale", "fresh")
    visitor.do(HandlePage(do="block", ms=700))
    visitor.probe.pump()
    assert shows("stale", "fresh")


def test_who_leaves_is_asked_before(visitor: Visitor, shows: Callable[[str, str], bool], history: History) -> None:
    assert shows("connection", "live")
    visitor.act("say", "")
    visitor.do(HandlePage(do="leave"))
    assert not visitor.is_here
    assert visitor.probe.wait_for(lambda: bool(history.of(PageClosed)), 10)
    assert [said.fields for said in history.of(PageSaid)] == [{"said": "1"}]


def test_a_page_that_is_loaded_again_begins_another_life(
    visitor: Visitor, shows: Callable[[str, str], bool], history: History
) -> None:
    assert shows("connection", "live")
    visitor.do(HandlePage(do="reload"))
    assert visitor.probe.wait_for(lambda: len(history.of(PageOpened)) == 2, 10)
    assert shows("connection", "live")


def test_what_a_page_uses_is_measured(visitor: Visitor, history: History) -> None:
    visitor.do(HandlePage(do="measure"))
    assert history.of(PageMeasured)[0].heap_bytes > 0


def test_a_page_can_be_pictured_until_it_is_gone(visitor: Visitor) -> None:
    # given a page that has been drawn once: Chromium has no picture of one that never was
    visitor.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert (visitor.screenshot() or b"").startswith(b"\x89PNG")
    visitor.page.close()
    assert visitor.screenshot() is None


def test_a_page_with_a_seed_draws_from_its_start_when_told(browser: Browser, url: str, history: History) -> None:
    visitor = Visitor(browser, url, history, guide(seed=7), "page")
    visitor.open()
    draw = "Array.from({ length: 5 }, () => Math.random())"
    visitor.seed()
    first = visitor.page.evaluate(draw)
    visitor.seed()
    assert visitor.page.evaluate(draw) == first
    visitor.close()
