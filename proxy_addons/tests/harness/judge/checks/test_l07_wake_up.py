"""L7: when a page is seen again, or the browser is online again, the page is fresh within 2 s."""

from typing import Any

import pytest

from proxy_addons.harness.judge.checks.l07_wake_up import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, undecided

QUICK = Limits(scale=0.1, browser_throttle_s=1.0)
"""0.2 s, 0.05 s more for the clocks, and 1 s more where a WebSocket is opened."""


def hidden(mark: str = "visible", asleep: str = "hidden", awake: str = "visible", until: float = 9.0) -> Story:
    """A page that sleeps from 2 s to 4 s, and has lost its connection meanwhile."""
    sleeps: dict[str, Any] = {mark: asleep}
    wakes: dict[str, Any] = {mark: awake}
    story = Story().step(until, "over").shows(0.0, 2.0, **wakes).shows(2.25, 3.75, stale="stale", **sleeps)
    return story.looks(4.0, stale="stale", **wakes)


def test_holds_where_the_page_is_fresh_in_time() -> None:
    assert found(CHECK, hidden().shows(4.2, 6.0, visible="visible"), QUICK) == []


@pytest.mark.parametrize(("mark", "asleep", "awake"), [("visible", "hidden", "visible"), ("online", "false", "true")])
def test_breaks_where_the_page_goes_on_to_show_old_data(mark: str, asleep: str, awake: str) -> None:
    story = hidden(mark, asleep, awake).shows(4.1, 6.0, stale="stale", **{mark: awake})
    (difference,) = found(CHECK, story, QUICK)
    assert difference.text == (
        f"page a was {mark} again at 4.000 s and showed its data as stale 0.250 s later; "
        "it should have been fresh by then"
    )


def test_breaks_where_the_page_was_fresh_only_for_a_moment() -> None:
    story = hidden().shows(4.1, 4.1, visible="visible").shows(4.2, 6.0, stale="offline", visible="visible")
    assert len(found(CHECK, story, QUICK)) == 1


def test_gives_the_browser_its_time_where_a_websocket_is_opened() -> None:
    for t, broken in ((5.0, False), (5.5, True)):
        story = hidden().shows(4.1, t - 0.1, stale="stale", visible="visible").shows(t, 8.0, visible="visible")
        story.websocket(4.1, client="a").says(t - 0.1, snapshot(1))
        assert bool(found(CHECK, story, QUICK)) is broken


WORDS = "no page was seen again, or online again, with a network that worked, for long enough"


def test_nothing_can_be_asked_of_a_page_that_never_slept() -> None:
    assert undecided(CHECK, healthy()) == WORDS


@pytest.mark.parametrize(
    "story",
    [
        hidden().shows(4.1, 6.0, stale="stale", visible="visible").fault(4.5),
        hidden(until=4.1),
        hidden().looks(4.1, visible="hidden", stale="stale"),
        hidden().shows(4.1, 6.0, stale="stale", visible="visible", connection="terminal"),
    ],
    ids=["the network is broken", "the record ends", "it sleeps again", "the page gave up"],
)
def test_nothing_can_be_asked_where(story: Story) -> None:
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_where_a_busy_server_said_to_wait() -> None:
    story = hidden().shows(4.1, 6.0, stale="stale", visible="visible")
    story.poll(3.0, status=503, client="a")
    assert undecided(CHECK, story, QUICK) == WORDS
