"""What each fault of a request or its answer really does to it, seen by a client's and an origin's socket."""

import gzip
import time
from pathlib import Path

import pytest

from e2e.wire_effects.reading import (
    DONE,
    GET,
    ask,
    is_silent,
    planned,
    read_answer,
    read_broken_stream,
    read_stream,
    read_to_last_chunk,
    receipts,
    with_body,
)
from proxy_addons.actions import Parting
from proxy_addons.events import Answer, Request, ResponseReceived
from proxy_addons.faults.request_corrupt import CorruptRequest
from proxy_addons.faults.request_header import HeaderOfRequest
from proxy_addons.faults.request_hold import HoldRequest
from proxy_addons.faults.request_redirect import RedirectRequest
from proxy_addons.faults.request_replay import ReplayRequest
from proxy_addons.faults.request_respond import RespondToRequest
from proxy_addons.faults.request_truncate import TruncateRequest
from proxy_addons.mutations import MUTATIONS
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultFired, Record
from proxy_addons.tests.origin import (
    LAST_CHUNK,
    STREAMING,
    SUBSCRIBE,
    SWITCHED,
    TIMEOUT_S,
    UPGRADE,
    Origin,
    Peer,
    chunk,
)

HELD = GET.replace(b"/timer", b"/held")
HEAD = GET.replace(b"GET", b"HEAD")
POST = b"POST /timer/commands HTTP/1.1\r\nHost: app.test\r\nContent-Type: application/json\r\n"
JSON = b'{"v":1,"seq":12,"timer":{"phase":"idle","left_ms":300},"events":[{"name":"scored"}]}'
TIMER = with_body(JSON)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def compressed(body: bytes) -> bytes:
    """The same answer, as an origin sends it that compresses."""
    packed = gzip.compress(body, mtime=0)
    return with_body(packed).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n", 1)


def fired(record: Record) -> bool:
    """a receipt"""
    return isinstance(record, FaultFired)


def reaches(origin: Origin, request: bytes) -> Peer:
    """The origin's end of a new connection on which this request comes first, and comes as it was sent."""
    server = origin.accept()
    assert server.read(len(request)) == request
    return server


def poll(client: Peer, server: Peer, answer: bytes, request: bytes = GET) -> None:
    """A request that reaches the origin, and an answer that comes back."""
    client.send(request)
    assert server.read(len(request)) == request
    server.send(answer)
    assert client.read(len(answer)) == answer


