"""Two faults that meet: the second strikes while the client is still busy with the first.

Most bugs that people shipped need such a pair; a client survives one fault alone.
"""

from collections.abc import Callable, Iterator

import pytest

from e2e.app import start_app
from e2e.operator_console import Operator
from e2e.pages import SOON_MS, TimerPage
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.one_line import parse_rule
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultFired, OriginRestarted, Record

SOON_S = SOON_MS / 1000


def fired(rule: str) -> Callable[[Record], bool]:
    def has_fired(record: Record) -> bool:
        return isinstance(record, FaultFired) and record.rule == rule

    has_fired.__doc__ = f"rule {rule} fires"
    return has_fired


def restarted(record: Record) -> bool:
    """the origin runs again"""
    return isinstance(record, OriginRestarted)


@pytest.mark.faults(
    parse_rule("request.hold:for_ms=400,when.transport=websocket,when.nth=1,rule.id=slow"),
    parse_rule("connection.reset:on=accept,when.after=slow,when.after_ms=100,when.for_ms=50,rule.id=drop"),
)
def test_recovers_when_everything_drops_while_it_connects(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a WebSocket that is slow to open, and a network that fails meanwhile
    timer.open()
    proxy.history.wait_for(fired("drop"), SOON_S)
    operator.note("after the drop")
    # then the page is live, once
    timer.expect_note("after the drop")
    timer.expect_in_sync(operator)


class TestDuringBackOff:
    @pytest.fixture
    def subject(self) -> Iterator[SubjectProcess]:
        with start_app() as app:
            yield app

    @pytest.mark.faults(
        parse_rule("websocket.abort:after_messages=3,rule.id=cut,rule.times=1"),
        parse_rule("upstream.restart:how=kill,when.after=cut,when.after_ms=10,rule.id=restart,rule.times=1"),
    )
    def test_recovers_when_the_server_restarts_during_the_back_off(
        self, timer: TimerPage, proxy: FaultProxy, operator: Operator
    ) -> None:
        # given a page whose WebSocket breaks, and a server that is killed right after
        timer.open()
        proxy.history.wait_for(restarted, SOON_S)
        # when the server runs again
        operator.note("of the new life")
        # then the page shows the new life
        timer.expect_note("of the new life")
        timer.expect_in_sync(operator)


@pytest.mark.faults(
    parse_rule("request.respond:status=503,when.transport=websocket,rule.id=no-websocket"),
    parse_rule(
        'request.hold:for_ms=300,when.transport=websocket,when.page={transport="eventsource"},rule.id=climb,rule.times=1'
    ),
    parse_rule("eventsource.abort:when.after=climb,when.after_ms=100,rule.id=old-link,rule.times=1"),
)
def test_loses_nothing_when_the_old_link_breaks_during_the_climb(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that has fallen back to EventSource
    timer.tell(proxy)
    timer.open()
    timer.expect_transport("eventsource")
    # when WebSockets work again, slowly, and the stream breaks before the switch
    proxy.heal("no-websocket")
    proxy.history.wait_for(fired("old-link"), SOON_S)
    operator.note("between two links")
    # then the page is back on WebSocket with everything
    timer.expect_transport("websocket")
    timer.expect_note("between two links")
    timer.expect_in_sync(operator)
