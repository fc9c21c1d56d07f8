"""The page as a product: for every eye, ear, hand and window, in French and in English."""

import re

import pytest

from e2e.axe import violations
from e2e.operator_console import Operator
from e2e.pages import Look, TimerPage
from proxy_addons.faults import AbortWebSocket, CloseWebSocket, DownUpstream, RespondToRequest
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy

LOOKS: tuple[Look, ...] = (("light", 1280, 800), ("dark", 320, 568))
"""A desktop and a small phone."""

WINDOWS = ((320, 568), (844, 390), (1280, 800), (1920, 1080))
"""In pixels: a small phone, a phone on its side, a desktop, a wall."""

STOPS = [
    *("Start", "Pause", "Resume", "Reset"),
    *("+1 home", "Next round", "+1 away"),
    *("Note", "Add note", "Events", "What it went through"),
]
"""Where the keyboard stops, in the order of reading."""


def wrong_in_any_look(timer: TimerPage) -> list[str]:
    """What axe finds in the page as it is now, in each of the looks."""
    found = []
    for look in LOOKS:
        timer.look_in(*look)
        found += [f"{look}: {each}" for each in violations(timer.page)]
    return found


# -- for every eye and ear ------------------------------------------------------------------------------------------


def test_axe_finds_nothing_wrong_while_it_is_live(timer: TimerPage, operator: Operator) -> None:
    timer.open()
    timer.expect_live()
    operator.note("Corner kick")
    timer.expect_note("Corner kick")
    assert wrong_in_any_look(timer) == []


def test_axe_finds_nothing_wrong_while_it_is_offline(timer: TimerPage, proxy: FaultProxy) -> None:
    timer.open()
    timer.expect_live()
    proxy.inject(DownUpstream(), times=None)
    timer.expect_staleness("offline")
    assert wrong_in_any_look(timer) == []
    proxy.heal()
    timer.expect_live()


def test_axe_finds_nothing_wrong_when_it_has_stopped(timer: TimerPage, proxy: FaultProxy) -> None:
    timer.open()
    timer.expect_live()
    proxy.inject(CloseWebSocket(code=4403))
    timer.expect_banner("not allowed")
    assert wrong_in_any_look(timer) == []


def test_announces_what_happens_but_not_the_running_time(
    timer: TimerPage, operator: Operator, proxy: FaultProxy
) -> None:
    # given a page that is listened to
    timer.listen()
    timer.open()
    timer.expect_live()
    # when time passes, somebody notes something, and the link is lost
    timer.expect_to_run(seconds=2)
    operator.note("Corner kick")
    timer.expect_note("Corner kick")
    proxy.inject(CloseWebSocket(code=4403))
    timer.expect_banner("not allowed")
    # then all but the time is read out
    heard = timer.heard()
    for words in ("Live over WebSocket", "Corner kick", "You are not allowed to see this timer"):
        assert [each for each in heard if words in each], words
    assert [each for each in heard if re.search(r"\d\d:\d\d", each)] == []


# -- for every hand -------------------------------------------------------------------------------------------------


def test_the_keyboard_reaches_everything_in_order_and_there_is_no_trap(timer: TimerPage) -> None:
    timer.open()
    timer.expect_live()
    there = [timer.tab() for _ in STOPS]
    back = [timer.tab(back=True) for _ in STOPS[1:]]
    assert [name for name, _ in there] == STOPS
    assert [name for name, _ in back] == STOPS[-2::-1]
    assert [name for name, outline in there if outline == "none"] == []


def test_the_focus_stays_when_the_page_changes(timer: TimerPage, proxy: FaultProxy) -> None:
    # given somebody at the keyboard, on "Pause"
    timer.open()
    timer.expect_live()
    timer.tab()
    timer.tab()
    assert timer.focused()[0] == "Pause"
    # when that is pressed, and can't be pressed any more
    timer.expect_paused_by_keyboard()
    # and the page stops for good, with a banner
    proxy.inject(CloseWebSocket(code=4403))
    timer.expect_banner("not allowed")
    # then the focus is where it was, and the banner's button is in reach
    assert timer.focused()[0] == "Pause"
    timer.tab(back=True)
    assert timer.tab(back=True)[0] == "Reload the page"


