"""What rules do to the head of an answer, as a client and an origin see it."""

import pytest

from proxy_addons.actions import Action, Buffer, EditHeaders, Hold, Reset, Respond
from proxy_addons.events import Answer, ResponseStarting
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultCrashed, ResponseSeen
from proxy_addons.tests.exchanges import CHUNKED, GET, OK, add, fault_fired
from proxy_addons.tests.origin import LAST_CHUNK, STREAMING, SWITCHED, TIMEOUT_S, UPGRADE, Origin, chunk
from proxy_addons.wire.link import ClientLink


class TestRules:
    def test_edits_an_answer_s_head(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, ResponseStarting, EditHeaders(remove=("x-odd-case",), add=(("Cache-Control", "max-age=9"),)))
        client, _ = origin.exchange(proxy.url, GET, OK)
        edited = OK.replace(b"X-Odd-CASE: kept\r\n", b"").replace(b"\r\n\r\n", b"\r\nCache-Control: max-age=9\r\n\r\n")
        assert client.read(len(edited)) == edited

    @pytest.mark.parametrize("name", ["Sec-WebSocket-Accept", "Upgrade", "Connection"])
    def test_edits_the_head_of_a_handshake(self, proxy: FaultProxy, origin: Origin, name: str) -> None:
        add(proxy, ResponseStarting, EditHeaders(remove=(name,)))
        client, server = origin.exchange(proxy.url, UPGRADE, SWITCHED)
        lines = [line for line in SWITCHED.split(b"\r\n") if not line.startswith(name.encode())]
        assert client.read_head() == b"\r\n".join(lines)
        # and the origin does not know
        server.send(b"\x81\x01a")
        assert client.read(3) == b"\x81\x01a"

    @pytest.mark.parametrize(
        ("request_sent", "answer"), [(GET, OK), (GET, CHUNKED + chunk(b"a") + LAST_CHUNK), (UPGRADE, SWITCHED)]
    )
    def test_holds_an_answer_before_its_head(
        self, proxy: FaultProxy, origin: Origin, request_sent: bytes, answer: bytes
    ) -> None:
        hold = add(proxy, ResponseStarting, Hold("head"))
        client, _ = origin.exchange(proxy.url, request_sent, answer)
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        assert not client.has_news()
        proxy.heal(hold)
        assert client.read(len(answer)) == answer

    @pytest.mark.parametrize(
        ("head", "body"), [(OK[:-2], OK[-2:]), (CHUNKED, chunk(b"a") + LAST_CHUNK), (STREAMING, chunk(b"data: a\n\n"))]
    )
    def test_holds_an_answer_before_its_body(self, proxy: FaultProxy, origin: Origin, head: bytes, body: bytes) -> None:
        hold = add(proxy, ResponseStarting, Hold("body"))
        client, _ = origin.exchange(proxy.url, GET, head + body)
        assert client.read_head() == head
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        assert not client.has_news()
        proxy.heal(hold)
        assert client.read(len(body)) == body

    def test_lets_the_origin_wait_while_an_answer_is_held(
        self, proxy: FaultProxy, origin: Origin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paused: list[bool] = []
        monkeypatch.setattr(ClientLink, "pause_upstream", lambda _, wanted: paused.append(wanted))
        hold = add(proxy, ResponseStarting, Hold("body"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read_head() == OK[:-2]
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        proxy.heal(hold)
        assert client.read(2) == OK[-2:]
        assert paused == [True, False]

    def test_sends_no_answer_to_a_client_that_did_not_wait(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, ResponseStarting, Hold("head"))
        client, server = origin.exchange(proxy.url, GET, OK)
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        client.close()
        assert server.rest()[1] in ("fin", "rst")
        assert proxy.history.of(ResponseSeen) == []

    def test_shows_the_origin_s_end_behind_what_was_held(self, proxy: FaultProxy, origin: Origin) -> None:
        hold = add(proxy, ResponseStarting, Hold("body"))
        client, server = origin.exchange(proxy.url, GET, OK[:-1])
        assert client.read_head() == OK[:-2]
        server.close()
        proxy.heal(hold)
        assert client.rest() == (OK[-2:-1], "fin")

    @pytest.mark.parametrize("action", [Buffer(), Buffer(gzip=True), Respond(Answer(200, (), b"")), Reset()])
    def test_passes_an_answer_when_a_rule_wants_what_cannot_be(
        self, proxy: FaultProxy, origin: Origin, action: Action
    ) -> None:
        add(proxy, ResponseStarting, action)
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        (crash,) = proxy.history.of(FaultCrashed)
        assert "on ResponseStarting" in crash.error


def test_records_how_long_a_client_is_asked_to_wait(proxy: FaultProxy, origin: Origin) -> None:
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
    client, _ = origin.exchange(proxy.url, GET, busy)
    assert client.read(len(busy)) == busy
    (seen,) = proxy.history.of(ResponseSeen)
    assert (seen.status, seen.retry_after) == (503, "7")
