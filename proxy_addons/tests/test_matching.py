"""Why a rule does not apply to an event."""

import pytest

from proxy_addons.events import ConnectionOpened, Event, ListenerReady
from proxy_addons.faults import (
    AbortWebSocket,
    EndEventSource,
    Fault,
    RefuseConnection,
    ResetConnection,
    RespondToRequest,
)
from proxy_addons.matching import mismatches
from proxy_addons.plan import Rule, When
from proxy_addons.tests.play import messages, opened, received, sse_events

UP = messages("a", direction="to_server")[0]


@pytest.mark.parametrize(
    ("fault", "when", "event"),
    [
        pytest.param(AbortWebSocket(), When(), opened("websocket"), id="a stream of its transport"),
        pytest.param(AbortWebSocket(), When(), messages("a")[0], id="a message to the client"),
        pytest.param(AbortWebSocket(), When(direction="to_server"), UP, id="a message to the server"),
        pytest.param(EndEventSource(), When(), sse_events("a")[0], id="an event"),
        pytest.param(RespondToRequest(), When(), received("websocket"), id="a handshake is a request"),
        pytest.param(RespondToRequest(), When(path="/t*r", method="GET"), received(), id="glob and method"),
        pytest.param(RespondToRequest(), When(path="/*"), received(path="/a/b"), id="* matches slashes"),
        pytest.param(ResetConnection(on="accept"), When(), ConnectionOpened(1), id="a connection"),
        pytest.param(ResetConnection(), When(), opened("eventsource"), id="any stream"),
        pytest.param(RefuseConnection(), When(), ListenerReady(), id="the listener"),
    ],
)
def test_a_rule_applies(fault: Fault, when: When, event: Event) -> None:
    assert mismatches(Rule(fault=fault, when=when), event) == []


@pytest.mark.parametrize(
    ("fault", "when", "event", "reasons"),
    [
        pytest.param(
            AbortWebSocket(), When(), received(), ["websocket.abort does not act on RequestReceived"], id="event"
        ),
        pytest.param(
            AbortWebSocket(),
            When(),
            opened("eventsource"),
            ["transport is 'eventsource', not 'websocket'"],
            id="the kind's transport",
        ),
        pytest.param(
            ResetConnection(),
            When(transport="eventsource"),
            opened("websocket"),
            ["transport is 'websocket', not 'eventsource'"],
            id="the rule's transport",
        ),
        pytest.param(
            AbortWebSocket(), When(), UP, ["direction is 'to_server', not 'to_client'"], id="the other direction"
        ),
        pytest.param(
            RespondToRequest(),
            When(path="/Timer", method="POST"),
            received(),
            ["method is 'GET', not 'POST'", "path '/timer' does not match '/Timer'"],
            id="all reasons at once, case matters",
        ),
    ],
)
def test_a_rule_does_not_apply_and_says_why(fault: Fault, when: When, event: Event, reasons: list[str]) -> None:
    assert mismatches(Rule(fault=fault, when=when), event) == reasons
