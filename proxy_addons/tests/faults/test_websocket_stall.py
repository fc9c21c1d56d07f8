"""`websocket.stall`."""

import pytest

from proxy_addons.actions import Forward, Stall
from proxy_addons.events import Direction
from proxy_addons.faults import StallWebSocket
from proxy_addons.tests.play import messages, opened, play


def test_silences_both_directions_after_the_last_allowed_message() -> None:
    fault = StallWebSocket(after_messages=1)
    assert play(fault, opened(), *messages("a", "b")) == [
        Forward(),
        Forward(),
        Stall(frozenset({"to_client", "to_server"})),
    ]


def test_silences_for_a_time() -> None:
    assert play(StallWebSocket(for_ms=500), opened()) == [Stall(for_ms=500)]


@pytest.mark.parametrize("direction", ["to_client", "to_server"])
def test_silences_only_the_direction_it_is_told(direction: Direction) -> None:
    assert play(StallWebSocket(direction=direction), opened()) == [Stall(frozenset({direction}))]
