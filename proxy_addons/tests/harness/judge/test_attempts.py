import random
from typing import Literal

import pytest

from proxy_addons.harness.judge.attempts import (
    HEARD_LATE_S,
    Blind,
    attempts_of,
    failures_in_a_row,
    hasty,
    lasted,
    least_s,
)
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import NETWORK, ListenerChanged, PageLogged, RequestSeen
from proxy_addons.tests.harness.judge.stories import Story, snapshot, tick


def test_what_a_browser_repeats_on_its_own_counts_once() -> None:
    story = Story()
    story.refused(1.0, attempt=4)
    story.refused(1.1, attempt=4)
    story.refused(2.0, attempt=5)

    assert [each.t for each in attempts_of(story.run(), "a")] == [1.0, 2.0]


def test_of_what_a_browser_repeats_the_one_that_worked_counts() -> None:
    story = Story()
    story.request(1.0, "eventsource", path="/timer/stream", attempt=4).ends(1.01, "rst", "rule")
    story.eventsource(1.02, attempt=4).says(1.1, snapshot(1))
    story.request(1.2, "eventsource", path="/timer/stream", attempt=4).ends(1.21, "rst", "rule")

    assert [(each.t, each.worked) for each in attempts_of(story.run(), "a")] == [(1.02, True)]


def test_without_numbers_each_attempt_counts() -> None:
    story = Story(frozenset())
    story.refused(1.0)
    story.refused(1.1)

    assert len(attempts_of(story.run(), "page")) == 2


@pytest.mark.parametrize(
    ("end", "code", "right"),
    [(6.2, None, True), (5.0, None, False), (6.2, 1009, False)],
)
def test_a_connection_lasts_if_it_delivered_and_lived_on(end: float, code: int | None, right: bool) -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1)).ends(end, "close", "origin", code)

    assert lasted(story.run().exchanges[0], Limits()) == right


def test_three_malformed_messages_are_to_blame() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1), "{", "{", "{").says(9.0, tick(1)).ends(10.0)

    assert not lasted(story.run().exchanges[0], Limits())


def test_a_series_ends_with_success_and_where_the_port_was_closed() -> None:
    story = Story()
    for t in (1.0, 2.0):
        story.refused(t)
    story.websocket(3.0).says(3.1, snapshot(1)).ends(9.0, by="origin")
    for t in (10.0, 11.0, 14.0):
        story.refused(t)
    story.add(ListenerChanged(12.0, False, 80), ListenerChanged(13.0, True, 80))

    series = failures_in_a_row(story.run(), "a", Limits())

    assert [[each.t for each in one] for one in series] == [[1.0, 2.0], [10.0, 11.0], [14.0]]


@pytest.mark.parametrize("to", ["visible", "online"])
def test_an_attempt_after_a_page_woke_up_belongs_to_no_series(to: Literal["visible", "online"]) -> None:
    story = Story().moved(1.5, to, "a")
    for t in (1.0, 2.0, 3.0):
        story.refused(t)
    series = failures_in_a_row(story.run(), "a", Limits())

    assert [[each.t for each in one] for one in series] == [[1.0], [2.0, 3.0]]


def test_the_browser_tells_of_attempts_that_got_nowhere() -> None:
    story = Story()
    story.add(PageLogged(5.0, "a", "error", "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"))
    blind = Blind(story.run(), "a")

    assert blind.reaches(4.0, 6.0)
    assert not blind.reaches(5.5, 6.0)


ASKED_FOR = "ws://127.0.0.1:1234/timer/ws?client=a&attempt=1"
PUT_OFF = "ws://127.0.0.1:1234/timer/ws?client=a&attempt=2"


def test_firefox_tells_of_a_websocket_that_it_never_asked_for() -> None:
    story = Story()
    story.add(RequestSeen(1.0, 1, 1, "websocket", "GET", "/timer/ws?client=a&attempt=1", {}))
    story.add(PageLogged(2.0, "a", NETWORK, f"Firefox can\u2019t establish a connection to the server at {ASKED_FOR}."))
    assert not Blind(story.run(), "a").reaches(0.0, 9.0)

    story.add(PageLogged(5.0, "a", NETWORK, f"The connection to {PUT_OFF} was interrupted while the page was loading."))
    blind = Blind(story.run(), "a")
    assert blind.reaches(4.0, 6.0)
    assert blind.reaches(3.0, 5.0 - HEARD_LATE_S)
    assert not blind.reaches(5.5, 6.0)
    assert not Blind(story.run(), "b").reaches(0.0, 9.0)


def test_a_browser_that_is_offline_leaves_no_trace_of_its_own_attempts() -> None:
    run = Story().moved(3.0, "offline", "a").moved(5.0, "online", "a").looks(1.0, "a").looks(1.0, "b").run()

    assert Blind(run, "a").reaches(4.0, 4.5)
    assert not Blind(run, "a").reaches(5.5, 6.0)
    assert not Blind(run, "b").reaches(4.0, 4.5)


def test_a_right_back_off_is_never_hasty() -> None:
    limits, draw = Limits(), random.Random(1)
    for _ in range(2_000):
        times = [0.0]
        for failures in range(25):
            times.append(times[-1] + limits.floor_s + draw.random() * min(limits.cap_s, limits.base_s * 2**failures))
        assert hasty(times, limits) is None


def test_attempts_without_a_growing_wait_are_hasty() -> None:
    draw = random.Random(1)
    times = [0.0]
    for _ in range(20):
        times.append(times[-1] + 0.1 + draw.random() * 0.5)

    count = hasty(times, Limits())

    assert count is not None
    assert 5 < count < 20
    assert times[count - 1] < least_s(count - 1, Limits())
