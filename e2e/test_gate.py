"""The gate of recoveries: the app beside its baseline (`pytest e2e --brownout-gate`), and the gate beside apps of which
it is known what became of them."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import reference_app
from e2e.app import SCALE
from e2e.nightly import nightly
from proxy_addons.harness.gate.baseline import Baseline, load_baseline
from proxy_addons.harness.gate.command import chosen, own_scenarios
from proxy_addons.harness.gate.commits import serving
from proxy_addons.harness.gate.comparing import Result
from proxy_addons.harness.gate.playing import contest
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.runner import Ruling, run
from proxy_addons.harness.scenario import Scenario
from proxy_addons.harness.subject import Subject

KNOWN = load_baseline(Path(__file__).with_name("gate.json"))
HALF_AS_LONG_AGAIN_MS = {
    "gate/falls-back": 32,
    "gate/half-open": 260,
    "gate/handshake-broken": 35,
    "gate/server-goes-away": 75,
    "gate/stream-ended": 70,
}
"""By how much each attempt must be late for a recovery that takes half as long again."""
AT_ONCE = (
    "return this.#open(effect.generation, (on) => this.#world.transports[effect.rung].open(this.#url(effect), on));"
)
"""What the client does when it opens a connection."""


@pytest.mark.parametrize("name", own_scenarios())
def test_recovers_as_the_baseline_says(
    request: pytest.FixtureRequest, scenario: Callable[[Scenario], Ruling], gate_baseline: Baseline, name: str
) -> None:
    if not request.config.getoption("--brownout-gate"):
        pytest.skip("takes 10 s; asked for with --brownout-gate")
    assert name in gate_baseline.scenarios, "write it with make baseline"
    scenario(chosen([name])[0])


def test_the_baseline_knows_the_five_scenarios_of_the_gate() -> None:
    assert sorted(KNOWN.scenarios) == own_scenarios()
    assert sorted(HALF_AS_LONG_AGAIN_MS) == own_scenarios()


@contextmanager
def copied(folder: Path, *, late_ms: int = 0) -> Iterator[Subject]:
    """A copy of the app, whose client opens each connection so late."""
    app = folder / "reference_app"
    shutil.copytree(Path(reference_app.__file__).parent, app, ignore=shutil.ignore_patterns("node_modules", "tests"))
    if late_ms:
        runtime = app / "client" / "core" / "runtime.js"
        source = runtime.read_text(encoding="utf-8")
        assert source.count(AT_ONCE) == 1
        late = f"setTimeout(() => {{ {AT_ONCE.replace('return ', '')} }}, {late_ms}); return;"
        runtime.write_text(source.replace(AT_ONCE, late), encoding="utf-8")
    with serving(f"{sys.executable} -m reference_app --port {{port}} --scale {SCALE}", folder) as running:
        yield running


Compared = Callable[[str, int], Result]


@pytest.fixture
def compared(tmp_path: Path, guide: Guide, browser: Browser, _carrier: None) -> Compared:
    """What the gate says of a scenario, of a client that opens each connection so many milliseconds late."""
    seeded = replace(guide, seed=KNOWN.seed)

    def compare(name: str, late_ms: int) -> Result:
        (scenario,) = chosen([name])
        apps: list[AbstractContextManager[Subject]] = [
            copied(tmp_path / "now", late_ms=late_ms),
            copied(tmp_path / "base"),
        ]
        with apps[0] as now, apps[1] as base:
            play = partial(run, scenario, guide=seeded, browser=browser)
            return contest(name, KNOWN.scenarios[name], partial(play, now), partial(play, base)).result

    return compare


@nightly(250)
@pytest.mark.parametrize("name", HALF_AS_LONG_AGAIN_MS)
@pytest.mark.parametrize("time", range(3))
def test_a_recovery_that_takes_half_as_long_again_is_reported(compared: Compared, name: str, time: int) -> None:
    result = compared(name, HALF_AS_LONG_AGAIN_MS[name])
    assert result.answer == "worse", f"{time}: {result}"


@nightly(120)
@pytest.mark.parametrize("name", own_scenarios())
@pytest.mark.parametrize("time", range(10))
def test_an_unchanged_client_is_not(compared: Compared, name: str, time: int) -> None:
    result = compared(name, 0)
    assert result.answer != "worse", f"{time}: {result}"
