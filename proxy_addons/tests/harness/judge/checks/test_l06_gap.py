"""L6: after a lost or damaged message, the page is right again within `G` of the next valid one."""

import pytest

from proxy_addons.harness.judge.checks.l06_gap import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import PageClosed
from proxy_addons.tests.harness.judge.stories import (
    Story,
    Told,
    event,
    found,
    healthy,
    snapshot,
    texts,
    tick,
    undecided,
)

QUICK = Limits(scale=0.1)
"""`G` is 0.2 s, and 0.05 s more for the clocks."""


def losing(until: float = 9.0) -> tuple[Story, Told]:
    """Event 2, the home team's first point, is lost at 2 s; the tick at 3 s shows that."""
    story = Story().truth(0.0, 1).truth(2.0, 2, "scored", home=1).step(until, "over")
    socket = story.websocket(0.5, client="a").says(0.6, snapshot(1))
    socket.says(2.01, event(2), delivered=False).says(3.0, tick(2))
    return story, socket


def test_holds_where_the_page_is_right_in_time() -> None:
    story, _ = losing()
    story.shows(0.75, 3.0, seq=1, home=0).shows(3.2, 5.0, seq=2, home=1)
    assert found(CHECK, story, QUICK) == []


def test_breaks_where_the_page_stays_behind() -> None:
    story, _ = losing()
    (difference,) = found(CHECK, story.shows(0.75, 5.0, seq=1, home=0), QUICK)
    assert difference.text.endswith("0.200 s later the page shows e.1, and should show e.2 at least")
    assert difference.t == pytest.approx(3.25)
    assert "came at 3.000 s" in difference.text


def test_breaks_where_the_page_counts_on_without_what_was_lost() -> None:
    story, _ = losing()
    (text,) = texts(CHECK, story.shows(0.75, 3.0, seq=1, home=0).shows(3.1, 5.0, seq=2, home=0), QUICK)
    assert text.endswith("the page shows home '0', and the log at 2 leaves 1")


def test_breaks_where_the_page_shows_nothing_of_the_log() -> None:
    story, _ = losing()
    (text,) = texts(CHECK, story.shows(0.75, 5.0, epoch=""), QUICK)
    assert text.endswith("the page shows nothing of the log")


def test_breaks_after_a_damaged_message_as_after_a_lost_one() -> None:
    story = Story().truth(0.0, 1).truth(2.0, 2, "scored", home=1).step(9.0, "over")
    socket = story.websocket(0.5, client="a").says(0.6, snapshot(1))
    socket.says(2.01, event(2), delivered=False).fault(2.01, "corrupt", sent='{"kind": "ev').says(3.0, tick(2))
    assert len(texts(CHECK, story.shows(0.75, 5.0, seq=1), QUICK)) == 1


def test_a_page_that_knows_by_itself_that_the_time_is_up_is_right() -> None:
    story, _ = losing()
    assert found(CHECK, story.shows(0.75, 5.0, seq=2, home=1, state="expired"), QUICK) == []


WORDS = "no message was lost or damaged on a channel that went on undisturbed"


def test_nothing_can_be_asked_of_a_healthy_run() -> None:
    assert undecided(CHECK, healthy()) == WORDS


def test_nothing_can_be_asked_where_another_fault_comes_in_between() -> None:
    story, socket = losing()
    socket.fault(3.1, "abort").ends(3.1, by="rule")
    assert undecided(CHECK, story.shows(0.75, 5.0, seq=1), QUICK) == WORDS


def test_nothing_can_be_asked_where_a_further_message_is_lost_in_between() -> None:
    story, socket = losing()
    socket.says(3.1, tick(2), delivered=False)
    assert undecided(CHECK, story.shows(0.75, 5.0, seq=1), QUICK) == WORDS


def test_nothing_can_be_asked_where_a_rule_made_up_a_message() -> None:
    story, socket = losing()
    socket.fault(3.0, "insert", sent=snapshot(7), index=3)
    assert undecided(CHECK, story.shows(0.75, 5.0, seq=2, home=9), QUICK) == WORDS


def test_nothing_can_be_asked_where_no_valid_message_follows_on_the_channel() -> None:
    story = Story().truth(0.0, 1).truth(2.0, 2).shows(0.75, 5.0, seq=1)
    story.websocket(0.5, client="a").says(0.6, snapshot(1)).says(2.0, event(2), delivered=False).ends(2.5)
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_where_the_page_is_closed_before_the_time_is_over() -> None:
    story, _ = losing()
    story.opens(0.0).shows(0.75, 3.0, seq=1).add(PageClosed(3.1, "a"))
    assert undecided(CHECK, story, QUICK) == WORDS
