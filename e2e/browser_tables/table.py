"""What the tables share: the shapes of their fixtures, and what they read from the record."""

from collections.abc import Callable

from e2e.browser_tables.servers import StreamServer
from e2e.observer import Observer
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultFired, Record, RequestSeen
from proxy_addons.tests.origin import TIMEOUT_S

ServeStream = Callable[..., StreamServer]
ServeWebSocket = Callable[..., str]
Through = Callable[..., FaultProxy]
Observe = Callable[[FaultProxy], Observer]


def last_event_ids(proxy: FaultProxy) -> list[str]:
    """What each request for a stream said there; empty: it had none."""
    asked = [request for request in proxy.history.of(RequestSeen) if request.transport == "eventsource"]
    return ["".join(value for name, value in each.headers.items() if name.lower() == "last-event-id") for each in asked]


def wait_until_fired(proxy: FaultProxy) -> None:
    """Until each of the rules has fired: only then does it say something that nothing happens."""
    for rule in proxy.rules:

        def fired(record: Record, rule_id: str = rule.id) -> bool:
            return isinstance(record, FaultFired) and record.rule == rule_id

        proxy.history.wait_for(fired, TIMEOUT_S)
