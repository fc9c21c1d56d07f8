"""Commands: given once, executed once, whatever the link does."""

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import RespondToRequest
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy


def test_a_command_is_done_over_websocket(timer: TimerPage, operator: Operator) -> None:
    timer.open()
    timer.expect_transport("websocket")
    timer.note("kettle on")
    timer.expect_note("kettle on")
    timer.expect_command("done")
    timer.expect_in_sync(operator)


def test_a_command_works_while_the_page_polls(timer: TimerPage, proxy: FaultProxy, operator: Operator) -> None:
    for transport in ("websocket", "eventsource"):
        when = When.model_validate({"transport": transport})
        proxy.inject(RespondToRequest(status=503), when=when, times=None)
    timer.open()
    timer.expect_transport("polling")
    timer.pause()
    timer.expect_phase("paused")
    timer.expect_in_sync(operator)
