"""S6: nothing is missed in silence."""

from proxy_addons.harness.judge.checks.s06_no_gap import CHECK
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot, texts, undecided


def scored() -> Story:
    return Story().truth(0.0, 1).truth(5.0, 2, "scored", home=1).truth(6.0, 3, "paused", phase="paused", home=1)


def test_holds_where_the_state_is_that_of_the_event_shown() -> None:
    story = scored().looks(7.0, epoch="e", seq=2, state="running", home=1)
    assert texts(CHECK, story.looks(8.0, epoch="e", seq=3, state="paused", home=1)) == []


def test_tells_of_an_event_that_was_skipped() -> None:
    (text,) = texts(CHECK, scored().looks(8.0, epoch="e", seq=3, state="paused", home=0))
    assert "shows at event e.3 home 0, which was 1 on the server" in text


def test_tells_of_a_phase_that_is_not_that_of_the_event_shown() -> None:
    (text,) = texts(CHECK, scored().looks(8.0, epoch="e", seq=3, state="running", home=1))
    assert "state running, which was paused on the server" in text


def test_lets_a_page_say_by_itself_that_the_time_is_up_and_not_before() -> None:
    story = Story().truth(0.0, 1, ends_t=10.0).looks(10.0, epoch="e", seq=1, state="expired")
    assert texts(CHECK, story) == []
    assert len(texts(CHECK, story.looks(8.0, epoch="e", seq=1, state="expired"))) == 1


def test_tells_of_a_trace_that_leaps() -> None:
    story = Story().traces(1.0, "applied", kind="snapshot", epoch="e", seq=2)
    story.traces(2.0, "applied", kind="event", epoch="e", seq=4)
    (text,) = texts(CHECK, story)
    assert "says it applied event e.4 after e.2" in text


def test_holds_where_a_snapshot_stands_between() -> None:
    story = Story().traces(1.0, "applied", kind="event", epoch="e", seq=2)
    story.traces(2.0, "applied", kind="snapshot", epoch="e", seq=4)
    story.traces(3.0, "applied", kind="event", epoch="e", seq=5)
    story.traces(4.0, "applied", kind="snapshot", epoch="f", seq=1)
    assert texts(CHECK, story.traces(5.0, "applied", kind="event", epoch="f", seq=2)) == []


def test_begins_anew_with_a_new_page_life() -> None:
    story = Story().opens(0.0).traces(1.0, "applied", kind="event", epoch="e", seq=2).opens(1.5)
    assert texts(CHECK, story.traces(2.0, "applied", kind="event", epoch="e", seq=9)) == []


def noted() -> Story:
    return Story().truth(0.0, 1, "started").truth(1.0, 2, text="a goal").truth(2.0, 3, text="corner")


def test_tells_of_a_list_that_lacks_what_comes_before_the_event_shown() -> None:
    story = noted().shows(2.5, 3.5, epoch="e", seq=3, items=["3 corner", "1 Started"])
    (text,) = texts(CHECK, story)
    assert "shows event e.3, and its list lacks 'a goal' (and so on until " in text


def test_holds_where_the_list_is_complete_up_to_the_event_shown() -> None:
    story = noted().shows(1.5, 2.25, epoch="e", seq=2, items=["2 a goal", "1 Started"])
    assert texts(CHECK, story.shows(2.5, 3.5, epoch="e", seq=3, items=["3 corner", "2 a goal", "1 Started"])) == []


def test_holds_where_a_page_lists_nothing_at_all() -> None:
    assert texts(CHECK, noted().shows(2.5, 3.5, epoch="e", seq=3, items=[])) == []


def test_holds_where_a_snapshot_left_out_what_is_missing() -> None:
    story = noted().shows(2.5, 3.5, epoch="e", seq=3, items=["3 corner"])
    story.websocket(2.1, client="a").says(2.2, snapshot(3, since=2))
    assert texts(CHECK, story) == []


def test_asks_no_list_of_a_page_that_a_rule_told_lies() -> None:
    story = noted().shows(2.5, 3.5, epoch="e", seq=3, items=["3 corner", "1 Started"])
    socket = story.websocket(0.5, client="a").says(1.0, event(2), delivered=False)
    socket.fault(1.0, "replace", sent=event(2) + " ")
    assert texts(CHECK, story) == []


def test_is_undecided_where_nothing_can_be_compared() -> None:
    assert undecided(CHECK, scored().looks(8.0, state="running")) is not None
