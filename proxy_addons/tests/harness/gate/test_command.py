"""`brownout gate`, but for what is typed."""

from pathlib import Path
from typing import Any, cast

import pytest

from proxy_addons.errors import PlanError
from proxy_addons.harness.gate import playing
from proxy_addons.harness.gate.baseline import Baseline, load_baseline
from proxy_addons.harness.gate.command import Gate, apps, chosen, known_in, own_scenarios, told, write
from proxy_addons.harness.gate.comparing import Played, Result
from proxy_addons.harness.gate.figures import Figures
from proxy_addons.harness.gate.rule import growth
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.runner import Ruling
from proxy_addons.harness.scenario import Scenario, parse_scenario
from proxy_addons.harness.subject import RunningSubject, Subject
from proxy_addons.history import History
from proxy_addons.plan import Plan
from proxy_addons.tests.harness.judge.stories import healthy

FIGURES = Figures(recoveries=1, attempts=1, switches=0, waits_ms=10)
SCENARIO = parse_scenario('title = "A cut"\nwhy = "It happens."', name="mine/cut")
NOW, BASE = RunningSubject("http://now"), RunningSubject("http://base")


def ruling(scenario: Scenario, excess_s: float) -> Ruling:
    """As much of one as is compared and kept."""
    run: Any = healthy(5.0).run()
    run.played = Played(FIGURES, (excess_s,), (excess_s,))
    proxy: Any = type("Proxy", (), {"history": History(run.records), "plan": Plan()})()
    return Ruling(scenario, "passed", [], [], [], cast(Run, run), Limits(), proxy, None)


@pytest.fixture
def told_of() -> list[Result]:
    return []


@pytest.fixture
def gate(tmp_path: Path, told_of: list[Result], monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Recoveries of the app take twice as long as those of its base."""
    monkeypatch.setattr(playing, "played", lambda each: each.run.played)

    def run(scenario: Scenario, subject: Subject, guide: Guide) -> Ruling:
        assert guide.seed == 7
        return ruling(scenario, 0.2 if subject is NOW else 0.1)

    known = Baseline(scenarios={"mine/cut": FIGURES})
    return Gate(run, Guide(), known, tmp_path, told_of.append)


def test_a_regression_is_told_with_the_two_timelines(gate: Gate, told_of: list[Result]) -> None:
    gate.play(SCENARIO, NOW, BASE)
    assert [each.answer for each in told_of] == ["worse"]
    now, base = gate.outcomes
    assert (now.test, now.verdict, base.test, base.verdict) == ("mine/cut now", "failed", "mine/cut base", "passed")
    assert now.reason.startswith("excess +100%")
    assert now.picture is not None
    assert base.picture is not None


def test_without_a_base_there_is_one(gate: Gate) -> None:
    gate.play(SCENARIO, NOW, None)
    assert [each.test for each in gate.outcomes] == ["mine/cut now"]


def test_the_baseline_learns_what_was_played(gate: Gate) -> None:
    gate.play(parse_scenario('title = "Another"\nwhy = "So."', name="mine/other"), NOW, None)
    assert gate.updated().scenarios == {"mine/cut": FIGURES, "mine/other": FIGURES}


def test_but_not_what_is_never_the_same(gate: Gate) -> None:
    gate.results.append(Result("mine/odd", "inconclusive"))
    with pytest.raises(PlanError, match="the baseline is as it was: mine/odd: not the same each time"):
        gate.updated()


def test_a_result_is_told_in_lines() -> None:
    result = Result("mine/cut", "worse", ["w"], ["n"], FIGURES, growth([[0.1]], [[0.2]]))
    lines = [line.strip() for line in told(result)]
    assert lines == [
        "worse  mine/cut: recoveries 1, attempts 1, switches 0, waits 10 ms",
        "excess +100% (median 100 ms at the base, 200 ms now; 1 runs each)",
        *("w", "n"),
    ]


def test_the_five_of_its_own_are_played_unless_others_are_named() -> None:
    assert len(own_scenarios()) == 5
    assert [each.name for each in chosen([])] == own_scenarios()
    assert [each.name for each in chosen(["transport/handshake-cut"])] == ["transport/handshake-cut"]


def test_a_baseline_is_about_one_scale(tmp_path: Path) -> None:
    file = tmp_path / "gate.json"
    write(Baseline(scale=0.1), file)
    assert known_in(file, Guide(limits=Limits(scale=0.1)), update=False) == load_baseline(file)
    with pytest.raises(PlanError, match=r"is of runs at scale 0\.1, and these are at 1"):
        known_in(file, Guide(), update=False)


def test_the_first_baseline_is_written_where_there_is_none(tmp_path: Path) -> None:
    assert known_in(tmp_path / "gate.json", Guide(), update=True) == Baseline()
    with pytest.raises(PlanError, match="write one with brownout gate --update"):
        known_in(tmp_path / "gate.json", Guide(), update=False)


@pytest.mark.parametrize(
    ("target", "base", "serve", "commit", "complaint"),
    [
        (None, None, None, None, "where is the app"),
        ("http://a", None, "run {port}", None, "where is the app"),
        ("http://a", "http://b", None, "main", "both say what to compare with"),
        ("http://a", None, None, "main", "--base-commit needs --serve"),
    ],
)
def test_what_does_not_fit_together_is_said(
    target: str | None, base: str | None, serve: str | None, commit: str | None, complaint: str
) -> None:
    with pytest.raises(PlanError, match=complaint), apps(target, base, serve, commit):
        pass


def test_apps_that_run_are_left_to_who_runs_them() -> None:
    with apps("http://now", "http://base", None, None) as found:
        assert [each.url for each in found] == ["http://now", "http://base"]
