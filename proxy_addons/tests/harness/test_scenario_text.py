"""A scenario as TOML."""

import pytest

from proxy_addons.harness.scenario import find_scenario, parse_scenario, shipped
from proxy_addons.harness.scenario_text import dump_scenario
from proxy_addons.harness.schedules import schedule


@pytest.mark.parametrize("name", shipped())
def test_what_is_written_is_read_as_the_same(name: str) -> None:
    scenario = find_scenario(name)
    assert parse_scenario(dump_scenario(scenario), name=name) == scenario


@pytest.mark.parametrize("seed", range(100))
def test_so_is_what_was_drawn(seed: int) -> None:
    drawn = schedule(seed)
    assert parse_scenario(dump_scenario(drawn), name=drawn.name) == drawn


def test_rules_and_steps_stand_in_blocks_of_their_own() -> None:
    text = dump_scenario(find_scenario("transport/websocket-aborted"))
    assert "[[rules]]\n" in text
    assert "name =" not in text
