import pytest

from proxy_addons.harness.judge.checks.s13_downgrade import CHECK
from proxy_addons.records import ListenerChanged
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, tick, undecided


def falls_back(failures: int = 3, *, proof: bool = True) -> Story:
    """A client whose WebSocket fails so often, and which then goes down to an EventSource."""
    story = Story()
    for place in range(failures):
        story.refused(1.0 + place)
    if proof:
        story.poll(8.0, snapshot(1), purpose="check")
    story.eventsource(9.0).says(9.1, snapshot(1))
    return story


def test_a_spent_budget_and_a_network_that_is_there_are_reason_enough() -> None:
    assert texts(CHECK, falls_back()) == []


@pytest.mark.parametrize("failures", [1, 2])
def test_fewer_failures_than_the_budget_are_no_reason(failures: int) -> None:
    (difference,) = found(CHECK, falls_back(failures))

    assert difference.text == (
        f"client a went down from websocket to eventsource (request {failures + 2}) after {failures} failures in a "
        "row; 3 are right"
    )


def test_without_a_proof_the_network_may_be_down() -> None:
    (text,) = texts(CHECK, falls_back(proof=False))

    assert text.endswith("though nothing had come by HTTP since its first failure; one answer must show that it works")


def test_an_answer_that_came_before_the_trouble_proves_nothing() -> None:
    story = falls_back(proof=False)
    story.poll(0.5, snapshot(1), purpose="check")

    assert len(texts(CHECK, story)) == 1


def test_a_connection_that_lasted_clears_the_record() -> None:
    story = Story()
    for t in (1.0, 2.0):
        story.refused(t)
    story.websocket(3.0).says(3.1, snapshot(1)).says(10.0, tick(1)).ends(20.0, "rst", "rule")
    story.poll(20.2, snapshot(1), purpose="check")
    story.eventsource(20.5).says(20.6, snapshot(1))

    assert "after 0 failures in a row" in texts(CHECK, story)[0]


def test_from_eventsource_to_polling_it_is_the_same() -> None:
    story = Story()
    for t in (1.0, 2.0):
        story.refused(t, "eventsource")
    story.poll(4.0, snapshot(1))

    assert "went down from eventsource to polling (request 3) after 2 failures" in texts(CHECK, story)[0]


def test_where_attempts_may_be_missing_nothing_is_said() -> None:
    story = falls_back(1)
    story.add(ListenerChanged(2.0, False, 80), ListenerChanged(5.0, True, 80))

    assert texts(CHECK, story) == []


def test_attempts_may_be_missing_from_the_end_of_the_last_good_one_on() -> None:
    story = Story()
    story.websocket(1.0).says(1.1, snapshot(1)).says(10.0, tick(1)).ends(20.0, "rst", "rule")
    story.refused(25.0)
    story.poll(26.0, snapshot(1), purpose="check")
    story.eventsource(27.0)
    assert len(texts(CHECK, story)) == 1

    story.add(ListenerChanged(21.0, False, 80), ListenerChanged(22.0, True, 80))
    assert texts(CHECK, story) == []


def test_without_a_failure_there_is_nothing_to_judge() -> None:
    assert undecided(CHECK, healthy()) == "no attempt failed, so there was no reason to go down"
