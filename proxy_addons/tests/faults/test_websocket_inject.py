"""`websocket.inject`."""

import json

from proxy_addons.actions import Forward, Insert
from proxy_addons.faults import InjectWebSocket
from proxy_addons.mutations import canary
from proxy_addons.tests.play import KEY, messages, opened, play


def test_speaks_first_when_the_socket_opens() -> None:
    assert play(InjectWebSocket(data="hi"), opened(), *messages("a")) == [Insert(b"hi"), Forward()]


def test_speaks_right_behind_the_nth_message_or_before_it() -> None:
    behind = InjectWebSocket(data="hi", after_messages=2)
    before = InjectWebSocket(data="hi", after_messages=2, before=True)
    assert play(behind, opened(), *messages("a", "b", "c")) == [Forward(), Forward(), Insert(b"hi"), Forward()]
    assert play(before, *messages("a", "b")) == [Forward(), Insert(b"hi", before=True)]


def test_speaks_beside_each_message_that_the_rule_picks() -> None:
    assert play(InjectWebSocket(data="x"), *messages("a", "b"), picks_messages=True) == [Insert(b"x"), Insert(b"x")]


def test_sends_binary() -> None:
    assert play(InjectWebSocket(data="ä", binary=True), opened()) == [Insert(b"\xc3\xa4", as_text=False)]


def test_says_something_of_a_kind_that_nobody_knows_where_it_is_given_nothing() -> None:
    (action,) = play(InjectWebSocket(), opened())
    assert isinstance(action, Insert)
    assert json.loads(action.data) == {"kind": canary(KEY)}
