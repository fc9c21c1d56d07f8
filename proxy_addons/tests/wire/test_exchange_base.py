"""What holds for every rule of an exchange."""

import pytest

from proxy_addons.actions import Action, EditHeaders, Replace
from proxy_addons.events import Event, RequestReceived, ResponseReceived, ResponseStarting
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultCrashed
from proxy_addons.tests.exchanges import GET, OK
from proxy_addons.tests.origin import Origin
from proxy_addons.tests.throwaway import NO_BYTES, rule_that


@pytest.mark.parametrize("event", [RequestReceived, ResponseStarting, ResponseReceived])
def test_lets_an_exchange_pass_when_a_fault_crashes(proxy: FaultProxy, origin: Origin, event: type[Event]) -> None:
    def crash(_: Event) -> Action:
        raise RuntimeError("broken kind")

    proxy.add(rule_that(event, crash, scope="request"))
    client, _ = origin.exchange(proxy.url, GET, OK)
    assert client.read(len(OK)) == OK
    (crashed,) = proxy.history.of(FaultCrashed)
    assert "broken kind" in crashed.error


@pytest.mark.parametrize(
    ("event", "action"),
    [
        pytest.param(RequestReceived, Replace(NO_BYTES), id="request"),
        pytest.param(ResponseStarting, EditHeaders(add=((NO_BYTES, NO_BYTES),)), id="head"),
        pytest.param(ResponseReceived, Replace(NO_BYTES), id="answer"),
    ],
)
def test_lets_an_exchange_pass_when_an_effect_fails(
    proxy: FaultProxy, origin: Origin, event: type[Event], action: Action
) -> None:
    proxy.add(rule_that(event, lambda _: action, scope="request"))
    client, _ = origin.exchange(proxy.url, GET, OK)
    assert client.read(len(OK)) == OK
    (crashed,) = proxy.history.of(FaultCrashed)
    assert "failed: " in crashed.error
