"""The lanes of the ways in, and of the commands."""

from proxy_addons.harness.report.timeline import draw
from proxy_addons.tests.harness.judge.stories import Story, message, snapshot, tick
from proxy_addons.tests.harness.report.pictures import lane, seen


def test_draws_a_stream_from_its_request_to_its_end_with_its_messages() -> None:
    story = Story()
    story.websocket(0.0, opened=1.0).says(2.0, snapshot(1)).says(3.0, "{").says(4.0, tick(1), delivered=False).ends(5.0)
    assert seen(lane(draw(story.run()), "WebSocket")) == [
        (0.0, 1.0, "connecting"),
        (1.0, 5.0, "open"),
        (5.0, None, "end cut"),
        (2.0, None, "message"),
        (3.0, None, "bad"),
        (4.0, None, "lost"),
    ]


def test_says_first_what_a_message_is_and_what_became_of_it() -> None:
    story = Story()
    story.websocket(0.0).says(2.0, tick(7)).says(3.0, "{").says(4.0, tick(8), delivered=False)
    texts = [mark.text for mark in lane(draw(story.run()), "WebSocket") if mark.end is None]
    assert [text.partition(": ")[0] for text in texts] == ["tick 7", "malformed", "not delivered"]


def test_draws_an_end_against_the_client_s_will_as_bad_and_says_how_it_came() -> None:
    story = Story()
    story.eventsource(0.0).says(1.0, snapshot(1)).ends(2.0, "rst", "rule")
    cut = lane(draw(story.run()), "EventSource")[2]
    assert (cut.style, cut.text) == ("bad cut", "over: rst by the rule")


def test_draws_an_attempt_that_was_refused_as_bad() -> None:
    story = Story()
    story.refused(0.0, "websocket", 503)
    story.step(1.0, "over")
    assert seen(lane(draw(story.run()), "WebSocket")) == [(0.0, 0.01, "connecting"), (0.01, None, "bad cut")]


def test_draws_an_attempt_that_the_client_gave_up_as_bad() -> None:
    story = Story()
    story.request(0.0, "websocket", path="/timer/ws").ends(2.0, by="client")
    assert seen(lane(draw(story.run()), "WebSocket")) == [(0.0, 2.0, "connecting"), (2.0, None, "bad cut")]


def test_draws_a_stream_that_delivered_nothing_valid_as_failed() -> None:
    story = Story()
    story.websocket(0.0).ends(2.0)
    assert (0.0, 2.0, "failed") in seen(lane(draw(story.run()), "WebSocket"))


def test_draws_polls_as_spans_and_those_without_a_message_as_failed() -> None:
    story = Story()
    story.poll(0.0, snapshot(1), took=0.5)
    story.poll(1.0, status=503, took=0.5)
    assert seen(lane(draw(story.run()), "polls")) == [(0.0, 0.5, "poll"), (1.0, 1.5, "failed")]


def test_puts_connections_that_overlap_into_rows_with_their_messages() -> None:
    story = Story()
    story.websocket(0.0, client="a").says(1.0, snapshot(1)).ends(9.0)
    story.websocket(0.5, client="b").says(2.0, snapshot(1)).ends(9.0)
    rows = {(mark.t, mark.row) for mark in lane(draw(story.run()), "WebSocket")}
    assert rows == {(0.0, 0), (1.0, 0), (9.0, 0), (0.5, 1), (2.0, 1), (9.0, 1)}


def test_draws_commands_on_whichever_way_they_went() -> None:
    story = Story()
    story.answer(story.request(0.0, method="POST", path="/timer/commands"), 0.5)
    socket = story.websocket(1.0).hears(2.0, '{"kind": "command", "id": "c-1"}').hears(3.0, '{"kind": "ping"}')
    socket.says(3.5, message("result", 1, id="c-1"))
    story.command(4.0, "c-1").command(5.0, "c-2", effects=2)
    assert seen(lane(draw(story.run()), "commands")) == [
        (0.0, 0.5, "open"),
        (2.0, None, "command"),
        (4.0, None, "truth"),
        (5.0, None, "bad"),
    ]
