"""L1: within `Y` of the end of the last fault, each page shows the truth as fresh, and goes on to."""

from proxy_addons.harness.judge.checks.l01_convergence import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import PageClosed
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, texts, undecided

QUICK = Limits(scale=0.1, browser_throttle_s=0.0)
"""`Y` is 2.9 s, and what it comes to must hold for 1 s."""


def faulted(page: str = "a") -> Story:
    """Right up to 2 s, then stale; the last fault is at 4 s."""
    return Story().truth(0.0, 1).shows(0.0, 2.0, page).shows(2.25, 4.0, page, stale="stale").fault(4.0)


def test_holds_for_a_healthy_page() -> None:
    assert found(CHECK, healthy()) == []


def test_holds_for_a_page_that_comes_back_in_time() -> None:
    assert found(CHECK, faulted().shows(4.25, 6.0, stale="stale").shows(6.25, 9.0), QUICK) == []


def test_breaks_where_a_page_stays_stale() -> None:
    (difference,) = found(CHECK, faulted().shows(4.25, 12.0, stale="stale"), QUICK)
    assert difference.text == (
        "page a was not fresh and right for 1.0 s in a row from any time up to 2.9 s after 4.000 s; "
        "it shows its data as stale"
    )
    assert difference.t == 6.9
    assert difference.last == 50  # the last look


def test_breaks_where_a_page_says_fresh_and_shows_what_is_wrong() -> None:
    (text,) = texts(CHECK, faulted().shows(4.25, 12.0, state="paused"), QUICK)
    assert text.endswith("it shows 'paused', the server is 'running'")


def test_breaks_where_a_page_comes_back_only_now_and_then() -> None:
    story = faulted()
    for t in range(5, 12):
        story.shows(t, t + 0.5).shows(t + 0.75, t + 0.75, stale="stale")
    assert len(texts(CHECK, story, QUICK)) == 1


def test_names_each_page_that_did_not_come_back() -> None:
    story = faulted("a").shows(4.25, 12.0, "a")
    for page in ("b", "c"):
        story.shows(0.0, 12.0, page, stale="offline")
    assert [text[:6] for text in texts(CHECK, story, QUICK)] == ["page b", "page c"]


def test_cannot_tell_where_the_record_ends_before_the_time_is_over() -> None:
    story = faulted().shows(4.25, 5.5, stale="stale")
    assert undecided(CHECK, story, QUICK) == "the record ends too early to tell for a"


def test_asks_nothing_of_a_page_that_is_gone_or_has_given_up() -> None:
    story = faulted("a").shows(4.25, 12.0, "a")
    story.shows(0.0, 3.0, "b", stale="stale").add(PageClosed(3.0, "b"))
    story.shows(0.0, 12.0, "c", stale="offline", connection="terminal")
    assert found(CHECK, story, QUICK) == []
