"""What the commands about scenarios work with."""

import pytest

from proxy_addons.errors import PlanError
from proxy_addons.harness.scenario import parse_scenario, shipped
from proxy_addons.harness.scenario_commands import as_markdown, chosen, load_guide
from proxy_addons.tests.harness.little_app import guide

LITTLE = guide()
HERE = "proxy_addons.tests.harness.test_scenario_commands"


def names(*wanted: str) -> list[str]:
    return [scenario.name for scenario in chosen(wanted)]


def test_all_that_are_shipped_are_chosen_unless_some_are_named() -> None:
    assert names() == list(shipped())
    assert names("transport/websocket-aborted") == ["transport/websocket-aborted"]


def test_a_folder_stands_for_all_that_is_in_it() -> None:
    assert names("transport/") == [name for name in shipped() if name.startswith("transport/")]


def test_a_guide_is_found_by_its_module_and_name() -> None:
    assert load_guide(f"{HERE}:LITTLE", scale=1) == LITTLE


def test_without_one_nothing_is_known_but_the_scale() -> None:
    assert load_guide(None, scale=0.5).limits.scale == 0.5


@pytest.mark.parametrize(
    ("where", "complaint"),
    [
        pytest.param("nowhere:GUIDE", "--guide nowhere:GUIDE: No module named 'nowhere'", id="module"),
        pytest.param(f"{HERE}:GIDE", f"--guide {HERE}:GIDE: module '{HERE}' has no attribute 'GIDE'", id="name"),
        pytest.param(f"{HERE}:HERE", f"--guide {HERE}:HERE: is no Guide", id="another thing"),
    ],
)
def test_a_guide_that_is_none_is_one_clear_error(where: str, complaint: str) -> None:
    with pytest.raises(PlanError) as caught:
        load_guide(where, scale=1)
    assert str(caught.value).startswith(complaint)
    assert str(caught.value).endswith("would be right")


def test_the_reference_names_reason_and_sources() -> None:
    scenario = parse_scenario('title = "A cut"\nwhy = "It happens.\\n"\nsource = ["a#1", "b#2"]', name="mine/cut")
    assert as_markdown([scenario]).splitlines() == [
        *("# Scenarios", "", "## mine/cut", "", "**A cut**", "", "It happens.", "", "Source: a#1, b#2"),
    ]
