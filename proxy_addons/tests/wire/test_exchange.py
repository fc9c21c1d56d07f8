"""Requests and their answers without rules, as a client and an origin see them, byte for byte."""

import pytest

from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ConnectionEnded, RequestSeen, ResponseSeen, StreamBegan, UpstreamFailed
from proxy_addons.tests.exchanges import CHUNKED, GET, OK, POST, bodies, body_of_answer, connection_ended
from proxy_addons.tests.origin import LAST_CHUNK, STREAMING, SUBSCRIBE, TIMEOUT_S, Origin, Peer, chunk


class TestWithoutRules:
    @pytest.mark.parametrize(
        ("request_sent", "answer"),
        [
            pytest.param(GET, OK, id="GET"),
            pytest.param(POST, OK, id="POST with a body that is no text"),
            pytest.param(GET.replace(b"GET", b"HEAD"), OK.removesuffix(b"{}"), id="HEAD"),
            pytest.param(GET.replace(b"GET", b"HEAD"), CHUNKED, id="HEAD of a chunked answer"),
            pytest.param(GET.replace(b"GET", b"OPTIONS"), b"HTTP/1.1 204 No Content\r\nVary: a\r\n\r\n", id="204"),
            pytest.param(GET, b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope", id="404"),
            pytest.param(GET, b"HTTP/1.1 304 Not Modified\r\nETag: W/x\r\n\r\n", id="304"),
            pytest.param(GET, b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", id="302"),
            pytest.param(GET, b"HTTP/1.1 200 Sure, why not\r\nContent-Length: 0\r\n\r\n", id="another reason"),
            pytest.param(
                GET, b"HTTP/1.1 200 \r\nSet-Cookie: a\r\nset-cookie: b\r\nContent-Length: 0\r\n\r\n", id="twice"
            ),
            pytest.param(SUBSCRIBE.replace(b"GET", b"HEAD"), STREAMING, id="HEAD of a stream"),
            pytest.param(GET, CHUNKED + chunk(b"one") + b"3;x=y\r\ntwo\r\n" + LAST_CHUNK, id="chunks"),
            pytest.param(GET, CHUNKED + chunk(b"one") + b"0\r\nDigest: abc\r\n\r\n", id="a trailer"),
            pytest.param(GET, b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, id="an interim answer"),
            pytest.param(GET, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK, id="two of them"),
        ],
    )
    def test_passes_a_request_and_its_answer_byte_for_byte(
        self, proxy: FaultProxy, origin: Origin, request_sent: bytes, answer: bytes
    ) -> None:
        with Peer.connect(proxy.url) as client:
            client.send(request_sent)
            server = origin.accept()
            assert server.read(len(request_sent)) == request_sent
            server.send(answer)
            assert client.read(len(answer)) == answer
            # then the connections are there for the next request
            client.send(POST)
            assert server.read(len(POST)) == POST
            server.send(OK)
            assert client.read(len(OK)) == OK
        assert proxy.history.of(StreamBegan) == []
        assert proxy.history.of(UpstreamFailed) == []

    def test_lets_the_origin_ask_for_the_body(self, proxy: FaultProxy, origin: Origin) -> None:
        # given a client that sends no body before it is told to
        head, body = POST[:-4].replace(b"Host: app.test", b"Expect: 100-continue\r\nHost: app.test"), POST[-4:]
        with Peer.connect(proxy.url) as client:
            client.send(head)
            server = origin.accept()
            assert server.read(len(head)) == head
            assert not client.has_news()
            # when the origin tells it
            server.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            assert client.read_head() == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.send(body)
            assert server.read(4) == body
            server.send(OK)
            assert client.read(len(OK)) == OK

    def test_lets_the_origin_refuse_the_body(self, proxy: FaultProxy, origin: Origin) -> None:
        head = POST[:-4].replace(b"Host: app.test", b"Host: app.test\r\nExpect: 100-continue")
        refusal = b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"
        client, _ = origin.exchange(proxy.url, head, refusal)
        assert client.read(len(refusal)) == refusal

    def test_passes_a_request_body_as_it_comes(self, proxy: FaultProxy, origin: Origin) -> None:
        head = b"PUT /file HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        with Peer.connect(proxy.url) as client:
            client.send(head + chunk(b"one"))
            server = origin.accept()
            assert server.read(len(head) + 8) == head + chunk(b"one")
            client.send(chunk(b"two") + LAST_CHUNK)
            assert server.read(13) == chunk(b"two") + LAST_CHUNK
            server.send(OK)
            assert client.read(len(OK)) == OK
        assert bodies(proxy)[0] == ("to_server", "onetwo", 6, True)

    def test_passes_an_answer_s_body_as_it_comes(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.exchange(proxy.url, GET, OK[:-1])
        assert client.read(len(OK) - 1) == OK[:-1]
        server.send(OK[-1:])
        assert client.read(1) == OK[-1:]

    @pytest.mark.parametrize(
        ("request_sent", "answer"),
        [
            pytest.param(GET, OK.replace(b"X-Odd", b"Connection: close\r\nX-Odd"), id="the origin wants it"),
            pytest.param(GET.replace(b"Accept", b"Connection: close\r\nAccept"), OK, id="the client wants it"),
            pytest.param(GET.replace(b"HTTP/1.1", b"HTTP/1.0"), OK.replace(b"HTTP/1.1", b"HTTP/1.0"), id="HTTP/1.0"),
            pytest.param(GET, b"HTTP/1.0 200 OK\r\n\r\nto the end", id="the end delimits the body"),
        ],
    )
    def test_ends_the_connection_behind_an_answer(
        self, proxy: FaultProxy, origin: Origin, request_sent: bytes, answer: bytes
    ) -> None:
        with Peer.connect(proxy.url) as client:
            client.send(request_sent)
            server = origin.accept()
            assert server.read(len(request_sent)) == request_sent
            server.send(answer)
            server.close()
            assert client.rest() == (answer, "fin")

    def test_tells_the_origin_when_a_client_that_waits_goes_away(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.exchange(proxy.url, GET, b"")
        client.close()
        assert server.rest() == (b"", "fin")

    def test_records_heads_and_bodies(self, proxy: FaultProxy, origin: Origin) -> None:
        client, _ = origin.exchange(proxy.url, POST, OK)
        client.read(len(OK))
        proxy.history.wait_for(body_of_answer, TIMEOUT_S)
        (request,) = proxy.history.of(RequestSeen)
        assert (request.method, request.url, request.transport) == ("POST", "/timer/commands", "http")
        (response,) = proxy.history.of(ResponseSeen)
        assert (response.status, response.content_type, response.by) == (200, "application/json", "origin")
        assert bodies(proxy) == [("to_server", "\x00\\xffab", 4, True), ("to_client", "{}", 2, True)]

    def test_keeps_of_a_long_body_what_the_record_has_room_for(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.history.body_limit = 10
        answer = CHUNKED + chunk(b"a" * 7) + chunk(b"b" * 7) + LAST_CHUNK
        client, _ = origin.exchange(proxy.url, GET, answer)
        client.read(len(answer))
        proxy.history.wait_for(body_of_answer, TIMEOUT_S)
        assert bodies(proxy) == [("to_client", "aaaaaaabbb", 14, True)]


class TestOriginThatFails:
    def test_resets_the_client_when_nothing_listens(self, proxy: FaultProxy, origin: Origin) -> None:
        origin.close()
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert client.rest() == (b"", "rst")
        (failure,) = proxy.history.of(UpstreamFailed)
        assert "Connect call failed" in failure.error

    @pytest.mark.parametrize("how", ["fin", "rst"])
    @pytest.mark.parametrize(
        ("said", "seen", "last"),
        [
            pytest.param(b"", b"", b"", id="before it answers"),
            pytest.param(b"HTTP/1.1 200 O", b"", b"HTTP/1.1 200 O", id="within the head"),
            pytest.param(OK[:-1], OK[:-1], b"", id="within a body"),
            pytest.param(CHUNKED + b"2\r\n{", CHUNKED + b"1\r\n{\r\n", b"", id="within a chunk"),
            pytest.param(CHUNKED + chunk(b"a") + b"2\r\n{", CHUNKED + chunk(b"a") + chunk(b"{"), b"", id="in a chunk"),
        ],
    )
    def test_breaks_off_as_the_origin_does(
        self, proxy: FaultProxy, origin: Origin, said: bytes, seen: bytes, last: bytes, how: str
    ) -> None:
        client, server = origin.exchange(proxy.url, GET, said)
        assert client.read(len(seen)) == seen
        (server.close if how == "fin" else server.reset)()
        assert client.rest() == (last, how)
        proxy.history.wait_for(connection_ended, TIMEOUT_S)
        assert len(proxy.history.of(UpstreamFailed)) == 1
        (end,) = proxy.history.of(ConnectionEnded)
        assert (end.how, end.by) == (how, "origin")

    def test_resets_the_client_of_an_origin_that_speaks_no_http(self, proxy: FaultProxy, origin: Origin) -> None:
        client, _ = origin.exchange(proxy.url, GET, b"ni hao\r\n\r\n")
        assert client.rest() == (b"", "rst")
        assert len(proxy.history.of(UpstreamFailed)) == 1
