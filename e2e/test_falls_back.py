"""A rung that the browser lacks is passed over, and the console says what people search for."""

import pytest

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