class TestRequestRespond:
    def test_answers_a_poll_in_the_origin_s_place(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(RespondToRequest(status=429, headers={"Retry-After": "7"}, body="later"))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            answer = read_answer(client)
            assert answer.head.startswith(b"HTTP/1.1 429 Too Many Requests\r\n")
            assert answer.values("retry-after") == ["7"]
            assert answer.values("content-type") == ["text/html; charset=utf-8"]
            assert answer.values("content-length") == ["5"]
            assert answer.body == b"later"
            assert receipts(proxy) == [("request.respond-1", "request.respond", None, "later")]
            client.send(HELD)  # the first that the origin hears of this client
            reaches(origin, HELD).send(DONE)
            assert client.read_head() == DONE

    def test_answers_with_the_headers_that_it_is_given_and_no_second_type(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=200, headers={"content-TYPE": "text/plain", "X-Cache": "HIT"}, body="ok"))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            answer = read_answer(client)
        assert b"\r\ncontent-TYPE: text/plain\r\nX-Cache: HIT\r\n" in answer.head
        assert answer.values("content-type") == ["text/plain"]

    def test_answers_from_a_file(self, proxy: FaultProxy, tmp_path: Path) -> None:
        (tmp_path / "down.json").write_bytes(b'{"caf\xc3\xa9":1}\n')
        proxy.inject(RespondToRequest(body_file=str(tmp_path / "down.json")))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            answer = read_answer(client)
        assert answer.values("content-type") == ["application/json"]
        assert answer.body == b'{"caf\xc3\xa9":1}\n'

    def test_answers_a_websocket_handshake(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=503, body="<h1>down</h1>"), when=When(transport="websocket"))
        with Peer.connect(proxy.url) as client:
            client.send(UPGRADE)
            answer = read_answer(client)
        assert (answer.status, answer.body) == (503, b"<h1>down</h1>")

    def test_answers_an_event_stream_with_a_page(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=200, body="<h1>sign in</h1>"), when=When(path="/stream"))
        with Peer.connect(proxy.url) as client:
            client.send(SUBSCRIBE)
            answer = read_answer(client)
        assert answer.values("content-type") == ["text/html; charset=utf-8"]
        assert answer.body == b"<h1>sign in</h1>"

    def test_answers_a_command_whose_body_the_origin_never_gets(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(RespondToRequest(status=413), when=When(method="POST"))
        with Peer.connect(proxy.url) as client:
            client.send(POST + b"Content-Length: 2\r\n\r\n{}")
            assert read_answer(client).status == 413
            client.send(GET)
            reaches(origin, GET)

    def test_says_to_head_what_it_would_say_to_get_without_the_body(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(RespondToRequest(status=503, body="down"))
        with Peer.connect(proxy.url) as client:
            client.send(HEAD)
            assert b"\r\ncontent-length: 4\r\n" in client.read_head().lower()
            client.send(GET)
            reaches(origin, GET).send(DONE)
            assert client.read_head() == DONE

    @pytest.mark.parametrize("status", [204, 304])
    def test_says_nothing_of_a_body_where_there_can_be_none(
        self, proxy: FaultProxy, origin: Origin, status: int
    ) -> None:
        proxy.inject(RespondToRequest(status=status, headers={"ETag": '"x"'}))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            answer = read_answer(client)
            assert (answer.status, answer.values("etag"), answer.values("content-type")) == (status, ['"x"'], [])
            client.send(GET)
            reaches(origin, GET).send(DONE)
            assert client.read_head() == DONE

    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            pytest.param({"Content-Encoding": "gzip"}, b"no gzip", id="not compressed"),
            pytest.param({"Transfer-Encoding": "chunked"}, b"no gzip", id="in chunks"),
            pytest.param({"Content-Type": "text/event-stream"}, b"no gzip", id="no stream"),
        ],
    )
    def test_says_what_it_is_told_to_whatever_its_headers_say(
        self, proxy: FaultProxy, headers: dict[str, str], body: bytes
    ) -> None:
        proxy.inject(RespondToRequest(status=200, headers=headers, body=body.decode()))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert read_answer(client).body == body

    def test_promises_more_than_it_says_when_told_to(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(RespondToRequest(status=200, headers={"Content-Length": "99"}, body="short"))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert b"\r\nContent-Length: 99\r\n" in client.read_head()
            assert client.read(5) == b"short"
            assert is_silent(client, proxy, origin)

    def test_hangs_up_when_it_says_so(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=503, headers={"Connection": "close"}, body="down"))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert read_answer(client).body == b"down"
            assert client.rest() == (b"", "fin")

    def test_leaves_other_requests_alone(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(RespondToRequest(status=503), when=When(transport="websocket"), must_fire=False)
        assert ask(origin, proxy, TIMER) == (TIMER.removesuffix(JSON), JSON)
        assert receipts(proxy) == []


class TestRequestHold:
    def test_holds_a_request_back_from_the_origin_until_it_is_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(HoldRequest(before="request"))
        with Peer.connect(proxy.url) as client:
            client.send(HELD)
            proxy.history.wait_for(fired, TIMEOUT_S)
            assert is_silent(client, proxy, origin)  # and the origin has heard of that other client first
            assert receipts(proxy) == [("request.hold-1", "request.hold", None, "")]
            proxy.heal(rule)
            reaches(origin, HELD).send(TIMER)
            assert client.read(len(TIMER)) == TIMER

    def test_holds_a_request_back_for_a_time(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(HoldRequest(before="request", for_ms=80))
        with Peer.connect(proxy.url) as client:
            sent_s = time.monotonic()
            client.send(HELD)
            server = reaches(origin, HELD)
            assert time.monotonic() - sent_s >= 0.08
            server.send(TIMER)
            assert client.read(len(TIMER)) == TIMER

    def test_holds_an_answer_back_before_its_first_byte(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(HoldRequest(before="head"))
        client, _ = origin.exchange(proxy.url, HELD, TIMER)
        proxy.history.wait_for(fired, TIMEOUT_S)
        assert is_silent(client, proxy, origin)
        assert receipts(proxy) == [("request.hold-1", "request.hold", None, "")]
        proxy.heal(rule)
        assert client.read(len(TIMER)) == TIMER

    def test_holds_an_answer_back_between_head_and_body(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(HoldRequest(before="body"))
        client, _ = origin.exchange(proxy.url, HELD, TIMER)
        assert client.read_head() == TIMER.removesuffix(JSON)
        assert is_silent(client, proxy, origin)
        assert receipts(proxy) == [("request.hold-1", "request.hold", None, "")]
        proxy.heal(rule)
        assert client.read(len(JSON)) == JSON

    @pytest.mark.parametrize("before", ["head", "body"])
    def test_holds_an_answer_back_for_a_time(self, proxy: FaultProxy, origin: Origin, before: str) -> None:
        proxy.inject(HoldRequest.model_validate({"before": before, "for_ms": 80}))
        sent_s = time.monotonic()
        client, _ = origin.exchange(proxy.url, HELD, TIMER)
        assert client.read(len(TIMER)) == TIMER
        assert time.monotonic() - sent_s >= 0.08

    def test_keeps_the_order_of_requests_that_came_at_once(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(HoldRequest(before="request"))
        with Peer.connect(proxy.url) as client:
            client.send(HELD + GET)
            proxy.history.wait_for(fired, TIMEOUT_S)
            assert is_silent(client, proxy, origin)
            proxy.heal(rule)
            server = reaches(origin, HELD)
            server.send(TIMER)
            assert client.read(len(TIMER)) == TIMER
            assert server.read_head() == GET
            server.send(DONE)
            assert client.read_head() == DONE

    def test_lets_the_client_see_afterwards_that_the_origin_broke_off(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(HoldRequest(before="body"))
        client, server = origin.exchange(proxy.url, HELD, TIMER[:-5])
        assert client.read_head() == TIMER.removesuffix(JSON)
        server.close()
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.rest() == (JSON[:-5], "fin")

    @pytest.mark.parametrize("answer", [DONE, with_body(b"")], ids=["204", "empty"])
    def test_has_nothing_to_hold_where_there_is_no_body(self, proxy: FaultProxy, origin: Origin, answer: bytes) -> None:
        proxy.inject(HoldRequest(before="body"))
        client, server = origin.exchange(proxy.url, HELD, answer)
        assert client.read(len(answer)) == answer
        poll(client, server, TIMER)

    def test_lets_the_origin_know_that_the_client_has_gone(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(HoldRequest(before="head"))
        client, server = origin.exchange(proxy.url, HELD, TIMER)
        proxy.history.wait_for(fired, TIMEOUT_S)
        client.close()
        assert server.rest() == (b"", "fin")

    @pytest.mark.parametrize("before", ["request", "head"])
    def test_holds_a_websocket_handshake(self, proxy: FaultProxy, origin: Origin, before: str) -> None:
        rule = proxy.inject(HoldRequest.model_validate({"before": before}), when=When(transport="websocket"))
        with Peer.connect(proxy.url) as client:
            client.send(UPGRADE)
            if before == "head":
                reaches(origin, UPGRADE).send(SWITCHED)
            proxy.history.wait_for(fired, TIMEOUT_S)
            assert is_silent(client, proxy, origin)
            proxy.heal(rule)
            if before == "request":
                reaches(origin, UPGRADE).send(SWITCHED)
            assert client.read_head() == SWITCHED

    @pytest.mark.parametrize("before", ["head", "body"])
    def test_holds_the_opening_of_an_event_stream(self, proxy: FaultProxy, origin: Origin, before: str) -> None:
        rule = proxy.inject(HoldRequest.model_validate({"before": before}), when=When(transport="eventsource"))
        client, server = origin.exchange(proxy.url, SUBSCRIBE, STREAMING)
        server.send(chunk(b"data: one\n\n"))
        proxy.history.wait_for(fired, TIMEOUT_S)
        if before == "body":
            assert client.read_head() == STREAMING
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        if before == "head":
            assert client.read_head() == STREAMING
        assert read_stream(client, 1) == b"data: one\n\n"


class TestRequestRedirect:
    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            (301, b"Moved Permanently"),
            (302, b"Found"),
            (303, b"See Other"),
            (307, b"Temporary Redirect"),
            (308, b"Permanent Redirect"),
        ],
    )
    def test_sends_a_poll_elsewhere(self, proxy: FaultProxy, origin: Origin, status: int, reason: bytes) -> None:
        proxy.inject(RedirectRequest(location="/login?next=%2F", status=status))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            answer = read_answer(client)
            assert answer.head.startswith(b"HTTP/1.1 %d %b\r\n" % (status, reason))
            assert answer.values("location") == ["/login?next=%2F"]
            assert answer.body == b""
            assert receipts(proxy) == [("request.redirect-1", "request.redirect", None, "")]
            client.send(HELD)
            reaches(origin, HELD)

    @pytest.mark.parametrize("request_sent", [UPGRADE, SUBSCRIBE], ids=["websocket", "eventsource"])
    def test_sends_a_stream_elsewhere(self, proxy: FaultProxy, request_sent: bytes) -> None:
        proxy.inject(RedirectRequest(location="http://elsewhere.test/"))
        with Peer.connect(proxy.url) as client:
            client.send(request_sent)
            answer = read_answer(client)
        assert (answer.status, answer.values("location")) == (302, ["http://elsewhere.test/"])


class TestRequestTruncate:
    SHORT = JSON[:30]

    def test_pretends_that_the_first_bytes_were_all(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(TruncateRequest(body_bytes=30, then="end"))
        client, _ = origin.exchange(proxy.url, GET, TIMER)
        assert client.read_head() == with_body(self.SHORT).removesuffix(self.SHORT)
        assert client.read(30) == self.SHORT
        assert is_silent(client, proxy, origin)
        ((rule, kind, index, sent),) = receipts(proxy)
        assert (rule, kind, index, sent.encode()) == ("request.truncate-1", "request.truncate", None, self.SHORT)

    @pytest.mark.parametrize(("then", "ending"), [("abort", "fin"), ("reset", "rst")])
    def test_breaks_the_promise_of_a_length(
        self, proxy: FaultProxy, origin: Origin, then: Parting, ending: str
    ) -> None:
        proxy.inject(TruncateRequest(body_bytes=30, then=then))
        client, _ = origin.exchange(proxy.url, GET, TIMER)
        assert client.rest() == (TIMER.removesuffix(JSON) + self.SHORT, ending)

    def test_falls_silent_until_it_is_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(TruncateRequest(body_bytes=30, then="stall"))
        client, _ = origin.exchange(proxy.url, GET, TIMER)
        assert client.read_head() == TIMER.removesuffix(JSON)
        assert client.read(30) == self.SHORT
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert client.read(len(JSON) - 30) == JSON[30:]

    def test_lets_the_head_alone_through(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(TruncateRequest())
        client, _ = origin.exchange(proxy.url, GET, TIMER)
        assert client.rest() == (TIMER.removesuffix(JSON), "fin")

    def test_ends_a_body_in_chunks_early(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(TruncateRequest(body_bytes=30, then="end"))
        client, _ = origin.exchange(proxy.url, GET, CHUNKED + chunk(JSON) + LAST_CHUNK)
        assert read_answer(client).body == self.SHORT

    @pytest.mark.parametrize(("then", "ending"), [("abort", "fin"), ("reset", "rst")])
    def test_breaks_off_a_body_in_chunks(self, proxy: FaultProxy, origin: Origin, then: Parting, ending: str) -> None:
        proxy.inject(TruncateRequest(body_bytes=30, then=then))
        client, _ = origin.exchange(proxy.url, GET, CHUNKED + chunk(JSON) + LAST_CHUNK)
        assert client.read_head() == CHUNKED
        assert read_broken_stream(client) == (self.SHORT, ending)

    def test_falls_silent_within_a_body_in_chunks(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(TruncateRequest(body_bytes=30, then="stall"))
        client, _ = origin.exchange(proxy.url, GET, CHUNKED + chunk(JSON) + LAST_CHUNK)
        assert client.read_head() == CHUNKED
        assert read_stream(client, 30) == self.SHORT
        assert is_silent(client, proxy, origin)
        proxy.heal(rule)
        assert read_to_last_chunk(client) == JSON[30:]

    def test_cuts_a_compressed_body_as_it_is(self, proxy: FaultProxy, origin: Origin) -> None:
        packed = compressed(JSON)
        proxy.inject(TruncateRequest(body_bytes=30))
        client, _ = origin.exchange(proxy.url, GET, packed)
        assert client.rest() == (packed[: packed.index(b"\x1f\x8b") + 30], "fin")

    def test_pretends_that_the_first_compressed_bytes_were_all(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(TruncateRequest(body_bytes=30, then="end"))
        answer = ask(origin, proxy, compressed(JSON))
        assert answer.body == gzip.compress(JSON, mtime=0)[:30]
        assert (answer.values("content-encoding"), answer.values("content-length")) == (["gzip"], ["30"])

    def test_leaves_a_body_alone_that_is_longer_only_when_it_is_unpacked(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        packed = compressed(bytes(1000))
        proxy.inject(TruncateRequest(body_bytes=900), must_fire=False)
        client, _ = origin.exchange(proxy.url, GET, packed)
        assert client.read(len(packed)) == packed
        assert receipts(proxy) == []

    def test_leaves_an_answer_to_head_alone(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(TruncateRequest(), must_fire=False)
        client, _ = origin.exchange(proxy.url, HEAD, TIMER.removesuffix(JSON))
        assert client.read_head() == TIMER.removesuffix(JSON)
        assert is_silent(client, proxy, origin)

    def test_keeps_the_connection_for_the_next_request_after_a_silence(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(TruncateRequest(then="stall"))
        client, server = origin.exchange(proxy.url, GET, TIMER)
        assert client.read_head() == TIMER.removesuffix(JSON)
        proxy.heal(rule)
        assert client.read(len(JSON)) == JSON
        poll(client, server, TIMER)

    def test_leaves_an_event_stream_alone(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(TruncateRequest(), must_fire=False)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b"data: one\n\n") + LAST_CHUNK)
        assert read_to_last_chunk(client) == b"data: one\n\n"

    def test_leaves_a_body_alone_that_is_not_longer(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(TruncateRequest(body_bytes=len(JSON)), must_fire=False)
        assert ask(origin, proxy, TIMER).body == JSON
        assert receipts(proxy) == []


def whole(body: bytes) -> ResponseReceived:
    """An answer to the first request, as rules see it."""
    return ResponseReceived(Request(1, 1, "http", "GET", "/timer", "", ()), Answer(200, (), body), len(body))


class TestRequestCorrupt:
    @pytest.mark.parametrize("mutation", MUTATIONS)
    def test_changes_the_body_of_an_answer_and_its_length_with_it(
        self, proxy: FaultProxy, origin: Origin, mutation: str
    ) -> None:
        rule = proxy.inject(CorruptRequest(mutation=mutation))
        expected = planned(rule, whole(JSON))
        assert expected != JSON
        client, _ = origin.exchange(proxy.url, GET, TIMER)
        assert client.read(len(with_body(expected))) == with_body(expected)
        (receipt,) = proxy.history.receipts
        assert (receipt.rule, receipt.kind, receipt.index) == ("request.corrupt-1", "request.corrupt", None)
        assert receipt.bytes_sent == len(expected)
        assert receipt.sent == proxy.history.text(expected)

    def test_replaces_what_a_pointer_leads_to(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptRequest(pointer="/timer/phase", replacement='["on",null]'))
        answer = ask(origin, proxy, TIMER)
        assert answer.body.replace(b" ", b"") == JSON.replace(b'"idle"', b'["on",null]')
        assert answer.values("content-length") == [str(len(answer.body))]

    def test_sends_other_data(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptRequest(data="<html>café"))
        answer = ask(origin, proxy, TIMER)
        assert answer.body == "<html>café".encode()
        assert answer.values("content-length") == ["11"]

    def test_changes_a_body_in_chunks(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptRequest(data="{}"))
        assert ask(origin, proxy, CHUNKED + chunk(JSON) + LAST_CHUNK).body == b"{}"

    def test_changes_a_compressed_body_and_leaves_it_uncompressed(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptRequest(pointer="/seq", replacement="0"))
        answer = ask(origin, proxy, compressed(JSON))
        assert answer.body.replace(b" ", b"") == JSON.replace(b"12", b"0")
        assert answer.values("content-encoding") == []
        assert answer.values("content-length") == [str(len(answer.body))]

    def test_changes_the_body_of_a_command_on_its_way_to_the_origin(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptRequest(direction="to_server", data='{"name": "café"}'))
        with Peer.connect(proxy.url) as client:
            client.send(POST + b"Content-Length: 2\r\n\r\n{}")
            server = origin.accept()
            assert server.read_head() == POST + b"Content-Length: 17\r\n\r\n"
            assert server.read(17) == '{"name": "café"}'.encode()
            server.send(DONE)
            assert client.read_head() == DONE
        assert receipts(proxy) == [("request.corrupt-1", "request.corrupt", None, '{"name": "café"}')]

    def test_leaves_the_command_alone_where_its_answer_is_meant(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(CorruptRequest(data="{"))
        with Peer.connect(proxy.url) as client:
            client.send(POST + b"Content-Length: 2\r\n\r\n{}")
            reaches(origin, POST + b"Content-Length: 2\r\n\r\n{}").send(TIMER)
            assert read_answer(client).body == b"{"

    @pytest.mark.parametrize(
        ("fault", "answer"),
        [
            pytest.param(CorruptRequest(), DONE, id="no body"),
            pytest.param(CorruptRequest(pointer="/nowhere", replacement="1"), TIMER, id="pointer leads nowhere"),
        ],
    )
    def test_lets_pass_what_it_cannot_change(
        self, proxy: FaultProxy, origin: Origin, fault: CorruptRequest, answer: bytes
    ) -> None:
        proxy.inject(fault, must_fire=False)
        client, _ = origin.exchange(proxy.url, GET, answer)
        assert client.read(len(answer)) == answer
        assert receipts(proxy) == []


class TestRequestReplay:
    FIRST = with_body(b'{"seq":1}')
    SECOND = with_body(b'{"seq":22}')

    @pytest.mark.parametrize(("back", "replayed"), [(1, SECOND), (2, FIRST)], ids=["the last", "the one before"])
    def test_answers_what_was_answered_before(
        self, proxy: FaultProxy, origin: Origin, back: int, replayed: bytes
    ) -> None:
        proxy.inject(ReplayRequest(back=back), when=When(nth=3))
        client, server = origin.exchange(proxy.url, GET, self.FIRST)
        assert client.read(len(self.FIRST)) == self.FIRST
        poll(client, server, self.SECOND)
        client.send(GET)
        assert client.read(len(replayed)) == replayed
        body = replayed.partition(b"\r\n\r\n")[2].decode()
        assert receipts(proxy) == [("request.replay-1", "request.replay", None, body)]
        poll(client, server, TIMER)  # the origin has heard nothing of the one before

    @pytest.mark.parametrize("answer", [CHUNKED + chunk(JSON) + LAST_CHUNK, compressed(JSON)], ids=["chunks", "gzip"])
    def test_answers_in_the_same_coding(self, proxy: FaultProxy, origin: Origin, answer: bytes) -> None:
        proxy.inject(ReplayRequest(), when=When(nth=2))
        client, _ = origin.exchange(proxy.url, GET, answer)
        assert client.read(len(answer)) == answer
        client.send(GET)
        assert client.read(len(answer)) == answer

    def test_lets_a_request_pass_as_long_as_there_is_no_earlier_answer(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(ReplayRequest(back=2), must_fire=False)
        client, server = origin.exchange(proxy.url, GET, self.FIRST)
        assert client.read(len(self.FIRST)) == self.FIRST
        poll(client, server, self.SECOND)
        assert receipts(proxy) == []

    @pytest.mark.parametrize("another", [HELD, GET.replace(b"GET", b"POST")], ids=["path", "method"])
    def test_answers_nothing_that_was_said_to_another(self, proxy: FaultProxy, origin: Origin, another: bytes) -> None:
        proxy.inject(ReplayRequest(), must_fire=False)
        client, server = origin.exchange(proxy.url, GET, self.FIRST)
        assert client.read(len(self.FIRST)) == self.FIRST
        poll(client, server, self.SECOND, another)
        assert receipts(proxy) == []


def head(first: str, *fields: str) -> bytes:
    return "\r\n".join([first, *fields, "", ""]).encode()


class TestRequestHeader:
    HOST = "Host: app.test"
    PROTOCOL = "Upgrade: websocket"
    CONNECTION = "Connection: Upgrade"
    HANDSHAKE = (HOST, CONNECTION, PROTOCOL, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    COMPRESSION = "Sec-WebSocket-Extensions: permessage-deflate"
    ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    LENGTH = "Content-Length: 2"

    @pytest.mark.parametrize(
        ("fault", "sent", "arrives"),
        [
            pytest.param(
                HeaderOfRequest(side="request", remove=("Upgrade", "Connection")),
                head("GET /ws HTTP/1.1", *HANDSHAKE),
                head("GET /ws HTTP/1.1", HOST, *HANDSHAKE[3:]),
                id="Upgrade removed",
            ),
            pytest.param(
                HeaderOfRequest(side="request", remove=("sec-websocket-extensions",)),
                head("GET /ws HTTP/1.1", *HANDSHAKE, COMPRESSION),
                head("GET /ws HTTP/1.1", *HANDSHAKE),
                id="compression not offered",
            ),
            pytest.param(
                HeaderOfRequest(side="request", remove=("Cookie",)),
                head("GET / HTTP/1.1", HOST, "Cookie: ARRAffinity=a1; session=s1", "Accept: */*"),
                head("GET / HTTP/1.1", HOST, "Accept: */*"),
                id="cookies lost",
            ),
            pytest.param(
                HeaderOfRequest(side="request", set={"Cookie": "ARRAffinity=gone"}),
                head("GET / HTTP/1.1", HOST, "Cookie: ARRAffinity=a1", "Accept: */*"),
                head("GET / HTTP/1.1", HOST, "Accept: */*", "Cookie: ARRAffinity=gone"),
                id="cookie forged",
            ),
            pytest.param(
                HeaderOfRequest(side="request", set={"Origin": "http://elsewhere.test", "X-Id": "7"}),
                head("GET / HTTP/1.1", HOST, "origin: http://app.test"),
                head("GET / HTTP/1.1", HOST, "Origin: http://elsewhere.test", "X-Id: 7"),
                id="Origin forged",
            ),
            pytest.param(
                HeaderOfRequest(side="request", remove=("Last-Event-ID",), set={"Cache-Control": "no-cache"}),
                head("GET /stream HTTP/1.1", HOST, "Accept: text/event-stream", "Last-Event-ID: 41"),
                head("GET /stream HTTP/1.1", HOST, "Accept: text/event-stream", "Cache-Control: no-cache"),
                id="Last-Event-ID lost",
            ),
        ],
    )
    def test_edits_what_the_origin_is_asked(
        self, proxy: FaultProxy, origin: Origin, fault: HeaderOfRequest, sent: bytes, arrives: bytes
    ) -> None:
        proxy.inject(fault)
        with Peer.connect(proxy.url) as client:
            client.send(sent)
            server = origin.accept()
            assert server.read_head() == arrives
            server.send(DONE)
            assert client.read_head() == DONE
        ((rule, kind, index, _),) = receipts(proxy)
        assert (rule, kind, index) == ("request.header-1", "request.header", None)

    @pytest.mark.parametrize(
        ("fault", "sent", "arrives"),
        [
            pytest.param(
                HeaderOfRequest(remove=("access-control-allow-origin",)),
                head("HTTP/1.1 200 OK", "Access-Control-Allow-Origin: *", LENGTH) + b"{}",
                head("HTTP/1.1 200 OK", LENGTH) + b"{}",
                id="CORS removed",
            ),
            pytest.param(
                HeaderOfRequest(set={"Access-Control-Allow-Origin": "http://elsewhere.test"}),
                head("HTTP/1.1 200 OK", "Access-Control-Allow-Origin: *", LENGTH) + b"{}",
                head("HTTP/1.1 200 OK", LENGTH, "Access-Control-Allow-Origin: http://elsewhere.test") + b"{}",
                id="CORS for another",
            ),
            pytest.param(
                HeaderOfRequest(set={"Cache-Control": "public, max-age=600"}),
                head("HTTP/1.1 200 OK", "Cache-Control: no-store", LENGTH) + b"{}",
                head("HTTP/1.1 200 OK", LENGTH, "Cache-Control: public, max-age=600") + b"{}",
                id="cacheable",
            ),
            pytest.param(
                HeaderOfRequest(remove=("Set-Cookie",)),
                head("HTTP/1.1 200 OK", "Set-Cookie: a=1", LENGTH, "set-cookie: b=2") + b"{}",
                head("HTTP/1.1 200 OK", LENGTH) + b"{}",
                id="all cookies lost",
            ),
            pytest.param(
                HeaderOfRequest(set={"Set-Cookie": "ARRAffinity=b2; Path=/"}),
                head("HTTP/1.1 200 OK", "Set-Cookie: ARRAffinity=a1", LENGTH) + b"{}",
                head("HTTP/1.1 200 OK", LENGTH, "Set-Cookie: ARRAffinity=b2; Path=/") + b"{}",
                id="cookie of another instance",
            ),
            pytest.param(
                HeaderOfRequest(set={"Content-Type": "text/html"}),
                head("HTTP/1.1 200 OK", "Content-Type: application/json", LENGTH) + b"{}",
                head("HTTP/1.1 200 OK", LENGTH, "Content-Type: text/html") + b"{}",
                id="another type",
            ),
        ],
    )
    def test_edits_what_the_client_is_answered(
        self, proxy: FaultProxy, origin: Origin, fault: HeaderOfRequest, sent: bytes, arrives: bytes
    ) -> None:
        proxy.inject(fault)
        client, _ = origin.exchange(proxy.url, GET, sent)
        assert client.read(len(arrives)) == arrives
        ((rule, kind, index, _),) = receipts(proxy)
        assert (rule, kind, index) == ("request.header-1", "request.header", None)

    @pytest.mark.parametrize(
        ("fault", "sent", "arrives"),
        [
            pytest.param(
                HeaderOfRequest(remove=("Sec-WebSocket-Accept",)),
                [CONNECTION, PROTOCOL, ACCEPT],
                [CONNECTION, PROTOCOL],
                id="Accept removed",
            ),
            pytest.param(
                HeaderOfRequest(remove=("Upgrade",)),
                [CONNECTION, PROTOCOL, ACCEPT],
                [CONNECTION, ACCEPT],
                id="Upgrade removed",
            ),
            pytest.param(
                HeaderOfRequest(remove=("Sec-WebSocket-Extensions",)),
                [CONNECTION, PROTOCOL, COMPRESSION, ACCEPT],
                [CONNECTION, PROTOCOL, ACCEPT],
                id="compression hidden",
            ),
            pytest.param(
                HeaderOfRequest(set={"Sec-WebSocket-Protocol": "other"}),
                [CONNECTION, PROTOCOL, ACCEPT],
                [CONNECTION, PROTOCOL, ACCEPT, "Sec-WebSocket-Protocol: other"],
                id="another protocol",
            ),
        ],
    )
    def test_edits_a_handshake_s_answer(
        self, proxy: FaultProxy, origin: Origin, fault: HeaderOfRequest, sent: list[str], arrives: list[str]
    ) -> None:
        proxy.inject(fault)
        client, _ = origin.exchange(proxy.url, UPGRADE, head("HTTP/1.1 101 Switching Protocols", *sent))
        assert client.read_head() == head("HTTP/1.1 101 Switching Protocols", *arrives)

    def test_edits_the_head_of_an_event_stream(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(HeaderOfRequest(set={"Content-Type": "text/html"}), when=When(transport="eventsource"))
        client, server = origin.exchange(proxy.url, SUBSCRIBE, STREAMING)
        assert client.read_head() == head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Type: text/html")
        server.send(chunk(b"data: one\n\n") + LAST_CHUNK)
        assert read_to_last_chunk(client) == b"data: one\n\n"

    def test_lets_the_end_of_the_connection_delimit_a_body_without_a_length(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        proxy.inject(HeaderOfRequest(remove=("Content-Length",)))
        client, _ = origin.exchange(proxy.url, GET, TIMER)
        assert client.read_head() == head("HTTP/1.1 200 OK", "Content-Type: application/json")
        assert client.rest() == (JSON, "fin")

    def test_leaves_the_other_side_alone(self, proxy: FaultProxy, origin: Origin) -> None:
        asked = head("GET / HTTP/1.1", self.HOST, "Cache-Control: no-cache")
        answered = head("HTTP/1.1 204 No Content", "Cache-Control: no-store")
        proxy.inject(HeaderOfRequest(side="request", remove=("Cache-Control",)))
        with Peer.connect(proxy.url) as client:
            client.send(asked)
            server = origin.accept()
            assert server.read_head() == head("GET / HTTP/1.1", self.HOST)
            server.send(answered)
            assert client.read_head() == answered
