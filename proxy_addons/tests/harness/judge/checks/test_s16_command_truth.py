import json

import pytest

from proxy_addons.harness.judge.checks.s16_command_truth import CHECK
from proxy_addons.records import PageClosed, PageSaid
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided

RESULT = json.dumps({"kind": "result", "epoch": "e", "seq": 2, "id": "c-1", "ok": True})


def commanded(state: str, effects: int | None = 1, answered: float | None = 1.2) -> Story:
    """Command c-1, which had so many effects and ended as the page says."""
    story = Story().opens(0.0)
    socket = story.websocket(0.0).says(0.1, snapshot(1)).hears(1.0, '{"id": "c-1"}')
    if answered is not None:
        socket.says(answered, RESULT)
    if effects is not None:
        story.command(1.1, "c-1", effects)
    story.add(PageSaid(1.3, "a", "trace", {"what": "command", "id": "c-1", "state": state}))
    return story.step(20.0, "over")


@pytest.mark.parametrize(("state", "effects"), [("done", 1), ("failed", 0), ("done", None), ("pending", 1)])
def test_what_is_said_is_so(state: str, effects: int | None) -> None:
    assert texts(CHECK, commanded(state, effects)) == []


@pytest.mark.parametrize(
    ("state", "effects", "words"),
    [
        ("done", 2, "command c-1 took effect 2 times; at most once is right"),
        ("done", 0, "the page called command c-1 done, but it took no effect; one is right"),
        ("failed", 1, "the page called command c-1 failed, but it took effect; none is right"),
    ],
)
def test_what_is_said_is_not_so(state: str, effects: int, words: str) -> None:
    (difference,) = found(CHECK, commanded(state, effects))

    assert difference.text == words
    assert difference.first < difference.last


def test_a_command_without_an_answer_may_stay_unknown() -> None:
    assert texts(CHECK, commanded("unknown", answered=None)) == []


def test_one_whose_answer_came_may_not() -> None:
    (text,) = texts(CHECK, commanded("unknown"))

    assert text == "the page called command c-1 unknown to the end, 18.800 s after its answer came; it should know"


def test_an_answer_that_came_with_the_end_of_the_page_was_not_read() -> None:
    assert texts(CHECK, commanded("unknown").add(PageClosed(1.5, "a"))) == []


def test_nobody_gave_a_command() -> None:
    assert undecided(CHECK, healthy()) == "no command was given"
