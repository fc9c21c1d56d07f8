"""`request.corrupt`."""

from proxy_addons.actions import Forward, Replace
from proxy_addons.events import RequestReceived, ResponseReceived
from proxy_addons.faults import CorruptRequest
from proxy_addons.tests.play import answered, play, received


def test_corrupts_the_body_of_an_answer() -> None:
    fault = CorruptRequest(mutation="null")
    assert play(fault, received(body=b'{"a":1}'), answered(b'{"a":1}')) == [Forward(), Replace(b'{"a":null}')]


def test_corrupts_the_body_of_a_request() -> None:
    fault = CorruptRequest(direction="to_server", pointer="/name", replacement='"stop"')
    events = (received(body=b'{"name":"start"}'), answered(b'{"name":"start"}'))
    assert play(fault, *events) == [Replace(b'{"name":"stop"}'), Forward()]


def test_passes_what_has_no_body() -> None:
    assert play(CorruptRequest(), answered(b"")) == [Forward()]
    assert play(CorruptRequest(direction="to_server"), received()) == [Forward()]


def test_passes_a_body_in_which_the_pointer_leads_nowhere() -> None:
    assert play(CorruptRequest(pointer="/b", replacement="1"), answered(b'{"a":1}')) == [Forward()]


def test_looks_only_at_the_body_that_it_corrupts() -> None:
    assert CorruptRequest().events() == (ResponseReceived,)
    assert CorruptRequest(direction="to_server").events() == (RequestReceived,)
