"""`websocket.delay`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Delay, Forward
from proxy_addons.faults import DelayWebSocket
from proxy_addons.tests.play import messages, play


def test_makes_the_nth_message_late_and_no_other() -> None:
    assert play(DelayWebSocket(nth_message=1, ms=250), *messages("a", "b")) == [Delay(250), Forward()]


def test_rejects_a_delay_that_is_none() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        DelayWebSocket(ms=0)
