"""The states that the server went through, as a page may show them."""

import pytest

from proxy_addons.harness.judge.states import States, remaining_s, shown_s, states_of, text_s
from proxy_addons.tests.harness.judge.stories import Story


def states() -> States:
    story = Story().truth(0.0, 1).truth(5.0, 2, phase="paused", remaining_ms=9_000).truth(7.0, 1, epoch="f")
    return states_of(story.run())


def test_tells_the_states_since_an_event() -> None:
    assert [told.seq for told in states().between("e", 1, 4.0)] == [1]
    assert [told.seq for told in states().between("e", 1, 6.0)] == [1, 2]
    assert [told.seq for told in states().between("e", 2, 6.0)] == [2]


def test_tells_nothing_of_what_it_does_not_know() -> None:
    assert states().between("e", 0, 6.0) == []
    assert states().between("x", 1, 6.0) == []
    assert not states().knows("x")


def test_tells_the_last_event_up_to_one() -> None:
    last = states().last("e", 7)
    assert last is not None
    assert last.seq == 2
    assert states().last("e", 0) is None
    assert states().last("x", 2) is None


def test_tells_the_events_after_one_and_up_to_another() -> None:
    assert [told.seq for told in states().listed("e", 0, 2)] == [1, 2]
    assert [told.seq for told in states().listed("e", 1, 2)] == [2]
    assert states().listed("x", 0, 2) == []


def test_computes_what_is_left() -> None:
    running, paused = states().between("e", 1, 6.0)
    assert remaining_s(running, 58.0) == 2.0
    assert remaining_s(running, 99.0) == 0.0
    assert remaining_s(paused, 58.0) == 9.0


def test_reads_what_a_page_shows() -> None:
    look, other = Story().looks(1.0, remaining_ms=1500, epoch="e", seq=3).looks(2.0, remaining="01:05").run().looks
    assert (shown_s(look), shown_s(other)) == (1.5, 65.0)


@pytest.mark.parametrize(("text", "seconds"), [("1:00:01", 3601.0), ("--:--", None), ("", None), ("12", None)])
def test_reads_a_time_in_text(text: str, seconds: float | None) -> None:
    assert text_s(Story().looks(1.0, remaining=text).run().looks[0]) == seconds
