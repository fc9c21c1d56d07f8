"""`request.truncate`."""

from dataclasses import replace

import pytest

from proxy_addons.actions import Forward, Parting, Truncate
from proxy_addons.faults import TruncateRequest
from proxy_addons.tests.play import answered, play, received


@pytest.mark.parametrize("then", ["end", "abort", "reset", "stall"])
def test_lets_the_first_bytes_of_an_answer_out(then: Parting) -> None:
    fault = TruncateRequest(body_bytes=4, then=then)
    assert play(fault, received(), answered(b"12345")) == [Forward(), Truncate(4, then)]


def test_passes_an_answer_that_is_not_longer() -> None:
    assert play(TruncateRequest(body_bytes=5), answered(b"12345")) == [Forward()]
    assert play(TruncateRequest(), answered(b"")) == [Forward()]


def test_counts_the_bytes_on_the_wire() -> None:
    packed = answered(b"12345" * 20)
    assert play(TruncateRequest(body_bytes=8), replace(packed, wire_bytes=8)) == [Forward()]
    assert play(TruncateRequest(body_bytes=8), replace(packed, wire_bytes=9)) == [Truncate(8, "abort")]
