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


@pytest.mark.parametrize("code", [1005, 1006, 1015])
def test_rejects_a_code_that_is_never_sent_and_names_a_right_one(code: int) -> None:
    with pytest.raises(ValidationError, match=rf"{code} may not stand in a close frame: .* 1012 \(restart\)"):
        CloseWebSocket(code=code)


@pytest.mark.parametrize("code", [999, 5000])
def test_rejects_a_code_out_of_range(code: int) -> None:
    with pytest.raises(ValidationError, match="than or equal to"):
        CloseWebSocket(code=code)


def test_rejects_a_reason_that_fits_no_frame() -> None:
    with pytest.raises(ValidationError, match="room for 123 bytes"):
        CloseWebSocket(code=1000, reason="x" * 124)
