"""When browsers were offline."""

from proxy_addons.harness.judge.run import NEVER
from proxy_addons.tests.harness.judge.stories import Story, snapshot, tick


def test_a_browser_is_offline_through_all_lives_of_its_page_until_it_is_online() -> None:
    story = Story().looks(0.0, "a").looks(3.0, "a#2").moved(1.0, "offline", "a").moved(1.5, "offline", "a")
    (spell,) = story.moved(4.0, "online", "a#2").run().offline
    assert (spell.begin, spell.end) == (1.0, 4.0)
    assert spell.clients == {"a", "a#2"}
    assert [spell.concerns(client) for client in ("a", "b", None)] == [True, False, True]


def test_one_that_stays_offline_is_so_for_good_and_whose_it_is_may_not_be_known() -> None:
    (spell,) = Story().moved(1.0, "offline").run().offline
    assert spell.end == NEVER
    assert spell.concerns("anybody")


def test_a_page_that_is_hidden_is_not_offline() -> None:
    assert Story().moved(1.0, "hidden").moved(2.0, "visible").run().offline == []


def got(story: Story) -> list[tuple[float, float, bool]]:
    """When the first exchange delivered what, how late, and whether that is sure."""
    return [(each.t, each.late_s, each.surely) for each in story.run().exchanges[0].deliveries if each.delivered]


def offline(ends: float = NEVER) -> Story:
    """A WebSocket while the browser of its page is offline from 2 s to 4 s."""
    story = Story().looks(0.0).moved(2.0, "offline").moved(4.0, "online")
    socket = story.websocket(0.5).says(1.0, snapshot(1)).says(3.0, tick(1)).says(3.9, tick(1))
    if ends < NEVER:
        socket.ends(ends)
    return story


def test_what_comes_by_a_websocket_meanwhile_comes_in_one_burst_afterwards() -> None:
    assert got(offline()) == [(1.0, 0.0, True), (4.0, 1.0, True), (4.0, 4.0 - 3.9, True)]


def test_it_comes_to_nobody_where_the_client_has_left_the_websocket() -> None:
    assert got(offline(ends=3.95)) == got(offline(ends=4.1)) == [(1.0, 0.0, True)]


def test_what_comes_by_one_that_was_asked_for_meanwhile_may_have_come() -> None:
    story = Story().looks(0.0).moved(2.0, "offline").moved(4.0, "online")
    story.websocket(3.8).says(3.9, snapshot(1)).ends(3.95, "rst", "rule")
    assert got(story) == [(3.9, 0.0, False)]


def test_an_event_stream_goes_on() -> None:
    story = Story().looks(0.0).moved(2.0, "offline").moved(4.0, "online")
    story.eventsource(0.5).says(1.0, snapshot(1)).says(3.0, tick(1))
    assert got(story) == [(1.0, 0.0, True), (3.0, 0.0, True)]


def test_another_client_is_not_concerned() -> None:
    story = Story().looks(0.0, "b").moved(2.0, "offline", "b").looks(0.0, "a")
    story.websocket(0.5, client="a").says(3.0, tick(1))
    assert got(story) == [(3.0, 0.0, True)]


def test_nothing_is_sure_where_nobody_knows_whose_browser_it_was() -> None:
    story = Story().moved(2.0, "offline", "b")
    story.websocket(0.5, client="a").says(3.0, tick(1))
    story.websocket(0.5, client="b")
    assert got(story) == [(3.0, 0.0, False)]
