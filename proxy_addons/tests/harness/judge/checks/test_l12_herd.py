"""L12: clients that are dropped together all come back within `Y`, and do not come back together."""

import pytest

from proxy_addons.harness.judge.checks.l12_herd import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided

SOON = Limits(browser_throttle_s=0.0)
"""`Y` is 29 s."""


def herd(clients: int, spread_s: float, *, dropped_over_s: float = 0.0, back: int | None = None) -> Story:
    """So many clients, dropped at 10 s and back evenly over a time (or only the first of them)."""
    story = Story().step(60.0, "over")
    for n in range(clients):
        story.websocket(1.0, client=f"c{n}").says(1.1, snapshot(1)).ends(
            10.0 + n / clients * dropped_over_s, by="origin"
        )
        t = 10.1 + n / clients * spread_s
        if back is None or n < back:
            story.websocket(t, client=f"c{n}").says(t + 0.05, snapshot(1))
    return story


def test_holds_where_they_spread_over_two_seconds() -> None:
    assert found(CHECK, herd(100, 2.0), SOON) == []


def test_breaks_where_they_all_come_back_at_once() -> None:
    (difference,) = found(CHECK, herd(100, 0.2), SOON)
    assert difference.text == (
        "100 requests within 1.00 s from 9.100 s on, after 100 clients were dropped together; "
        "it should have been at most 70"
    )


def test_breaks_where_they_spread_and_yet_ask_for_too_much() -> None:
    story = herd(100, 2.0)
    for n in range(40):
        story.poll(11.0, client=f"c{n}", purpose="resync")
    assert len(found(CHECK, story, SOON)) == 1


def test_breaks_for_each_client_that_does_not_come_back() -> None:
    differences = texts(CHECK, herd(100, 2.0, back=98), SOON)
    assert differences == [f"client c{n} got nothing valid within 29.0 s of being dropped" for n in (98, 99)]


def test_the_pages_that_they_load_first_are_no_herd() -> None:
    story = herd(100, 2.0)
    for n in range(100):
        story.poll(0.5, client=f"c{n}")
    assert found(CHECK, story, SOON) == []


WORDS = "no 25 clients or more, 80% of all, lost their channels within one moment"


@pytest.mark.parametrize(
    "story", [healthy(), herd(24, 0.1), herd(100, 0.1, dropped_over_s=5.0)], ids=["no fault", "few", "one by one"]
)
def test_nothing_can_be_asked_where_no_herd_was_dropped(story: Story) -> None:
    assert undecided(CHECK, story, SOON) == WORDS


def test_says_something_only_of_a_run_of_its_own() -> None:
    assert CHECK.own_run
