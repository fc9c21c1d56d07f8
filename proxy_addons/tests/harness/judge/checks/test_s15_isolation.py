from proxy_addons.harness.judge.checks.s15_isolation import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.tests.harness.judge.stories import Story, Told, event, found, healthy, snapshot, texts, undecided

WHY = "no malformed message was followed by a valid one in peace"


def spoilt() -> tuple[Story, Told]:
    """One malformed message at 5 s, and a valid event at 6 s."""
    story = Story().opens(0.0)
    socket = story.websocket(0.1).says(0.2, snapshot(1)).says(5.0, "{").says(6.0, event(2))
    return story.step(20.0, "over"), socket


def test_a_page_that_applies_what_comes_after_is_right() -> None:
    story, _ = spoilt()

    assert texts(CHECK, story.looks(5.5, epoch="e", seq=1).looks(6.1, epoch="e", seq=2)) == []


def test_a_page_that_hears_nothing_any_more_is_wrong() -> None:
    story, _ = spoilt()
    story.looks(5.5, epoch="e", seq=1).looks(7.9, epoch="e", seq=1).looks(12.0, epoch="e", seq=2)

    (difference,) = found(CHECK, story)

    assert difference.text == (
        "page a showed e.1 2.050 s after event e.2 had come, 1.000 s after a malformed message; the valid one should "
        "have been applied by then"
    )


def test_a_snapshot_on_the_next_connection_is_a_valid_message_too() -> None:
    story = Story().opens(0.0)
    story.websocket(0.1).says(0.2, snapshot(1)).says(5.0, "{").ends(5.1)
    story.websocket(6.0).says(6.1, snapshot(4))

    assert len(texts(CHECK, story.looks(7.0, epoch="e", seq=1).step(20.0, "over"))) == 1


def test_other_trouble_may_be_the_reason() -> None:
    story, socket = spoilt()
    socket.fault(6.5, "drop")

    assert undecided(CHECK, story.looks(7.9, epoch="e", seq=1)) == WHY


def test_the_end_of_the_connection_may_be_the_reason() -> None:
    story, socket = spoilt()
    socket.ends(6.5, by="origin")

    assert undecided(CHECK, story.looks(7.9, epoch="e", seq=1)) == WHY


def test_a_second_malformed_message_may_be_the_reason() -> None:
    story, socket = spoilt()
    socket.says(6.5, "{")

    assert undecided(CHECK, story.looks(7.9, epoch="e", seq=1)) == WHY


def test_a_slow_machine_has_more_time() -> None:
    story, _ = spoilt()
    story.looks(7.9, epoch="e", seq=1).looks(8.5, epoch="e", seq=2)

    assert texts(CHECK, story, Limits(slow_s=1.0)) == []


def test_a_healthy_run_has_no_malformed_message() -> None:
    assert undecided(CHECK, healthy()) == WHY
