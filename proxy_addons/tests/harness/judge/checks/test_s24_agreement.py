"""S24: pages that know the same agree."""

from typing import Any

import pytest

from proxy_addons.harness.judge.checks.s24_agreement import CHECK
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot, texts, undecided

SHOWN = {"stale": "fresh", "state": "running", "epoch": "e", "seq": 2}


def two() -> Story:
    """Two clients who are told the same at 1 s."""
    story = Story()
    story.websocket(0.0, client="a").says(1.0, snapshot(2))
    story.websocket(0.0, client="b").says(1.0, snapshot(2))
    return story


def look(story: Story, page: str, t: float, *items: str, **other: object) -> Story:
    marks: dict[str, Any] = {**SHOWN, "remaining_ms": int(60_000 - t * 1000), **other}
    return story.looks(t, page, items=items, **marks)


def test_holds_where_they_show_the_same() -> None:
    story = look(two(), "b", 2.0, "b", "a")
    assert texts(CHECK, look(story, "a", 2.2, "b", "a")) == []


def test_allows_each_its_error() -> None:
    assert texts(CHECK, look(look(two(), "b", 2.0), "a", 2.2, remaining_ms=58_350)) == []


@pytest.mark.parametrize("other", [{"remaining_ms": 58_900}, {"epoch": "f"}, {"state": "paused"}])
def test_tells_of_what_differs(other: dict[str, object]) -> None:
    (text,) = texts(CHECK, look(look(two(), "b", 2.0), "a", 2.2, **other))
    assert "at 2.200 s page a shows" in text
    assert "both had been told the same" in text


def test_tells_of_lists_that_differ() -> None:
    (text,) = texts(CHECK, look(look(two(), "b", 2.0, "two", "one"), "a", 2.2, "three", "one"))
    assert "the events ['three', 'one']" in text


def test_lets_one_list_begin_later_than_the_other() -> None:
    assert texts(CHECK, look(look(two(), "b", 2.0, "two", "one"), "a", 2.2, "two")) == []


def test_says_nothing_where_one_was_told_more() -> None:
    story = two()
    story.websocket(0.0, client="b", attempt=9).says(1.5, snapshot(2)).says(1.6, event(3))
    assert undecided(CHECK, look(look(story, "b", 2.0, seq=3, state="paused"), "a", 2.2)) is not None


def test_says_nothing_of_one_that_is_stale_or_alone() -> None:
    assert undecided(CHECK, look(look(two(), "b", 2.0), "a", 2.2, stale="stale", remaining_ms=1)) is not None
    assert undecided(CHECK, look(two(), "a", 2.2)) is not None
