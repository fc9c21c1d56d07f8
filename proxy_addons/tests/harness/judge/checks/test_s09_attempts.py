import pytest

from proxy_addons.harness.judge.checks.s09_attempts import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import FaultFired
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, tick, undecided


def test_a_long_healthy_run_has_one_connection_per_client() -> None:
    assert texts(CHECK, healthy(150.0, ("a", "b"))) == []


def test_waits_of_a_back_off_are_right() -> None:
    story = Story()
    for t in (1.0, 1.3, 1.9, 3.0, 5.5, 9.0):
        story.refused(t)

    assert texts(CHECK, story) == []


def test_attempts_without_a_wait_are_too_many() -> None:
    story = Story()
    for place in range(10):
        story.refused(1.0 + place * 0.02)

    (difference, *_) = found(CHECK, story)

    assert difference.text == "client a made 3 websocket attempts in 0.040 s; at most 2 are right"
    assert difference.first < difference.last


def test_a_rush_after_a_calm_is_too_many_as_well() -> None:
    story = Story()
    for t in (1.0, 20.0, 40.0, *(50.0 + place * 0.02 for place in range(10))):
        story.refused(t)

    assert "in 0.040 s" in texts(CHECK, story)[0]


def test_what_the_browser_repeats_is_no_attempt() -> None:
    story = Story()
    for place in range(10):
        story.refused(1.0 + place * 0.02, "eventsource", attempt=1)

    assert texts(CHECK, story) == []


def _talking(story: Story, until: int = 30) -> None:
    socket = story.websocket(0.0).says(0.1, snapshot(1))
    for t in range(1, until):
        socket.says(t, tick(1))


def test_an_attempt_beside_a_healthy_channel_is_needless() -> None:
    story = Story()
    _talking(story)
    story.poll(10.0, snapshot(1))

    assert texts(CHECK, story) == [
        "client a opened polling 2 while its websocket 1 stood and delivered; no attempt is right then but an upward "
        "probe"
    ]


def test_a_channel_that_says_nothing_may_be_replaced() -> None:
    story = Story()
    _talking(story, until=10)
    story.websocket(15.0).says(15.1, snapshot(1))

    assert texts(CHECK, story) == []


@pytest.mark.parametrize(("direction", "complaints"), [("to_client", 0), ("to_server", 1)])
def test_a_channel_whose_connection_is_stalled_may_be_replaced(direction: str, complaints: int) -> None:
    story = Story()
    _talking(story)
    story.add(FaultFired(9.5, "r", "connection.stall", "stall", 1, 1, None, 0, f"{direction}, until healed"))
    story.websocket(15.0).says(15.1, snapshot(1))

    assert len(texts(CHECK, story)) == complaints


def test_a_websocket_of_a_browser_that_is_offline_may_be_replaced() -> None:
    story = Story().looks(0.0).moved(9.0, "offline").moved(14.9, "online")
    _talking(story, until=15)
    story.websocket(15.0).says(15.1, snapshot(1))

    assert texts(CHECK, story) == []


@pytest.mark.parametrize(("second", "complaints"), [(21.0, 0), (12.0, 1)])
def test_probes_keep_their_distance(second: float, complaints: int) -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1)).says(1.0, tick(1))
    story.refused(10.0, purpose="probe")
    story.refused(second, purpose="probe")

    assert len(texts(CHECK, story)) == complaints


def _reconnected(*, silent_from: int = 60) -> Story:
    """A client that ends its connection after a minute, for no reason but a silence, and makes another."""
    story = Story()
    socket = story.websocket(0.0).says(0.1, snapshot(1))
    for t in range(1, silent_from):
        socket.says(t, tick(1))
    socket.ends(60.0)
    socket = story.websocket(61.0)
    for t in range(62, 130):
        socket.says(t, tick(1))
    return story.step(130.0, "over")


def test_a_run_in_which_nothing_goes_wrong_has_no_second_connection() -> None:
    story = _reconnected()

    assert texts(CHECK, story) == [
        "client a made 2 attempts (websocket) in a run in which nothing went wrong; one is right"
    ]


def test_a_machine_that_stood_still_is_trouble_enough() -> None:
    assert texts(CHECK, _reconnected(silent_from=55)) == []


def test_after_a_fault_a_second_connection_is_right() -> None:
    assert texts(CHECK, _reconnected().fault(60.0)) == []


def test_the_bounds_shrink_with_the_scale() -> None:
    story = Story()
    for place in range(40):
        story.refused(1.0 + place * 0.02)

    assert texts(CHECK, story)
    assert texts(CHECK, story, Limits(scale=0.1)) == []


def test_nobody_came() -> None:
    assert undecided(CHECK, Story().truth(0.0, 1)) == "no client made an attempt"
