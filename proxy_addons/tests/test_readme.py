"""What the README shows is what there is."""

import re
from pathlib import Path

from proxy_addons.faults import FAULTS
from proxy_addons.harness.fault_table import markdown
from proxy_addons.plan import parse_plan

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
    """To mend it: `brownout faults --markdown`."""
    assert markdown(FAULTS) in section("What can be broken")


def test_the_plan_can_be_loaded() -> None:
    assert [rule.id for rule in parse_plan(code("toml", "What can be broken")).rules] == ["stream-cut"]


def test_the_story_is_one_that_is_run() -> None:
    assert code("python", "A story") in (ROOT / "e2e" / "test_half_open.py").read_text(encoding="utf-8")


def test_files_that_it_names_are_there() -> None:
    named = re.findall(r"(?:proxy_addons|reference_app|e2e|docs)/[\w./-]*\.(?:py|toml|png)", README)
    assert [name for name in named if not (ROOT / name).exists()] == []
