"""What rules do to a request, as a client and an origin see it."""

import pytest

from proxy_addons.actions import Abort, Action, Close, Delay, EditHeaders, Hold, Limit, Replace, Reset, Respond, Route
from proxy_addons.events import Answer, RequestReceived
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultCrashed, ResponseSeen
from proxy_addons.tests.exchanges import GET, OK, POST, add, bodies, connection_ended, fault_fired, receipt
from proxy_addons.tests.origin import TIMEOUT_S, Origin, Peer
from proxy_addons.tests.throwaway import rule_that


class TestRules:
    def test_sees_the_whole_request(self, proxy: FaultProxy, origin: Origin) -> None:
        seen: list[RequestReceived] = []
        proxy.add(rule_that(RequestReceived, lambda event: seen.append(event), scope="request"))
        origin.exchange(proxy.url, POST, OK)
        (event,) = seen
        assert event.body == b"\x00\xffab"
        assert ("Idempotency-Key", "k1") in event.request.headers

    def test_answers_in_the_origin_s_place(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, RequestReceived, Respond(Answer(503, (("Retry-After", "1"),), b"no")))
        answer = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\nno"
        with Peer.connect(proxy.url) as client:
            for _ in range(2):
                client.send(POST)
                assert client.read(len(answer)) == answer
        assert not origin.is_called()
        assert proxy.history.receipts[0].sent == "no"
        assert proxy.history.of(ResponseSeen)[0].by == "rule"
        assert bodies(proxy)[0] == ("to_server", "\x00\\xffab", 4, False)

    @pytest.mark.parametrize(
        ("request_sent", "status", "answer"),
        [
            pytest.param(GET.replace(b"GET", b"HEAD"), 200, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", id="HEAD"),
            pytest.param(GET, 204, b"HTTP/1.1 204 No Content\r\n\r\n", id="204"),
        ],
    )
    def test_sends_no_body_where_none_may_be(
        self, proxy: FaultProxy, request_sent: bytes, status: int, answer: bytes
    ) -> None:
        add(proxy, RequestReceived, Respond(Answer(status, (), b"no")))
        with Peer.connect(proxy.url) as client:
            client.send(request_sent + request_sent)
            assert client.read(2 * len(answer)) == 2 * answer

    def test_replaces_a_request_s_body(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, RequestReceived, Replace(b"{broken"))
        with Peer.connect(proxy.url) as client:
            client.send(POST)
            expected = POST[:-4].replace(b"Content-Length: 4", b"content-length: 7") + b"{broken"
            assert origin.accept().read(len(expected)).lower() == expected.lower()
        assert receipt(proxy) == ("replace", 7, "{broken")
        assert bodies(proxy) == [("to_server", "\x00\\xffab", 4, False)]

    def test_edits_a_request_s_head(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, RequestReceived, EditHeaders(remove=("ACCEPT",), add=(("Cookie", "a=b"),)))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert origin.accept().read_head() == GET.replace(b"Accept: */*", b"Cookie: a=b")

    def test_edits_a_request_that_waits_to_be_told_to_go_on(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, RequestReceived, EditHeaders(add=(("X", "1"),)))
        with Peer.connect(proxy.url) as client:
            client.send(POST[:-4].replace(b"Host", b"Expect: 100-continue\r\nHost"))
            assert client.read_head() == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.send(POST[-4:])
            assert origin.accept().read(len(POST) + 6) == POST[:-6] + b"X: 1\r\n\r\n" + POST[-4:]

    def test_sends_a_request_to_another_origin(self, proxy: FaultProxy, origin: Origin) -> None:
        other = Origin()
        add(proxy, RequestReceived, Route(other.url))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            server = other.accept()
            assert server.read_head() == GET
            server.send(OK)
            assert client.read(len(OK)) == OK
        assert not origin.is_called()
        other.close()

    def test_sends_a_websocket_to_another_origin(self, proxy: FaultProxy, origin: Origin) -> None:
        other = Origin()
        add(proxy, RequestReceived, Route(other.url))
        client, server = other.open_websocket(proxy.url)
        server.send(b"\x81\x01a")
        assert client.read(3) == b"\x81\x01a"
        assert not origin.is_called()
        other.close()

    def test_holds_a_request_for_a_time(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, RequestReceived, Hold("request", for_ms=20))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        assert receipt(proxy) == ("hold", 0, "")

    def test_holds_a_request_until_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        hold = add(proxy, RequestReceived, Hold("request"))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            proxy.history.wait_for(fault_fired, TIMEOUT_S)
            assert not origin.is_called()
            proxy.heal(hold)
            assert origin.accept().read_head() == GET

    def test_does_not_send_a_held_request_when_its_client_has_gone(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, RequestReceived, Hold("request"))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            proxy.history.wait_for(fault_fired, TIMEOUT_S)
        proxy.history.wait_for(connection_ended, TIMEOUT_S)
        assert not origin.is_called()

    @pytest.mark.parametrize(("action", "how"), [(Abort(), "fin"), (Reset(), "rst")])
    @pytest.mark.parametrize("scope", ["request", "connection"])
    def test_ends_the_connection(self, proxy: FaultProxy, origin: Origin, action: Action, how: str, scope: str) -> None:
        add(proxy, RequestReceived, action, scope=scope)
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert client.rest() == (b"", how)
        assert not origin.is_called()

    def test_limits_the_connection_and_goes_on(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, RequestReceived, Limit(20, "to_client", "abort"), scope="connection")
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.rest() == (OK[:20], "fin")

    @pytest.mark.parametrize("action", [Close(1000), Delay(5), Hold("body")])
    def test_passes_a_request_when_a_rule_wants_what_cannot_be(
        self, proxy: FaultProxy, origin: Origin, action: Action
    ) -> None:
        add(proxy, RequestReceived, action)
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        (crash,) = proxy.history.of(FaultCrashed)
        assert "on RequestReceived" in crash.error
        assert proxy.history.receipts == []
