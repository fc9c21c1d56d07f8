"""Whatever is asked, the answer is one that the server's own description has: status, type and every field of it."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from property_tests.json_schema import violations
from reference_app.server import serving
from reference_app.settings import Settings

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMERS = st.none() | st.sampled_from(["default", "a", "b", "", "A", "../a", "a" * 33]) | TEXT
"""Of the timers that can be there, more than there may be."""
NUMBERS = st.integers(-(2**64), 2**64) | st.sampled_from([-1000, 0, 1, 100, 1000])
ARGS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"delta_ms": NUMBERS}),
    st.fixed_dictionaries({}, optional={"duration_ms": NUMBERS | st.none()}),
    st.fixed_dictionaries({"team": st.sampled_from(["home", "away", "x"]), "points": NUMBERS}),
    st.fixed_dictionaries({"text": TEXT | st.just("x" * 201)}),
    st.dictionaries(TEXT, st.integers() | st.none() | TEXT, max_size=2),
)
NAMES = ["start", "pause", "resume", "adjust", "reset", "start_round", "score", "note", "fly"]
COMMANDS = st.fixed_dictionaries(
    {"id": st.sampled_from(["", *(f"id-{number}" for number in range(300))]), "name": st.sampled_from(NAMES)},
    optional={"args": ARGS, "kind": st.just("command"), "more": st.none()},
)
BODIES = st.one_of(COMMANDS.map(json.dumps).map(str.encode), st.binary(max_size=50), st.just(b" " * 70_000))


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with serving(Settings(scale=0.1, max_timers=3)) as url, httpx.Client(base_url=url, verify=False) as client:
        yield client


@cache
def described(url: str) -> dict[str, Any]:
    """The description, its schemas where the reader of schemas looks for them."""
    text = httpx.get(f"{url}/openapi.json", verify=False).text
    document: dict[str, Any] = json.loads(text.replace("#/components/schemas/", "#/$defs/"))
    document["$defs"] = {name: _plain(each) for name, each in document["components"]["schemas"].items()}
    return document


def _plain(schema: Any) -> Any:
    """Without what only tells generators of code which of several schemas fits."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _plain(each) for name, each in schema.items() if name != "discriminator"}


def differences(response: httpx.Response) -> list[str]:
    """How an answer differs from all that the description allows."""
    request = response.request
    document = described(str(request.url.join("/")).rstrip("/"))
    answers = document["paths"][request.url.path][request.method.lower()]["responses"]
    if str(response.status_code) not in answers:
        return [f"status {response.status_code} is none of {list(answers)}"]
    answer = answers[str(response.status_code)]
    missing = [name for name in answer.get("headers", {}) if name not in response.headers]
    content = answer.get("content", {})
    if not content:
        return missing + (["a body"] if response.content else [])
    kind = response.headers["content-type"]
    if kind not in content:
        return [*missing, f"{kind} is none of {list(content)}"]
    return missing + violations(response.json(), _plain(content[kind]["schema"]), document)


def query(**given: str | None) -> dict[str, str]:
    return {name: value for name, value in given.items() if value is not None}


@given(timer=TIMERS, since=st.none() | TEXT, method=st.sampled_from(["GET", "HEAD"]))
def test_a_poll_is_answered_as_described(http: httpx.Client, timer: str | None, since: str | None, method: str) -> None:
    assert differences(http.request(method, "/timer", params=query(timer=timer, since=since))) == []


@given(timer=TIMERS, since=st.none() | TEXT)
def test_the_head_of_a_stream_is_as_described(http: httpx.Client, timer: str | None, since: str | None) -> None:
    assert differences(http.head("/timer/stream", params=query(timer=timer, since=since))) == []


@given(timer=st.sampled_from([None, "a", "b"]) | TIMERS, body=BODIES)
@settings(max_examples=300)
def test_a_command_is_answered_as_described(http: httpx.Client, timer: str | None, body: bytes) -> None:
    assert differences(http.post("/timer/commands", params=query(timer=timer), content=body)) == []


@given(timer=TIMERS)
def test_a_request_that_should_be_a_websocket_is_answered_as_described(http: httpx.Client, timer: str | None) -> None:
    assert differences(http.get("/timer/ws", params=query(timer=timer))) == []


def test_health_is_as_described(http: httpx.Client) -> None:
    assert differences(http.get("/healthz")) == []


def test_a_snapshot_with_every_kind_of_event_is_as_described(http: httpx.Client) -> None:
    every: list[tuple[str, dict[str, object]]] = [
        ("start", {}),
        ("pause", {}),
        ("resume", {}),
        ("adjust", {"delta_ms": -(10**8)}),
        ("reset", {}),
    ]
    every += [("start_round", {}), ("score", {"team": "home", "points": 1}), ("note", {"text": "x"})]
    for number, (name, args) in enumerate(every):
        http.post("/timer/commands", json={"id": f"every-{number}", "name": name, "args": args})
    answer = http.get("/timer")
    names = {event["name"] for event in answer.json()["messages"][0]["events"]}
    assert {"started", "paused", "resumed", "expired", "reset", "round_started", "scored", "noted"} <= names
    assert differences(answer) == []
    assert differences(http.get("/timer", params={"since": f"{answer.json()['messages'][0]['epoch']}.0"})) == []
