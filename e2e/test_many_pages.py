"""Several pages show the same."""

from collections.abc import Callable

from e2e.pages import TimerPage
from proxy_addons.proxy import FaultProxy


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
