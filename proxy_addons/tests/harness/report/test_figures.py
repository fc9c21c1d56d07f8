"""The four figures, from hand-written histories."""

import pytest

from proxy_addons.harness.report.figures import Figures, measure, together
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot, tick


def test_counts_event_streams_that_delivered_something_valid() -> None:
    story = Story()
    story.eventsource(0.0).says(1.0, snapshot(1)).ends(2.0)
    story.eventsource(3.0).says(4.0, "<html>").ends(5.0)
    story.refused(6.0, "eventsource")
    figures = measure(story.run())
    assert figures.attempts == [(0.0, True), (3.0, False), (6.0, False)]
    assert figures.success == pytest.approx(1 / 3)


def test_counts_a_connection_in_the_place_of_a_lost_one_when_it_delivers() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1)).ends(2.0, by="rule")
    story.websocket(3.0).ends(4.0)
    story.websocket(5.0).says(6.0, snapshot(1))
    assert measure(story.run()).reconnections == [6.0]


def test_counts_a_step_down_as_a_reconnection_and_polls_in_a_row_as_one_connection() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1)).ends(2.0, by="rule")
    for t in (3.0, 4.0, 5.0):
        story.poll(t, tick(1))
    assert measure(story.run()).reconnections == [3.02]


def test_does_not_count_climbing_back() -> None:
    story = Story()
    story.poll(0.0, snapshot(1))
    story.eventsource(1.0, purpose="probe").says(2.0, snapshot(1)).ends(4.0)
    story.websocket(3.0, purpose="probe").says(3.5, snapshot(1))
    assert measure(story.run()).reconnections == []


def test_counts_for_each_client_by_itself() -> None:
    story = Story()
    for client in "ab":
        story.websocket(0.0, client=client).says(1.0, snapshot(1))
    assert measure(story.run()).reconnections == []


def test_counts_what_ended_against_the_client_s_will_and_malformed_messages() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, "{").says(1.5, "{", delivered=False).ends(2.0, "rst", "rule")
    story.eventsource(3.0).says(4.0, snapshot(1)).ends(5.0, "end", "origin")
    story.websocket(6.0).ends(7.0, "close", "client", 1000)
    story.websocket(8.0).ends(9.0, "fin", "proxy")
    assert measure(story.run()).errors == [
        (1.0, "websocket malformed"),
        (2.0, "websocket rst"),
        (5.0, "eventsource end"),
    ]


def test_measures_from_the_server_s_log_to_the_socket_once_for_each_event() -> None:
    story = Story().truth(1.0, 1).truth(2.0, 2)
    story.websocket(0.0).says(1.010, event(1)).says(2.030, event(2)).says(5.0, event(1)).says(6.0, event(3))
    figures = measure(story.run())
    assert figures.latencies == [(1.01, 10.0), (2.03, 30.0)]
    assert figures.latency_ms == pytest.approx(20.0)


def test_says_none_where_there_is_nothing_to_measure() -> None:
    figures = measure(Story().truth(0.0, 1).run())
    assert (figures.success, figures.latency_ms) == (None, None)
    assert figures.as_words() == {
        "eventsource_success_rate": "none",
        "reconnections": "0",
        "stream_errors": "0",
        "update_latency_ms": "none",
    }


def test_puts_the_figures_of_many_runs_together() -> None:
    one = Figures([(0, True)], [1.0], [(2.0, "x")], [(3.0, 10.0)])
    other = Figures([(0, False)], [], [], [(3.0, 30.0)])
    both = together([one, other])
    assert (both.success, both.reconnections, both.latency_ms) == (0.5, [1.0], 20.0)
    assert both.errors == [(2.0, "x")]
