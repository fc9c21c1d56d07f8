"""How things stand, as the record grows."""

from proxy_addons.harness.situation import Situation
from proxy_addons.tests.harness.judge.stories import Story, StoryContract, event, snapshot, tick


def after(story: Story) -> Situation:
    situation = Situation(StoryContract())
    situation.learn(story.run().records)
    return situation


def told() -> Story:
    """A page that is live over a WebSocket and knows all that the server said."""
    story = Story()
    story.websocket(1.0, client="a").says(1.2, snapshot(3))
    story.truth(0.5, 3)
    return story.looks(1.3, connection="live", stale="fresh", transport="websocket", epoch="e", seq=3)


def test_a_page_is_live_when_it_says_so_and_its_data_is_fresh() -> None:
    situation = after(told())
    assert situation.is_live("a", "websocket", shown=True)
    assert not situation.is_live("a", "eventsource", shown=True)
    assert situation.is_up_to_date("a")


def test_a_page_that_shows_old_data_is_not_live() -> None:
    situation = after(told().looks(2.0, connection="live", stale="stale", transport="websocket", epoch="e", seq=3))
    assert not situation.is_live("a", None, shown=True)
    assert situation.shows("a", "stale")


def test_what_a_page_showed_for_a_moment_is_known_afterwards() -> None:
    # given a page that is live, not for a moment, and live again
    before = after(told()).known
    story = told().looks(2.0, connection="connecting", stale="fresh").looks(2.1, connection="live", stale="fresh")
    situation = after(story)
    # then it has shown both since, and one of them only since
    assert not situation.shows("a", "connecting")
    assert situation.has_shown("a", "connecting", since=before)
    assert situation.has_shown("a", "live", since=before)
    assert not situation.has_shown("a", "connecting", since=situation.known)


def test_what_a_page_goes_on_showing_it_has_not_come_to_show() -> None:
    story = told().looks(2.0, connection="live", stale="stale")
    situation = after(story.looks(2.1, connection="connecting", stale="stale"))
    assert not situation.has_shown("a", "live", since=after(told()).known)


def test_a_page_is_behind_when_the_server_has_said_more() -> None:
    story = told()
    story.truth(2.0, 4)
    assert not after(story).is_up_to_date("a")


def test_by_the_wire_a_page_is_served_once_something_valid_came() -> None:
    story = Story()
    story.websocket(1.0, client="a")
    assert not after(story).is_live("page", None, shown=False)
    story.websocket(2.0, client="a").says(2.1, "{")
    assert not after(story).is_live("page", None, shown=False)
    story.websocket(3.0, client="a").says(3.1, tick(3))
    assert after(story).is_live("page", "websocket", shown=False)


def test_by_the_wire_a_page_is_served_no_more_when_its_stream_has_ended() -> None:
    story = Story()
    story.eventsource(1.0, client="a").says(1.2, event(1)).ends(2.0)
    assert not after(story).is_live("page", None, shown=False)


def test_a_poll_that_was_refused_serves_nobody() -> None:
    story = Story()
    story.poll(1.0, tick(1), status=503, client="a")
    assert not after(story).is_live("page", None, shown=False)
    story.poll(2.0, tick(1), client="a")
    assert after(story).is_live("page", "polling", shown=False)


def test_counts_what_the_rules_did() -> None:
    story = Story()
    story.websocket(1.0, client="a").fault(2.0, "abort", rule="cut").fault(3.0, "abort", rule="cut")
    assert after(story).fired["cut"] == 2


def test_a_client_is_served_by_the_transport_of_its_latest_message() -> None:
    story = Story()
    story.websocket(1.0, client="a").says(1.1, tick(1)).says(1.2, tick(1))
    story.poll(2.0, tick(1), client="a")
    story.poll(2.0, tick(1), client="b")
    assert after(story).served_by == {"a": "polling", "b": "polling"}
