from proxy_addons.harness.judge.checks.s25_no_loop import CHECK
from proxy_addons.records import ResponseSeen
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided

WHY = "no client met with anything that it can never accept"


def oversized(*times: float) -> Story:
    """Each connection is closed with 1009 as soon as it has delivered."""
    story = Story()
    for t in times:
        story.websocket(t).says(t + 0.05, snapshot(1)).ends(t + 0.1, "close", "rule", 1009)
    return story


def test_a_budget_of_attempts_is_right() -> None:
    assert texts(CHECK, oversized(1.0, 1.2, 1.4)) == []


def test_waits_that_grow_are_right() -> None:
    assert texts(CHECK, oversized(1.0, 1.3, 2.0, 3.5, 6.0, 12.0, 25.0, 40.0)) == []


def test_a_loop_is_wrong() -> None:
    (difference,) = found(CHECK, oversized(*(1.0 + place * 0.2 for place in range(20))))

    assert "though it could never accept what came; at most 3 are right" in difference.text
    assert difference.first < difference.last


def test_a_language_that_it_does_not_speak_is_the_same() -> None:
    story = Story()
    for place in range(20):
        t = 1.0 + place * 0.2
        story.websocket(t).says(t + 0.05, '{"v": 2}').ends(t + 0.1)

    assert len(texts(CHECK, story)) == 1


def test_so_is_an_answer_of_another_type() -> None:
    story = Story()
    for place in range(20):
        t = 1.0 + place * 0.2
        stream = story.request(t, "eventsource", path="/timer/stream")
        story.add(ResponseSeen(t + 0.05, stream.exchange, 200, "text/html", "rule"))

    assert len(texts(CHECK, story)) == 1


def test_attempts_of_which_some_work_are_no_loop() -> None:
    story = Story()
    for place in range(20):
        t = 1.0 + place * 0.2
        socket = story.websocket(t).says(t + 0.05, "{")
        if place % 3 == 0:
            socket.says(t + 0.06, snapshot(1))
        socket.ends(t + 0.1)

    assert texts(CHECK, story) == []


def test_a_healthy_run_shows_nothing() -> None:
    assert undecided(CHECK, healthy()) == WHY
