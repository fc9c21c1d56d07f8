"""What a page displays is seen from outside, whatever the page does to its own world."""

import time
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Route

from proxy_addons.harness.probe import BEAT_MS, TEXT_LIMIT, Probe, was_thrown
from proxy_addons.harness.sight import World
from proxy_addons.history import History
from proxy_addons.records import (
    PageClosed,
    PageFailed,
    PageLogged,
    PageLooked,
    PageMeasured,
    PageMoved,
    PageOpened,
    PageSaid,
)

URL = "http://page.test/"
BODY = """<!doctype html><body><p id="shown" data-n="0">zero</p><ul></ul><script>
function show(n) { shown.dataset.n = n; shown.textContent = `number ${n}`; }
function list(...items) {
  document.querySelector('ul').replaceChildren(
    ...items.map(text => Object.assign(document.createElement('li'), { textContent: text })));
}
</script></body>"""
SABOTAGE = """
for (const name of ['MutationObserver', 'Date', 'performance', 'JSON', 'setTimeout', 'setInterval', 'console'])
  Object.defineProperty(window, name, { value: undefined });
Document.prototype.querySelector = Element.prototype.getAttribute = () => null;
Array.prototype.push = Array.prototype.splice = () => [];
"""
MARKS = {"n": "#shown@data-n", "words": "#shown"}
WAIT_S = 10


@pytest.fixture
def history() -> History:
    return History()


def serve(route: Route) -> None:
    route.fulfill(content_type="text/html", body=BODY)


def opened(page: Page, history: History, world: World | None = None) -> Probe:
    """A page that is observed."""
    page.route(f"{URL}**", serve)
    probe = Probe(page, history, "page", marks=MARKS, items="li", world=world)
    page.goto(URL)
    return probe


def numbers(history: History, page: str = "page") -> list[str]:
    """What the mark `n` said, one after the other, without repetitions."""
    told = [look.marks["n"] for look in history.of(PageLooked) if look.page == page and "n" in look.marks]
    return [n for n, before in zip(told, [None, *told], strict=False) if n != before]


def test_every_change_is_seen_with_the_time_at_which_it_was(page: Page, history: History) -> None:
    probe = opened(page, history)
    # when the page shows something else twice within a beat
    begin = time.monotonic()
    page.evaluate("show(1)")
    between = time.monotonic()
    page.evaluate("show(2)")
    end = time.monotonic()
    probe.finish()
    # then both were seen, when they were
    assert numbers(history)[-3:] == ["0", "1", "2"]
    first, second = (next(look for look in history.of(PageLooked) if look.marks["n"] == n) for n in "12")
    error_s = history.of(PageOpened)[0].clock_error_s
    assert begin - error_s <= first.t <= between + error_s
    assert between - error_s <= second.t <= end + error_s
    assert first.marks["words"] == "number 1"
    assert error_s < 0.1


def test_a_page_that_stands_still_is_seen_at_a_beat(page: Page, history: History) -> None:
    probe = opened(page, history)
    enough = 4

    def beats() -> list[PageLooked]:
        return [look for look in history.of(PageLooked) if look.why == "beat"]

    assert probe.wait_for(lambda: len(beats()) >= enough, WAIT_S)
    assert beats()[enough - 1].t - beats()[0].t >= (enough - 2) * BEAT_MS / 1000


def test_items_and_text_are_read_as_displayed(page: Page, history: History) -> None:
    probe = opened(page, history)
    page.evaluate("list('one', 'two')")
    page.evaluate("show('x'.repeat(20_000))")
    probe.finish()
    assert history.of(PageLooked)[-1].items == ["one", "two"]
    texts = [look.text for look in history.of(PageLooked) if look.text]
    assert "one\ntwo" in texts[-2]
    assert len(texts[-1]) == TEXT_LIMIT


@pytest.mark.only_browser("chromium")
def test_a_page_that_breaks_its_own_world_is_seen_all_the_same(page: Page, history: History) -> None:
    page.add_init_script(SABOTAGE)
    probe = opened(page, history)
    assert history.of(PageOpened)[0].world == "isolated"
    page.add_script_tag(content="show(1)")
    assert probe.wait_for(lambda: numbers(history)[-1:] == ["1"], WAIT_S)


@pytest.mark.only_browser("chromium")
def test_the_page_cannot_find_the_probe(page: Page, history: History) -> None:
    opened(page, history)
    assert page.evaluate("Object.getOwnPropertyNames(window).filter(name => /brownout/.test(name))") == []


