"""Whether what a page displays is true."""

from typing import Any

import pytest

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.rightness import Rightness
from proxy_addons.tests.harness.judge.stories import Story


def wrong(story: Story) -> str | None:
    """What is wrong in the last look of a story."""
    run = story.run()
    return Rightness(run, Limits()).wrong_in(run.looks[-1])


def test_a_page_that_shows_what_the_server_has_is_right() -> None:
    story = Story().truth(0.0, 1, ends_t=60.0)
    assert wrong(story.looks(10.0, epoch="e", state="running", remaining_ms=50_000)) is None


@pytest.mark.parametrize("remaining_ms", [50_200, 49_750])
def test_a_small_error_of_the_time_is_none(remaining_ms: int) -> None:
    assert wrong(Story().truth(0.0, 1).looks(10.0, state="running", remaining_ms=remaining_ms)) is None


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ({"remaining_ms": 52_000}, "shows 52000 ms left, the server has 50.000 s left"),
        ({"remaining_ms": 48_000}, "shows 48000 ms left, the server has 50.000 s left"),
        ({"remaining_ms": "NaN"}, "shows NaN ms left, the server has 50.000 s left"),
        ({"remaining_ms": "soon"}, "shows soon ms left, the server has 50.000 s left"),
        ({"state": "paused"}, "shows 'paused', the server is 'running'"),
        ({"epoch": "old"}, "shows epoch 'old', the server has 'e'"),
    ],
)
def test_says_what_is_wrong(marks: dict[str, Any], words: str) -> None:
    assert wrong(Story().truth(0.0, 1).looks(10.0, **marks)) == words


def test_a_timer_that_stands_has_the_time_that_the_log_says() -> None:
    story = Story().truth(0.0, 1, phase="paused", remaining_ms=7000)
    assert wrong(story.looks(10.0, state="paused", remaining_ms=7000)) is None
    assert wrong(story.looks(11.0, state="paused", remaining_ms=6000)) is not None


def test_a_page_may_show_the_state_before_for_a_moment_and_no_longer() -> None:
    story = Story().truth(0.0, 1).truth(10.0, 2, phase="paused", remaining_ms=50_000)
    assert wrong(story.looks(10.2, state="running", remaining_ms=49_800)) is None
    assert wrong(story.looks(11.0, state="running", remaining_ms=49_000)) == "shows 'running', the server is 'paused'"


def test_what_the_log_does_not_tell_cannot_be_wrong() -> None:
    assert wrong(Story().truth(20.0, 1).looks(10.0, state="paused")) is None
