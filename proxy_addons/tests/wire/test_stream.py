"""What one connection carries: one exchange after the other, and at last a WebSocket."""

import pytest

from proxy_addons.proxy import FaultProxy
from proxy_addons.records import MessageSeen, Record
from proxy_addons.tests.origin import SWITCHED, TIMEOUT_S, UPGRADE, Origin, Peer

GET = b"GET /timer HTTP/1.1\r\nHost: app.test\r\n\r\n"
POST = b"POST /commands HTTP/1.1\r\nHost: app.test\r\nContent-Length: 2\r\n\r\n{}"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
HELLO, PING = b"\x81\x05hello", b"\x89\x80mask"


def second_message(record: Record) -> bool:
    """the second message in the record"""
    return isinstance(record, MessageSeen) and record.index == 2


def test_answers_requests_that_came_at_once_in_their_order(proxy: FaultProxy, origin: Origin) -> None:
    with Peer.connect(proxy.url) as client:
        client.send(GET + POST)
        server = origin.accept()
        for request, answer in ((GET, OK), (POST, OK.replace(b"{}", b"[]"))):
            assert server.read(len(request)) == request
            server.send(answer)
            assert client.read(len(answer)) == answer


def test_passes_an_interim_answer_that_comes_in_pieces(proxy: FaultProxy, origin: Origin) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    client, server = origin.exchange(proxy.url, GET, hints[:20])
    server.send(hints[20:])
    assert client.read(len(hints)) == hints
    server.send(OK)
    assert client.read(len(OK)) == OK


def test_passes_a_head_that_comes_in_pieces(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.exchange(proxy.url, GET, OK[:4])
    server.send(OK[4:])
    assert client.read(len(OK)) == OK


def test_keeps_the_connection_of_the_origin_for_the_next_client_s_request(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.exchange(proxy.url, GET, OK)
    assert client.read(len(OK)) == OK
    client.send(POST)
    assert server.read(len(POST)) == POST


def test_opens_another_when_the_origin_has_closed_it(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.exchange(proxy.url, GET, OK)
    assert client.read(len(OK)) == OK
    server.close()
    client.send(GET)
    again = origin.accept()
    assert again.read_head() == GET
    again.send(OK)
    assert client.read(len(OK)) == OK


def test_passes_a_message_that_comes_with_the_handshake(proxy: FaultProxy, origin: Origin) -> None:
    client, server = origin.exchange(proxy.url, UPGRADE, SWITCHED + HELLO)
    assert client.read(len(SWITCHED + HELLO)) == SWITCHED + HELLO
    server.send(HELLO)
    assert client.read(len(HELLO)) == HELLO
    proxy.history.wait_for(second_message, TIMEOUT_S)


@pytest.mark.parametrize("before", [b"", GET], ids=["first", "behind a request"])
def test_becomes_a_websocket(proxy: FaultProxy, origin: Origin, before: bytes) -> None:
    with Peer.connect(proxy.url) as client:
        client.send(before + UPGRADE)
        server = origin.accept()
        if before:
            assert server.read_head() == GET
            server.send(OK)
            assert client.read(len(OK)) == OK
        assert server.read_head() == UPGRADE
        server.send(SWITCHED)
        assert client.read_head() == SWITCHED
        client.send(PING)
        assert server.read(len(PING)) == PING
        server.send(HELLO)
        assert client.read(len(HELLO)) == HELLO
