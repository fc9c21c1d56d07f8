"""Runs a scenario: steady state, inject, observe, heal, judge."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from playwright.sync_api import Browser, Error

from proxy_addons.errors import PlanError, ProxyError, SubjectError, did_you_mean
from proxy_addons.harness.expectation import checks_of
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Check, Finding, Limits
from proxy_addons.harness.judge.judging import Verdict, judge, verdict_of
from proxy_addons.harness.judge.rendering import as_text
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.pace import Pace
from proxy_addons.harness.scenario import Scenario
from proxy_addons.harness.stage import Stage
from proxy_addons.harness.subject import Subject, status_of
from proxy_addons.harness.waits import RULES
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import StepTaken

_STEADY = 0.5
"""For how much of the time after which data are stale a machine may stand still before a verdict mentions it."""
_BEAT_S = 0.3
"""What passes between two looks at a page, in real time, and a little more."""
CHROMIUM = "chromium"
"""By Playwright's name for its kind."""
IN_OTHERS = {
    "measure": "does not tell what a page uses",
    "offline": "goes on with the WebSockets that are open when it is told to be offline",
}
"""What is done to pages, and why that comes to nothing in browsers that are no Chromium."""
AFTERWARDS = "note"
"""What the server says when all is healed, where it can: a page that is live gets it."""


@dataclass(frozen=True)
class Ruling:
    """What became of a scenario."""

    scenario: Scenario
    verdict: Verdict
    doubts: Sequence[str]
    """Why the run proves nothing, where it does not."""
    findings: Sequence[Finding]
    checks: Sequence[Check]
    run: Run
    limits: Limits
    proxy: FaultProxy
    """Stopped; its plan and history are there."""
    screenshot: bytes | None
    """Of the first page at the end, unless all was well."""
    waits: Mapping[str, float] = field(default_factory=dict)
    """For how many seconds it was waited for what."""

    @property
    def why(self) -> str:
        """Why it is not passed: doubts, and what broke with its slices of the record."""
        wrong = [finding for finding in self.findings if finding.outcome in ("broken", "crashed")]
        titles = {check.id: check.title for check in self.checks}
        return "\n".join([*self.doubts, *([as_text(wrong, self.run, titles)] if wrong else [])])


def run(scenario: Scenario, subject: Subject, guide: Guide, browser: Browser) -> Ruling:
    """Plays the scenario in front of the subject and judges its record.

    Raises:
        PlanError: the scenario wants what the guide does not know, or has limits that there are not.
    """
    limits = _limits(scenario, guide.limits)
    _require(scenario, guide, browser.browser_type.name)
    with Stage(scenario.at_scale(limits.scale), subject, guide, browser) as stage:
        with Pace() as pace:
            gone, doubts = _survived(stage, subject, limits)
        judged = Run(stage.history.records, guide.contract)
        checks = [*checks_of(scenario.expect), *CHECKS]
        findings = judge(judged, limits, checks)
        verdict = "inconclusive" if gone else verdict_of(findings, doubts)
        if verdict != "passed" and pace.worst_s > _STEADY * limits.stale_after_s:
            doubts = [*doubts, f"this machine stood still for {pace.worst_s:.3f} s meanwhile"]
        screenshot = None if verdict == "passed" or not stage.visitors else stage.visitors[0].screenshot()
    doubts = [*gone, *doubts]
    waits = stage.waits.seconds
    return Ruling(scenario, verdict, doubts, findings, checks, judged, limits, stage.proxy, screenshot, waits)