@pytest.mark.only_browser("chromium")
def test_time_goes_on_while_the_page_s_clock_is_paused(page: Page, history: History) -> None:
    # given a page whose own clock stands still, an hour ahead
    page.clock.install()
    probe = opened(page, history)
    page.clock.pause_at(time.time() + 3600)
    stood = page.evaluate("performance.timeOrigin + performance.now()")
    seen = len(history.of(PageLooked))
    # when it shows something
    begin = time.monotonic()
    page.evaluate("show(1)")
    end = time.monotonic()
    # then the beat goes on and the change has the time of the world
    assert probe.wait_for(lambda: len(history.of(PageLooked)) >= seen + 3, WAIT_S)
    assert page.evaluate("performance.timeOrigin + performance.now()") == stood
    changed = next(look for look in history.of(PageLooked) if look.marks.get("n") == "1")
    assert begin - 0.1 <= changed.t <= end + 0.1


def test_the_main_world_is_a_world_too(page: Page, history: History) -> None:
    probe = opened(page, history, world="main")
    page.evaluate("show(1)")
    probe.finish()
    assert history.of(PageOpened)[0].world == "main"
    assert numbers(history) == ["0", "1"]


def test_a_reload_begins_another_life_and_loses_nothing_of_the_first(page: Page, history: History) -> None:
    probe = opened(page, history)
    page.evaluate("show(1)")
    page.reload()
    page.evaluate("show(2)")
    probe.finish()
    assert [(record.page, record.url) for record in history.of(PageOpened)] == [("page", URL), ("page#2", URL)]
    assert numbers(history) == ["0", "1"]
    assert numbers(history, "page#2") == ["0", "2"]
    assert [record.page for record in history.of(PageClosed)] == ["page"]


def test_a_page_that_is_closed_ends_its_life(page: Page, history: History) -> None:
    probe = opened(page, history)
    page.close()
    probe.finish()
    assert [record.page for record in history.of(PageClosed)] == ["page"]


def test_a_page_that_is_left_for_an_empty_one_ends_its_life(page: Page, history: History) -> None:
    probe = opened(page, history)
    begin = time.monotonic()
    page.goto("about:blank")
    end = time.monotonic()
    probe.finish()
    assert [(record.page, begin <= record.t <= end) for record in history.of(PageClosed)] == [("page", True)]


def test_a_step_within_a_page_does_not_end_its_life(page: Page, history: History) -> None:
    probe = opened(page, history)
    page.goto(f"{URL}#below")
    page.evaluate("show(1)")
    probe.finish()
    assert history.of(PageClosed) == []
    assert numbers(history)[-1] == "1"


def test_what_is_done_to_a_page_is_noted_under_the_name_of_its_life(page: Page, history: History) -> None:
    probe = opened(page, history)
    page.reload()
    probe.pump(0.1)
    begin = time.monotonic()
    probe.moved("offline")
    (moved,) = history.of(PageMoved)
    assert (moved.page, moved.to) == ("page#2", "offline")
    assert begin <= moved.t <= time.monotonic()


def test_a_change_of_the_connection_is_told_at_once(page: Page, history: History, monkeypatch: Any) -> None:
    # given a page that is told of at a beat of an hour
    monkeypatch.setattr("proxy_addons.harness.probe.BEAT_MS", 3_600_000)
    told: list[tuple[str, str]] = []
    page.route(f"{URL}**", serve)
    marks = {"n": "#shown@data-n", "transport": "#shown@data-t", "connection": "#shown@data-c"}
    probe = Probe(page, history, marks=marks, on_shown=lambda transport, state: told.append((transport, state)))
    begin = probe.latest
    page.goto(URL)
    # when it shows something else, and something else of its connection
    page.evaluate("show(1); Object.assign(shown.dataset, { t: 'websocket', c: 'live' })")
    # then that is known, with all that was before
    assert probe.wait_for(lambda: bool(told), WAIT_S)
    assert told == [("websocket", "live")]
    assert begin is None
    assert probe.latest is not None
    assert probe.latest.marks == {"n": "1", "transport": "websocket", "connection": "live"}
    # and what is not urgent waits
    seen = len(history.of(PageLooked))
    page.evaluate("show(2)")
    probe.pump(0.2)
    assert len(history.of(PageLooked)) == seen


def test_the_client_is_read_from_its_requests(page: Page, history: History) -> None:
    page.route(f"{URL}**", serve)
    probe = Probe(page, history, client=lambda url: url.partition("?client=")[2] or None)
    page.goto(URL)
    page.evaluate("fetch('/timer?client=me').then(() => 0)")
    probe.finish()
    assert history.of(PageLooked)[-1].marks["client"] == "me"


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("setTimeout(() => { throw new Error('no') })", "error"),
        pytest.param(
            "void Promise.reject(new Error('no'))",
            "rejection",
            marks=pytest.mark.skip_browser("firefox"),  # which calls it an error
        ),
    ],
)
def test_what_the_page_did_not_catch_is_an_error_or_a_rejection(
    page: Page, history: History, script: str, what: str
) -> None:
    probe = opened(page, history)
    page.evaluate(script)
    assert probe.wait_for(lambda: bool(history.of(PageFailed)), WAIT_S)
    (failed,) = history.of(PageFailed)
    assert (failed.what, failed.text.splitlines()[0]) == (what, "Error: no")


