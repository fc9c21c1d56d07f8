"""When a page was not what it should be, and since which fault."""

from proxy_addons.harness.gate.outages import Outage, outages_of
from proxy_addons.harness.judge.facts import Evidence, Limits
from proxy_addons.harness.judge.lives import lives_of
from proxy_addons.records import FaultFired
from proxy_addons.tests.harness.judge.stories import EVERYTHING, Story, snapshot, tick

QUICK = Limits(scale=0.1)


def lost_and_found(offers: frozenset[Evidence] = EVERYTHING) -> Story:
    """A page that is live over a WebSocket, which a rule cuts at 2.0; at 2.3 it is live over another."""
    story = Story(offers).truth(0.0, 1)
    socket = story.websocket(0.5, client="a")
    socket.says(0.6, snapshot(1)).says(1.9, tick(1))
    socket.fault(2.0, "abort").ends(2.0, by="rule")
    story.websocket(2.2, client="a").says(2.25, snapshot(1))
    story.shows(0.75, 1.75, connection="live", seq=1)
    story.looks(2.05, connection="connecting", stale="fresh", epoch="e", seq=1)
    return story.shows(2.3, 4.0, connection="live", seq=1)


def outages(story: Story) -> list[Outage]:
    run = story.run()
    (life,) = lives_of(run)
    return list(outages_of(run, life, QUICK))


def spans(story: Story) -> list[tuple[float, float]]:
    return [(each.begin, each.end) for each in outages(story)]


def test_an_outage_begins_with_the_fault_and_ends_with_the_page() -> None:
    assert spans(lost_and_found()) == [(2.0, 2.3)]


def test_it_knows_when_the_page_was_right_before_and_what_was_lost() -> None:
    (outage,) = outages(lost_and_found())
    assert outage.fine_until == 1.75
    assert outage.lost is not None
    assert outage.lost.t == 0.5


def test_a_page_that_is_live_with_old_data_is_not_back() -> None:
    story = lost_and_found().truth(2.1, 2)
    assert spans(story.looks(2.6, connection="live", stale="fresh", epoch="e", seq=2)) == [(2.0, 2.6)]


def test_a_page_that_shows_what_is_not_so_is_not_back() -> None:
    story = lost_and_found()
    story.records = [each for each in story.records if each.t < 2.3]
    story.looks(2.3, connection="live", stale="fresh", epoch="e", seq=1, state="paused")
    assert spans(story.shows(3.0, 4.0, connection="live", seq=1)) == [(2.0, 3.0)]


def test_what_no_fault_led_to_is_none() -> None:
    story = lost_and_found()
    story.looks(3.6, connection="live", stale="stale", epoch="e", seq=1)
    assert spans(story) == [(2.0, 2.3)]


def test_a_page_that_does_not_come_back_has_had_no_recovery() -> None:
    story = lost_and_found()
    story.records = [each for each in story.records if each.t < 2.3]
    assert spans(story) == []


def test_a_page_that_was_not_live_yet_has_lost_nothing() -> None:
    story = Story().truth(0.0, 1).looks(0.1, connection="connecting", stale="offline").fault(0.2)
    story.websocket(0.5, client="a").says(0.6, snapshot(1))
    assert spans(story.shows(0.75, 2.0, connection="live", seq=1)) == []


def test_a_stall_begins_with_the_first_message_that_did_not_come() -> None:
    story = Story().truth(0.0, 1)
    socket = story.websocket(0.5, client="a").says(0.6, snapshot(1)).says(1.0, tick(1))
    for t in (1.1, 1.2, 1.3):
        socket.says(t, tick(1), delivered=False).fault(t, "stall")
    story.websocket(1.6, client="a").says(1.65, snapshot(1))
    story.shows(0.75, 1.0, connection="live", seq=1).looks(1.4, connection="live", stale="stale", seq=1)
    assert spans(story.shows(1.7, 3.0, connection="live", seq=1)) == [(1.1, 1.7)]


def test_a_fault_after_which_the_page_still_heard_something_is_not_its_cause() -> None:
    story = lost_and_found()
    story.add(FaultFired(1.0, "slow", "connection.latency", "pace", 1, 1, None, 0, ""))
    assert spans(story) == [(2.0, 2.3)]


def test_what_an_old_connection_still_says_counts_for_nothing() -> None:
    story = lost_and_found()
    newer = story.websocket(4.2, client="a").says(4.25, snapshot(1))
    story.shows(4.3, 4.8, connection="live", seq=1)
    story.websocket(0.7, client="a", attempt=9).says(0.75, snapshot(1)).says(5.0, tick(1))
    newer.fault(4.9, "stall").says(4.95, tick(1), delivered=False)
    story.looks(5.2, connection="connecting", stale="fresh", epoch="e", seq=1)
    story.websocket(5.3, client="a").says(5.35, snapshot(1))
    assert spans(story.shows(5.4, 6.0, connection="live", seq=1))[-1] == (4.9, 5.4)


def test_where_nobody_can_read_the_page_the_first_message_of_another_channel_ends_it() -> None:
    assert spans(lost_and_found(frozenset({"attempts"}))) == [(2.0, 2.25)]


def test_a_foreign_page_that_polls_on_has_lost_nothing() -> None:
    story = Story(frozenset()).opens(0.0)
    for t in range(1, 6):
        story.poll(float(t), tick(1))
    assert spans(story.looks(6.0)) == []
