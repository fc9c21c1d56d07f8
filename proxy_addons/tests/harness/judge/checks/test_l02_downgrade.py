"""L2: where a transport is broken for good and a lower one works, valid data comes by a lower one in time."""

from proxy_addons.harness.judge.checks.l02_downgrade import CHECK, bound_s
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import PageClosed, UpstreamFailed
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, tick, undecided

QUICK = Limits(scale=0.1, browser_throttle_s=0.0)
"""A fall back may take 2.93 s."""


def refusing(client: str = "a", until: float = 8.0) -> Story:
    """A rule answers each WebSocket with 503 from 1 s on, once a second."""
    story = Story().step(until, "over")
    for t in range(1, int(until)):
        story.refused(t, client=client).fault(t + 0.005, "respond")
    return story


def test_the_bound_is_three_failures_and_the_liveness() -> None:
    assert round(bound_s(QUICK), 2) == 2.93
    assert round(bound_s(Limits()), 1) == 34.3


def test_holds_where_data_comes_by_a_lower_transport_in_time() -> None:
    story = refusing()
    story.eventsource(3.0, client="a").says(3.1, snapshot(1))
    assert found(CHECK, story, QUICK) == []


def test_holds_where_it_comes_by_the_lowest() -> None:
    story = refusing()
    story.poll(3.0, snapshot(1), client="a")
    assert found(CHECK, story, QUICK) == []


def test_breaks_where_a_client_only_tries_the_same_again() -> None:
    (difference,) = found(CHECK, refusing(), QUICK)
    assert difference.text == (
        "client a: websocket brought nothing valid from 0.000 s on (7 attempts), and yet nothing came by "
        "eventsource or polling within 2.9 s"
    )
    assert difference.first == 0


def test_breaks_where_a_client_falls_back_too_late() -> None:
    story = refusing()
    story.poll(6.0, snapshot(1), client="a")
    assert len(found(CHECK, story, QUICK)) == 1


def test_breaks_where_others_show_that_a_lower_one_works() -> None:
    story = refusing("a").fault(1.5, "reset")
    story.eventsource(2.0, client="b").says(2.1, snapshot(1)).says(3.0, tick(1))
    assert [each.text[:9] for each in found(CHECK, story, QUICK)] == ["client a:"]


def test_nothing_can_be_asked_where_all_works() -> None:
    assert undecided(CHECK, healthy()) == (
        "no transport was broken for good, and for long enough, while a lower one worked"
    )


def test_nothing_can_be_asked_where_the_whole_network_is_down() -> None:
    assert undecided(CHECK, refusing().fault(2.0, "reset"), QUICK) is not None
    assert undecided(CHECK, refusing().add(UpstreamFailed(2.0, 9, "refused")), QUICK) is not None


def test_nothing_can_be_asked_where_the_lower_one_is_broken_too() -> None:
    story = refusing()
    story.refused(2.5, "eventsource", client="a").fault(2.505, "respond")
    story.refused(3.5, "http", client="a", status=404).fault(3.505, "respond")
    assert undecided(CHECK, story, QUICK) is not None


def test_nothing_can_be_asked_where_the_server_itself_fails() -> None:
    story = refusing()
    story.poll(2.5, status=500, client="b")
    assert undecided(CHECK, story, QUICK) is not None


def test_nothing_can_be_asked_where_no_rule_broke_it_and_nothing_shows_that_another_works() -> None:
    story = Story().step(8.0, "over")
    story.answer(story.request(1.0, "websocket", path="/timer/ws"), 1.1, status=503)
    assert undecided(CHECK, story, QUICK) is not None


def test_nothing_can_be_asked_where_the_transport_works_again() -> None:
    story = refusing()
    story.websocket(7.5, client="a").says(7.6, snapshot(1))
    assert undecided(CHECK, story, QUICK) is not None


def test_nothing_can_be_asked_where_the_page_ends_before_the_time_is_over() -> None:
    story = refusing().opens(0.0).looks(1.0).add(PageClosed(3.0, "a"))
    assert undecided(CHECK, story, QUICK) is not None
