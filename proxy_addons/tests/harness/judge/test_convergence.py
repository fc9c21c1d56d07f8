"""Whether a page came to show the truth as fresh."""

from typing import Any

import pytest

from proxy_addons.harness.judge.convergence import Convergence, convergence
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.lives import lives_of
from proxy_addons.harness.judge.rightness import Rightness
from proxy_addons.tests.harness.judge.stories import Story

QUICK = Limits(scale=0.1)


def outcome(story: Story, begin: float = 2.0, bound: float = 5.0) -> Convergence:
    run = story.truth(0.0, 1).run()
    (life,) = lives_of(run)
    return convergence(life, Rightness(run, QUICK), QUICK, begin, bound)


def test_a_page_came_when_it_was_fresh_and_right_for_long_enough() -> None:
    assert outcome(Story().shows(1.0, 4.0, stale="stale").shows(4.25, 6.0)).outcome == "came"


def test_a_page_that_always_was_right_came_at_once() -> None:
    assert outcome(Story().shows(1.0, 3.0)).outcome == "came"


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ({"stale": "stale"}, "shows its data as stale"),
        ({"stale": "fresh", "state": "paused"}, "shows 'paused', the server is 'running'"),
    ],
)
def test_a_page_that_never_was_fresh_and_right_failed(marks: dict[str, Any], words: str) -> None:
    seen = outcome(Story().shows(1.0, 8.0, **marks))
    assert (seen.outcome, seen.wrong) == ("failed", words)


def test_a_page_that_was_right_only_now_and_then_failed() -> None:
    story = Story()
    for t in range(1, 9):
        story.looks(t, stale="fresh").looks(t + 0.9, stale="stale")
    assert outcome(story).outcome == "failed"


def test_a_page_that_came_too_late_failed() -> None:
    assert outcome(Story().shows(1.0, 5.0, stale="stale").shows(5.25, 8.0)).outcome == "failed"


def test_nothing_can_be_told_where_the_record_ends_before_the_bound() -> None:
    assert outcome(Story().shows(1.0, 4.5, stale="stale")).outcome == "open"


def test_nothing_can_be_told_where_the_record_ends_while_it_holds() -> None:
    assert outcome(Story().shows(1.0, 4.5, stale="stale").shows(4.75, 5.5)).outcome == "open"
