"""`request.respond`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Forward, Respond
from proxy_addons.events import Transport
from proxy_addons.faults import RespondToRequest
from proxy_addons.tests.play import opened, play, received


@pytest.mark.parametrize("transport", ["http", "eventsource", "websocket"])
def test_answers_a_request_of_any_transport(transport: Transport) -> None:
    assert play(RespondToRequest(status=502), received(transport)) == [Respond(502)]


def test_leaves_streams_alone() -> None:
    assert play(RespondToRequest(), opened()) == [Forward()]


def test_says_html_when_there_is_a_body_and_no_content_type() -> None:
    (action,) = play(RespondToRequest(body="<h1>Wartung, später</h1>"), received())
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    assert action == Respond(503, headers, "<h1>Wartung, später</h1>".encode())


def test_keeps_a_content_type_however_it_is_spelt() -> None:
    (action,) = play(RespondToRequest(headers={"content-Type": "text/plain"}, body="x"), received())
    assert action == Respond(503, (("content-Type", "text/plain"),), b"x")


@pytest.mark.parametrize(
    ("headers", "complaint"),
    [
        pytest.param({"Retry After": "3"}, "'Retry After' is no header name", id="space in the name"),
        pytest.param({"": "3"}, "'' is no header name", id="no name"),
        pytest.param({"X": "a\r\nY: b"}, "value of 'X' must fit one line", id="line end in the value"),
    ],
)
def test_rejects_headers_that_fit_no_head(headers: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        RespondToRequest(headers=headers)


@pytest.mark.parametrize("status", [204, 205, 304])
def test_rejects_a_body_where_none_may_be(status: int) -> None:
    with pytest.raises(ValidationError, match=f"status {status} carries no body"):
        RespondToRequest(status=status, body="x")


@pytest.mark.parametrize("status", [199, 600])
def test_rejects_a_status_that_is_no_final_response(status: int) -> None:
    with pytest.raises(ValidationError, match="than or equal to"):
        RespondToRequest(status=status)
