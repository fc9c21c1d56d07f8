"""L9: a client always has a plan: a channel, an attempt, or one to come within `CAP`."""

import pytest

from proxy_addons.harness.judge.checks.l09_plan import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import ListenerChanged, PageClosed
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided

QUICK = Limits(scale=0.1, browser_throttle_s=0.0)
"""`CAP` + `CT` + `d` is 2.45 s."""


def dropped(until: float = 10.0) -> Story:
    """Cut off at 2 s."""
    story = Story().step(until, "over")
    story.websocket(1.0, client="a").says(1.1, snapshot(1)).ends(2.0, by="rule")
    return story


def test_holds_where_the_client_tries_again_in_time() -> None:
    story = dropped()
    story.refused(4.0, client="a")
    story.websocket(6.0, client="a").says(6.1, snapshot(1))
    assert found(CHECK, story, QUICK) == []


def test_holds_for_a_client_that_polls() -> None:
    story = Story().step(9.0, "over")
    for t in range(9):
        story.poll(t, snapshot(1), client="a")
    assert found(CHECK, story, QUICK) == []


def test_breaks_where_the_client_never_tries_again() -> None:
    (difference,) = found(CHECK, dropped(), QUICK)
    assert difference.text == (
        "client a had no channel and asked for none for 8.000 s from 1.000 s on; "
        "it should have tried again within 2.450 s"
    )
    assert (difference.first, difference.last) == (0, 4)


def test_breaks_where_it_tries_again_too_late() -> None:
    story = dropped()
    story.websocket(5.0, client="a")
    (text,) = texts(CHECK, story, QUICK)
    assert "for 3.000 s from" in text


def test_breaks_where_an_attempt_that_nobody_answers_is_never_given_up() -> None:
    story = Story().step(10.0, "over")
    story.request(1.0, "websocket", client="a")
    (text,) = texts(CHECK, story, QUICK)
    assert text.startswith("client a had no channel and asked for none for 8.600 s from 0.400 s on")


def test_breaks_for_a_foreign_page_by_the_wire_alone() -> None:
    story = Story(offers=frozenset()).step(10.0, "over")
    story.websocket(1.0).says(1.1, snapshot(1)).ends(2.0, by="origin")
    (text,) = texts(CHECK, story, QUICK)
    assert text.startswith("client page had no channel")


def test_a_channel_beside_is_a_channel() -> None:
    story = dropped()
    story.websocket(1.9, client="a", purpose="probe").says(2.1, snapshot(1))
    assert undecided(CHECK, story, QUICK) == "no client was ever without a channel"


def test_nothing_can_be_asked_of_a_client_that_was_never_without_a_channel() -> None:
    assert undecided(CHECK, healthy()) == "no client was ever without a channel"


@pytest.mark.parametrize(
    "story",
    [
        dropped().opens(0.0).looks(1.0).add(PageClosed(3.0, "a")),
        dropped().looks(1.0).looks(3.0, connection="terminal"),
        dropped().add(ListenerChanged(2.5, False, 80)),
        dropped(until=4.0),
        dropped().looks(1.0).moved(2.5, "offline"),
    ],
    ids=["the page is closed", "the page gave up", "the port is closed", "the record ends", "the browser is offline"],
)
def test_does_not_ask_for_more_than_can_be_seen(story: Story) -> None:
    assert found(CHECK, story, QUICK) == []


def test_a_busy_server_may_make_it_wait() -> None:
    story = Story().step(30.0, "over")
    story.poll(1.0, status=503, client="a")
    assert found(CHECK, story, QUICK) == []
