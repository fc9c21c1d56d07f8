import pytest

from proxy_addons.harness.judge.checks.s23_polite import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import BodySeen, ResponseSeen
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided


def polling(*times: float, took: float = 0.02) -> Story:
    story = Story()
    for t in times:
        story.poll(t, snapshot(1), took=took)
    return story


def busy(story: Story, t: float, seconds: str = "5", status: int = 503) -> None:
    """A poll is answered with the wish to wait."""
    poll = story.request(t)
    story.add(ResponseSeen(t + 0.01, poll.exchange, status, "", "rule", seconds))
    story.add(BodySeen(t + 0.01, poll.exchange, "to_client", "", 0, True))


def test_a_poll_a_second_is_right() -> None:
    assert texts(CHECK, polling(*map(float, range(1, 30)))) == []


def test_polls_that_come_faster_are_too_many() -> None:
    (difference,) = found(CHECK, polling(1.0, 1.5, 2.0, 2.5))

    assert difference.text == "client a started 2 polls in 0.500 s; 0.900 s is the least"


def test_a_poll_that_was_late_does_not_make_the_next_early() -> None:
    assert texts(CHECK, polling(1.0, 2.0, 3.6, 4.0, 5.0, 6.0), Limits(slow_s=0.5)) == []


def test_two_polls_in_flight_are_one_too_many() -> None:
    assert texts(CHECK, polling(1.0, 2.0, took=1.5)) == [], "what has been given up may overlap for a moment"

    (text,) = texts(CHECK, polling(1.0, 2.0, took=2.5))

    assert text == "client a had polls 1 and 2 in flight; one at a time is right"


def _second_poll(t: float, *, held: bool) -> Story:
    """A first poll at 1 s that is never answered, and a second."""
    story = Story()
    first = story.request(1.0)
    if held:
        first.fault(1.0, "stall")
    story.poll(t, snapshot(1), took=2.0)
    return story


def test_a_poll_that_was_given_up_may_seem_in_flight_where_a_rule_holds_its_end_back() -> None:
    assert texts(CHECK, _second_poll(4.1, held=True)) == []
    assert len(texts(CHECK, _second_poll(4.1, held=False))) == 1
    assert len(texts(CHECK, _second_poll(2.0, held=True))) == 1


def test_a_poll_after_one_that_failed_is_an_attempt() -> None:
    story = polling(1.0)
    story.poll(2.0, status=500)
    story.poll(2.3, snapshot(1))

    assert texts(CHECK, story) == []


@pytest.mark.parametrize("purpose", ["check", "resync"])
def test_requests_beside_the_channel_keep_their_distance(purpose: str) -> None:
    story = Story()
    for t in (1.0, 1.2, 1.4):
        story.poll(t, snapshot(1), purpose=purpose)

    assert texts(CHECK, story) == [f"client a started 2 requests for {purpose} in 0.200 s; 0.900 s is the least"]


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_asked_to_wait_asks_for_nothing(status: int) -> None:
    story = Story()
    busy(story, 1.0, status=status)
    story.refused(4.0)
    story.poll(6.1, snapshot(1))

    assert texts(CHECK, story) == [
        f"client a made 1 requests, the first 2.990 s after {status} with Retry-After: 5; none is right before 5 s are "
        "over"
    ]


def test_the_wait_is_in_real_seconds_and_has_a_cap() -> None:
    story = Story()
    busy(story, 1.0, "3600")
    story.poll(62.0, snapshot(1))

    assert texts(CHECK, story, Limits(scale=0.1)) == []


def test_a_script_cannot_read_the_answer_to_a_handshake() -> None:
    story = polling(10.0)
    socket = story.request(1.0, "websocket", path="/timer/ws")
    story.add(ResponseSeen(1.01, socket.exchange, 503, "", "rule", "5"))
    story.refused(2.0)

    assert texts(CHECK, story) == []


def test_a_cached_answer_is_wrong() -> None:
    story = Story()
    story.poll(1.0, snapshot(1), headers={"If-None-Match": '"x"'})

    assert texts(CHECK, story) == ["poll 1 of client a came with If-None-Match; a cached answer is never right"]


def test_nobody_polled() -> None:
    assert undecided(CHECK, healthy()) == "no client polled, and none sent a command by a request"
