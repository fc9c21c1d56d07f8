"""What the README shows is what there is."""

import re
from pathlib import Path

from benchmarks.report import from_json
from benchmarks.report import markdown as figures
from proxy_addons.faults import FAULTS
from proxy_addons.harness.fault_reference import reference
from proxy_addons.harness.fault_table import overview
from proxy_addons.harness.scenario_commands import as_markdown, chosen
from proxy_addons.mutations import MUTATIONS
from proxy_addons.one_line import parse_rule
from proxy_addons.plan import parse_plan
from proxy_addons.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def code(language: str, title: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", section(title), re.DOTALL)
    assert found is not None, f"no {language} in {title!r}"
    return found[1]


def test_the_table_of_faults_is_theirs() -> None:
    assert overview(FAULTS) in section("What can be broken")
    assert f"{len(FAULTS)} kinds" in section("What can be broken")
    assert f"the {len(MUTATIONS)} ways to spoil JSON" in section("What can be broken")


def test_the_reference_is_up_to_date() -> None:
    """To mend it: `brownout faults --markdown > docs/faults.md`."""
    assert (ROOT / "docs" / "faults.md").read_text(encoding="utf-8") == reference(FAULTS, MUTATIONS)


def test_the_figures_are_those_that_were_measured() -> None:
    """To mend it: `make bench`, then `python -m benchmarks --markdown`."""
    latest = (ROOT / "benchmarks" / "latest.json").read_text(encoding="utf-8")
    assert figures(from_json(latest)) in section("How fast")


def test_the_scenario_is_one_that_is_shipped() -> None:
    shown = code("toml", "A scenario")
    assert shown == (SCENARIOS / "transport" / "websocket-aborted.toml").read_text(encoding="utf-8")


def test_the_scenarios_are_described() -> None:
    """To mend it: `brownout scenarios --markdown > docs/scenarios.md`."""
    assert (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8") == as_markdown(chosen([]))


def test_the_plan_can_be_loaded() -> None:
    plan = parse_plan(code("toml", "What can be broken"))
    assert [rule.id for rule in plan.rules] == ["stream-cut", "restart"]


def test_the_lines_can_be_read() -> None:
    lines = re.findall(r"`(\w+\.\w+:[^`]+)`", section("What can be broken"))
    assert len([parse_rule(line) for line in lines]) == 2


def test_the_story_is_one_that_is_run() -> None:
    assert code("python", "A story") in (ROOT / "e2e" / "test_half_open.py").read_text(encoding="utf-8")


def test_files_that_it_names_are_there() -> None:
    named = re.findall(r"(?:proxy_addons|reference_app|e2e|docs)/[\w./-]*\.(?:py|toml|png|md)", README)
    assert [name for name in named if not (ROOT / name).exists()] == []
