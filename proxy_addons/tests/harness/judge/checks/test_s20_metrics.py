from typing import Any

import pytest

from proxy_addons.harness.judge.checks.s20_metrics import CHECK
from proxy_addons.tests.harness.judge.stories import Story, event, found, healthy, snapshot, texts, tick, undecided

RIGHT: dict[str, Any] = {
    "sse_attempts": 1,
    "sse_successes": 1,
    "reconnect_count": 1,
    "malformed_total": 1,
    "duplicates_total": 1,
    "gaps_total": 2,
    "stale_ms_total": 4_000,
    "transport_switches": {"websocket>eventsource": 1},
    "stream_errors": {"websocket:closed": 1, "websocket:malformed": 1},
    "update_latency_ms": {"median": 4.0},
    "commands": {"done": 0},
}


def eventful(**figures: object) -> Story:
    """A client whose WebSocket brings one malformed message and a gap, is cut, and makes place for an EventSource."""
    story = Story().opens(0.0)
    socket = story.websocket(0.1).says(0.2, snapshot(1)).says(2.0, "{").says(4.0, event(5)).says(5.0, event(5))
    socket.fault(10.0, "reset").ends(10.0, "rst", "rule")
    story.eventsource(17.0).says(17.1, snapshot(5)).says(18.0, tick(5))
    story.shows(0.3, 13.0, stale="fresh").shows(13.1, 17.0, stale="stale").shows(17.1, 30.0, stale="fresh")
    return story.says(30.0, "figures", **{**RIGHT, **figures}).step(31.0, "over")


def test_figures_that_agree_with_the_wire_are_right() -> None:
    assert texts(CHECK, eventful()) == []


@pytest.mark.parametrize(
    ("name", "figure", "words"),
    [
        ("sse_attempts", 3, "sse_attempts 3; by the wire 1 is right"),
        ("sse_attempts", 0, "sse_attempts 0; by the wire 1 is right"),
        ("sse_successes", 0, "sse_successes 0; by the wire 1 is right"),
        ("reconnect_count", 3, "reconnect_count 3; by the wire 1 is right"),
        ("reconnect_count", 0, "reconnect_count 0; by the wire 1 is right"),
        ("duplicates_total", 9, "duplicates_total 9; by the wire at most 2 is right"),
        ("gaps_total", 0, "gaps_total 0; by the wire at least 1 is right"),
        ("commands", {"done": 2}, "commands.done 2; by the wire 0 is right"),
        ("transport_switches", {}, "transport_switches websocket>eventsource 0; by the wire 1 is right"),
        ("transport_switches", {"websocket>eventsource": 1, "eventsource>polling": 1},
         "transport_switches eventsource>polling 1; by the wire 0 is right"),
        ("stream_errors", {"websocket:malformed": 1},
         "stream_errors (without the malformed messages) 0; by the wire at least 1 is right"),
        ("update_latency_ms", {"median": -300.0},
         "update_latency_ms has the median -300; a message cannot come before it is sent"),
        ("stale_ms_total", 9_000, "stale_ms_total 9000, but it was shown stale for 4000 ms in 1 episodes"),
    ],
)  # fmt: skip
def test_a_figure_that_is_wrong_is_told(name: str, figure: object, words: str) -> None:
    (difference,) = found(CHECK, eventful(**{name: figure}))

    assert difference.text == f"page a says {words}"
    assert difference.first < difference.last


def test_what_the_data_were_while_a_page_could_show_nothing_is_not_held_against_it() -> None:
    # given a page that is busy for nine seconds on end, and counts most of them as stale
    story = Story().opens(0.0)
    story.websocket(0.1).says(0.2, snapshot(1))
    story.shows(0.3, 5.0, stale="fresh").shows(14.0, 20.0, stale="fresh")
    # then that is not contradicted
    assert texts(CHECK, story.says(20.0, "figures", stale_ms_total=7_000).step(21.0, "over")) == []


def test_nor_that_it_missed_its_beat_again_and_again() -> None:
    story = Story().opens(0.0)
    story.websocket(0.1).says(0.2, snapshot(1))
    for begin in range(1, 10):
        story.shows(begin, begin + 0.3, stale="fresh")
    assert texts(CHECK, story.says(10.0, "figures", stale_ms_total=5_000).step(21.0, "over")) == []


def test_it_cannot_have_been_stale_for_less_than_it_showed_by_having_been_busy_while_fresh() -> None:
    # given a page that is busy for nine seconds while it shows fresh data, and shows stale ones for four
    story = Story().opens(0.0)
    story.websocket(0.1).says(0.2, snapshot(1))
    story.shows(0.3, 5.0, stale="fresh").shows(14.0, 15.0, stale="fresh").shows(15.1, 19.0, stale="stale")
    # when it counts nothing
    story.shows(19.1, 20.0, stale="fresh").says(20.0, "figures", stale_ms_total=0).step(21.0, "over")
    # then that is contradicted by what was seen
    (text,) = texts(CHECK, story)
    assert text == "page a says stale_ms_total 0, but it was shown stale for 4000 ms in 1 episodes"


def test_malformed_messages_that_are_not_counted_are_told() -> None:
    errors = {"websocket:closed": 1}

    assert texts(CHECK, eventful(malformed_total=0, stream_errors=errors)) == [
        "page a says malformed_total 0; by the wire 1 is right"
    ]


def test_only_the_last_figures_of_a_page_count() -> None:
    assert texts(CHECK, eventful().says(12.0, "figures", reconnect_count=7)) == []


def test_figures_that_a_page_does_not_have_are_not_missed() -> None:
    story = healthy().says(59.0, "figures", reconnect_count=0)

    assert texts(CHECK, story) == []


def test_without_figures_there_is_nothing_to_compare() -> None:
    assert undecided(CHECK, healthy()) == "no page whose client is known told its figures"
