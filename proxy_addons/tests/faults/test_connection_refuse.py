"""`connection.refuse`."""

from proxy_addons.actions import Forward, Refuse
from proxy_addons.events import ConnectionOpened, ListenerReady
from proxy_addons.faults import RefuseConnection
from proxy_addons.tests.play import play


def test_refuses_as_soon_as_the_proxy_listens() -> None:
    assert play(RefuseConnection(), ListenerReady(), ConnectionOpened(1)) == [Refuse(), Forward()]
