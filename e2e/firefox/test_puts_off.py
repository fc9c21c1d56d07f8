"""Firefox as people have it: after WebSockets that failed it puts the next ones off, for longer than a page waits at
the pace of the tests. Nobody who looks at the page notices."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType

from e2e.nightly import nightly
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from e2e.test_falls_back import refuse
from proxy_addons.harness.browser import FIREFOX_PUTS_NOTHING_OFF
from proxy_addons.history import History
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import RequestSeen, ResponseSeen

LEAST_S = 0.2
"""For so long at least, and twice that at most (`kWSReconnectInitialBaseDelay`); the page waits for 0.05 s at most."""

pytestmark = nightly(20)


@pytest.fixture(scope="module")
def browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """One of this file's own, which puts off what the usual one of the tests does not."""
    usual = browser_type_launch_args["firefox_user_prefs"]
    own = {name: value for name, value in usual.items() if name not in FIREFOX_PUTS_NOTHING_OFF}
    with browser_type.launch(**{**browser_type_launch_args, "firefox_user_prefs": own}) as browser:
        yield browser


def put_off_s(history: History) -> float:
    """How long after the first answer the second WebSocket was asked for."""
    refused, *_ = (each for each in history.of(ResponseSeen) if each.by == "rule")
    again, *_ = (each for each in history.of(RequestSeen) if each.transport == "websocket" and each.t > refused.t)
    return again.t - refused.t


@pytest.mark.faults(refuse("websocket"))
def test_a_page_whose_websockets_are_put_off_is_live_and_climbs_back(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that has gone down to EventSource, for no WebSocket came through
    timer.open()
    timer.expect_transport("eventsource")
    assert put_off_s(proxy.history) > LEAST_S
    operator.note("on the way down")
    timer.expect_note("on the way down")
    # when they come through again, and Firefox still puts them off
    proxy.heal()
    # then the page climbs back all the same, and has everything
    timer.expect_transport("websocket")
    operator.note("back again")
    timer.expect_note("back again")
    timer.expect_in_sync(operator)
