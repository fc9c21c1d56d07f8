"""What of an exchange reached its client, where rules act on whole connections; the rest is told of runs."""

import json

import pytest

from proxy_addons.harness.judge.exchanges import Delivery, Exchange
from proxy_addons.harness.judge.facts import Contract
from proxy_addons.harness.judge.plain import PlainContract
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import BodySeen, ConnectionEnded, FaultFired, MessageSeen, ResponseSeen, RuleChanged
from proxy_addons.tests.harness.judge.stories import Story, StoryContract, snapshot, tick


def stalled(detail: str = "to_client and to_server, until healed") -> Story:
    """A WebSocket on a connection that is stalled at 2 s and healed at 5 s."""
    story = Story().add(
        FaultFired(2.0, "r", "connection.stall", "stall", 1, 1, None, 0, detail),
        RuleChanged(5.0, "r", "connection.stall", "removed"),
    )
    story.websocket(0.5).says(1.0, snapshot(1)).says(3.0, tick(1)).says(6.0, tick(1))
    return story


def deliveries(story: Story) -> list[Delivery]:
    return story.run().exchanges[0].deliveries


def got(story: Story) -> list[tuple[float, float]]:
    """When the client got what, and how late."""
    return [(each.t, round(each.late_s, 6)) for each in deliveries(story) if each.delivered and each.surely]


def test_a_stalled_connection_delivers_nothing_until_it_is_healed() -> None:
    assert got(stalled()) == [(1.0, 0.0), (5.0, 2.0), (6.0, 0.0)]


def test_a_stall_with_a_time_ends_by_itself() -> None:
    assert got(stalled("to_client, for 1500 ms")) == [(1.0, 0.0), (3.5, 0.5), (6.0, 0.0)]


def test_a_stall_towards_the_server_delivers_all() -> None:
    assert got(stalled("to_server, until healed")) == [(1.0, 0.0), (3.0, 0.0), (6.0, 0.0)]


def test_of_a_stall_that_does_not_say_which_way_nothing_is_sure_until_it_is_healed() -> None:
    assert got(stalled("")) == [(1.0, 0.0), (6.0, 0.0)]
    assert [each.delivered for each in deliveries(stalled(""))] == [True, True, True]


@pytest.mark.parametrize(("by", "sure"), [("client", False), ("origin", True)])
def test_who_ends_a_channel_as_it_flows_again_had_left_it_before(by: str, sure: bool) -> None:
    story = Story().add(
        FaultFired(2.0, "r", "connection.stall", "stall", 1, 1, None, 0, "to_client, until healed"),
        RuleChanged(5.0, "r", "connection.stall", "removed"),
    )
    story.websocket(0.5).says(1.0, snapshot(1)).says(3.0, tick(1)).ends(5.01, by=by)
    assert [each.surely for each in deliveries(story) if each.t == 5.0] == [sure]


def test_what_is_held_is_lost_where_the_connection_ends_first() -> None:
    story = stalled().add(ConnectionEnded(4.0, 1, "rst", "rule"))
    assert (5.0, 2.0) not in got(story)


def test_the_answer_to_a_poll_is_held_with_its_connection_and_may_come_too_late() -> None:
    story = Story().add(
        FaultFired(2.0, "r", "connection.stall", "stall", 1, None, None, 0, "to_client, until healed"),
        RuleChanged(5.0, "r", "connection.stall", "removed"),
    )
    story.poll(1.9, tick(1), took=0.2)
    held, late = deliveries(story)
    assert (held.delivered, late.delivered, late.t, late.surely) == (False, True, 5.0, False)


def binary(offers: Contract) -> list[bool]:
    """Whether a text, a binary message, and one that a rule made binary are valid."""
    story = Story()
    socket = story.websocket(0.5).says(1.0, snapshot(1))
    story.add(MessageSeen(2.0, 1, "to_client", 2, tick(1), 9, True, text=False))
    story.add(MessageSeen(3.0, 1, "to_client", 3, tick(1), 9, False))
    story.add(FaultFired(3.0, "r", "websocket.x", "replace", 1, 1, 3, 9, "binary", tick(1)))
    assert socket.exchange == 1
    run = Run(sorted(story.records, key=lambda record: record.t), offers)
    return [each.is_valid for each in run.exchanges[0].deliveries if each.delivered]


def test_a_binary_message_is_malformed_but_to_a_contract_that_reads_it() -> None:
    assert binary(StoryContract()) == [True, False, False]
    assert binary(PlainContract()) == [True, True, True]


def test_what_is_asked_for_again_and_again_is_polled_where_nobody_says_what_it_is_for() -> None:
    for times, rung in ((2, "asset"), (3, "polling")):
        story = Story(frozenset())
        for n in range(times):
            story.poll(1.0 + n, tick(1))
        assert {each.rung for each in story.run().exchanges} == {rung}
    story = Story()
    story.poll(1.0, tick(1))
    assert story.run().exchanges[0].rung == "polling"


class TestAPollThatARuleAnswers:
    """Its answer is whole with its head; no body of it comes by."""

    def answered(self, status: int, body: str) -> Exchange:
        story = Story()
        told = story.request(1.0).fault(1.5, "respond", body, kind="request.respond")
        story.add(ResponseSeen(1.5, told.exchange, status, "application/json", "rule"))
        return story.run().exchanges[0]

    def test_is_over_with_the_answer(self) -> None:
        exchange = self.answered(500, "no")
        assert (exchange.ended_t, exchange.deliveries) == (1.5, [])

    def test_delivers_what_the_rule_says(self) -> None:
        exchange = self.answered(200, json.dumps({"messages": [json.loads(tick(3))]}))
        assert [each.said.seq for each in exchange.deliveries if each.said] == [3]

    def test_delivers_something_malformed_where_the_rule_says_that(self) -> None:
        assert [each.said for each in self.answered(200, "<html>").deliveries] == [None]


def test_of_a_poll_whose_answer_a_rule_spoils_the_client_gets_what_the_rule_sent() -> None:
    story = Story()
    told = story.request(1.0).fault(1.5, "replace", "<html>", kind="request.corrupt")
    story.add(ResponseSeen(1.5, told.exchange, 200, "application/json", "origin"))
    story.add(BodySeen(1.6, told.exchange, "to_client", json.dumps({"messages": [json.loads(tick(3))]}), 9, False))
    got = [each for each in story.run().exchanges[0].deliveries if each.delivered]
    assert [(each.raw, each.said) for each in got] == [("<html>", None)]


class TestAPollBesideAStream:
    def polled(self, t: float, took: float) -> Exchange:
        """A WebSocket that delivers first at 5 s, and a poll."""
        story = Story()
        story.websocket(4.9).says(5.0, snapshot(3)).says(9.0, tick(3))
        story.poll(t, tick(3), took=took)
        return next(each for each in story.run().exchanges if each.rung == "polling")

    def test_may_have_been_given_up_where_it_was_under_way_as_the_stream_began_to_deliver(self) -> None:
        assert not self.polled(4.8, 0.4).worked
        assert not self.polled(5.1, 0.1).worked

    def test_is_one_like_any_other_before_and_long_after(self) -> None:
        assert self.polled(4.0, 0.4).worked
        assert self.polled(7.0, 0.1).worked