def missing(scenario: Scenario, guide: Guide, *, restarts: bool = True, browser: str = CHROMIUM) -> list[str]:
    """What a scenario wants of its subject that it does not offer; `restarts`: whether it can be restarted; `browser`:
    the name of the kind in which the page runs.

    A note is not among it: where nobody can make the server say one, what it says of itself must do, and a rule that
    waits for more never fires.
    """
    return [
        *(["the server can't be restarted"] if scenario.restarts and not restarts else []),
        *(f"{browser} {IN_OTHERS[each]}" for each in sorted(scenario.handling & set(IN_OTHERS)) if browser != CHROMIUM),
        *(
            f"the server can't be made to say {each!r}"
            for each in sorted(scenario.happenings - {AFTERWARDS} - set(guide.happenings))
        ),
        *(f"nobody knows how to do {each!r} on the page" for each in sorted(scenario.deeds - set(guide.deeds))),
    ]


def _survived(stage: Stage, subject: Subject, limits: Limits) -> tuple[list[str], list[str]]:
    """Plays it; what was lost on the way, with which nothing can be said, and what else speaks against its proof."""
    try:
        doubts = _play(stage, limits) + stage.proxy.doubts()
    except (SubjectError, ProxyError) as error:
        return [str(error)], []
    except Error as error:
        return [f"the browser failed: {error.message.partition(chr(10))[0]}"], []
    answers = status_of(subject.url) is not None
    return ([] if answers else [f"the app at {subject.url} does not answer any more"]), doubts


def _play(stage: Stage, limits: Limits) -> list[str]:
    """All of it; what speaks against its having proved anything."""
    scenario = stage.scenario
    stage.inject({rule.id for rule in scenario.before})
    if not scenario.given.live:
        stage.inject({rule.id for rule in scenario.at_once})
    for _ in range(scenario.given.pages):
        stage.open_page()
    doubts = _begin(stage)
    if doubts:
        _end(stage)
        return doubts
    for step in scenario.steps:
        stage.perform(step)
    must_fire = {rule.id for rule in scenario.rules} - set(scenario.may_miss)
    stage.wait_until(lambda: all(stage.situation.fired[name] for name in must_fire), RULES)
    stage.let_pass(scenario.heal.after_ms / 1000)
    _heal(stage, limits)
    _end(stage)
    return []


def _begin(stage: Stage) -> list[str]:
    given = stage.scenario.given
    if given.live and not stage.wait_for_steady_state():
        over = f" over {given.transport}" if given.transport else ""
        return [f"the page never went live{over}, so nothing was at risk"]
    _note(stage, "steady")
    for visitor in stage.visitors:
        visitor.seed()
    if given.live:
        stage.inject({rule.id for rule in stage.scenario.at_once})
    _note(stage, "injected")
    return []


def _heal(stage: Stage, limits: Limits) -> None:
    """Lifts what must be lifted and waits until the pages are as they should be, and remain so."""
    scenario = stage.scenario
    stage.heal(set(scenario.healed))
    _note(stage, "healed")
    if AFTERWARDS in stage.guide.happenings:
        stage.happen(AFTERWARDS)
    expect = scenario.expect
    last = expect.transports[-1] if expect.transports else None
    live = expect.ends == "live"
    stage.wait_for_recovery(lambda: stage.are_live(last) if live else stage.show(expect.ends), limits.hold_s + _BEAT_S)


def _end(stage: Stage) -> None:
    stage.finish()
    _note(stage, "over")


def _note(stage: Stage, step: Literal["steady", "injected", "healed", "over"]) -> None:
    stage.note(StepTaken(time.monotonic(), step))


def _limits(scenario: Scenario, usual: Limits) -> Limits:
    known = Limits.__dataclass_fields__
    for name in scenario.expect.limits:
        if name not in known:
            raise PlanError(f"{scenario.name}: expect.limits: unknown bound {name!r}{did_you_mean(name, known)}")
    bounds: dict[str, Any] = dict(scenario.expect.limits)
    return replace(usual, **bounds)


def _require(scenario: Scenario, guide: Guide, browser: str) -> None:
    if lacks := missing(scenario, guide, browser=browser):
        raise PlanError("\n".join(f"{scenario.name}: {each}" for each in lacks))
