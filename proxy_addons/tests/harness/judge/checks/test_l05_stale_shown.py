"""L5: where nothing comes through any more, the page says within `A` + `d` that its data is not up to date."""

import pytest

from proxy_addons.harness.judge.checks.l05_stale_shown import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import FaultFired, PageClosed, Released
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, tick, undecided

QUICK = Limits(scale=0.1)
"""`A` + `d` is 0.35 s, and 0.05 s more for the clocks."""


def stalled(until: float = 5.0) -> Story:
    """Messages come up to 2 s; then the stream stands and is silent."""
    story = Story().step(until, "over")
    socket = story.websocket(1.0, client="a").says(1.1, snapshot(1)).says(2.0, tick(1)).fault(2.05, "stall")
    socket.says(2.1, tick(1), delivered=False).says(2.2, tick(1), delivered=False)
    return story


def test_holds_where_the_page_says_in_time_that_its_data_is_old() -> None:
    story = stalled().shows(1.25, 2.25).shows(2.35, 4.0, stale="stale")
    assert found(CHECK, story, QUICK) == []


@pytest.mark.parametrize("word", ["stale", "offline"])
def test_holds_by_either_word(word: str) -> None:
    assert found(CHECK, stalled().shows(1.25, 2.25).shows(2.3, 4.0, stale=word), QUICK) == []


def test_breaks_where_the_page_goes_on_as_if_nothing_were() -> None:
    (difference,) = found(CHECK, stalled().shows(1.25, 4.0), QUICK)
    assert difference.text == (
        "page a still showed its data as fresh 0.400 s after the last valid message, though nothing came by "
        "websocket 1 any more; it should have shown it as stale by then"
    )
    assert difference.t == pytest.approx(2.4)


def test_breaks_where_it_says_so_too_late() -> None:
    assert len(found(CHECK, stalled().shows(1.25, 2.75).shows(3.0, 4.0, stale="stale"), QUICK)) == 1


def test_breaks_where_a_new_connection_alone_makes_it_fresh() -> None:
    story = stalled().shows(1.25, 4.0)
    story.websocket(2.2, client="a")
    assert len(found(CHECK, story, QUICK)) == 1


WORDS = "no page was fresh while something was kept from its client for long enough"


@pytest.mark.parametrize("fresh", [True, False])
def test_a_connection_that_is_stalled_as_a_whole_brings_nothing(
    fresh: bool,
) -> None:
    story = Story().step(5.0, "over").shows(1.25, 2.25).shows(2.35, 4.0, stale="fresh" if fresh else "stale")
    story.add(FaultFired(2.05, "r", "connection.stall", "stall", 1, 1, None, 0, "to_client, until healed"))
    story.websocket(1.0, client="a").says(1.1, snapshot(1)).says(2.0, tick(1)).says(2.1, tick(1)).says(3.0, tick(1))
    assert bool(found(CHECK, story, QUICK)) is fresh


@pytest.mark.parametrize("fresh", [True, False])
def test_a_browser_that_is_offline_gets_nothing_by_its_websocket(fresh: bool) -> None:
    story = Story().step(5.0, "over").shows(1.25, 2.25).shows(2.35, 4.0, stale="fresh" if fresh else "stale")
    story.websocket(1.0, client="a").says(1.1, snapshot(1)).says(2.0, tick(1)).says(2.1, tick(1)).says(3.0, tick(1))
    assert bool(found(CHECK, story.moved(2.05, "offline"), QUICK)) is fresh


def test_nothing_can_be_asked_of_a_healthy_run() -> None:
    assert undecided(CHECK, healthy()) == WORDS


@pytest.mark.parametrize(
    "story",
    [
        stalled().shows(1.25, 4.0, stale="offline"),
        stalled(until=2.3).shows(1.25, 2.25),
        stalled().shows(1.25, 4.0).add(Released(2.3, "r", 1, 2)),
        stalled().opens(0.0).shows(1.25, 2.25).add(PageClosed(2.3, "a")),
    ],
    ids=["never fresh", "the record ends", "it flows again", "the page is closed"],
)
def test_nothing_can_be_asked_where_nothing_was_at_risk(story: Story) -> None:
    assert undecided(CHECK, story, QUICK) == WORDS


def test_nothing_can_be_asked_where_messages_come_another_way() -> None:
    story = stalled().shows(1.25, 4.0)
    story.poll(2.2, snapshot(1), client="a")
    assert undecided(CHECK, story, QUICK) == WORDS
