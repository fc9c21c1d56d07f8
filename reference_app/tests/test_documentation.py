"""What is said of the ways in is what they do; how answers look is checked with many requests in property_tests."""

from typing import Any

import pytest
from starlette.routing import Route, WebSocketRoute

from reference_app import commands, polling, websocket
from reference_app.app import create_app
from reference_app.messages import Message
from reference_app.settings import Settings

APP = create_app(Settings())
SCHEMA = APP.openapi()
WAYS_IN = [("get", "/timer"), ("head", "/timer"), ("get", "/timer/stream"), ("head", "/timer/stream")]
WAYS_IN += [("post", "/timer/commands"), ("get", "/timer/ws")]


def operation(method: str, path: str) -> dict[str, Any]:
    described: dict[str, Any] = SCHEMA["paths"][path][method]
    return described


def parameters(method: str, path: str) -> set[str]:
    return {each["name"] for each in operation(method, path)["parameters"]}


def test_every_route_is_described() -> None:
    routes = {route.path for route in APP.routes if isinstance(route, Route | WebSocketRoute)}
    assert routes - {"/", "/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"} == set(SCHEMA["paths"])


@pytest.mark.parametrize(("method", "path"), WAYS_IN)
def test_every_way_in_takes_a_timer_and_says_who_asks(method: str, path: str) -> None:
    assert {"timer", "client", "attempt", "for"} <= parameters(method, path)
    assert operation(method, path)["description"] or method == "head"


@pytest.mark.parametrize(("method", "path"), [each for each in WAYS_IN if each[0] != "post"])
def test_every_way_to_read_resumes(method: str, path: str) -> None:
    assert "since" in parameters(method, path)
    assert ("Last-Event-ID" in parameters(method, path)) == path.endswith("/stream")


@pytest.mark.parametrize(("method", "path"), [each for each in WAYS_IN if each[1] != "/timer/ws"])
def test_every_status_for_a_timer_that_is_not_there_is_described(method: str, path: str) -> None:
    assert {str(status.value) for status in polling.STATUS.values()} <= set(operation(method, path)["responses"])


def test_every_status_of_a_command_is_described() -> None:
    wanted = {str(status.value) for status in (*commands.STATUS.values(), *polling.STATUS.values())} | {"200"}
    assert set(operation("post", "/timer/commands")["responses"]) == wanted


def test_every_close_code_is_described() -> None:
    codes = {*websocket.CLOSE_CODES.values(), *websocket.NO_TIMER_CODES.values(), websocket.UNSUPPORTED_VERSION}
    closes = operation("get", "/timer/ws")["x-websocket"]["closes"]
    assert {int(code) for code in closes} == codes | {1007, 1009}


def test_every_message_and_every_request_has_a_schema() -> None:
    schemas = SCHEMA["components"]["schemas"]
    kinds = schemas["Message"]["discriminator"]["mapping"]
    assert set(kinds) == {message.model_fields["kind"].default for message in Message.__args__}
    assert set(schemas["Command"]["discriminator"]["mapping"]) >= {"start", "note"}
    assert set(schemas["Request"]["discriminator"]["mapping"]) == {"command", "ping", "resync"}


def test_all_that_is_referred_to_is_there() -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(references, value))
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set()

    there = {f"#/components/schemas/{name}" for name in SCHEMA["components"]["schemas"]}
    assert references(SCHEMA) <= there


def test_no_answer_has_a_null() -> None:
    schemas = SCHEMA["components"]["schemas"]
    assert "null" not in str(
        [schemas[name] for name in ("Message", "EventMessage", "Result", "ErrorMessage", "Snapshot")]
    )
