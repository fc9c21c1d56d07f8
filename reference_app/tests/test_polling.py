"""One request, one answer."""

import httpx
import pytest


def send_note(http: httpx.Client, id: str) -> None:
    body = {"id": id, "name": "note", "args": {"text": "x"}}
    assert http.post("/timer/commands", json=body).json()["ok"]


def test_answers_with_a_snapshot(http: httpx.Client) -> None:
    response = http.get("/timer", params={"client": "c", "attempt": "1", "for": "live"})
    assert response.headers["cache-control"] == "no-store"
    assert [message["kind"] for message in response.json()["messages"]] == ["snapshot"]


def test_answers_with_what_came_after_the_cursor(http: httpx.Client) -> None:
    [snapshot] = http.get("/timer").json()["messages"]
    send_note(http, "polling-1")
    since = f"{snapshot['epoch']}.{snapshot['seq']}"
    event, tick = http.get("/timer", params={"since": since}).json()["messages"]
    assert (event["kind"], event["text"], event["seq"]) == ("event", "x", snapshot["seq"] + 1)
    assert (tick["kind"], tick["seq"]) == ("tick", event["seq"])


@pytest.mark.parametrize("since", ["", "zz", "ab.1", "%ff", "\ud800".encode("utf-8", "surrogatepass"), "9" * 9000])
def test_answers_with_a_snapshot_when_the_cursor_makes_no_sense(http: httpx.Client, since: str | bytes) -> None:
    [message] = http.get("/timer", params={"since": since}).json()["messages"]
    assert message["kind"] == "snapshot"


def test_answers_head_as_get_without_a_body(http: httpx.Client) -> None:
    response = http.head("/timer")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["cache-control"] == "no-store"
