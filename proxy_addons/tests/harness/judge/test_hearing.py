"""What one client was told, and when."""

from proxy_addons.harness.judge.hearing import Hearing, hearing, seen
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot, tick


def heard(story: Story) -> Hearing:
    return hearing(story.run(), "a")


def test_knows_the_last_valid_message() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1)).says(2.0, "{").says(3.0, tick(1), delivered=False)
    last = heard(story).last(9.0)
    assert last is not None
    assert last.t == 1.0
    assert heard(story).last(0.5) is None


def test_knows_silence() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1)).says(5.0, tick(1))
    assert heard(story).silent(1.0, 4.9)
    assert not heard(story).silent(1.0, 5.0)


def test_knows_since_when_a_page_has_heard_nothing() -> None:
    story = Story()
    story.websocket(0.0, client="a").says(1.0, snapshot(1))
    story.looks(3.0, "a").looks(3.5, "a")
    (looks,) = seen(story.run())
    last = story.run().deliveries("a")[0].number
    assert [each.unheard(2.0, 0.1) for each in looks] == [None, ("for 2.500 s", last)]


def test_is_not_sure_of_silence_where_a_line_is_slow() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1)).fault(1.1, "pace", kind="connection.latency").says(2.0, tick(1)).ends(
        6.0
    )
    assert not heard(story).silent(3.0, 5.0)
    assert heard(story).doubtful(5.0)
    assert heard(story).silent(6.0, 9.0)


def test_a_slow_line_leaves_doubt_for_as_long_as_it_stands_though_one_that_came_later_is_gone() -> None:
    story = Story()
    for begin, end in ((0.0, 9.0), (2.0, 4.0)):
        story.websocket(begin).says(begin + 0.1, tick(1)).fault(begin + 0.2, "pace", kind="connection.latency").says(
            begin + 0.3, tick(1)
        ).ends(end)
    assert heard(story).doubtful(6.0)
    assert not heard(story).silent(6.0, 8.0)
    assert not heard(story).doubtful(9.5)


def test_knows_up_to_which_event_all_was_told() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(3)).says(2.0, event(4)).says(3.0, event(6)).says(4.0, tick(6))
    assert heard(story).known(0.5) == {}
    assert heard(story).known(1.5) == {"e": 3}
    assert heard(story).known(9.0) == {"e": 4}


def test_knows_what_it_was_told_first() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(3)).says(2.0, event(4))
    assert heard(story).first_known("e", 9.0) == 3
    assert heard(story).first_known("e", 0.9) is None
    assert heard(story).first_known("f", 9.0) is None


def test_knows_that_a_snapshot_fills_a_gap() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(3)).says(3.0, event(6)).says(4.0, snapshot(6))
    assert heard(story).known(9.0) == {"e": 6}


def test_does_not_count_what_a_replaced_connection_says() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(3)).says(6.0, event(4))
    story.websocket(5.0)
    assert heard(story).known(9.0) == {"e": 3}


def test_counts_what_a_probe_says() -> None:
    story = Story()
    story.eventsource(0.0).says(1.0, snapshot(3))
    story.websocket(5.0, purpose="probe").says(6.0, snapshot(4))
    assert heard(story).known(9.0) == {"e": 4}


def test_does_not_count_the_answer_to_a_mere_check() -> None:
    story = Story()
    story.poll(0.0, snapshot(3), purpose="check")
    assert heard(story).known(9.0) == {}


def test_knows_how_late_messages_are() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(3), delivered=False).fault(1.0, "delay").releases(3.0)
    assert heard(story).lateness(2.0, 5.0) == 2.0
    assert heard(story).lateness(7.0, 5.0) == 2.0
    assert heard(story).lateness(9.0, 5.0) == 0.0


def test_shows_each_look_with_its_client() -> None:
    story = Story()
    story.websocket(0.0, client="one").story.websocket(5.0, client="two")
    run = story.looks(1.0, client="").looks(6.0, client="").run()
    assert [(each.heard.client, each.until) for page in seen(run) for each in page] == [("one", 6.0), ("two", 6.0)]


def test_leaves_out_pages_whose_client_is_not_known() -> None:
    story = Story()
    story.websocket(0.0, client="one").story.websocket(0.0, client="two")
    assert seen(story.looks(1.0, "a", client="").looks(1.0, "b", client="").run()) == []
