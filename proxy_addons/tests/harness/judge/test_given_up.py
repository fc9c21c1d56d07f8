"""WebSockets of which a browser says that they have failed."""

import pytest

from proxy_addons.harness.judge.given_up import given_up
from proxy_addons.records import NETWORK, PageLogged
from proxy_addons.tests.harness.judge.stories import Story, snapshot, tick

FAILED = "Firefox can\u2019t establish a connection to the server at {}."
CUT = "The connection to {} was interrupted while the page was loading."


@pytest.mark.parametrize("words", [FAILED, CUT])
@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_the_browser_names_its_address(words: str, scheme: str) -> None:
    said = PageLogged(2.0, "a", NETWORK, words.format(f"{scheme}://127.0.0.1:80/timer/ws?since=1.2"))
    assert list(given_up([said])) == [("/timer/ws?since=1.2", 2.0)]


def test_what_a_page_says_itself_is_no_evidence() -> None:
    assert list(given_up([PageLogged(2.0, "a", "error", FAILED.format("ws://127.0.0.1/timer/ws"))])) == []


def test_an_event_stream_is_none() -> None:
    assert list(given_up([PageLogged(2.0, "a", NETWORK, FAILED.format("http://127.0.0.1/timer/stream"))])) == []


def late() -> Story:
    """A WebSocket that stands and delivers when its client has long given it up."""
    story = Story()
    story.websocket(1.0, opened=6.0).says(6.1, snapshot(1)).ends(6.2, "rst")
    address = "ws://127.0.0.1/timer/ws?client=a&attempt=1&for=live"
    story.add(PageLogged(5.0, "a", NETWORK, FAILED.format(address)), PageLogged(7.0, "a", NETWORK, CUT.format(address)))
    return story


def test_what_comes_by_one_that_was_given_up_reaches_nobody() -> None:
    (socket,) = late().run().exchanges
    assert not socket.worked
    assert (socket.ended_t, socket.ended_by) == (5.0, "client")


def test_what_had_come_before_has_reached_its_client() -> None:
    story = Story()
    story.websocket(1.0).says(1.1, snapshot(1)).says(3.0, tick(1)).ends(4.0, "rst", "rule")
    story.add(PageLogged(2.0, "a", NETWORK, CUT.format("ws://127.0.0.1/timer/ws?client=a&attempt=1&for=live")))
    (socket,) = story.run().exchanges
    assert [each.t for each in socket.deliveries] == [1.1]


def test_one_that_had_ended_before_ended_as_it_did() -> None:
    story = Story()
    story.websocket(1.0).says(1.1, snapshot(1)).ends(2.0, "rst", "rule")
    story.add(PageLogged(2.1, "a", NETWORK, CUT.format("ws://127.0.0.1/timer/ws?client=a&attempt=1&for=live")))
    (socket,) = story.run().exchanges
    assert (socket.ended_t, socket.ended_by, socket.worked) == (2.0, "rule", True)


def test_where_two_have_one_address_nobody_knows_which_is_meant() -> None:
    story = late()
    story.websocket(8.0, attempt=1).says(8.1, snapshot(1))
    assert [each.worked for each in story.run().exchanges] == [True, True]
