"""Messages that a rule made up."""

from proxy_addons.harness.judge.forgeries import was_told_lies
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot


def story_with(sent: str) -> Story:
    """A rule sends something in the place of event 2."""
    story = Story()
    socket = story.websocket(0.5, client="a").says(0.6, snapshot(1)).says(1.0, event(2), delivered=False)
    socket.fault(1.0, "replace", sent=sent)
    return story


def test_a_valid_message_that_the_server_never_sent_is_a_lie_from_then_on() -> None:
    run = story_with(event(7)).run()
    assert was_told_lies(run, "a", 2.0)
    assert was_told_lies(run, None, 2.0)
    assert not was_told_lies(run, "a", 0.9)
    assert not was_told_lies(run, "b", 2.0)


def test_damage_is_no_lie() -> None:
    assert not was_told_lies(story_with('{"kind": "ev').run(), "a", 2.0)


def test_the_server_s_own_words_are_none() -> None:
    assert not was_told_lies(story_with(event(2)).run(), "a", 2.0)
