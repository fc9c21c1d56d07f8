"""A transport that never works: the client steps down one rung, and climbs back when it works again."""

import pytest

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import RespondToRequest
from proxy_addons.plan import Rule, When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import RequestSeen

HTML = "<html><body><h2>503 Service Unavailable</h2></body></html>"


def refuse(transport: str) -> Rule:
    """Every request of this transport is answered 503 with a page: for a WebSocket, Chromium's net error -320."""
    when = When.model_validate({"transport": transport})
    return Rule(id=f"no-{transport}", when=when, fault=RespondToRequest(status=503, body=HTML))


@pytest.mark.faults(refuse("websocket"))
def test_falls_back_to_eventsource_when_the_websocket_is_refused(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a front end that refuses every WebSocket with 503
    timer.open()
    # then the page is live over EventSource, after its three tries and no more
    timer.expect_transport("eventsource")
    operator.note("over the stream")
    timer.expect_note("over the stream")
    timer.expect_in_sync(operator)
    before_stream = [each.transport for each in proxy.history.of(RequestSeen)]
    assert before_stream[: before_stream.index("eventsource")].count("websocket") == 3


@pytest.mark.faults(refuse("websocket"), refuse("eventsource"))
def test_falls_back_to_polling_when_both_are_refused(timer: TimerPage, operator: Operator) -> None:
    # given a front end that refuses WebSocket and EventSource
    timer.open()
    # then the page polls
    timer.expect_transport("polling")
    operator.note("fetched")
    timer.expect_note("fetched")
    timer.expect_in_sync(operator)


@pytest.mark.faults(refuse("websocket"))
def test_climbs_back_from_eventsource_when_the_websocket_works_again(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that has fallen back to EventSource
    timer.open()
    timer.expect_transport("eventsource")
    # when WebSockets work again
    proxy.heal("no-websocket")
    operator.note("before the climb")
    # then it climbs back, and nothing is lost on the way
    timer.expect_transport("websocket")
    operator.note("after the climb")
    timer.expect_note("after the climb")
    timer.expect_in_sync(operator)


@pytest.mark.faults(refuse("websocket"), refuse("eventsource"))
def test_climbs_back_from_polling_when_everything_works_again(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that polls
    timer.open()
    timer.expect_transport("polling")
    # when the network heals
    proxy.heal()
    # then it is back on WebSocket
    timer.expect_transport("websocket")
    timer.expect_in_sync(operator)


def test_skips_the_rung_when_the_browser_has_no_websocket(timer: TimerPage, proxy: FaultProxy) -> None:
    # given a browser without WebSocket
    timer.without("WebSocket")
    timer.open()
    # then the page starts with EventSource, and never asks for anything else
    timer.expect_transport("eventsource")
    assert "websocket" not in [each.transport for each in proxy.history.of(RequestSeen)]


@pytest.mark.faults(refuse("websocket"))
def test_skips_the_rung_when_the_browser_has_no_eventsource(timer: TimerPage, proxy: FaultProxy) -> None:
    # given a browser without EventSource, and no WebSocket through
    timer.without("EventSource")
    timer.open()
    # then the page goes straight to polling
    timer.expect_transport("polling")
    assert "eventsource" not in [each.transport for each in proxy.history.of(RequestSeen)]


@pytest.mark.faults(refuse("websocket"), refuse("eventsource"))
def test_says_in_the_console_what_people_search_for(timer: TimerPage) -> None:
    timer.open()
    timer.expect_transport("polling")
    timer.expect_console("❌ Échec de reconnexion WebSocket, passage au mode EventSource")
    timer.expect_console("🔄 Démarrage EventSource timer (fallback)")
    timer.expect_console("❌ Erreur EventSource timer")
    timer.expect_console("🔄 Tentative de reconnexion EventSource")
    timer.expect_console("❌ Échec de reconnexion EventSource, passage au mode HTTP polling")
