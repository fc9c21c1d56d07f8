"""L7: when a page is seen again, or the browser is online again, the page is fresh within 2 s."""

from typing import Literal

import pytest

from proxy_addons.harness.judge.checks.l07_wake_up import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import OriginRestarted, PageClosed
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, tick, undecided

QUICK = Limits(scale=0.1, browser_throttle_s=1.0)
"""0.2 s, 0.05 s more for the clocks, and 1 s more where a WebSocket is opened."""

NOBODY = "no page was seen again, or online again, with a network that worked, for long enough"


def slept(
    asleep: Literal["hidden", "offline"] = "hidden", awake: Literal["visible", "online"] = "visible", until: float = 9.0
) -> Story:
    """A page that sleeps from 2 s to 4 s, and has lost its connection meanwhile."""
    story = Story().step(until, "over").shows(0.0, 2.0).shows(2.25, 4.0, stale="stale")
    return story.moved(2.0, asleep).moved(4.0, awake)


def test_holds_where_the_page_is_fresh_in_time() -> None:
    assert found(CHECK, slept().shows(4.2, 6.0), QUICK) == []


@pytest.mark.parametrize(("asleep", "awake"), [("hidden", "visible"), ("offline", "online")])
def test_breaks_where_the_page_goes_on_to_show_old_data(
    asleep: Literal["hidden", "offline"], awake: Literal["visible", "online"]
) -> None:
    story = slept(asleep, awake).shows(4.1, 6.0, stale="stale")
    (difference,) = found(CHECK, story, QUICK)
    assert difference.text == (
        f"page a was {awake} again at 4.000 s and showed its data as stale 0.250 s later; "
        "it should have been fresh by then"
    )


def test_asks_nothing_while_the_server_restarts() -> None:
    story = slept().shows(4.1, 6.0, stale="stale").fault(3.0, "restart").add(OriginRestarted(5.0, "r"))
    assert undecided(CHECK, story, QUICK) == NOBODY
    earlier = slept().shows(4.1, 6.0, stale="stale").fault(3.0, "restart").add(OriginRestarted(3.5, "r"))
    assert len(found(CHECK, earlier, QUICK)) == 1


def test_breaks_where_the_page_was_fresh_only_for_a_moment() -> None:
    story = slept().shows(4.1, 4.1).shows(4.2, 6.0, stale="offline")
    assert len(found(CHECK, story, QUICK)) == 1


def test_holds_where_the_page_was_fresh_by_what_had_come_since() -> None:
    # given a page that shows its data as fresh once something has come, and not at the end of its time
    story = slept().shows(4.1, 4.1).shows(4.2, 6.0, stale="stale")
    story.eventsource(3.9, client="a").says(4.05, tick(1))
    # then it is a matter of the next silence, and no longer of waking up
    assert found(CHECK, story, QUICK) == []


def test_asks_each_life_of_a_page_that_was_moved_before_it_was_loaded_again() -> None:
    # given a page that is loaded again while its browser is offline, and stays old
    story = slept("offline", "online").opens(0.0).add(PageClosed(3.0, "a")).opens(3.0, "a#2")
    (difference,) = found(CHECK, story.shows(3.0, 6.0, page="a#2", stale="offline"), QUICK)
    assert "page a#2 was online again" in difference.text


def test_asks_once_the_page_neither_is_hidden_nor_offline() -> None:
    story = slept("offline", "online").shows(4.1, 6.0, stale="stale").moved(3.0, "hidden").moved(5.0, "visible")
    (difference,) = found(CHECK, story, QUICK)
    assert "visible again at 5.000 s" in difference.text


def test_breaks_where_the_page_wakes_up_to_a_dead_link_and_keeps_it() -> None:
    # given a link that has been dead since before the page was seen again, and is still
    story = slept().fault(3.0, "stall").shows(4.1, 6.0, stale="stale").step(6.0, "healed")
    assert len(found(CHECK, story, QUICK)) == 1


def test_gives_the_browser_its_time_where_a_websocket_is_opened() -> None:
    for t, broken in ((5.0, False), (5.5, True)):
        story = slept().shows(4.1, t - 0.1, stale="stale").shows(t, 8.0)
        story.websocket(4.1, client="a").says(t - 0.1, snapshot(1))
        assert bool(found(CHECK, story, QUICK)) is broken


WORDS = NOBODY


def test_nothing_can_be_asked_of_a_page_that_never_slept() -> None:
    assert undecided(CHECK, healthy()) == WORDS


@pytest.mark.parametrize(
    "story",
    [
        slept().shows(4.1, 6.0, stale="stale").fault(4.2),
        slept(until=4.1),
        slept().moved(4.1, "hidden"),
        slept().shows(4.1, 6.0, stale="stale", connection="terminal"),
    ],
    ids=["the network is broken", "the record ends", "it sleeps again", "the page gave up"],
)
def test_nothing_can_be_asked_where(story: Story) -> None:
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_where_a_busy_server_said_to_wait() -> None:
    story = slept().shows(4.1, 6.0, stale="stale")
    story.poll(3.0, status=503, client="a")
    assert undecided(CHECK, story, QUICK) == WORDS
