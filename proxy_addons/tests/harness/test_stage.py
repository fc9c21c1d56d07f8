"""The steps of a scenario, on a stage with a real browser in front of a little app."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.plain import PlainContract
from proxy_addons.harness.scenario import parse_scenario
from proxy_addons.harness.stage import Stage
from proxy_addons.harness.steps import ChangeRules, GiveCommand, HandlePage, SaySomething, Wait
from proxy_addons.harness.subject import RunningSubject
from proxy_addons.tests.harness.little_app import guide, running

RULES = """
title = "t"
why = "w"
[[rules]]
id = "cut"
times = 1
fault = { kind = "websocket.abort" }
[[rules]]
id = "later"
fault = { kind = "request.respond" }
when = { transport = "websocket" }
"""


@pytest.fixture(scope="module")
def app() -> Iterator[RunningSubject]:
    with running() as app:
        yield app


@pytest.fixture
def said() -> list[tuple[str, str]]:
    """What the server was made to say: at which URL, in which words."""
    return []


@pytest.fixture
def stage(app: RunningSubject, browser: Browser, said: list[tuple[str, str]]) -> Iterator[Stage]:
    """With a page that is live."""
    known = guide(happenings={"shout": lambda url, text: said.append((url, text))})
    with Stage(parse_scenario(RULES, name="mine"), app, known, browser) as stage:
        stage.open_page()
        assert stage.wait_for_steady_state()
        yield stage


def shown(stage: Stage, mark: str) -> Callable[[str], bool]:
    """Whether the first page shows a value, now or soon."""

    def has(value: str) -> bool:
        latest = stage.visitors[0].probe
        return stage.wait_until(lambda: latest.latest is not None and latest.latest.marks.get(mark) == value)

    return has


def test_a_rule_comes_into_force_and_what_it_does_is_waited_for(stage: Stage) -> None:
    stage.inject({"cut"})
    stage.perform(Wait(do="wait", fired="cut"))
    assert stage.situation.fired["cut"] == 1
    assert [rule.id for rule in stage.proxy.rules] == ["cut"]


def test_rules_are_injected_and_healed_by_steps(stage: Stage) -> None:
    stage.perform(ChangeRules(do="inject", rules=("later", "cut")))
    stage.perform(Wait(do="wait", shows="connecting", fired="later"))
    stage.perform(ChangeRules(do="heal", rules=("later",)))
    stage.perform(Wait(do="wait", over="websocket"))
    assert stage.are_live("websocket")


def test_the_server_says_something_each_time_in_other_words(
    stage: Stage, app: RunningSubject, said: list[tuple[str, str]]
) -> None:
    stage.perform(SaySomething(do="event", what="shout", times=2, apart_ms=10))
    assert [url for url, _ in said] == [app.url, app.url]
    assert len({text for _, text in said}) == 2


def test_a_person_acts_on_the_page(stage: Stage) -> None:
    stage.perform(GiveCommand(do="command", what="say"))
    assert shown(stage, "said")("1")


def test_one_page_of_several_is_handled(stage: Stage) -> None:
    stage.perform(HandlePage(do="open"))
    assert [visitor.name for visitor in stage.visitors] == ["page", "page-2"]
    assert stage.wait_until(lambda: stage.are_live("websocket"))
    stage.perform(HandlePage(do="leave", page=2))
    assert [visitor.is_here for visitor in stage.visitors] == [True, False]


def test_a_wait_in_vain_ends(stage: Stage) -> None:
    assert not stage.wait_until(lambda: False, timeout_s=0.05)


def test_what_must_hold_on_end_is_not_met_by_a_moment(stage: Stage) -> None:
    moments = iter([True, False])
    begin = time.monotonic()
    assert stage.wait_for_recovery(lambda: next(moments, True), 0.1)
    assert time.monotonic() - begin >= 0.1


def test_it_is_known_for_what_it_waited(stage: Stage) -> None:
    stage.perform(Wait(do="wait", ms=100))
    stage.wait_until(lambda: False, "a miracle", timeout_s=0.05)
    waits = stage.waits.seconds
    assert waits["the time that the scenario gives"] >= 0.1
    assert waits["a miracle"] >= 0.05
    assert "live pages" in waits


class TestAPageThatNobodyCanRead:
    @pytest.fixture
    def stage(self, app: RunningSubject, browser: Browser) -> Iterator[Stage]:
        limits = Limits(scale=0.1, slow_s=0.1, browser_throttle_s=10)
        with Stage(parse_scenario(RULES), app, guide(contract=PlainContract(), limits=limits), browser) as stage:
            stage.open_page()
            assert stage.wait_for_steady_state()
            yield stage

    def test_is_given_the_time_that_a_word_takes_instead(self, stage: Stage) -> None:
        begin = time.monotonic()
        stage.perform(Wait(do="wait", shows="stale"))
        limits = stage.guide.limits
        assert limits.liveness_s <= time.monotonic() - begin < limits.browser_throttle_s

    def test_a_server_that_nobody_can_make_say_a_note_says_what_it_says(self, stage: Stage) -> None:
        stage.perform(SaySomething(do="event"))
        assert stage.are_live("websocket")


def test_nothing_is_left_when_it_is_over(app: RunningSubject, browser: Browser) -> None:
    before = len(browser.contexts)
    with Stage(parse_scenario(RULES), app, guide(), browser) as stage:
        stage.open_page()
    assert len(browser.contexts) == before
