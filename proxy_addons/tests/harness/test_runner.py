"""A scenario from steady state to verdict, with a real browser in front of a little app."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType

from proxy_addons.errors import PlanError
from proxy_addons.harness import runner
from proxy_addons.harness.judge.facts import Check, Difference, Limits
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.pace import Pace
from proxy_addons.harness.runner import Ruling, missing, run
from proxy_addons.harness.scenario import Scenario, parse_scenario
from proxy_addons.harness.subject import RunningSubject
from proxy_addons.records import StepTaken
from proxy_addons.tests.harness.little_app import guide, running

Play = Callable[[str], Ruling]
CUT = '[[rules]]\nid = "cut"\ntimes = 1\nfault = { kind = "websocket.abort" }\n'
KNOWN = guide()
SHORT = Limits(scale=0.01, browser_throttle_s=0)


@pytest.fixture(scope="module")
def app() -> Iterator[RunningSubject]:
    with running() as app:
        yield app


def stand_still_for(monkeypatch: pytest.MonkeyPatch, worst_s: float) -> None:
    """Whatever this machine does."""
    leave = Pace.__exit__

    def left(pace: Pace, *why: Any) -> None:
        leave(pace, *why)
        pace.worst_s = worst_s

    monkeypatch.setattr(Pace, "__exit__", left)


@pytest.fixture(autouse=True)
def _steady_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_still_for(monkeypatch, 0.0)


@pytest.fixture
def play(app: RunningSubject, browser: Browser) -> Play:
    return lambda text: run(told(text), app, KNOWN, browser)


def told(text: str) -> Scenario:
    return parse_scenario(f'title = "t"\nwhy = "w"\n{text}', name="mine")


def test_a_page_that_comes_back_is_passed(play: Play) -> None:
    ruling = play(f'{CUT}[expect]\ntransports = ["websocket"]\nattempts = {{ websocket = {{ least = 2, most = 2 }} }}')
    assert (ruling.verdict, ruling.doubts) == ("passed", [])
    # and its record tells how it went
    assert [step.step for _, step in ruling.run.of(StepTaken)] == ["steady", "injected", "healed", "over"]
    assert [receipt.rule for receipt in ruling.proxy.history.receipts] == ["cut"]
    assert ruling.screenshot is None
    # and checks that need what the subject does not offer are listed
    assert {each.outcome for each in ruling.findings if each.check == "S20"} == {"not applicable"}


def test_a_page_that_does_not_come_back_is_failed(browser: Browser) -> None:
    with running(comes_back=False) as app:
        ruling = run(told(CUT), app, replace(KNOWN, limits=SHORT), browser)
    assert (ruling.verdict, bool(ruling.screenshot)) == ("failed", True)
    ends = next(finding for finding in ruling.findings if finding.check == "ends")
    assert re.search("page page shows connecting, .* in the end; 'live' is right", ends.differences[0].text)


def test_a_fault_that_never_fires_makes_it_inconclusive(app: RunningSubject, browser: Browser) -> None:
    never = '[[rules]]\nid = "never"\nfault = { kind = "eventsource.abort" }\n'
    ruling = run(told(never), app, replace(KNOWN, limits=SHORT), browser)
    assert (ruling.verdict, ruling.doubts) == ("inconclusive", ["never never fired"])


def test_a_fault_that_may_miss_need_not_fire(play: Play) -> None:
    assert (
        play('may_miss = ["never"]\n[[rules]]\nid = "never"\nfault = { kind = "eventsource.abort" }').verdict
        == "passed"
    )


def test_a_page_that_never_goes_live_makes_it_inconclusive(app: RunningSubject, browser: Browser) -> None:
    ruling = run(told('[given]\ntransport = "eventsource"'), app, replace(KNOWN, limits=SHORT), browser)
    assert ruling.verdict in ("inconclusive", "failed")
    assert ruling.doubts[0] == "the page never went live over eventsource, so nothing was at risk"


def test_a_check_that_throws_makes_it_inconclusive(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def throws(_run: Run, _limits: Limits) -> list[Difference]:
        raise ZeroDivisionError

    monkeypatch.setattr(runner, "CHECKS", [Check("S0", "nothing", throws)])
    ruling = play(CUT)
    assert (ruling.verdict, [each.check for each in ruling.findings if each.outcome == "crashed"]) == (
        "inconclusive",
        ["S0"],
    )


def test_a_bound_that_there_is_not_is_one_clear_error(play: Play) -> None:
    with pytest.raises(PlanError, match=r"mine: expect.limits: unknown bound 'slow'; did you mean 'slow_s'\?"):
        play("[expect.limits]\nslow = 1")


def test_what_the_guide_does_not_know_is_said_before_anything_starts(play: Play) -> None:
    with pytest.raises(PlanError, match="mine: the server can't be made to say 'goal'"):
        play('[[steps]]\ndo = "event"\nwhat = "goal"')


def test_what_a_subject_does_not_offer_is_listed() -> None:
    scenario = told(
        '[[rules]]\nfault = { kind = "upstream.restart" }\n'
        '[[steps]]\ndo = "event"\nwhat = "goal"\n[[steps]]\ndo = "command"\nwhat = "shout"'
    )
    assert missing(scenario, KNOWN, restarts=False) == [
        "the server can't be restarted",
        "the server can't be made to say 'goal'",
        "nobody knows how to do 'shout' on the page",
    ]


@pytest.mark.parametrize(
    ("do", "why"),
    [
        ("measure", "firefox does not tell what a page uses"),
        ("offline", "firefox goes on with the WebSockets that are open when it is told to be offline"),
    ],
)
def test_what_comes_to_nothing_in_another_browser_is_not_asked_of_it(do: str, why: str) -> None:
    scenario = told(f'[[steps]]\ndo = "{do}"')
    assert missing(scenario, KNOWN, browser="chromium") == []
    assert missing(scenario, KNOWN, browser="firefox") == [why]


def test_a_note_is_no_more_than_traffic_where_nobody_can_make_the_server_say_one() -> None:
    assert missing(parse_scenario('title = "t"\nwhy = "w"\n[[steps]]\ndo = "event"\n'), KNOWN) == []


class TestPace:
    """Whoever reads why a run is not passed is told that the machine stood still; the verdict stays what it is."""

    @pytest.fixture
    def hurt(self, app: RunningSubject, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ruling]:
        def ruled(text: str, worst_s: float, limits: Limits = SHORT) -> Ruling:
            stand_still_for(monkeypatch, worst_s)
            return run(told(text), app, replace(KNOWN, limits=limits), browser)

        return ruled

    NEVER = '[[rules]]\nid = "never"\nfault = { kind = "eventsource.abort" }\n'

    def test_of_a_machine_that_stood_still_it_is_said(self, hurt: Callable[..., Ruling]) -> None:
        ruling = hurt(self.NEVER, worst_s=0.2)
        assert ruling.doubts == ["never never fired", "this machine stood still for 0.200 s meanwhile"]

    def test_of_a_steady_machine_nothing_is_said(self, hurt: Callable[..., Ruling]) -> None:
        assert hurt(self.NEVER, worst_s=0.001).doubts == ["never never fired"]

    def test_what_is_passed_is_passed_in_any_case(self, hurt: Callable[..., Ruling]) -> None:
        ruling = hurt("", worst_s=0.2, limits=KNOWN.limits)
        assert (ruling.verdict, ruling.doubts) == ("passed", [])


class TestWhatIsLostOnTheWay:
    def test_an_app_that_ends_makes_it_inconclusive(self, browser: Browser) -> None:
        with ExitStack() as stack:
            app = stack.enter_context(running())
            shout = 'title = "t"\nwhy = "w"\n[[steps]]\ndo = "event"\nwhat = "end"\n'
            known = replace(KNOWN, limits=SHORT, happenings={"end": lambda _url, _text: stack.close()})
            ruling = run(parse_scenario(shout), app, known, browser)
        assert (ruling.verdict, ruling.doubts) == ("inconclusive", [f"the app at {app.url} does not answer any more"])

    def test_an_app_that_can_be_made_to_say_nothing_makes_it_inconclusive(
        self, app: RunningSubject, browser: Browser
    ) -> None:
        def refused(_url: str, _text: str) -> None:
            raise ConnectionRefusedError("nobody there")

        ruling = run(told(""), app, replace(KNOWN, happenings={"note": refused}), browser)
        assert (ruling.verdict, ruling.doubts) == (
            "inconclusive",
            [f"the app at {app.url} can't be made to say 'note': nobody there"],
        )

    def test_a_browser_that_is_gone_makes_it_inconclusive(
        self, app: RunningSubject, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
    ) -> None:
        own = browser_type.launch(**browser_type_launch_args)
        known = replace(KNOWN, happenings={"note": lambda _url, _text: own.close()})
        ruling = run(told(""), app, known, own)
        assert ruling.verdict == "inconclusive"
        assert ruling.doubts[0].startswith("the browser failed: ")
