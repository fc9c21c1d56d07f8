"""The reference of plans, made from the models."""

import re

import pytest

from proxy_addons.faults import FAULTS
from proxy_addons.harness.fault_reference import reference
from proxy_addons.mutations import MUTATIONS
from proxy_addons.one_line import parse_rule
from proxy_addons.plan import Rule, parse_plan
from proxy_addons.when import When

TEXT = reference(FAULTS, MUTATIONS)


def chapter(title: str) -> str:
    return TEXT.partition(f"{title}\n")[2].partition("\n#")[0]


@pytest.mark.parametrize("kind", FAULTS)
def test_every_kind_has_a_chapter_with_all_its_settings(kind: str) -> None:
    assert all(f"| `{name}` |" in chapter(f"### `{kind}`") for name in FAULTS[kind].model_fields)
    assert (FAULTS[kind].__doc__ or "").splitlines()[0] in chapter(f"### `{kind}`")


def test_every_condition_and_every_mutation_has_a_row() -> None:
    assert all(f"| `{name}` |" in chapter("## When") for name in When.model_fields)
    assert all(f"| `{name}` |" in chapter("## Mutations") for name in MUTATIONS)
    assert all(f"| `{name}` |" in chapter("## Rules") for name in set(Rule.model_fields) - {"when", "fault"})


def test_types_are_in_words() -> None:
    assert '| `transport` | "websocket" or "eventsource" or "http" |' in chapter("## When")
    assert "| `header` | table of text or false |" in chapter("## When")
    assert "| `after_messages` | whole number | `0` |" in chapter("### `websocket.abort`")
    assert "| `location` | text | *must be given* |" in chapter("### `request.redirect`")


def test_no_cell_breaks_its_table() -> None:
    tables = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {5}


def test_the_example_is_a_plan_and_its_line_a_rule() -> None:
    plan = parse_plan(re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)[0])
    line = re.findall(r"```\n(websocket.*?)\n```", TEXT)[0]
    assert plan.rules[0] == parse_rule(line)