@pytest.mark.parametrize(
    ("name", "stack", "thrown"),
    [
        ("TypeError", "TypeError: no\n    at http://page.test/:1:1", True),
        ("", "no\n    at http://page.test/:1:1", True),
        ("SyntaxError", "SyntaxError: no\nundefined", True),
        ("", "Firefox can\u2019t establish a connection to the server at ws://page.test/.\nundefined", False),
    ],
)
def test_what_firefox_writes_itself_was_not_thrown(name: str, stack: str, *, thrown: bool) -> None:
    error = Error("no")
    error._name, error._stack = name, stack
    assert was_thrown(error) is thrown


def test_a_connection_that_fails_is_no_error_of_the_page(page: Page, history: History) -> None:
    probe = opened(page, history)
    page.evaluate("new Promise(done => new WebSocket('ws://127.0.0.1:9/').onclose = done)")
    probe.pump(0.2)
    assert history.of(PageFailed) == []


def test_the_console_is_heard_with_the_time_of_the_line(page: Page, history: History) -> None:
    probe = opened(page, history)
    begin = time.monotonic()
    page.evaluate("console.warn('careful', 3)")
    end = time.monotonic()
    assert probe.wait_for(lambda: bool(history.of(PageLogged)), WAIT_S)
    (logged,) = history.of(PageLogged)
    assert (logged.level, logged.text) == ("warning", "careful 3")
    assert begin - 0.1 <= logged.t <= end + 0.1


@pytest.mark.only_browser("chromium")
def test_the_end_of_its_process_is_a_crash(page: Page, history: History) -> None:
    probe = opened(page, history)
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    assert [failed.what for failed in history.of(PageFailed)] == ["crash"]
    probe.finish()


@pytest.mark.only_browser("chromium")
def test_what_it_uses_is_measured(page: Page, history: History) -> None:
    probe = opened(page, history)
    probe.measure()
    page.evaluate("for (let i = 0; i < 30; i++) addEventListener('focus', () => i)")
    probe.measure()
    first, second = history.of(PageMeasured)
    assert second.listeners - first.listeners == 30
    assert first.nodes > 0
    assert first.heap_bytes > 0


def test_the_page_s_own_words_are_evidence_with_their_times(page: Page, history: History) -> None:
    probe = opened(page, history)
    at_ms = page.evaluate("performance.timeOrigin + performance.now()")
    probe.ask("trace", f"[{{ at: {at_ms}, what: 'applied' }}]", "at")
    probe.ask("figures", "({ reconnect_count: 2 })")
    probe.ask("figures", "noSuchThing()")
    trace, figures = history.of(PageSaid)
    assert (trace.what, trace.fields["what"]) == ("trace", "applied")
    assert abs(trace.t - time.monotonic()) < WAIT_S
    assert (figures.what, figures.fields) == ("figures", {"reconnect_count": 2})


def test_a_condition_that_never_holds_is_waited_for_in_vain(page: Page, history: History) -> None:
    probe = opened(page, history)
    assert not probe.wait_for(lambda: False, 0.05)


def test_a_probe_of_a_page_that_never_opened_finishes(page: Page, history: History) -> None:
    Probe(page, history).finish()
    assert history.records == ()


def test_what_was_told_before_the_end_stands_before_it(page: Page, history: History) -> None:
    probe = opened(page, history)
    page.evaluate("list('one')")
    # when batches are on their way while the page is not listened to
    time.sleep(3 * BEAT_MS / 1000)  # the loop of Playwright must not run here
    probe.finish()
    # then they stand in their order
    times = [look.t for look in history.of(PageLooked)]
    assert times == sorted(times)
    assert len(times) >= 3


def test_after_the_end_nothing_but_the_end_of_the_page_is_noted(page: Page, history: History) -> None:
    probe = opened(page, history)
    probe.finish()
    noted = len(history.records)
    page.evaluate("show(1); console.log('late'); setTimeout(() => { throw new Error('late') })")
    probe.pump(2 * BEAT_MS / 1000)
    probe.finish()
    page.close()
    assert [type(record) for record in history.records[noted:]] == [PageClosed]


def test_a_page_whose_script_never_ends_is_left_alone(page: Page, history: History, monkeypatch: Any) -> None:
    monkeypatch.setattr("proxy_addons.harness.probe._ANSWER_MS", 200)
    probe = opened(page, history)
    page.evaluate("setTimeout(() => { for (;;); })")
    probe.ask("figures", "({})")
    probe.finish()
    assert history.of(PageSaid) == []
