"""Rules in one line, as people type them."""

import pytest

from proxy_addons.errors import PlanError
from proxy_addons.faults import AbortWebSocket, CloseWebSocket, CorruptEventSource, Fault, RespondToRequest
from proxy_addons.one_line import add_lines, dump_rule, parse_fault, parse_rule
from proxy_addons.plan import Plan, Rule
from proxy_addons.when import Page, Payload, When


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
        pytest.param(
            "websocket.close:code=1012,reason=3", CloseWebSocket(code=1012, reason="3"), id="a number as text"
        ),
        pytest.param(
            "websocket.close:code=1012,reason='\"'", CloseWebSocket(code=1012, reason='"'), id="single quotes"
        ),
        pytest.param(
            'websocket.close:reason="a"b,code=1012', CloseWebSocket(code=1012, reason='"a"b'), id="quotes that are none"
        ),
        pytest.param("websocket.close:code=1012,reason=", CloseWebSocket(code=1012, reason=""), id="nothing"),
        pytest.param('eventsource.corrupt:data={"v":1}', CorruptEventSource(data='{"v":1}'), id="JSON is text"),
        pytest.param(
            'eventsource.corrupt:data={"v":[1,{"w":"}"}]},nth_event=2',
            CorruptEventSource(data='{"v":[1,{"w":"}"}]}', nth_event=2),
            id="a comma within brackets",
        ),
        pytest.param(
            "eventsource.corrupt:data={[},nth_event=2", CorruptEventSource(data="{[}", nth_event=2), id="broken"
        ),
        pytest.param(
            'request.respond:headers={Retry-After="3", X="y"},status=429',
            RespondToRequest(status=429, headers={"Retry-After": "3", "X": "y"}),
            id="a table",
        ),
        pytest.param(
            "request.respond:headers.Retry-After=3",
            RespondToRequest(headers={"Retry-After": "3"}),
            id="part of a table",
        ),
    ],
)
def test_reads_a_fault(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


RULES = [
    pytest.param(
        "websocket.abort:after_messages=3,when.path=/timer/ws,when.after=cut,when.after_ms=500,rule.id=x,rule.times=2",
        Rule(
            id="x",
            when=When(path="/timer/ws", after="cut", after_ms=500),
            fault=AbortWebSocket(after_messages=3),
            times=2,
        ),
        id="a rule",
    ),
    pytest.param(
        'websocket.abort:when.header={Origin = "*.test", X-Debug = false}',
        Rule(when=When(header={"Origin": "*.test", "X-Debug": False}), fault=AbortWebSocket()),
        id="headers",
    ),
    pytest.param(
        'websocket.abort:when.payload={pointer = "/kind", op = "==", value = "3"}',
        Rule(when=When(payload=Payload(pointer="/kind", op="==", value="3")), fault=AbortWebSocket()),
        id="a payload",
    ),
    pytest.param(
        'websocket.abort:when.path="/a,b",rule.times_per_connection=1',
        Rule(when=When(path="/a,b"), fault=AbortWebSocket(), times_per_connection=1),
        id="a comma",
    ),
    pytest.param("websocket.abort:when.path=\"'x'\"", Rule(when=When(path="'x'"), fault=AbortWebSocket()), id="quotes"),
]


@pytest.mark.parametrize(("text", "rule"), RULES)
def test_reads_a_rule(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(("text", "rule"), RULES)
def test_writes_a_rule(text: str, rule: Rule) -> None:
    assert dump_rule(rule) == text


def test_what_lies_deeper_can_be_reached_by_name() -> None:
    text = (
        "websocket.abort:when.page.state=connecting,when.payload.pointer=/n,when.payload.op=<,when.payload.value=3,"
        "when.header.Origin=*.test"
    )
    assert parse_rule(text).when == When(
        page=Page(state="connecting"), payload=Payload(pointer="/n", op="<", value=3), header={"Origin": "*.test"}
    )


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
        pytest.param("request.redirect", "location: is missing", id="missing"),
        pytest.param("request.respond:headers=3", "headers: should be a table, but is 3", id="no table"),
        pytest.param(
            "websocket.abort:3", "'3' is not setting=value,...; websocket.abort:name=value would be right", id="no ="
        ),
        pytest.param(
            "websocket.abort:after_messages=1,", "nothing stands behind its last comma; leave that out", id="comma"
        ),
        pytest.param(
            "websocket.abort:when.path=/a,when.path=/b", "when.path: is given twice; once would be right", id="twice"
        ),
        pytest.param(
            "websocket.abort:when.pth=/a", "when.pth: unknown field 'pth'; did you mean 'path'?", id="condition"
        ),
        pytest.param(
            "websocket.abort:rule.time=2", "rule.time: unknown field 'time'; did you mean 'times'?", id="rule"
        ),
        pytest.param(
            "websocket.abort:rule.when.path=/",
            "rule.when.path: there is no such field; 'when.path' stands alone",
            id="too deep",
        ),
        pytest.param(
            "websocket.abort:when.connection_ms=soon",
            "when.connection_ms: should be a valid number, but is 'soon'",
            id="no time",
        ),
        pytest.param(
            "upstream.restart:when.nth=2",
            "when.nth: upstream.restart acts on the listener, so it cannot match; leave it out",
            id="nonsense",
        ),
    ],
)
def test_says_what_is_wrong_with_a_line(text: str, complaint: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_rule(text)
    assert str(caught.value) == f"{text}: {complaint}"


def test_a_fault_is_no_rule() -> None:
    with pytest.raises(PlanError, match="is more than a fault"):
        parse_fault("websocket.abort:rule.times=1")


def test_lines_stand_behind_the_rules_of_a_plan_and_may_wait_for_them() -> None:
    plan = Plan(seed=7, rules=(Rule(id="cut", fault=AbortWebSocket()),))
    longer = add_lines(plan, ["websocket.close:code=1012,when.after=cut", "websocket.close:code=1013"])
    assert [rule.id for rule in longer.rules] == ["cut", "websocket.close-1", "websocket.close-2"]
    assert longer.seed == 7


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        pytest.param("websocket.abort:when.after=ct", "when.after: unknown rule 'ct'; did you mean 'cut'?", id="after"),
        pytest.param(
            "websocket.abort:rule.id=cut", "rule.id: two rules have the id 'cut'; each needs its own", id="id"
        ),
    ],
)
def test_names_the_line_that_does_not_fit(line: str, complaint: str) -> None:
    with pytest.raises(PlanError) as caught:
        add_lines(Plan(rules=(Rule(id="cut", fault=AbortWebSocket()),)), ["websocket.abort", line])
    assert str(caught.value) == f"{line}: {complaint}"
