"""`brownout gate`: did a change make recovery worse?"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

from proxy_addons.errors import PlanError
from proxy_addons.harness.gate.baseline import Baseline, as_text, load_baseline
from proxy_addons.harness.gate.commits import checked_out, serving
from proxy_addons.harness.gate.comparing import Result
from proxy_addons.harness.gate.playing import Play, Shown, contest
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.report.folders import slug
from proxy_addons.harness.report.keeping import Trace, keep_in
from proxy_addons.harness.report.outcome import Outcome, Verdict
from proxy_addons.harness.runner import Ruling
from proxy_addons.harness.scenario import Scenario, find_scenario
from proxy_addons.harness.subject import RunningSubject, Subject

OWN = Path(__file__).parent / "scenarios"
"""Five ways to lose a connection, each of them again and again in one run."""
_VERDICTS: dict[str, Verdict] = {"no worse": "passed", "worse": "failed", "inconclusive": "inconclusive"}


def own_scenarios() -> list[str]:
    """The names of those that are played where none is named."""
    return sorted(f"gate/{file.stem}" for file in OWN.glob("*.toml"))


def chosen(names: Sequence[str]) -> list[Scenario]:
    """The scenarios of these names: the gate's own, shipped ones, files; without any, the gate's own.

    Raises:
        PlanError: one of them is none.
    """
    own = own_scenarios()
    return [_own(name) if name in own else find_scenario(name) for name in names or own]


def _own(name: str) -> Scenario:
    found = find_scenario(str(OWN / f"{name.removeprefix('gate/')}.toml"))
    return found.model_copy(update={"name": name})


def known_in(path: Path, guide: Guide, *, update: bool) -> Baseline:
    """The baseline in the file; where one is to be written and there is none, an empty one.

    Raises:
        PlanError: it can't be read, or is about runs at another scale.
    """
    scale = guide.limits.scale
    if update and not path.exists():
        return Baseline(scale=scale)
    known = load_baseline(path)
    if known.scale != scale:
        raise PlanError(f"{path}: is of runs at scale {known.scale:g}, and these are at {scale:g}")
    return known


@contextmanager
def apps(target: str | None, base: str | None, serve: str | None, commit: str | None) -> Iterator[list[Subject]]:
    """The app, and the base where there is one; those that are ours to start run for as long as this is entered.

    Raises:
        PlanError: what is asked for does not fit together.
    """
    if (target is None) == (serve is None):
        raise PlanError("where is the app? --target URL of one that runs, or --serve COMMAND that starts it")
    if base is not None and commit is not None:
        raise PlanError("--base and --base-commit both say what to compare with; give one of them")
    if commit is not None and serve is None:
        raise PlanError("--base-commit needs --serve COMMAND, which starts the app in a folder of that commit")
    with ExitStack() as running:
        here = Path.cwd()
        found: list[Subject] = []
        if serve is not None:
            found.append(running.enter_context(serving(serve, here)))
        elif target is not None:
            found.append(RunningSubject(target))
        if commit is not None and serve is not None:
            folder = running.enter_context(checked_out(commit, here))
            found.append(running.enter_context(serving(serve, folder)))
        elif base is not None:
            found.append(RunningSubject(base))
        yield found


class Gate:
    """Plays scenarios in turn against the app and its base, and keeps what came of it."""

    def __init__(
        self,
        run: Callable[[Scenario, Subject, Guide], Ruling],
        guide: Guide,
        known: Baseline,
        report: Path,
        tell: Callable[[Result], None],
    ) -> None:
        self._run = run
        self._guide = replace(guide, seed=known.seed)
        self._known = known
        self._report = report
        self._folder = report / "runs" / uuid4().hex
        self._tell = tell
        self.results: list[Result] = []
        self.outcomes: list[Outcome] = []

    def play(self, scenario: Scenario, now: Subject, base: Subject | None) -> None:
        """All runs of one scenario, and what they say."""
        started = time.monotonic()
        known = self._known.scenarios.get(scenario.name)
        shown = contest(scenario.name, known, self._play(scenario, now), self._play(scenario, base) if base else None)
        self.results.append(shown.result)
        self._tell(shown.result)
        self.outcomes += self._kept(scenario, shown, started)

    def updated(self) -> Baseline:
        """The baseline with the figures of what was played.

        Raises:
            PlanError: a scenario has none that are the same each time.
        """
        unclear = [each.scenario for each in self.results if each.figures is None]
        if unclear:
            raise PlanError(f"the baseline is as it was: {', '.join(unclear)}: not the same each time")
        return self._known.updated({each.scenario: each.figures for each in self.results if each.figures})

    def _play(self, scenario: Scenario, subject: Subject) -> Play:
        return partial(self._run, scenario, subject, self._guide)

    def _kept(self, scenario: Scenario, shown: Shown, started: float) -> Iterator[Outcome]:
        """A timeline of the app as it is, and one of its base."""
        result, name = shown.result, scenario.name
        reason = "\n".join([*result.why, *result.notes])
        yield self._keep(f"{name} now", scenario.title, _VERDICTS[result.answer], reason, shown.now, started)
        if shown.base is not None:
            title = f"{scenario.title}: the base, to compare with"
            yield self._keep(f"{name} base", title, "passed", "", shown.base, started)

    def _keep(self, name: str, title: str, verdict: Verdict, reason: str, ruling: Ruling, started: float) -> Outcome:
        trace = Trace(
            proxies=[ruling.proxy],
            verdict=verdict,
            reason=reason,
            screenshot=ruling.screenshot,
            run=ruling.run,
            findings=list(ruling.findings),
            replay=f"brownout gate --scenario {ruling.scenario.name}",
            started=started,
        )
        return keep_in(self._folder / slug(name), self._report, name, title, trace)


def told(result: Result) -> Iterator[str]:
    """A result in lines."""
    figures = f": {result.figures}" if result.figures else ""
    yield f"{result.answer:>14}  {result.scenario}{figures}"
    if result.growth is not None:
        yield f"{'':>14}  {result.growth}"
    for each in [*result.why, *result.notes]:
        yield f"{'':>14}  {each}"


def write(baseline: Baseline, path: Path) -> None:
    path.write_text(as_text(baseline), encoding="utf-8")
