"""Where a scenario is played: a proxy with its record, and the pages in front of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self, assert_never

from playwright.sync_api import Browser

from proxy_addons.errors import SubjectError
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.scenario import Scenario
from proxy_addons.harness.situation import Situation
from proxy_addons.harness.steps import AnyStep, ChangeRules, GiveCommand, HandlePage, SaySomething, Wait
from proxy_addons.harness.subject import Subject
from proxy_addons.harness.visitor import Visitor
from proxy_addons.harness.waits import HEALED, LASTING, SERVER, STEADY, STEP, TIME, Waits
from proxy_addons.plan import Plan
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import StepTaken

_LOOK_S = 0.05
_HOLD_LOOK_S = 0.1
_RESTART_S = 30.0
"""What a server may take to stop and to answer again, in real time."""
_START_S = 5.0
"""What a browser and a server may take for a first page, beside the bounds of the client, in real time."""


class Stage:
    """Entered before a scenario begins; from `finish` on its record is whole, and when it is left, pages and proxy are
    closed."""

    def __init__(self, scenario: Scenario, subject: Subject, guide: Guide, browser: Browser) -> None:
        self.scenario = scenario
        """At the scale of the run."""
        self.guide = guide
        self.proxy = FaultProxy(subject.url, Plan(seed=scenario.seed), restart=getattr(subject, "restarted", None))
        self.history = self.proxy.history
        self.visitors: list[Visitor] = []
        self.situation = Situation(guide.contract)
        self.patience_s = guide.limits.convergence_s
        """How long anything is waited for."""
        self.waits = Waits()
        self._subject = subject
        self._browser = browser
        self._open = ExitStack()
        self._told = ExitStack()
        self._learned = 0
        self._since, self._began = 0, 0
        """How many records there were when the step before this one began, and this one."""
        self._texts = 0

    def __enter__(self) -> Self:
        self.guide.prepare(self._subject.url)
        self._open.enter_context(self.proxy)
        self._open.push(self._told)
        self._told.enter_context(self.guide.truth(self._subject.url, self.history))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    # -- what is done ---------------------------------------------------------------------------------------------

    def note(self, step: StepTaken) -> None:
        self.history.append(step)

    def finish(self) -> None:
        """All that pages and server have to tell is in the record."""
        for visitor in self.visitors:
            visitor.finish()
        self._told.close()

    def inject(self, rule_ids: set[str]) -> None:
        rules = [rule for rule in (*self.scenario.before, *self.scenario.rules) if rule.id in rule_ids]
        self.proxy.add(*rules, may_miss=self.scenario.may_miss)

    def heal(self, rule_ids: set[str]) -> None:
        """Lifts rules; a server that restarts is waited for, since nothing else heals that."""
        self._wait_for_the_server()
        for rule in self.proxy.rules:
            if rule.id in rule_ids:
                self.proxy.heal(rule)

    def open_page(self) -> None:
        """One page more; what the first one shows is what rules can wait for."""
        first = not self.visitors
        visitor = Visitor(
            self._browser,
            self.proxy.url,
            self.history,
            self.guide,
            "page" if first else f"page-{len(self.visitors) + 1}",
            self.proxy.page_shows if first else None,
        )
        self.visitors.append(visitor)
        self._open.callback(visitor.close)
        visitor.open()

    def happen(self, what: str) -> None:
        """The server says something, where it can be made to; one that restarts is waited for."""
        if what in self.guide.happenings:
            self._wait_for_the_server()
            try:
                self.guide.happenings[what](self._subject.url, self._text())
            except OSError as error:
                raise SubjectError(f"the app at {self._subject.url} can't be made to say {what!r}: {error}") from error

    def perform(self, step: AnyStep) -> None:
        """One step of the scenario."""
        self._since, self._began = self._began, len(self.history.records)
        match step:
            case SaySomething():
                for number in range(step.times):
                    self.let_pass(step.apart_ms / 1000 if number else 0.0)
                    self.happen(step.what)
            case GiveCommand():
                self.visitors[step.page - 1].act(step.what, self._text())
            case Wait():
                self.let_pass(step.ms / 1000 + (self._unseen_s if step.shows else 0.0))
                self.wait_until(lambda: self._waited_for(step))
            case HandlePage(do="open"):
                self.open_page()
            case HandlePage():
                for visitor in self.visitors if step.page is None else [self.visitors[step.page - 1]]:
                    visitor.do(step)
            case ChangeRules():
                (self.inject if step.do == "inject" else self.heal)(set(step.rules))
            case _:
                assert_never(step)

    # -- what is waited for ---------------------------------------------------------------------------------------

    def let_pass(self, duration_s: float) -> None:
        """Time passes because the scenario says so."""
        with self.waits.on(TIME):
            self._pump(duration_s)

    def _pump(self, duration_s: float) -> None:
        """Time passes, and what the pages tell comes in."""
        if self.visitors and duration_s > 0:
            self.visitors[0].probe.pump(duration_s)
        elif duration_s > 0:
            time.sleep(duration_s)

    def wait_until(self, condition: Callable[[], bool], what: str = STEP, *, timeout_s: float | None = None) -> bool:
        """Until it holds; False if the time is up. `what` is waited for: words for a person."""
        until = time.monotonic() + (self.patience_s if timeout_s is None else timeout_s)
        with self.waits.on(what):
            while not self._holds(condition):
                if time.monotonic() > until:
                    return False
                self._pump(_LOOK_S)
        return True

    def wait_for_recovery(self, condition: Callable[[], bool], hold_s: float) -> bool:
        """Until it holds for so long on end; False if the time is up."""
        until = time.monotonic() + self.patience_s
        while self.wait_until(condition, HEALED, timeout_s=until - time.monotonic()):
            if self._lasts(condition, hold_s):
                return True
        return False

    def _lasts(self, condition: Callable[[], bool], hold_s: float) -> bool:
        end = time.monotonic() + hold_s
        with self.waits.on(LASTING):
            while time.monotonic() < end:
                self._pump(_HOLD_LOOK_S)
                if not self._holds(condition):
                    return False
        return True

    def _holds(self, condition: Callable[[], bool]) -> bool:
        self._look()
        return condition()

    def wait_for_steady_state(self) -> bool:
        """Until each page is live where the scenario wants it."""
        transport = self.scenario.given.transport
        return self.wait_until(lambda: self.are_live(transport), STEADY, timeout_s=self.patience_s + _START_S)

    def are_live(self, transport: str | None) -> bool:
        """Whether each page is served, by this transport or by any, and knows the latest."""
        return all(
            self.situation.is_live(name, transport, shown=self._can_be_read) and self.situation.is_up_to_date(name)
            for name in self._present()
        )

    def show(self, word: str) -> bool:
        """Whether each page shows it."""
        return all(self.situation.shows(name, word) for name in self._present())

    def _wait_for_the_server(self) -> None:
        self.wait_until(lambda: not self.situation.restarting, SERVER, timeout_s=_RESTART_S)

    def _present(self) -> Iterator[str]:
        return (visitor.name for visitor in self.visitors if visitor.is_here)

    @property
    def _can_be_read(self) -> bool:
        return "display" in self.guide.contract.offers

    @property
    def _unseen_s(self) -> float:
        """Where nobody can read what the pages show: for how long it is waited instead, as long as a client may take to
        notice that its connection is dead."""
        limits = self.guide.limits
        return 0.0 if self._can_be_read else limits.liveness_s + limits.detection_s

    def _waited_for(self, step: Wait) -> bool:
        fired = not step.fired or self.situation.fired[step.fired] >= step.times
        shown = not step.shows or not self._can_be_read or self._has_shown(step.shows)
        return fired and shown and (not step.over or self.are_live(step.over))

    def _has_shown(self, word: str) -> bool:
        """Whether each page shows it or has come to since the step before this wait began: what that step has brought
        about may be over before anybody looks."""
        return all(self.situation.has_shown(name, word, self._since) for name in self._present())

    def _look(self) -> None:
        records = self.history.records
        self.situation.learn(records[self._learned :])
        self._learned = len(records)

    def _text(self) -> str:
        """A text that no other run has, for what is said or done."""
        self._texts += 1
        return f"{self.scenario.name or 'scenario'} {self._texts} [{id(self):x}]"
