"""Doubts with and without a reason, on hand-written histories."""

import pytest

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.waited import given_up_for_lateness, waited_in_vain
from proxy_addons.tests.harness.judge.stories import Story, snapshot, tick

LIMITS = Limits()


def doubted(story: Story, t: float) -> bool:
    run = story.looks(t, connection="live", stale="stale").run()
    return waited_in_vain(run, LIMITS, run.looks_of("a")[-1])


def test_there_is_a_reason_when_an_open_channel_was_silent_for_too_long() -> None:
    story = Story()
    story.websocket(0.0, client="a").says(0.1, snapshot(1))
    assert doubted(story, 3.2)


def test_there_still_is_a_reason_just_after_the_messages_have_come() -> None:
    story = Story()
    story.websocket(0.0, client="a").says(0.1, snapshot(1)).says(3.6, tick(1))
    assert doubted(story, 3.7)
    assert not doubted(story, 5.0)


@pytest.mark.parametrize("t", [0.5, 2.0])
def test_there_is_none_while_messages_come(t: float) -> None:
    story = Story()
    story.websocket(0.0, client="a").says(0.1, snapshot(1)).says(1.1, tick(1))
    assert not doubted(story, t)


def test_there_is_none_for_a_client_that_did_not_ask_for_long() -> None:
    story = Story()
    story.websocket(0.0, client="a").says(0.1, snapshot(1)).ends(1.0)
    story.websocket(5.0, client="a")
    assert not doubted(story, 5.1)


def test_attempts_that_nobody_answers_are_waited_for_as_a_channel_is() -> None:
    story = Story()
    story.websocket(0.0, client="a").says(0.1, snapshot(1)).ends(1.0)
    story.websocket(1.1, client="a")
    assert doubted(story, 3.3)


def given_up(story: Story) -> list[bool]:
    run = story.run()
    return [given_up_for_lateness(run, LIMITS, each) for each in run.channels()]


class TestGivenUp:
    def test_a_channel_that_fell_silent_by_itself(self) -> None:
        story = Story()
        story.websocket(0.0).says(1.0, snapshot(1)).ends(6.0)
        assert given_up(story) == [True]

    def test_a_channel_whose_messages_came_all_at_once_in_the_end(self) -> None:
        story = Story()
        story.websocket(0.0).says(1.0, snapshot(1)).says(6.0, tick(1), tick(1)).ends(6.1)
        assert given_up(story) == [True]

    def test_an_attempt_that_was_not_answered_in_time(self) -> None:
        story = Story()
        story.request(0.0, "websocket", path="/timer/ws").ends(4.0)
        assert given_up(story) == [True]

    def test_not_one_that_a_rule_had_to_do_with(self) -> None:
        story = Story()
        story.websocket(0.0).says(1.0, snapshot(1)).fault(1.5, "stall").ends(6.0)
        assert given_up(story) == [False]

    @pytest.mark.parametrize("t", [2.0, 4.0])
    def test_not_one_that_was_given_up_early(self, t: float) -> None:
        story = Story()
        story.websocket(0.0).says(1.0, snapshot(1)).ends(t)
        assert given_up(story) == [False]

    def test_not_one_that_the_server_ended(self) -> None:
        story = Story()
        story.websocket(0.0).says(1.0, snapshot(1)).ends(6.0, "close", "origin", 1001)
        assert given_up(story) == [False]
