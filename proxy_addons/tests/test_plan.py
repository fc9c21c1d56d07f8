"""Plans: loading, dumping, naming, and what is said of a bad one."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from proxy_addons.errors import PlanError
from proxy_addons.faults import FAULTS, AbortWebSocket, CloseWebSocket, CorruptEventSource, Fault, RespondToRequest
from proxy_addons.plan import Plan, Rule, When, dump_plan, load_plan, named, parse_fault, parse_plan, plan_schema

EXAMPLE = """\
seed = 7

[[rules]]
id = "cut"
times = 1
when = {path = "/timer/*"}
fault = {kind = "websocket.abort", after_messages = 3}
"""
EXAMPLE_PLAN = Plan(
    seed=7, rules=(Rule(id="cut", when=When(path="/timer/*"), fault=AbortWebSocket(after_messages=3), times=1),)
)


def test_reads_a_plan_file(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(EXAMPLE)
    assert load_plan(tmp_path / "plan.toml") == EXAMPLE_PLAN


def test_writes_a_plan_without_what_is_default() -> None:
    assert dump_plan(EXAMPLE_PLAN) == EXAMPLE


def test_names_rules_by_their_kind_around_the_names_that_are_taken() -> None:
    rules = [
        Rule(fault=AbortWebSocket()),
        Rule(fault=AbortWebSocket(), id="websocket.abort-1"),
        Rule(fault=AbortWebSocket()),
    ]
    assert [rule.id for rule in named(rules)] == ["websocket.abort-2", "websocket.abort-1", "websocket.abort-3"]


def test_adds_a_fault_behind_its_rules() -> None:
    plan = EXAMPLE_PLAN.with_fault(CloseWebSocket(code=1012))
    assert [rule.id for rule in plan.rules] == ["cut", "websocket.close-1"]
    assert plan.seed == 7


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        pytest.param(
            "[[rules]]\nfault = {kind = 'websocket.abrt'}",
            ["rules[0].fault.kind: unknown kind 'websocket.abrt'; did you mean 'websocket.abort'?"],
            id="unknown kind",
        ),
        pytest.param("[[rules]]\nfault = {}", ["rules[0].fault.kind: is missing"], id="no kind"),
        pytest.param(
            "[[rules]]\nfault = {kind = 'websocket.abort', after_mesages = 1}",
            ["rules[0].fault.after_mesages: unknown field 'after_mesages'; did you mean 'after_messages'?"],
            id="unknown setting",
        ),
        pytest.param(
            "[[rules]]\nwhen = {transprt = 'http'}\nfault = {kind = 'websocket.abort'}",
            ["rules[0].when.transprt: unknown field 'transprt'; did you mean 'transport'?"],
            id="unknown condition",
        ),
        pytest.param("sed = 1", ["sed: unknown field 'sed'; did you mean 'seed'?"], id="unknown field of the plan"),
        pytest.param(
            "[[rules]]\ntime = 1\nfault = {kind = 'websocket.abort'}",
            ["rules[0].time: unknown field 'time'; did you mean 'times'?"],
            id="unknown field of a rule",
        ),
        pytest.param("seed = true", ["seed: should be a valid integer, but is True"], id="wrong type"),
        pytest.param("rules = 3", ["rules: should be an array, but is 3"], id="no array"),
        pytest.param("rules = [3]", ["rules[0]: should be a table, but is 3"], id="no table"),
        pytest.param("a = ", ["Invalid value (at end of document)"], id="syntax at the end"),
        pytest.param(
            "seed = 1\na b", ["Expected '=' after a key in a key/value pair (at line 2, column 3)"], id="syntax"
        ),
        pytest.param(
            "[[rules]]\nwhen = {method = 'get'}\nfault = {kind = 'request.respond'}",
            ["rules[0].when.method: 'get' matches no request; 'GET' would be right"],
            id="method in small letters",
        ),
        pytest.param(
            "[[rules]]\nwhen = {transport = 'http'}\nfault = {kind = 'websocket.abort'}",
            ["rules[0]: when.transport is 'http', but websocket.abort acts on 'websocket'; leave it out"],
            id="contradicting transport",
        ),
        pytest.param(
            "[[rules]]\nwhen = {path = '/x'}\nfault = {kind = 'connection.refuse'}",
            ["rules[0]: connection.refuse acts before a request is read, so when.path cannot match; leave it out"],
            id="path before any connection",
        ),
        pytest.param(
            "[[rules]]\nwhen = {method = 'GET'}\nfault = {kind = 'connection.reset', on = 'accept'}",
            ["rules[0]: connection.reset acts before a request is read, so when.method cannot match; leave it out"],
            id="method before any request",
        ),
        pytest.param(
            "[[rules]]\nid = 'a'\nfault = {kind = 'websocket.abort'}\n" * 2,
            ["rules: two rules have the id 'a'; each needs its own"],
            id="same id twice",
        ),
        pytest.param(
            "seed = 'x'\n[[rules]]\ntimes = 0\nfault = 3",
            [
                "seed: should be a valid integer, but is 'x'",
                "rules[0].fault: should be a table with a kind, but is 3",
                "rules[0].times: should be greater than or equal to 1, but is 0",
            ],
            id="three problems, three lines",
        ),
    ],
)
def test_says_where_what_and_what_would_be_right(text: str, complaints: list[str]) -> None:
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "plan.toml")
    assert str(caught.value).splitlines() == [f"plan.toml: {complaint}" for complaint in complaints]


def test_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"nowhere\.toml: No such file"):
        load_plan(tmp_path / "nowhere.toml")


def test_names_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_bytes(b"seed = \xff")
    with pytest.raises(PlanError, match=r"plan\.toml: is not UTF-8: .* at byte 7"):
        load_plan(tmp_path / "plan.toml")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("websocket.abort", AbortWebSocket(), id="no settings"),
        pytest.param("websocket.abort:after_messages=3", AbortWebSocket(after_messages=3), id="a number"),
        pytest.param(
            "websocket.close:code=1012,reason=back soon", CloseWebSocket(code=1012, reason="back soon"), id="bare text"
        ),
        pytest.param(
            'websocket.close:reason="a, b",code=1012', CloseWebSocket(code=1012, reason="a, b"), id="quoted text"
        ),
        pytest.param('eventsource.corrupt:data={"v":1}', CorruptEventSource(data='{"v":1}'), id="JSON is text"),
        pytest.param(
            'request.respond:headers={Retry-After="3", X="y"},status=429',
            RespondToRequest(status=429, headers={"Retry-After": "3", "X": "y"}),
            id="a table",
        ),
    ],
)
def test_reads_a_fault_in_one_line(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("websocket.abrt", "unknown kind 'websocket.abrt'; did you mean 'websocket.abort'?", id="kind"),
        pytest.param(
            "websocket.abort:after=3", "after: unknown field 'after'; there are 'after_messages'", id="setting"
        ),
        pytest.param(
            "websocket.abort:after_messages=x", "after_messages: should be a valid integer, but is 'x'", id="type"
        ),
        pytest.param("websocket.close", "code: is missing", id="missing"),
        pytest.param("request.respond:headers=3", "headers: should be a table, but is 3", id="no table"),
        pytest.param(
            "websocket.abort:3", "'3' is not setting=value,...; websocket.abort:name=value would be right", id="no ="
        ),
    ],
)
def test_says_what_is_wrong_with_a_fault_in_one_line(text: str, complaint: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_fault(text)
    assert str(caught.value).startswith(f"{text}: ")
    assert complaint.split(";")[0] in str(caught.value)


def test_a_draw_needs_a_probability_above_zero() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        When(probability=0)


def test_the_schema_knows_every_kind_and_its_settings() -> None:
    definitions = plan_schema()["$defs"]
    for kind, fault in FAULTS.items():
        described = definitions[fault.__name__]
        assert described["properties"]["kind"] == {"const": kind}
        assert set(described["properties"]) == {"kind", *fault.model_fields}
        assert "kind" in described["required"]
