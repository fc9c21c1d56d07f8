"""`connection.refuse`."""

from proxy_addons.actions import Abort, Forward, Refuse
from proxy_addons.events import ConnectionOpened, ListenerReady
from proxy_addons.faults import RefuseConnection
from proxy_addons.tests.play import play


def test_refuses_as_soon_as_the_proxy_listens() -> None:
    assert play(RefuseConnection(), ListenerReady(), ConnectionOpened(1)) == [Refuse(), Forward()]


def test_closes_what_it_accepts_but_not_what_stands() -> None:
    fault = RefuseConnection(how="close")
    events = (ListenerReady(), ConnectionOpened(1, standing=True), ConnectionOpened(2))
    assert play(fault, *events) == [Forward(), Forward(), Abort()]


def test_looks_only_at_what_it_acts_on() -> None:
    assert RefuseConnection().events() == (ListenerReady,)
    assert RefuseConnection(how="close").events() == (ConnectionOpened,)
