"""L4: where a channel stands and nothing comes through, the client opens another."""

import pytest

from proxy_addons.harness.judge.checks.l04_half_open import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import ListenerChanged, PageClosed, Released
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, tick, undecided

QUICK = Limits(scale=0.1)
"""`LIV` + `d` is 0.55 s, and 0.05 s more for the clocks."""


def stalled(until: float = 10.0) -> Story:
    """Messages come up to 2 s; then the stream stands and is silent."""
    story = Story().step(until, "over")
    socket = story.websocket(1.0, client="a").says(1.1, snapshot(1)).says(2.0, tick(1)).fault(2.05, "stall")
    socket.says(2.1, tick(1), delivered=False).says(2.2, tick(1), delivered=False)
    return story


def test_holds_where_the_client_opens_another_in_time() -> None:
    story = stalled()
    story.websocket(2.5, client="a").says(2.55, snapshot(1))
    assert found(CHECK, story, QUICK) == []


def test_holds_where_the_record_ends_soon_after_that() -> None:
    story = stalled(until=2.52)
    story.websocket(2.5, client="a")
    assert found(CHECK, story, QUICK) == []


def test_holds_where_it_takes_another_transport() -> None:
    story = stalled()
    story.request(2.5, client="a")
    assert found(CHECK, story, QUICK) == []


def test_holds_where_the_one_that_was_replaced_flows_again_for_a_moment() -> None:
    story = Story().step(10.0, "over")
    left = story.websocket(1.0, client="a").says(2.0, tick(1)).fault(2.05, "stall").says(2.1, tick(1), delivered=False)
    story.websocket(2.5, client="a").says(2.55, snapshot(1))
    left.releases(2.8).ends(2.81).says(2.82, tick(1), delivered=False)
    assert found(CHECK, story, QUICK) == []


def test_breaks_where_only_a_probe_was_made_before_the_silence() -> None:
    story = Story().step(10.0, "over")
    polled = story.eventsource(1.0, client="a").says(1.1, snapshot(1))
    story.websocket(1.5, client="a", purpose="probe").ends(1.6)
    polled.says(2.0, tick(1)).fault(2.05, "stall").says(2.1, tick(1), delivered=False)
    assert len(found(CHECK, story, QUICK)) == 1


def test_breaks_where_the_client_sits_and_waits() -> None:
    (difference,) = found(CHECK, stalled(), QUICK)
    assert difference.text == (
        "client a: nothing came by websocket 1 from 1.000 s on; it should have opened another within 0.600 s, "
        "and opened none"
    )
    assert (difference.first, difference.last) == (4, 7)  # from the last delivery to the last message held


def test_breaks_where_it_opens_another_too_late() -> None:
    story = stalled()
    story.websocket(4.0, client="a")
    (text,) = texts(CHECK, story, QUICK)
    assert text.endswith("and opened one only after 2.000 s")


def test_breaks_where_it_closes_the_silent_one_and_opens_none() -> None:
    story = stalled()
    story.websocket(0.5, client="a").ends(0.6)
    story.websocket(4.5, client="b")
    socket = story.websocket(5.0, client="c").says(5.1, snapshot(1)).fault(5.2, "stall")
    socket.ends(5.5, by="client")
    assert [text[:8] for text in texts(CHECK, story, QUICK)] == ["client a", "client c"]


def test_breaks_where_only_a_request_to_catch_up_is_made() -> None:
    story = stalled()
    story.request(2.5, client="a", purpose="resync")
    assert len(found(CHECK, story, QUICK)) == 1


def test_breaks_where_a_poll_that_hangs_is_never_given_up() -> None:
    story = Story().step(10.0, "over")
    story.poll(1.0, snapshot(1), client="a")
    story.request(2.0, client="a").fault(2.0, "stall")
    (text,) = texts(CHECK, story, QUICK)
    assert text.startswith("client a: nothing came by polling 2 from 1.000 s on")


def test_gives_the_browser_its_time_after_many_failures() -> None:
    story = Story().step(10.0, "over")
    for t in (0.1, 0.3, 0.6):
        story.refused(t, client="a")
    story.websocket(1.0, client="a").says(2.0, snapshot(1)).fault(2.1, "stall")
    story.websocket(6.0, client="a")
    assert found(CHECK, story, QUICK) == []


WORDS = "no channel stood silent for long enough while something was kept from its client"


def test_nothing_can_be_asked_of_a_healthy_run() -> None:
    assert undecided(CHECK, healthy()) == WORDS


@pytest.mark.parametrize(
    "story",
    [
        stalled(until=2.4),
        stalled().add(Released(2.4, "r", 1, 2)),
        stalled().add(ListenerChanged(2.1, False, 80), ListenerChanged(4.0, True, 80)),
        stalled().opens(0.0).looks(1.0).add(PageClosed(2.4, "a")),
        stalled().looks(1.5).looks(2.3, connection="terminal"),
    ],
    ids=["the record ends", "it flows again", "the port is closed", "the page is closed", "the page gave up"],
)
def test_nothing_can_be_asked_where_something_else_came_in_time(story: Story) -> None:
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_where_somebody_else_ended_it() -> None:
    story = Story().step(10.0, "over")
    story.websocket(1.0, client="a").says(2.0, snapshot(1)).fault(2.1, "stall").ends(2.3, by="origin")
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_where_messages_come_another_way() -> None:
    story = Story().step(10.0, "over")
    story.websocket(0.5, client="a").says(2.2, snapshot(1))
    story.websocket(1.0, client="a").says(2.0, tick(1)).fault(2.05, "stall")
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_where_a_busy_server_said_to_wait() -> None:
    story = stalled()
    story.poll(1.5, status=429, client="a")
    assert undecided(CHECK, story, QUICK) == WORDS
