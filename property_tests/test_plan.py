"""Plans of all kinds with all settings: what is dumped is loaded again, and what is wrong is said, never raised."""

import string

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from property_tests.faults import faults, plans
from proxy_addons.errors import PlanError
from proxy_addons.faults import FAULTS, Fault
from proxy_addons.plan import Plan, dump_plan, parse_fault, parse_plan

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


@given(plans)
def test_a_plan_survives_its_file(plan: Plan) -> None:
    assert parse_plan(dump_plan(plan)) == plan


@given(plans)
def test_a_plan_survives_json(plan: Plan) -> None:
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@given(faults)
def test_a_fault_survives_its_line(fault: Fault) -> None:
    settings = fault.model_dump(exclude_defaults=True, exclude={"headers"})
    line = ",".join(f"{name}={quoted(value)}" for name, value in settings.items() if name != "kind")
    expected = fault.model_dump() | ({"headers": {}} if "headers" in type(fault).model_fields else {})
    assert parse_fault(f"{fault.kind}:{line}".rstrip(":")).model_dump() == expected


def quoted(value: object) -> str:
    """A text in TOML's quotes, with every character but the plainest as an escape."""
    if not isinstance(value, str):
        return str(value)
    plain = string.ascii_letters + string.digits
    return '"' + "".join(each if each in plain else f"\\U{ord(each):08X}" for each in value) + '"'


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


@given(st.sampled_from(list(FAULTS)), st.text(max_size=30))
def test_no_line_is_more_than_a_plan_error(kind: str, rest: str) -> None:
    try:
        parse_fault(f"{kind}:{rest}")
    except PlanError:
        return


@pytest.mark.parametrize("kind", FAULTS)
def test_every_kind_is_drawn(kind: str) -> None:
    assert find(faults, lambda fault: fault.kind == kind).kind == kind
