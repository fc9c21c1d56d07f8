"""The file of figures that are right."""

import json
from pathlib import Path

import pytest

from proxy_addons.errors import PlanError
from proxy_addons.harness.gate.baseline import Baseline, as_text, load_baseline
from proxy_addons.harness.gate.figures import Figures

CUT = Figures(recoveries=1, attempts=1, switches=0, waits_ms=11)
FALL = Figures(recoveries=1, attempts=3, switches=1)
KNOWN = Baseline(scale=0.1, scenarios={"b/fall": FALL, "a/cut": CUT})


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "gate.json"
    file.write_text(as_text(KNOWN))
    assert load_baseline(file) == KNOWN


def test_has_a_line_for_each_scenario_in_order() -> None:
    lines = [line.strip() for line in as_text(KNOWN).splitlines() if "attempts" in line]
    assert [line.partition(":")[0] for line in lines] == ['"a/cut"', '"b/fall"']


def test_without_scenarios_it_is_json_too() -> None:
    assert json.loads(as_text(Baseline()))["scenarios"] == {}


def test_what_was_not_played_stays_when_it_is_updated() -> None:
    assert KNOWN.updated({"a/cut": FALL}).scenarios == {"a/cut": FALL, "b/fall": FALL}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"seed": "x"}', "seed: should be a valid integer, but is 'x'"),
        ('{"sed": 1}', "unknown field 'sed'; did you mean 'seed'?"),
        ('{"scenarios": {"a": {"recoveries": 1, "attempts": -1, "switches": 0}}}', "scenarios.a.attempts: "),
    ],
)
def test_what_is_wrong_in_it_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "gate.json"
    file.write_text(text)
    with pytest.raises(PlanError, match=r"gate\.json") as caught:
        load_baseline(file)
    assert complaint in str(caught.value)


def test_where_there_is_none_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="write one with brownout gate --update"):
        load_baseline(tmp_path / "gate.json")
