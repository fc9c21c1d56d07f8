"""`connection.end`."""

from proxy_addons.actions import Abort, Forward
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults import EndConnection
from proxy_addons.tests.play import messages, opened, play, received


def test_ends_the_connection_when_a_stream_opens() -> None:
    assert play(EndConnection(), ConnectionOpened(1), received(), opened()) == [Forward(), Forward(), Abort()]


def test_ends_it_as_it_is_accepted() -> None:
    assert play(EndConnection(on="accept"), ConnectionOpened(1), received()) == [Abort(), Forward()]


def test_ends_it_after_the_last_allowed_message() -> None:
    fault = EndConnection(after_messages=1)
    assert play(fault, opened(), *messages("a", "b")) == [Forward(), Forward(), Abort()]
