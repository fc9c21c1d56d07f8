"""`request.respond`."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Forward, Respond
from proxy_addons.events import Answer, Transport
from proxy_addons.faults import RespondToRequest
from proxy_addons.tests.play import opened, play, received


@pytest.mark.parametrize("transport", ["http", "eventsource", "websocket"])
def test_answers_a_request_of_any_transport(transport: Transport) -> None:
    assert play(RespondToRequest(status=502), received(transport)) == [Respond(Answer(502, (), b""))]


def test_leaves_streams_alone() -> None:
    assert play(RespondToRequest(), opened()) == [Forward()]


def test_says_html_when_there_is_a_body_and_no_content_type() -> None:
    (action,) = play(RespondToRequest(body="<h1>Wartung, später</h1>"), received())
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    assert action == Respond(Answer(503, headers, "<h1>Wartung, später</h1>".encode()))


def test_keeps_a_content_type_however_it_is_spelt() -> None:
    (action,) = play(RespondToRequest(headers={"content-Type": "text/plain"}, body="x"), received())
    assert action == Respond(Answer(503, (("content-Type", "text/plain"),), b"x"))


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


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        pytest.param("page.html", "text/html; charset=utf-8", id="a page"),
        pytest.param("page", "text/html; charset=utf-8", id="no ending"),
        pytest.param("timer.json", "application/json", id="JSON"),
        pytest.param("pixel.png", "image/png", id="an image"),
    ],
)
def test_answers_with_the_bytes_of_a_file(tmp_path: Path, name: str, content_type: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\0{}")
    (action,) = play(RespondToRequest(status=200, body_file=str(tmp_path / name)), received())
    assert action == Respond(Answer(200, (("Content-Type", content_type),), b"\xff\0{}"))


def test_reads_the_file_before_anything_starts(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("first")
    fault = RespondToRequest(body_file=str(page))
    page.unlink()
    (action,) = play(fault, received())
    assert isinstance(action, Respond)
    assert action.answer.body == b"first"


def test_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"body_file '.*nowhere\.html' cannot be read: No such file"):
        RespondToRequest(body_file=str(tmp_path / "nowhere.html"))


def test_rejects_two_bodies(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("x")
    with pytest.raises(ValidationError, match="body and body_file are two bodies"):
        RespondToRequest(body="x", body_file=str(tmp_path / "page.html"))
