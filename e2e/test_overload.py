"""A server that asks for peace gets it."""

import pytest

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import RespondToRequest
from proxy_addons.plan import Rule, When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultFired, Record, RequestSeen

RETRY_AFTER_S = 2
UNDER_WAY_S = 0.2
"""A request that left the page before the answer arrived is no disobedience."""
NO_STREAMS = tuple(
    Rule(id=f"no-{transport}", when=When.model_validate({"transport": transport}), fault=RespondToRequest(status=503))
    for transport in ("websocket", "eventsource")
)
TOO_MANY = RespondToRequest(status=429, headers={"Retry-After": str(RETRY_AFTER_S)})


@pytest.mark.faults(*NO_STREAMS)
def test_asks_for_nothing_for_as_long_as_the_server_says(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that polls
    timer.open()
    timer.expect_transport("polling")
    # when a poll is answered 429 with Retry-After
    rule = proxy.inject(TOO_MANY, when=When(path="/timer"))
    told = proxy.history.wait_for(lambda record: isinstance(record, FaultFired) and record.rule == rule.id, 10)
    # then no request of any kind comes before the time is over, and the page has said that its data is old

    def asked_again(record: Record) -> bool:
        """a request after the 429"""
        return isinstance(record, RequestSeen) and record.t > told.t + UNDER_WAY_S

    asked = proxy.history.wait_for(asked_again, 4 * RETRY_AFTER_S)
    assert asked.t - told.t >= RETRY_AFTER_S
    timer.expect_has_been_stale()
    operator.note("all well again")
    timer.expect_note("all well again")
    timer.expect_in_sync(operator)
