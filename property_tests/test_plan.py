"""Plans of all kinds with all settings: what is dumped is loaded again, and what is wrong is said, never raised."""

import tomllib

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from property_tests.faults import fault_of, faults
from property_tests.json_schema import violations
from property_tests.plans import CONDITIONS, plans, rules, whens
from proxy_addons.errors import PlanError
from proxy_addons.faults import FAULTS, Fault
from proxy_addons.one_line import add_lines, dump_rule, parse_fault, parse_rule
from proxy_addons.plan import Plan, Rule, dump_plan, parse_plan, plan_schema
from proxy_addons.when import When

SCHEMA = plan_schema()
UNSHRUNK = settings(phases=[Phase.generate])
keys = st.sampled_from(["seed", "rules", "id", "when", "fault", "times", "kind", "transport", "path", "nth", "headers"])
toml_values = st.recursive(
    st.booleans() | st.integers(-5, 5) | st.sampled_from(['"x"', *(f'"{kind}"' for kind in FAULTS)]).map(str),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(keys, values, max_size=4),
    max_leaves=12,
)


def toml(value: object) -> str:
    """The value as TOML; texts are quoted already."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(plans())
def test_a_plan_survives_its_file(plan: Plan) -> None:
    assert parse_plan(dump_plan(plan)) == plan


@given(plans())
def test_a_plan_survives_json(plan: Plan) -> None:
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@given(plans())
def test_a_plan_survives_as_lines(plan: Plan) -> None:
    lines = [dump_rule(rule) for rule in plan.rules]
    assert add_lines(Plan(seed=plan.seed), lines) == plan
    assert [line for line in lines if "\n" in line or "\r" in line] == []


@given(rules(sorted(CONDITIONS)))
def test_a_rule_survives_its_line(rule: Rule) -> None:
    assert parse_rule(dump_rule(rule)) == rule


@given(faults)
def test_a_fault_survives_its_line(fault: Fault) -> None:
    assert parse_fault(dump_rule(Rule(fault=fault))) == fault


@given(plans())
def test_a_plan_file_is_what_the_schema_says(plan: Plan) -> None:
    assert violations(tomllib.loads(dump_plan(plan)), SCHEMA) == []


def complaints(text: str) -> list[str]:
    try:
        parse_plan(text, "plan.toml")
    except PlanError as error:
        return str(error).splitlines()
    return []


@given(st.dictionaries(keys, toml_values, max_size=3))
def test_a_wrong_plan_is_a_plan_error_with_a_line_for_each_problem(tables: dict[str, object]) -> None:
    text = "\n".join(f"{key} = {toml(value)}" for key, value in tables.items())
    assert all(line.startswith("plan.toml: ") for line in complaints(text))


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_is_more_than_a_plan_error(text: str) -> None:
    try:
        parse_plan(text)
    except PlanError:
        return


@given(
    st.sampled_from(list(FAULTS)),
    st.text(max_size=30) | st.text("{}[]\"',=.\\\n 3ax", max_size=12).map("when.path=".__add__),
)
def test_no_line_is_more_than_a_plan_error(kind: str, rest: str) -> None:
    try:
        parse_rule(f"{kind}:{rest}")
    except PlanError:
        return


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_is_drawn(condition: str) -> None:
    assert find(whens([condition]), lambda when: condition in when.model_fields_set, settings=UNSHRUNK)


def test_no_condition_is_forgotten() -> None:
    assert set(When.model_fields) == {*CONDITIONS, "after"}
    assert find(plans(), lambda plan: any(rule.when.after for rule in plan.rules), settings=UNSHRUNK).rules


@pytest.mark.parametrize("kind", FAULTS)
def test_every_kind_is_drawn(kind: str) -> None:
    assert find(fault_of(FAULTS[kind]), lambda _: True, settings=UNSHRUNK).kind == kind
