"""What can be done to a client's socket."""

import pytest

from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ConnectionEnded, Record
from proxy_addons.tests.origin import TIMEOUT_S, Peer
from proxy_addons.wire.link import ClientLink


class Unplugged:
    """A connection whose socket is gone already."""

    client = "the client"
    transports: dict[object, object] = {}  # noqa: RUF012  # never written


@pytest.fixture
def link() -> ClientLink:
    return ClientLink(1, Unplugged())  # type: ignore[arg-type]  # as much of a handler as a link looks at


def test_keeps_the_first_reason_why_it_ends(link: ClientLink) -> None:
    link.ends("fin", "origin")
    link.ends("rst", "rule")
    assert link.ending == ("fin", "origin")
    assert not link.was_reset


def test_reset_and_close_do_nothing_when_the_socket_is_gone(link: ClientLink) -> None:
    link.reset()
    link.close()
    assert link.was_reset


def connection_ended(record: Record) -> bool:
    """the end of a client's connection in the record"""
    return isinstance(record, ConnectionEnded)


def test_records_who_ended_a_connection(proxy: FaultProxy) -> None:
    with Peer.connect(proxy.url):
        pass
    end = proxy.history.wait_for(connection_ended, TIMEOUT_S)
    assert str(end) == "connection 1 over: fin by the client"
