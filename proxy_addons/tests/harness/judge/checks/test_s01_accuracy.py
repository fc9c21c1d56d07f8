"""S1: what a fresh page shows is right, as far as it could know."""

from typing import Any

from proxy_addons.harness.judge.checks.s01_accuracy import CHECK
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot, texts, tick, undecided


def told(*, late_s: float = 0.0) -> Story:
    """A timer of 60 s from 0 on, of which a page hears at 1 s."""
    story = Story().truth(0.0, 1, "started")
    story.websocket(0.5).says(1.0 + late_s, snapshot(1))
    return story


def right(story: Story, t: float, **other: object) -> Story:
    marks: dict[str, Any] = {
        "stale": "fresh",
        "state": "running",
        "epoch": "e",
        "seq": 1,
        "remaining_ms": int(60_000 - t * 1000),
    }
    return story.looks(t, why="change", **{**marks, **other})


def test_holds_where_the_time_and_the_phase_are_right() -> None:
    assert texts(CHECK, right(told(), 2.0, remaining="00:58")) == []


def test_allows_what_the_clocks_and_the_painting_take() -> None:
    assert texts(CHECK, right(told(), 2.0, remaining_ms=58_290)) == []


def test_tells_of_a_time_that_is_off() -> None:
    (text,) = texts(CHECK, right(told(), 2.0, remaining_ms=59_000))
    assert "shows running with 59.000 s left" in text
    assert "running with 58.000 s left" in text


def test_tells_of_a_wrong_phase() -> None:
    (text,) = texts(CHECK, right(told(), 2.0, state="paused"))
    assert "shows paused" in text


def test_tells_of_a_time_that_is_no_number() -> None:
    assert len(texts(CHECK, right(told(), 2.0, remaining_ms="NaN"))) == 1


def test_tells_of_a_text_that_is_not_the_number() -> None:
    (text,) = texts(CHECK, right(told(), 2.0, remaining="00:57"))
    assert "shows 00:57 for 58000 ms" in text


def test_reads_the_text_where_there_is_nothing_else_and_is_not_so_strict() -> None:
    story = told()
    story.looks(2.0, why="change", stale="fresh", epoch="e", seq=1, remaining="00:59")
    assert texts(CHECK, story) == []
    story.looks(2.5, why="change", stale="fresh", epoch="e", seq=1, remaining="01:02")
    assert len(texts(CHECK, story)) == 1


def test_does_not_ask_for_what_nobody_told() -> None:
    story = told().truth(1.5, 2, "paused", phase="paused", remaining_ms=58_500)
    assert texts(CHECK, right(story, 3.0)) == []


def test_asks_for_the_first_thing_told_at_once() -> None:
    assert texts(CHECK, right(told(), 1.1)) == []
    assert len(texts(CHECK, right(told(), 1.1, state="paused"))) == 1


def test_asks_for_what_was_told() -> None:
    story = Story().truth(0.0, 1).truth(1.5, 2, "paused", phase="paused", remaining_ms=58_500)
    story.websocket(0.5).says(1.0, snapshot(1)).says(1.51, event(2))
    right(story, 1.7)
    assert texts(CHECK, story) == []
    right(story, 2.5)
    (text,) = texts(CHECK, story)
    assert "the server was paused with 58.500 s left" in text


def test_allows_the_page_s_clock_to_be_ahead_of_the_server_s() -> None:
    story = Story().truth(0.0, 1).truth(1.52, 2, "paused", phase="paused", remaining_ms=58_480)
    story.websocket(0.5).says(1.0, snapshot(1)).says(1.53, event(2))
    assert texts(CHECK, right(story, 1.49, state="paused", remaining_ms=58_480)) == []


def test_asks_for_no_time_of_a_page_that_shows_none() -> None:
    story = told().looks(2.0, why="change", stale="fresh", state="running", epoch="e", seq=1)
    assert texts(CHECK, story) == []


def test_asks_nothing_of_a_gap_before_it_is_filled() -> None:
    story = Story().truth(0.0, 1).truth(1.5, 2, "paused", phase="paused", remaining_ms=58_500)
    story.websocket(0.5).says(1.0, snapshot(1)).says(1.51, event(2), delivered=False).says(2.0, tick(2))
    assert texts(CHECK, right(story, 2.5)) == []


def test_lets_the_time_lag_by_what_a_rule_delays_messages() -> None:
    story = Story().truth(0.0, 1)
    socket = story.websocket(0.5).says(1.0, snapshot(1), delivered=False)
    socket.fault(1.0, "delay").releases(3.0)
    right(story, 4.0, remaining_ms=58_000)
    assert texts(CHECK, story) == []
    right(story, 4.5, remaining_ms=58_500)
    assert len(texts(CHECK, story)) == 1


def test_lets_a_page_say_by_itself_that_the_time_is_up() -> None:
    story = Story().truth(0.0, 1, ends_t=2.0)
    story.websocket(0.5).says(1.0, snapshot(1))
    assert texts(CHECK, right(story, 2.5, state="expired", remaining_ms=0)) == []


def test_overlooks_what_a_beat_saw_just_before_it_was_painted() -> None:
    story = told()
    story.looks(3.0, stale="fresh", state="running", epoch="e", seq=1, remaining_ms=58_000)
    assert texts(CHECK, right(story, 3.02)) == []


def test_says_nothing_of_a_page_that_is_stale_or_was_told_nothing_lately() -> None:
    assert undecided(CHECK, right(told(), 2.0, stale="stale", remaining_ms=1)) is not None
    assert undecided(CHECK, right(told(), 9.0, remaining_ms=1)) is not None
    assert undecided(CHECK, Story()) is not None
