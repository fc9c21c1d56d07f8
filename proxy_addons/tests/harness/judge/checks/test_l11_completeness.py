"""L11: every event up to the end of the last fault is in each page's list within `Y`."""

import pytest

from proxy_addons.harness.judge.checks.l11_completeness import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import PageClosed
from proxy_addons.tests.harness.judge.stories import Story, event, found, healthy, snapshot, texts, undecided

QUICK = Limits(scale=0.1, browser_throttle_s=0.0)
"""`Y` is 2.9 s."""
ALL = ["3 corner", "2 a goal", "1 Started"]


def story_of(until: float = 12.0) -> Story:
    """Three events before the last fault, which is at 4 s, and one after it."""
    story = Story().truth(0.0, 1, "started").truth(1.0, 2, text="a goal").truth(2.0, 3, text="corner").fault(4.0)
    return story.truth(5.0, 4, text="late").shows(0.5, 3.75, seq=1, items=["1 Started"]).step(until, "over")


def test_holds_where_all_events_are_listed_in_time() -> None:
    assert found(CHECK, story_of().shows(4.25, 5.0, items=["1 Started"]).shows(5.25, 9.0, items=ALL), QUICK) == []


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (["3 corner", "1 Started"], "it lacks 'a goal'"),
        (["1 Started"], "it lacks 'a goal' and 1 more"),
        (["3 corner", "2 a goal"], "it lists 2"),
    ],
)
def test_breaks_where_an_event_stays_missing(items: list[str], words: str) -> None:
    (text,) = texts(CHECK, story_of().shows(4.25, 9.0, items=items), QUICK)
    assert text == f"page a should have listed every event up to 4.000 s within 2.9 s; {words}"


def test_breaks_where_an_event_comes_too_late() -> None:
    story = story_of().shows(4.25, 7.25, items=["3 corner", "1 Started"]).shows(7.5, 9.0, items=ALL)
    assert len(found(CHECK, story, QUICK)) == 1


def test_breaks_where_the_page_never_shows_the_log_at_all() -> None:
    (text,) = texts(CHECK, story_of().shows(4.25, 9.0, epoch=""), QUICK)
    assert text.endswith("it never showed epoch 'e'")


def test_an_event_that_a_snapshot_left_out_and_said_so_need_not_be_there() -> None:
    for since, broken in ((2, False), (1, True)):
        story = story_of().shows(4.25, 9.0, items=["3 corner"])
        story.websocket(4.1, client="a").says(4.2, snapshot(3, since=since))
        assert bool(found(CHECK, story, QUICK)) is broken


def test_a_snapshot_that_left_something_out_later_excuses_nothing_at_once() -> None:
    story = story_of().shows(4.25, 9.0, items=["3 corner"])
    story.websocket(8.0, client="a").says(8.1, snapshot(3, since=2))
    assert len(found(CHECK, story, QUICK)) == 1


WORDS = "no event was told up to the last fault, or the record ends too early after it"


def test_nothing_can_be_asked_where_no_event_came_before_the_last_fault() -> None:
    assert undecided(CHECK, Story().fault(1.0).truth(2.0, 1).shows(2.25, 9.0), QUICK) == WORDS


@pytest.mark.parametrize(
    "story",
    [
        story_of(until=6.0).shows(4.25, 6.0, items=["1 Started"]),
        story_of().opens(0.0).shows(4.25, 6.0, items=["1 Started"]).add(PageClosed(6.0, "a")),
        story_of().truth(6.0, 1, epoch="new").shows(4.25, 9.0, items=["1 Started"]),
    ],
    ids=["the record ends", "the page is closed", "a new log begins"],
)
def test_nothing_can_be_asked_where_something_comes_before_the_time_is_over(story: Story) -> None:
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_of_a_page_that_a_rule_told_lies() -> None:
    story = story_of().shows(4.25, 9.0, items=["3 corner", "1 Started"])
    socket = story.websocket(0.5, client="a").says(1.0, event(2), delivered=False)
    socket.fault(1.0, "replace", sent=event(2) + " ")
    assert undecided(CHECK, story, QUICK) == WORDS


def test_holds_for_a_healthy_run() -> None:
    assert found(CHECK, healthy()) == []
