"""A recovery, taken apart."""

import pytest

from proxy_addons.harness.gate.recovery import Recovery, recoveries_of
from proxy_addons.harness.judge.facts import Evidence, Limits
from proxy_addons.tests.harness.judge.stories import EVERYTHING, Story, snapshot, tick

QUICK = Limits(scale=0.1)


def fallen_back(offers: frozenset[Evidence] = EVERYTHING) -> Story:
    """Cut at 2.0; one WebSocket is refused at 2.2, and an event stream brings the page back at 2.5."""
    story = Story(offers).truth(0.0, 1)
    socket = story.websocket(0.5, client="a").says(0.6, snapshot(1)).says(1.9, tick(1))
    socket.fault(2.0, "abort").ends(2.0, by="rule")
    story.traces(2.02, "planned", delay=150.0).traces(2.18, "attempt")
    story.refused(2.2, client="a")
    story.traces(2.22, "planned", delay=100.0).traces(2.33, "attempt")
    story.eventsource(2.35, client="a").says(2.4, snapshot(1))
    story.shows(0.75, 1.75, connection="live", seq=1)
    story.looks(2.05, connection="connecting", stale="fresh", epoch="e", seq=1)
    return story.shows(2.5, 4.0, connection="live", seq=1)


def only(story: Story) -> Recovery:
    (found,) = recoveries_of(story.run(), QUICK)
    return found


def test_counts_attempts_and_switches_of_transport() -> None:
    found = only(fallen_back())
    assert (found.attempts, found.switches) == (2, 1)


def test_takes_the_waits_from_what_the_client_says_that_it_planned() -> None:
    assert only(fallen_back()).waits_ms == (150.0, 100.0)


def test_what_it_took_beside_the_waits_is_the_excess() -> None:
    found = only(fallen_back())
    assert found.duration_s == pytest.approx(0.5)
    assert found.excess_s == pytest.approx(0.25)


def test_a_wait_that_is_cut_short_counts_as_long_as_it_was() -> None:
    story = fallen_back().traces(2.42, "planned", delay=5000.0).traces(2.44, "attempt")
    found = only(story)
    assert found.waits_ms == (150.0, 100.0, 5000.0)
    assert found.excess_s == pytest.approx(0.23)


def test_what_was_planned_before_the_page_was_live_is_no_part_of_it() -> None:
    assert only(fallen_back().traces(0.4, "planned", delay=70.0)).waits_ms == (150.0, 100.0)


def test_of_a_client_that_does_not_say_what_it_plans_all_is_excess() -> None:
    found = only(fallen_back(frozenset({"display", "attempts"})))
    assert found.waits_ms is None
    assert found.excess_s == pytest.approx(found.duration_s)


def test_times_are_since_the_start_of_the_run() -> None:
    story = fallen_back().step(-10.0, "steady")
    assert only(story).begin_s == pytest.approx(12.0)


def test_what_was_lost_counts_as_the_transport_before() -> None:
    story = Story().truth(0.0, 1)
    story.websocket(0.5, client="a").says(0.6, snapshot(1)).fault(2.0, "abort").ends(2.0, by="rule")
    story.eventsource(2.35, client="a").says(2.4, snapshot(1))
    story.shows(0.75, 1.75, connection="live", seq=1)
    story.looks(2.05, connection="connecting", stale="fresh", epoch="e", seq=1)
    found = only(story.shows(2.5, 4.0, connection="live", seq=1))
    assert (found.attempts, found.switches) == (1, 1)
