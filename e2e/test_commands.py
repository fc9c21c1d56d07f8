"""Commands: given once, executed once, whatever the link does."""

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import AbortWebSocket, RespondToRequest, StallWebSocket
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy


def test_a_command_is_done_over_websocket(timer: TimerPage, operator: Operator) -> None:
    timer.open()
    timer.expect_transport("websocket")
    timer.note("kettle on")
    timer.expect_note("kettle on")
    timer.expect_command("done")
    timer.expect_in_sync(operator)


def test_a_command_given_over_a_dead_link_is_executed_once(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page whose WebSocket swallows what it is given
    timer.open()
    timer.expect_transport("websocket")
    proxy.inject(StallWebSocket(direction="to_server"))
    # when somebody gives a command
    timer.note("once and only once")
    # then it arrives another way, once
    timer.expect_note("once and only once")
    timer.expect_command("done")
    assert operator.times_noted("once and only once") == 1
    # and still once when the old link delivers its copy at last
    proxy.heal()
    timer.note("and then this")
    timer.expect_note("and then this")
    assert operator.times_noted("once and only once") == 1


def test_a_command_whose_answer_is_lost_is_executed_once(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page whose WebSocket delivers the command and loses the answer
    timer.open()
    timer.expect_transport("websocket")
    proxy.inject(StallWebSocket(direction="to_client"))
    # when somebody gives a command
    timer.note("answer lost")
    # then it is done, once
    timer.expect_note("answer lost")
    timer.expect_command("done")
    assert operator.times_noted("answer lost") == 1


def test_a_command_works_while_the_page_polls(timer: TimerPage, proxy: FaultProxy, operator: Operator) -> None:
    for transport in ("websocket", "eventsource"):
        when = When.model_validate({"transport": transport})
        proxy.inject(RespondToRequest(status=503), when=when, times=None)
    timer.open()
    timer.expect_transport("polling")
    timer.pause()
    timer.expect_phase("paused")
    timer.expect_in_sync(operator)


def test_a_command_given_as_the_socket_dies_is_executed_once(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    timer.open()
    timer.expect_transport("websocket")
    proxy.inject(AbortWebSocket(), when=When(direction="to_server"))
    timer.note("last words")
    timer.expect_note("last words")
    timer.expect_command("done")
    assert operator.times_noted("last words") == 1
