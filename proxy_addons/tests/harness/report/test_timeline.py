"""Runs as pictures: which lanes there are, and what crosses them."""

from proxy_addons.harness.judge.facts import Difference, Finding
from proxy_addons.harness.report.timeline import draw
from proxy_addons.tests.harness.judge.stories import Story, event, healthy
from proxy_addons.tests.harness.report.pictures import lane, seen


def test_has_a_lane_for_each_thing_that_can_be_at_odds_with_another() -> None:
    names = [lane.name for lane in draw(healthy(20).run()).lanes]
    assert names == ["server", "faults", "WebSocket", "EventSource", "polls", "page", "stale", "commands"]


def test_counts_time_from_the_start_of_the_run_and_records_as_the_history_does() -> None:
    story = Story().truth(100.0, 1).truth(102.5, 2)
    picture = draw(story.run())
    assert seen(lane(picture, "server")) == [(0.0, None, "truth"), (2.5, None, "truth")]
    assert [mark.number for mark in lane(picture, "server")] == [0, 1]
    assert picture.duration_s == 2.5


def test_marks_where_checks_found_differences_and_where_the_run_had_come_to() -> None:
    story = Story().truth(1.0, 1).step(3.0, "injected")
    picture = draw(story.run(), [Finding("S2", "broken", (Difference(2.0, "was fresh", 0, 1),))])
    assert seen(picture.broken) == [(1.0, None, "broken")]
    assert picture.broken[0].text == "S2: was fresh"
    assert [(mark.t, mark.text) for mark in picture.steps] == [(2.0, "injected")]


def test_keeps_to_its_limit_and_says_so() -> None:
    story = Story()
    stream = story.websocket(0.0)
    for number in range(1000):
        stream.says(1.0 + number, event(number))
    picture = draw(story.run(), limit=100)
    assert sum(len(lane.marks) for lane in picture.lanes) == 100
    assert picture.left_out == 1002 - 100
