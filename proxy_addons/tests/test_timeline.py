"""When rules come into force and when they go out of it. The clock is a number."""

import pytest

from proxy_addons.faults import AbortWebSocket
from proxy_addons.plan import Rule
from proxy_addons.timeline import Armed, Change, Disarmed, Timeline
from proxy_addons.when import Page, When


def timeline_of(*whens: When, now_s: float = 0.0) -> Timeline:
    """Rules a, b, c, ... with these conditions."""
    timeline = Timeline()
    for name, when in zip("abc", whens, strict=False):
        timeline.add(Rule(id=name, when=when, fault=AbortWebSocket()), now_s)
    return timeline


def story(timeline: Timeline, until_s: float = 100.0) -> list[tuple[float, Change]]:
    """All changes, by a caller who comes exactly when something is due."""
    told: list[tuple[float, Change]] = []
    while (due := timeline.next_change_s) is not None and due <= until_s:
        told += [(due, change) for change in timeline.advance(due)]
    return told


def test_a_rule_without_time_is_always_in_force_and_never_spoken_of() -> None:
    timeline = timeline_of(When(path="/x"))
    assert timeline.in_force("a", 1)
    assert story(timeline) == []


def test_a_rule_waits_for_its_time() -> None:
    timeline = timeline_of(When(after_ms=500), now_s=10.0)
    assert not timeline.in_force("a", 1)
    assert story(timeline) == [(10.5, Armed("a"))]
    assert timeline.in_force("a", 1)


def test_a_window_from_the_start_is_open_at_once_and_closes() -> None:
    timeline = timeline_of(When(for_ms=500))
    assert timeline.in_force("a", 1)
    assert story(timeline) == [(0.5, Disarmed("a"))]
    assert not timeline.in_force("a", 1)


def test_a_window_opens_and_closes() -> None:
    assert story(timeline_of(When(after_ms=500, for_ms=250))) == [(0.5, Armed("a")), (0.75, Disarmed("a"))]


def test_nothing_changes_before_somebody_asks() -> None:
    timeline = timeline_of(When(after_ms=500))
    assert timeline.advance(0.499) == []
    assert not timeline.in_force("a", 1)
    assert timeline.advance(0.5) == [Armed("a")]


def test_a_short_window_opens_even_for_a_caller_who_comes_late() -> None:
    timeline = timeline_of(When(after_ms=500, for_ms=1))
    # when the caller comes after its end, it opens
    assert timeline.advance(0.51) == [Armed("a")]
    assert timeline.in_force("a", 1)
    # and that it closes is said at once when the caller comes again
    assert timeline.next_change_s == 0.501
    assert timeline.advance(0.51) == [Disarmed("a")]
    assert timeline.next_change_s is None


def test_tells_changes_in_order_of_time_and_those_of_one_moment_in_order_of_the_rules() -> None:
    timeline = timeline_of(When(after_ms=300), When(for_ms=200), When(after_ms=200))
    assert timeline.advance(1.0) == [Disarmed("b"), Armed("c"), Armed("a")]


class TestAfterAnotherRule:
    def test_it_waits_until_that_has_fired(self) -> None:
        timeline = timeline_of(When(), When(after="a", after_ms=500))
        assert story(timeline) == []
        timeline.fired("a", 2.0)
        assert story(timeline) == [(2.5, Armed("b"))]

    def test_it_comes_at_once_without_a_delay(self) -> None:
        timeline = timeline_of(When(), When(after="a"))
        timeline.fired("a", 2.0)
        assert story(timeline) == [(2.0, Armed("b"))]

    def test_it_stays_in_force_when_that_fires_again(self) -> None:
        timeline = timeline_of(When(), When(after="a"))
        timeline.fired("a", 2.0)
        timeline.advance(2.0)
        timeline.fired("a", 3.0)
        assert story(timeline) == []

    def test_each_firing_opens_a_window(self) -> None:
        timeline = timeline_of(When(), When(after="a", after_ms=100, for_ms=50))
        timeline.fired("a", 1.0)
        timeline.fired("a", 2.0)
        expected = [(1.1, Armed("b")), (1.15, Disarmed("b")), (2.1, Armed("b")), (2.15, Disarmed("b"))]
        assert [change for _, change in story(timeline)] == [change for _, change in expected]

    def test_a_firing_within_the_window_makes_it_longer(self) -> None:
        timeline = timeline_of(When(), When(after="a", for_ms=1000))
        timeline.fired("a", 1.0)
        timeline.fired("a", 1.5)
        assert story(timeline) == [(1.0, Armed("b")), (2.5, Disarmed("b"))]

    def test_other_rules_do_not_count(self) -> None:
        timeline = timeline_of(When(), When(after="a"))
        timeline.fired("c", 1.0)
        assert story(timeline) == []


