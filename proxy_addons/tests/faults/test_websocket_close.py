"""`websocket.close`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Close, Forward
from proxy_addons.faults import CloseWebSocket
from proxy_addons.tests.play import messages, opened, play


def test_closes_with_code_and_reason_after_the_last_allowed_message() -> None:
    fault = CloseWebSocket(code=1012, reason="restart", after_messages=1)
    assert play(fault, opened(), *messages("a", "b")) == [Forward(), Forward(), Close(1012, "restart")]


def test_closes_as_soon_as_the_socket_is_open() -> None:
    assert play(CloseWebSocket(code=4000), opened()) == [Close(4000)]


def test_closes_without_a_code() -> None:
    assert play(CloseWebSocket(), opened()) == [Close(None)]


@pytest.mark.parametrize("code", [0, 999, 1004, 2999, 5000, 65535])
def test_sends_codes_that_the_rfc_leaves_out(code: int) -> None:
    assert play(CloseWebSocket(code=code), opened()) == [Close(code)]


@pytest.mark.parametrize("code", [1005, 1006, 1015])
def test_rejects_a_code_that_is_never_sent_and_names_a_right_one(code: int) -> None:
    with pytest.raises(ValidationError, match=rf"{code} may not stand in a close frame: .* 1012 \(restart\)"):
        CloseWebSocket(code=code)


@pytest.mark.parametrize("code", [-1, 65536])
def test_rejects_a_code_that_two_bytes_cannot_hold(code: int) -> None:
    with pytest.raises(ValidationError, match="than or equal to"):
        CloseWebSocket(code=code)


def test_rejects_a_reason_that_fits_no_frame() -> None:
    with pytest.raises(ValidationError, match="room for 123 bytes"):
        CloseWebSocket(code=1000, reason="x" * 124)


def test_rejects_a_reason_without_a_code() -> None:
    with pytest.raises(ValidationError, match="a reason needs a code before it"):
        CloseWebSocket(reason="bye")
