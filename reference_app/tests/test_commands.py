"""Commands over HTTP."""

from collections.abc import Iterable
from contextlib import closing
from itertools import count
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal
from starlette.requests import Request
from starlette.types import Message

from reference_app import commands
from reference_app.hub import Hub
from reference_app.messages import MAX_REQUEST_BYTES
from reference_app.store import Store

IDS = count()


def command(name: str = "note", **args: object) -> dict[str, Any]:
    return {"id": f"http-{next(IDS)}", "name": name, "args": args or {"text": "x"}}


def test_answers_with_the_result(http: httpx.Client) -> None:
    request = command()
    response = http.post("/timer/commands", json=request, headers={"Idempotency-Key": request["id"]})
    result = response.json()
    assert (response.status_code, result["kind"], result["id"], result["ok"]) == (200, "result", request["id"], True)
    assert result["event_seq"] == result["seq"]


def test_a_command_that_the_state_does_not_allow_is_a_result(http: httpx.Client) -> None:
    response = http.post("/timer/commands", json={"id": "http-refused", "name": "pause", "args": {}})
    assert (response.status_code, response.json()["ok"]) == (200, False)
    assert response.json()["error"] == {"code": "not_allowed", "message": "the timer is idle: start it first"}


def test_has_one_effect_and_one_answer_when_a_command_comes_again(http: httpx.Client) -> None:
    request = command()
    first, again = (http.post("/timer/commands", json=request).json() for _ in range(2))
    assert again["event_seq"] == first["event_seq"]
    assert http.get("/healthz").json()["seq"] == first["seq"]


def test_conflicts_when_another_command_has_the_id(http: httpx.Client) -> None:
    request = command()
    http.post("/timer/commands", json=request)
    response = http.post("/timer/commands", json=request | {"args": {"text": "other"}})
    assert (response.status_code, response.json()["code"], response.json()["id"]) == (409, "conflict", request["id"])


def test_the_order_of_fields_does_not_make_another_command(http: httpx.Client) -> None:
    request = command("score", team="home", points=1)
    http.post("/timer/commands", json=request)
    turned = request | {"args": dict(reversed(request["args"].items()))}
    assert http.post("/timer/commands", json=turned).status_code == 200


def test_rejects_a_key_that_is_not_the_id(http: httpx.Client) -> None:
    response = http.post("/timer/commands", json=command(), headers={"Idempotency-Key": "other"})
    assert (response.status_code, response.json()["kind"]) == (422, "error")
    assert response.json()["message"].startswith("Idempotency-Key: ")


def test_names_the_field_when_the_command_is_malformed(http: httpx.Client) -> None:
    response = http.post("/timer/commands", json=command("adjust", delta_ms="5"))
    assert (response.status_code, response.json()["code"]) == (422, "malformed")
    assert response.json()["message"].startswith("args.delta_ms: ")


def test_rejects_a_note_that_is_damaged(http: httpx.Client) -> None:
    response = http.post("/timer/commands", json=command(text="caf\ufffd"))
    assert (response.status_code, response.json()["code"]) == (422, "malformed")
    assert response.json()["message"].startswith("args.text: ")


def test_rejects_a_body_beyond_the_limit(http: httpx.Client) -> None:
    response = http.post("/timer/commands", content=b" " * (MAX_REQUEST_BYTES + 1))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


# --- as bare ASGI -----------------------------------------------------------------------------------------------------


def post_parts(parts: Iterable[Message]) -> tuple[int, int]:
    """The status of a request that comes in parts, and the seq of the log after it."""
    remaining = iter(parts)

    async def receive() -> Message:
        return next(remaining)

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    with closing(Store.open(None, "ab", 1000)) as store, start_blocking_portal() as portal:
        response = portal.call(commands.post, Hub(store, now_ms=lambda: 0), request)
        return response.status_code, store.last_seq


def test_reads_no_more_of_an_endless_body_than_it_needs() -> None:
    part: Message = {"type": "http.request", "body": b" " * 1024, "more_body": True}
    enough = MAX_REQUEST_BYTES // 1024 + 1
    assert post_parts([part] * enough) == (413, 0)


def test_does_nothing_when_the_client_leaves_before_its_command_is_complete() -> None:
    first: Message = {"type": "http.request", "body": b'{"id":"a",', "more_body": True}
    assert post_parts([first, {"type": "http.disconnect"}]) == (400, 0)