class TestPage:
    def test_it_is_in_force_while_the_page_shows_it(self) -> None:
        timeline = timeline_of(When(page=Page(state="connecting")))
        assert not timeline.in_force("a", 1)
        timeline.page_shows("websocket", "connecting", 1.0)
        assert story(timeline) == [(1.0, Armed("a"))]
        timeline.page_shows("eventsource", "connecting", 2.0)
        assert story(timeline) == []
        timeline.page_shows("eventsource", "live", 3.0)
        assert story(timeline) == [(3.0, Disarmed("a"))]

    def test_a_moment_that_nobody_looked_at_is_not_lost(self) -> None:
        timeline = timeline_of(When(page=Page(state="connecting")))
        timeline.page_shows("websocket", "connecting", 1.0)
        timeline.page_shows("websocket", "live", 1.5)
        assert timeline.advance(2.0) == [Armed("a")]
        assert timeline.advance(2.0) == [Disarmed("a")]

    def test_it_may_have_to_show_it_for_a_while(self) -> None:
        timeline = timeline_of(When(page=Page(state="backing off", shown_ms=500)))
        # given a page that shows it too shortly, and then long enough
        timeline.page_shows("none", "backing off", 1.0)
        timeline.page_shows("none", "connecting", 1.4)
        timeline.page_shows("none", "backing off", 2.0)
        assert story(timeline) == [(2.5, Armed("a"))]

    def test_both_the_window_and_the_page_must_be_right(self) -> None:
        timeline = timeline_of(When(after_ms=1000, for_ms=2000, page=Page(state="live")))
        timeline.page_shows("websocket", "live", 0.5)
        assert story(timeline) == [(1.0, Armed("a")), (3.0, Disarmed("a"))]
        timeline.page_shows("websocket", "stale", 3.5)
        timeline.page_shows("websocket", "live", 4.0)
        assert story(timeline) == []

    def test_it_ends_in_the_moment_in_which_it_began(self) -> None:
        timeline = timeline_of(When(page=Page(state="live")))
        timeline.page_shows("websocket", "live", 1.0)
        assert timeline.advance(1.0) == [Armed("a")]
        timeline.page_shows("websocket", "stale", 1.0)
        assert story(timeline) == [(1.0, Disarmed("a"))]

    def test_a_rule_that_is_added_knows_what_the_page_shows(self) -> None:
        timeline = timeline_of()
        timeline.page_shows("websocket", "live", 1.0)
        timeline.add(Rule(id="a", when=When(page=Page(state="live")), fault=AbortWebSocket()), 2.0)
        assert timeline.in_force("a", 1)
        assert story(timeline) == []


class TestAgeOfAConnection:
    def test_each_connection_has_its_own(self) -> None:
        timeline = timeline_of(When(connection_ms=1000))
        timeline.connection_began(1, 5.0)
        timeline.connection_began(2, 5.5)
        assert story(timeline, until_s=6.0) == [(6.0, Armed("a", connection=1))]
        assert [timeline.in_force("a", connection) for connection in (0, 1, 2)] == [False, True, False]
        assert story(timeline) == [(6.5, Armed("a", connection=2))]

    def test_a_connection_that_ends_before_is_forgotten(self) -> None:
        timeline = timeline_of(When(connection_ms=1000))
        timeline.connection_began(1, 5.0)
        timeline.connection_ended(1)
        assert timeline.next_change_s is None

    def test_a_connection_that_ends_later_is_forgotten_too(self) -> None:
        timeline = timeline_of(When(connection_ms=1000))
        timeline.connection_began(1, 5.0)
        timeline.advance(6.0)
        timeline.connection_ended(1)
        assert not timeline.in_force("a", 1)

    def test_a_connection_that_ended_before_the_window_opens_is_not_spoken_of(self) -> None:
        timeline = timeline_of(When(connection_ms=1000, after_ms=3000))
        timeline.connection_began(1, 0.5)
        timeline.connection_ended(1)
        assert story(timeline) == []

    def test_connections_that_are_old_when_the_window_opens_are_told_then(self) -> None:
        timeline = timeline_of(When(connection_ms=1000, after_ms=3000, for_ms=1000))
        timeline.connection_began(1, 0.5)
        timeline.connection_began(2, 2.5)
        assert story(timeline) == [
            (3.0, Armed("a", connection=1)),
            (3.5, Armed("a", connection=2)),
            (4.0, Disarmed("a")),
        ]

    def test_a_rule_that_is_added_is_in_force_on_old_connections_at_once(self) -> None:
        timeline = timeline_of()
        timeline.connection_began(1, 0.0)
        timeline.connection_began(2, 1.5)
        timeline.add(Rule(id="a", when=When(connection_ms=1000), fault=AbortWebSocket()), 2.0)
        assert [timeline.in_force("a", connection) for connection in (1, 2)] == [True, False]
        assert story(timeline) == [(2.5, Armed("a", connection=2))]


def test_a_rule_that_is_removed_is_not_spoken_of() -> None:
    timeline = timeline_of(When(after_ms=500))
    timeline.remove("a")
    assert story(timeline) == []


def test_what_is_over_is_forgotten() -> None:
    timeline = timeline_of(When(), When(after="a", for_ms=1))
    for second in range(1000):
        timeline.fired("a", float(second))
        story(timeline, until_s=second + 0.5)
    assert len(timeline._forces["b"]._windows.spans) <= 1


@pytest.mark.parametrize("late_s", [0.0, 0.3, 5.0])
def test_every_opening_is_told_however_late_the_caller_is(late_s: float) -> None:
    timeline = timeline_of(When(), When(after="a", after_ms=100, for_ms=50))
    for second in range(5):
        timeline.fired("a", float(second))
    told: list[Change] = []
    while (due := timeline.next_change_s) is not None:
        told += timeline.advance(due + late_s)
    assert told == [Armed("b"), Disarmed("b")] * 5
