"""S7: one transport is active at a time."""

import pytest

from proxy_addons.harness.judge.checks.s07_one_transport import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import FaultFired, RuleChanged
from proxy_addons.tests.harness.judge.stories import EVERYTHING, Story, found, snapshot, texts, tick, undecided


def test_holds_where_one_follows_the_other() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).ends(5.0)
    story.eventsource(5.1).says(5.2, snapshot(1)).ends(9.0)
    for t in (9.1, 10.1, 11.1):
        story.poll(t, tick(1))
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_tells_of_two_that_stay_open() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1))
    story.eventsource(5.0).says(5.1, snapshot(1))
    story.step(20.0, "over")
    (text,) = texts(CHECK, story)
    assert "client a at 5.000 s began to listen by eventsource 2 (live, attempt 2) while websocket 1" in text
    assert "with both for 15.000 s" in text


def test_shows_both_requests() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1))
    story.eventsource(5.0).says(5.1, snapshot(1))
    story.step(20.0, "over")
    (difference,) = found(CHECK, story)
    records = story.run().records
    assert (records[difference.first].t, records[difference.last].t) == (0.0, 5.1)


def test_allows_the_moment_in_which_the_end_of_the_old_one_is_on_its_way() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).ends(5.3)
    story.websocket(5.0).says(5.1, snapshot(1))
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_lets_a_probe_connect_for_as_long_as_it_likes() -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1))
    story.websocket(5.0, purpose="probe")
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_lets_both_stand_for_a_moment_when_a_probe_works() -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1)).ends(6.5)
    story.websocket(5.0, purpose="probe").says(6.0, snapshot(1))
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_tells_of_an_old_one_that_stays_when_a_probe_works() -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1)).ends(8.0)
    story.websocket(5.0, purpose="probe").says(6.0, snapshot(1))
    (text,) = texts(CHECK, story.step(20.0, "over"))
    assert "or two for 1.000 s" in text


def test_tells_of_polls_that_go_on_beside_a_stream() -> None:
    story = Story()
    story.poll(0.0, snapshot(1))
    story.websocket(1.0, purpose="probe").says(1.1, snapshot(1))
    for t in (1.5, 2.5, 3.5):
        story.poll(t, tick(1))
    (text,) = texts(CHECK, story.step(20.0, "over"))
    assert "at 2.500 s began to listen by polling" in text


def test_does_not_count_what_only_catches_up_or_checks() -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1))
    story.poll(5.0, snapshot(1), took=3.0, purpose="resync").story.poll(9.0, tick(1), took=3.0, purpose="check")
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_counts_a_request_that_the_browser_repeats_once() -> None:
    story = Story()
    story.request(0.0, attempt=7)
    story.poll(0.5, snapshot(1), took=5.0, attempt=7)
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_does_not_count_a_channel_that_a_rule_has_silenced() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).fault(2.0, "stall")
    story.websocket(7.0).says(7.1, snapshot(1))
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_keeps_clients_apart() -> None:
    story = Story()
    story.websocket(0.0, client="a").story.websocket(0.0, client="b")
    assert texts(CHECK, story.step(20.0, "over")) == []


def test_takes_a_foreign_page_for_one_client_that_may_change_over() -> None:
    story = Story(EVERYTHING - {"attempts"})
    story.websocket(0.0, client="x").says(0.1, snapshot(1)).ends(5.8)
    story.eventsource(5.0, client="y").says(5.1, snapshot(1))
    story.step(20.0, "over")
    assert texts(CHECK, story) == []
    assert len(texts(CHECK, story, Limits(scale=0.5))) == 1


def test_is_undecided_without_a_channel() -> None:
    story = Story()
    story.refused(0.0)
    assert undecided(CHECK, story) is not None


@pytest.mark.parametrize("leaves", [True, False])
def test_a_channel_that_was_silenced_must_be_left_before_it_speaks_again(leaves: bool) -> None:
    # given a channel that a rule silences, that is replaced, and that flows again
    story = Story().step(30.0, "over")
    story.add(
        FaultFired(2.0, "r", "connection.stall", "stall", 1, 1, None, 0, "to_client and to_server, until healed"),
        RuleChanged(10.0, "r", "connection.stall", "removed"),
    )
    old = story.websocket(0.0).says(1.0, snapshot(1)).says(12.0, tick(1))
    story.websocket(7.0).says(7.1, snapshot(1)).says(20.0, tick(1))
    # when its client has left it meanwhile, or listens on
    if leaves:
        old.ends(10.1)
    assert bool(texts(CHECK, story)) is not leaves
