"""The engine under any plan and any traffic: the same plan and traffic give the same decisions, and limits hold."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from property_tests.faults import plans
from proxy_addons.engine import Decision, Engine
from proxy_addons.events import (
    ConnectionOpened,
    Event,
    ListenerReady,
    MessagePassing,
    Request,
    RequestReceived,
    SsePassing,
    StreamOpened,
)
from proxy_addons.faults import AbortWebSocket
from proxy_addons.matching import mismatches
from proxy_addons.plan import Plan, Rule, When
from proxy_addons.tests.play import messages, opened, received, sse_events

Script = list[Event]


@st.composite
def lives(draw: st.DrawFn, exchange: int) -> Script:
    """What a rule sees of one request, from its connection to the last message of its stream."""
    count = draw(st.integers(0, 6))
    texts = [str(number) for number in range(count)]
    match draw(st.sampled_from(["websocket", "eventsource", "http"])):
        case "websocket":
            direction = draw(st.sampled_from(["to_client", "to_server"]))
            stream = [opened("websocket", exchange=exchange), *messages(*texts, exchange=exchange, direction=direction)]
            return [ConnectionOpened(exchange), received("websocket", exchange=exchange), *stream]
        case "eventsource":
            stream = [opened("eventsource", exchange=exchange), *sse_events(*texts, exchange=exchange)]
            return [ConnectionOpened(exchange), received("eventsource", exchange=exchange), *stream]
    return [ConnectionOpened(exchange), received("http", exchange=exchange)]
