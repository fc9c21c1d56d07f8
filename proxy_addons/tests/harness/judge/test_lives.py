"""How long a client has something to do."""

from proxy_addons.harness.judge.lives import clients_until, is_crowded, lives_of
from proxy_addons.records import PageClosed
from proxy_addons.tests.harness.judge.stories import EVERYTHING, Story, snapshot


def test_a_page_lives_from_its_opening_to_its_end() -> None:
    story = Story().opens(1.0).shows(1.5, 3.0).add(PageClosed(4.0, "a")).step(9.0, "over")
    (life,) = lives_of(story.run())
    assert (life.page, life.client, life.begin, life.end) == ("a", "a", 1.0, 4.0)


def test_a_page_that_was_not_seen_to_end_lives_as_long_as_the_run() -> None:
    (life,) = lives_of(Story().opens(1.0).shows(1.5, 3.0).step(9.0, "over").run())
    assert life.end == 9.0


def test_a_reload_is_a_life_of_its_own_with_its_own_looks() -> None:
    story = Story().opens(0.0).looks(0.5, stale="fresh").opens(2.0).looks(2.5, stale="stale").step(5.0, "over")
    first, second = lives_of(story.run())
    assert (first.end, second.begin, second.end) == (2.0, 2.0, 5.0)
    assert [look.t for look in first.looks] == [0.5]
    assert [look.t for look in second.looks] == [2.5]


def test_tells_what_was_displayed_at_a_time() -> None:
    (life,) = lives_of(Story().looks(1.0, seq=1).looks(2.0, seq=2).step(3.0, "over").run())
    assert life.look_at(0.9) is None
    assert [look.mark("seq") for t in (1.0, 1.9, 2.5) if (look := life.look_at(t))] == ["1", "1", "2"]


def test_tells_all_that_was_displayed_between_two_times() -> None:
    (life,) = lives_of(Story().looks(1.0).looks(2.0).looks(3.0).looks(4.0).run())
    assert [look.t for look in life.looks_between(2.0, 3.0)] == [2.0, 3.0]


def test_a_page_that_gives_up_for_good_does_so_with_its_last_word_only() -> None:
    story = Story().looks(1.0, connection="terminal").looks(2.0, connection="live").looks(3.0, connection="terminal")
    (life,) = lives_of(story.looks(4.0, connection="terminal").step(9.0, "over").run())
    assert life.given_up_at == life.acts_until == 3.0


def test_a_client_is_asked_until_its_page_ends_or_gives_up() -> None:
    story = Story().step(9.0, "over")
    for client in ("a", "b", "c"):
        story.websocket(0.5, client=client).says(0.6, snapshot(1))
        story.opens(0.0, client).looks(1.0, client)
    story.add(PageClosed(5.0, "a")).looks(6.0, "b", connection="terminal")
    run = story.run()
    assert clients_until(run, lives_of(run)) == {"a": 5.0, "b": 6.0, "c": 9.0}


def test_a_client_that_no_page_names_may_be_any_that_was_open_when_it_came() -> None:
    story = Story().opens(0.0, "one").opens(4.0, "one").step(9.0, "over")
    story.websocket(0.5, client="x").says(0.6, snapshot(1))
    story.websocket(4.5, client="y").says(4.6, snapshot(1))
    run = story.run()
    assert clients_until(run, lives_of(run)) == {"x": 4.0, "y": 9.0}


def test_a_client_without_a_page_is_asked_to_the_end() -> None:
    story = Story().step(9.0, "over")
    story.websocket(0.5, client="x").says(0.6, snapshot(1))
    run = story.run()
    assert clients_until(run, lives_of(run)) == {"x": 9.0}


def test_pages_are_a_crowd_where_they_are_open_at_once_and_nobody_says_whose_request_is_whose() -> None:
    for begin, crowded in ((1.0, True), (5.0, False)):
        story = Story(EVERYTHING - {"attempts"}).opens(0.0).add(PageClosed(5.1, "a")).opens(begin, "a#2")
        assert is_crowded(story.step(9.0, "over").run()) is crowded
    assert not is_crowded(Story().opens(0.0).opens(1.0, "b").step(9.0, "over").run())
