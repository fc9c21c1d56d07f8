"""Pages of other origins may use every way in, and may read its errors."""

import httpx
import pytest


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/timer", 200),
        ("HEAD", "/timer", 200),
        ("HEAD", "/timer/stream", 200),
        ("POST", "/timer/commands", 422),
        ("POST", "/timer", 405),
        ("GET", "/nowhere", 404),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.example"}], ids=["same origin", "cross origin"])
def test_every_answer_is_open(http: httpx.Client, method: str, path: str, status: int, headers: dict[str, str]) -> None:
    response = http.request(method, path, headers=headers)
    assert response.status_code == status
    assert response.headers.get_list("access-control-allow-origin") == ["*"]


@pytest.mark.parametrize("path", ["/timer", "/timer/stream", "/timer/commands"])
def test_a_preflight_is_answered(http: httpx.Client, path: str) -> None:
    response = http.options(
        path,
        headers={
            "Origin": "http://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,idempotency-key",
        },
    )
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, "*")
    assert {"GET", "HEAD", "POST"} <= listed(response, "access-control-allow-methods")
    assert {"Content-Type", "Idempotency-Key", "Last-Event-ID"} <= listed(response, "access-control-allow-headers")


def listed(response: httpx.Response, header: str) -> set[str]:
    return set(response.headers[header].split(", "))
