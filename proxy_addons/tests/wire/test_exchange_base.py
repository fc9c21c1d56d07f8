"""What holds for every rule of an exchange."""

import pytest

from proxy_addons.actions import Action
from proxy_addons.events import Event, RequestReceived, ResponseReceived, ResponseStarting
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultCrashed
from proxy_addons.tests.exchanges import GET, OK
from proxy_addons.tests.origin import Origin
from proxy_addons.tests.throwaway import rule_that


@pytest.mark.parametrize("event", [RequestReceived, ResponseStarting, ResponseReceived])
def test_lets_an_exchange_pass_when_a_fault_crashes(proxy: FaultProxy, origin: Origin, event: type[Event]) -> None:
    def crash(_: Event) -> Action:
        raise RuntimeError("broken kind")

    proxy.add(rule_that(event, crash, scope="request"))
    client, _ = origin.exchange(proxy.url, GET, OK)
    assert client.read(len(OK)) == OK
    (crashed,) = proxy.history.of(FaultCrashed)
    assert "broken kind" in crashed.error
