"""`websocket.corrupt`."""

from dataclasses import replace

from proxy_addons.actions import Forward, Replace
from proxy_addons.faults import CorruptWebSocket
from proxy_addons.tests.play import messages, opened, play


def test_corrupts_the_nth_message_and_no_other() -> None:
    fault = CorruptWebSocket(nth_message=2, mutation="empty_object")
    assert play(fault, opened(), *messages('{"a":1}', '{"a":2}')) == [Forward(), Forward(), Replace(b"{}")]


def test_cuts_in_half_where_nothing_else_is_said() -> None:
    assert play(CorruptWebSocket(), *messages('{"seq": 2}')) == [Replace(b'{"seq')]


def test_sends_text_as_binary_with_the_data_as_they_were() -> None:
    assert play(CorruptWebSocket(frame="binary"), *messages("{}")) == [Replace(b"{}", as_text=False)]


def test_sends_other_data_as_text_though_they_came_as_binary() -> None:
    (message,) = messages("{}")
    fault = CorruptWebSocket(data="x", frame="text")
    assert play(fault, replace(message, text=False)) == [Replace(b"x", as_text=True)]


def test_passes_a_message_that_comes_as_it_should_go_out() -> None:
    assert play(CorruptWebSocket(frame="text"), *messages("{}")) == [Forward()]
