"""Several pages show the same."""

from collections.abc import Callable

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import AbortWebSocket
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy


def test_two_pages_agree_after_one_of_them_lost_its_connection(
    timer: TimerPage, another_timer: Callable[[str], TimerPage], proxy: FaultProxy, operator: Operator
) -> None:
    # given two pages
    timer.open()
    timer.expect_transport("websocket")
    second = another_timer(proxy.url)
    second.open()
    second.expect_transport("websocket")
    # when the first one's socket is cut
    proxy.inject(AbortWebSocket(), when=When(nth=1))
    operator.note("for both")
    # then both show the same
    timer.expect_note("for both")
    second.expect_note("for both")
    timer.expect_in_sync(operator)
    second.expect_in_sync(operator)


def test_a_command_on_one_page_is_seen_on_the_other(
    timer: TimerPage, another_timer: Callable[[str], TimerPage], proxy: FaultProxy
) -> None:
    timer.open()
    second = another_timer(proxy.url)
    second.open()
    second.expect_live()
    timer.expect_live()
    timer.pause()
    second.expect_phase("paused")
