from proxy_addons.harness.judge.checks.s10_backoff import CHECK
from proxy_addons.records import ListenerChanged
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided


def refused_at(*times: float) -> Story:
    story = Story()
    for t in times:
        story.refused(t)
    return story


def test_waits_that_grow_are_right() -> None:
    assert texts(CHECK, refused_at(1.0, 1.4, 2.1, 4.0, 7.0, 14.0, 30.0)) == []


def test_a_wait_below_the_floor_is_wrong() -> None:
    (difference,) = found(CHECK, refused_at(1.0, 1.4, 1.42, 3.0))

    assert difference.text == ("client a tried websocket again (request 3) after 0.010 s; at least 0.100 s are right")


def test_a_wait_without_end_is_wrong() -> None:
    (text,) = texts(CHECK, refused_at(1.0, 1.4, 2.1, 60.0))

    assert text.startswith("client a tried websocket again (request 4) after 57.890 s, after 3 failures in a row; ")


def test_a_server_that_asks_to_wait_may_have_it_so() -> None:
    story = refused_at(1.0, 1.4, 2.1, 60.0)
    story.answer(story.request(2.2, purpose="check"), 2.25, status=503)

    assert len(texts(CHECK, story)) == 1, "it was asked after the failure that counts"

    story = refused_at(1.0, 1.4, 2.1, 60.0)
    story.answer(story.request(2.0, purpose="check"), 2.05, status=503)

    assert texts(CHECK, story) == []


def test_waits_that_do_not_grow_are_wrong_even_where_each_of_them_may_be_right() -> None:
    story = Story()
    for place in range(12):
        begin = 1.0 + place * 0.4
        story.websocket(begin).says(begin + 0.01, snapshot(1)).ends(begin + 0.02, by="origin")

    (text,) = texts(CHECK, story)

    assert "though each failed; waits that grow with each failure take at least" in text


def test_a_connection_that_lasted_begins_a_new_series() -> None:
    story = Story()
    for place in range(12):
        begin = 1.0 + place * 6.0
        story.websocket(begin).says(begin + 0.01, snapshot(1)).ends(begin + 5.8, by="origin")

    assert undecided(CHECK, story) == "no client failed 3 times running on one transport"


def test_nothing_is_said_of_times_in_which_the_port_was_closed() -> None:
    story = refused_at(1.0, 1.4, 2.1, 60.0)
    story.add(ListenerChanged(2.5, False, 80), ListenerChanged(59.0, True, 80))

    assert texts(CHECK, story) == []


def test_a_healthy_run_shows_nothing_of_it() -> None:
    assert undecided(CHECK, healthy()) == "no client failed 3 times running on one transport"