def test_nothing_moves_for_who_wants_that(timer: TimerPage) -> None:
    timer.page.emulate_media(reduced_motion="no-preference")
    timer.open()
    timer.expect_live()
    assert timer.motions() != []
    timer.page.emulate_media(reduced_motion="reduce")
    assert timer.motions() == []


# -- for every window -----------------------------------------------------------------------------------------------


def test_the_time_is_as_large_as_the_window_allows(timer: TimerPage) -> None:
    timer.open()
    timer.expect_live()
    for width, height in WINDOWS:
        timer.look_in("dark", width, height)
        timer.expect_time_fills()


# -- for every reader -----------------------------------------------------------------------------------------------


@pytest.mark.browser_context_args(locale="fr-CA")
def test_speaks_french_to_who_reads_french(timer: TimerPage, operator: Operator, proxy: FaultProxy) -> None:
    timer.open()
    timer.expect_live()
    timer.expect_language("fr-CA")
    timer.expect_heading("Chronomètre du match")
    operator.command("score", team="home", points=1)
    proxy.inject(AbortWebSocket())
    timer.expect_log(r"WebSocket perdu \(1006\), rétabli après \d+(,\d)?\s(ms|s), rien de manqué")
    # and the console says what people search for
    timer.expect_console("❌ Erreur WebSocket timer")


@pytest.mark.browser_context_args(locale="de-DE")
def test_speaks_english_to_who_reads_neither(timer: TimerPage) -> None:
    timer.open()
    timer.expect_live()
    timer.expect_language("en-GB")
    timer.expect_heading("Match timer")


# -- the connection -------------------------------------------------------------------------------------------------


def test_tells_what_the_connection_went_through(timer: TimerPage, operator: Operator, proxy: FaultProxy) -> None:
    timer.open()
    timer.expect_live()
    timer.expect_log("Connected over WebSocket after")
    # when the link is cut, and something happens meanwhile
    proxy.inject(AbortWebSocket())
    operator.note("unseen")
    timer.expect_note("unseen")
    # then the list says so in one line
    timer.expect_log(r"^.*WebSocket lost \(1006\), back after [\d.]+\s(ms|s), nothing missed$")


def test_draws_the_figures_of_the_last_minutes(timer: TimerPage, proxy: FaultProxy) -> None:
    timer.open()
    timer.expect_live()
    timer.expect_chart("Update latency", r"Over the last [\d.]+\ss: from [\d.]+\sms to")
    proxy.inject(AbortWebSocket())
    timer.expect_chart("Reconnections", "Over the last .*: 1")
    timer.expect_chart("Stream errors", "Over the last .*: 1")


def test_says_to_sign_in_again(timer: TimerPage, proxy: FaultProxy) -> None:
    timer.open()
    timer.expect_live()
    proxy.inject(CloseWebSocket(code=4401))
    timer.expect_banner("You are not signed in any more")
    timer.expect_log("Stopped for good")


def test_says_so_when_other_tabs_have_taken_all_connections(timer: TimerPage, proxy: FaultProxy) -> None:
    # given six streams of other tabs, and a page that loses its WebSocket and gets no other
    timer.open()
    timer.expect_live()
    timer.fill_connections()
    proxy.inject(RespondToRequest(status=503), when=When.model_validate({"transport": "websocket"}), times=None)
    proxy.inject(AbortWebSocket())
    # then its own timer tells it, and it tells the reader what would help
    timer.expect_hint("several tabs")
    # when some of them are closed, then it is live again, and takes that back
    timer.free_connections()
    timer.expect_transport("eventsource")
    timer.expect_hint("^$")
