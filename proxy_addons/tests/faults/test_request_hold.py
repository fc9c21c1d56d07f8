"""`request.hold`."""

from proxy_addons.actions import Forward, Hold
from proxy_addons.faults import HoldRequest
from proxy_addons.tests.play import play, received, starting


def test_holds_the_first_byte_of_the_answer_until_healed() -> None:
    assert play(HoldRequest(), received(), starting()) == [Forward(), Hold("head")]


def test_holds_the_body_for_a_time() -> None:
    assert play(HoldRequest(before="body", for_ms=300), received(), starting()) == [Forward(), Hold("body", 300)]


def test_holds_the_request() -> None:
    assert play(HoldRequest(before="request"), received(), starting()) == [Hold("request"), Forward()]
