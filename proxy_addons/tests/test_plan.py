"""Plans: loading, dumping, naming, and what is said of a bad one."""

import json
from pathlib import Path

import pytest

from proxy_addons.errors import PlanError
from proxy_addons.faults import FAULTS, AbortWebSocket, RestartUpstream
from proxy_addons.plan import Plan, Rule, When, dump_plan, load_plan, named, parse_plan, plan_schema, require_fit
from proxy_addons.when import Page, Payload

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


def test_writes_every_condition_in_one_line() -> None:
    rule = Rule(
        when=When(
            header={"Origin": "*.test", "X-Debug": False},
            payload=Payload(pointer="/kind", op="==", value="tick"),
            after_ms=500.0,
            page=Page(state="connecting"),
        ),
        fault=AbortWebSocket(),
        times_per_connection=2,
    )
    assert dump_plan(Plan(rules=(rule,))).splitlines()[2:] == [
        "[[rules]]",
        'id = "websocket.abort-1"',
        "times_per_connection = 2",
        'when = {header = {Origin = "*.test", X-Debug = false}, payload = {pointer = "/kind", op = "==", '
        'value = "tick"}, after_ms = 500, page = {state = "connecting"}}',
        'fault = {kind = "websocket.abort"}',
    ]


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
            ["rules[0].when.transport: is 'http', but websocket.abort acts on 'websocket'; leave it out"],
            id="contradicting transport",
        ),
        pytest.param(
            "[[rules]]\nid = 'a'\nfault = {kind = 'websocket.abort'}\n" * 2,
            ["rules[1].id: two rules have the id 'a'; each needs its own"],
            id="same id twice",
        ),
        pytest.param(
            "[[rules]]\nwhen = {payload = {poiner = '/a'}}\nfault = {kind = 'websocket.abort'}",
            [
                "rules[0].when.payload.pointer: is missing",
                "rules[0].when.payload.poiner: unknown field 'poiner'; did you mean 'pointer'?",
            ],
            id="unknown part of a payload",
        ),
        pytest.param(
            "[[rules]]\nwhen = {page = {stat = 'live'}}\nfault = {kind = 'websocket.abort'}",
            ["rules[0].when.page.stat: unknown field 'stat'; did you mean 'state'?"],
            id="unknown part of a page",
        ),
        pytest.param(
            "[[rules]]\nwhen = {header = {Origin = 3}}\nfault = {kind = 'websocket.abort'}",
            ["rules[0].when.header.Origin: should be a glob, or false where it must be absent, but is 3"],
            id="header that is no glob",
        ),
        pytest.param(
            "[[rules]]\nid = 'cut'\nfault = {kind = 'websocket.abort'}\n"
            "[[rules]]\nwhen = {after = 'cutt'}\nfault = {kind = 'websocket.abort'}",
            ["rules[1].when.after: unknown rule 'cutt'; did you mean 'cut'?"],
            id="a rule that is not there",
        ),
        pytest.param(
            "[[rules]]\nid = 'a'\nwhen = {after = 'a'}\nfault = {kind = 'websocket.abort'}",
            ["rules[0].when.after: a waits for a, so none of them ever fires"],
            id="waits for itself",
        ),
        pytest.param(
            "[[rules]]\nid = 'a'\nwhen = {after = 'b'}\nfault = {kind = 'websocket.abort'}\n"
            "[[rules]]\nid = 'b'\nwhen = {after = 'a'}\nfault = {kind = 'websocket.abort'}",
            ["rules[0].when.after: a waits for b waits for a, so none of them ever fires"],
            id="wait for each other",
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


@pytest.mark.parametrize(
    ("condition", "fault", "complaint"),
    [
        *(
            pytest.param(f"when = {{{condition}}}", fault, f"{place}: {kind} acts before a request is read", id=place)
            for place, condition, fault, kind in [
                ("when.path", "path = '/x'", "kind = 'connection.refuse'", "connection.refuse"),
                ("when.method", "method = 'GET'", "kind = 'connection.reset', on = 'accept'", "connection.reset"),
                ("when.transport", "transport = 'http'", "kind = 'connection.refuse'", "connection.refuse"),
                ("when.header", "header = {a = '*'}", "kind = 'connection.refuse'", "connection.refuse"),
                ("when.cookie", "cookie = {a = false}", "kind = 'connection.refuse'", "connection.refuse"),
            ]
        ),
        *(
            pytest.param(line, "kind = 'upstream.restart'", f"{place}: upstream.restart acts on the listener", id=place)
            for place, line in [
                ("when.connection", "when = {connection = 1}"),
                ("when.nth", "when = {nth = 1}"),
                ("when.connection_ms", "when = {connection_ms = 1}"),
                ("times_per_connection", "times_per_connection = 1"),
            ]
        ),
        *(
            pytest.param(
                f"when = {{{name} = 2}}",
                "kind = 'request.respond'",
                f"when.{name}: request.respond sees no message or event",
                id=name,
            )
            for name in ("message", "every", "after_bytes")
        ),
        pytest.param(
            "when = {payload = {pointer = ''}}",
            "kind = 'websocket.mute_ping'",
            "when.payload: websocket.mute_ping sees no message, event or body",
            id="payload",
        ),
        pytest.param(
            "when = {direction = 'to_server'}",
            "kind = 'eventsource.abort'",
            "when.direction: eventsource.abort sees nothing on its way to the server",
            id="direction",
        ),
    ],
)
def test_a_condition_that_can_never_be_true_is_an_error(condition: str, fault: str, complaint: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_plan(f"[[rules]]\n{condition}\nfault = {{{fault}}}", "plan.toml")
    assert str(caught.value) == f"plan.toml: rules[0].{complaint}, so it cannot match; leave it out"


@pytest.mark.parametrize(
    ("text", "second"),
    [
        pytest.param(
            """\
            [[rules]]
            id = "refuse"
            times = 1
            when = {path = "/timer/ws"}
            fault = {kind = "websocket.abort"}

            [[rules]]  # the page falls back, and its next rung is lost while it connects
            when = {after = "refuse", for_ms = 2000, path = "/timer/stream"}
            fault = {kind = "request.hold", before = "head"}
            """,
            When(after="refuse", for_ms=2000, path="/timer/stream"),
            id="drop during connect",
        ),
        pytest.param(
            """\
            [[rules]]
            id = "cut"
            times = 1
            fault = {kind = "websocket.abort", after_messages = 3}

            [[rules]]  # the page waits before it tries again, and the server goes in that pause
            when = {after = "cut", after_ms = 500}
            fault = {kind = "upstream.restart"}
            """,
            When(after="cut", after_ms=500),
            id="restart during back-off",
        ),
        pytest.param(
            """\
            [[rules]]
            id = "cut"
            times = 1
            fault = {kind = "websocket.abort", after_messages = 3}

            [[rules]]  # the page shows polling and tries to climb back: what still carries it dies
            when = {after = "cut", page = {transport = "polling", state = "climbing", shown_ms = 200}}
            fault = {kind = "connection.reset", on = "request"}
            """,
            When(after="cut", page=Page(transport="polling", state="climbing", shown_ms=200)),
            id="kill the old link during the climb",
        ),
    ],
)
def test_two_faults_aimed_at_a_transition_are_two_short_rules(text: str, second: When) -> None:
    plan = parse_plan(text)
    assert plan.rules[1].when == second
    assert parse_plan(dump_plan(plan)) == plan


def test_a_rule_may_wait_for_one_that_was_there() -> None:
    waiting = Rule(id="b", when=When(after="a"), fault=RestartUpstream())
    require_fit([waiting], gone=["a"])


def test_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"nowhere\.toml: No such file"):
        load_plan(tmp_path / "nowhere.toml")


def test_names_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_bytes(b"seed = \xff")
    with pytest.raises(PlanError, match=r"plan\.toml: is not UTF-8: .* at byte 7"):
        load_plan(tmp_path / "plan.toml")


def test_the_schema_knows_every_kind_and_its_settings() -> None:
    definitions = plan_schema()["$defs"]
    for kind, fault in FAULTS.items():
        described = definitions[fault.__name__]
        assert described["properties"]["kind"] == {"const": kind}
        assert set(described["properties"]) == {"kind", *fault.model_fields}
        assert "kind" in described["required"]


def test_the_schema_knows_every_condition_and_explains_it() -> None:
    described = plan_schema()["$defs"]["When"]["properties"]
    assert described.keys() == When.model_fields.keys()
    assert [name for name, each in described.items() if not each.get("description")] == []


def test_the_schema_tells_kinds_apart_and_has_no_null_which_toml_has_not() -> None:
    schema = plan_schema()
    kinds = [each["$ref"].rpartition("/")[2] for each in schema["$defs"]["Rule"]["properties"]["fault"]["oneOf"]]
    assert kinds == [fault.__name__ for fault in FAULTS.values()]
    assert schema["title"]
    assert '"type": "null"' not in json.dumps(schema)
    assert '"default": null' not in json.dumps(schema)
