"""What a client and an origin see of the proxy between them: requests, answers and event streams, byte for byte."""

import pytest

from proxy_addons.actions import Close, Replace
from proxy_addons.events import SsePassing
from proxy_addons.faults.eventsource_abort import AbortEventSource
from proxy_addons.faults.eventsource_end import EndEventSource
from proxy_addons.faults.eventsource_stall import StallEventSource
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import (
    ConnectionEnded,
    FaultCrashed,
    MessageSeen,
    Record,
    StreamBegan,
    StreamEnded,
    UpstreamFailed,
)
from proxy_addons.tests.origin import LAST_CHUNK, STREAMING, SUBSCRIBE, TIMEOUT_S, Origin, Peer, chunk
from proxy_addons.tests.throwaway import rule_that

GET = b"GET /timer?since=a.1 HTTP/1.1\r\nHost: app.test:8000\r\nAccept: */*\r\n\r\n"
POST = b"POST /timer/commands HTTP/1.1\r\nHost: app.test\r\nIdempotency-Key: k1\r\nContent-Length: 4\r\n\r\n\x00\xffab"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nX-Odd-CASE: kept\r\nContent-Length: 2\r\n\r\n{}"
SHOUT = rule_that(SsePassing, lambda event: Replace(event.block.with_data((event.block.data or b"").upper())))


def event_seen(record: Record) -> bool:
    """an event in the record"""
    return isinstance(record, MessageSeen)


def stream_ended(record: Record) -> bool:
    """the end of a stream in the record"""
    return isinstance(record, StreamEnded)


def connection_ended(record: Record) -> bool:
    """the end of a client's connection in the record"""
    return isinstance(record, ConnectionEnded)


def end_of(proxy: FaultProxy) -> tuple[str, str]:
    """How the only stream ended, and by whom."""
    (end,) = proxy.history.of(StreamEnded)
    return end.how, end.by


class TestRequests:
    @pytest.mark.parametrize(
        ("request_sent", "answer"),
        [
            pytest.param(GET, OK, id="GET"),
            pytest.param(POST, OK, id="POST with a body that is no text"),
            pytest.param(GET.replace(b"GET", b"HEAD"), OK.removesuffix(b"{}"), id="HEAD"),
            pytest.param(GET.replace(b"GET", b"OPTIONS"), b"HTTP/1.1 204 No Content\r\nVary: a\r\n\r\n", id="204"),
            pytest.param(GET, b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope", id="404"),
            pytest.param(GET, b"HTTP/1.1 304 Not Modified\r\nETag: W/x\r\n\r\n", id="304"),
            pytest.param(GET, b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", id="302"),
            pytest.param(SUBSCRIBE.replace(b"GET", b"HEAD"), STREAMING, id="HEAD of a stream"),
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
        assert proxy.history.of(StreamBegan) == []

    def test_keeps_the_connections_for_the_next_request(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        client.send(POST)
        assert server.read(len(POST)) == POST
        server.send(OK)
        assert client.read(len(OK)) == OK


class TestEventStreamWithoutRules:
    @pytest.mark.parametrize(
        "pieces",
        [
            pytest.param([b"id: 1\ndata: one\n\n", b"data: two\n\n"], id="an event in each chunk"),
            pytest.param([b"data: one\n\ndata: two\n\ndata: three\n\n"], id="three events in a chunk"),
            pytest.param([b"da", b"ta: one\r", b"\n\r\n", b"data: two\r\r"], id="cut anywhere"),
            pytest.param([b": comment\n\n", b"\xef\xbb\xbf", b"\x00\xff\n\n"], id="no event at all"),
            pytest.param([b"data: never finished"], id="an event without its end"),
        ],
    )
    def test_passes_each_chunk_as_it_comes(self, proxy: FaultProxy, origin: Origin, pieces: list[bytes]) -> None:
        client, server = origin.open_stream(proxy.url)
        for piece in pieces:
            server.send(chunk(piece))
            # the next chunk is not sent before this one has arrived: nothing waits for the end of its event
            assert b"".join(take(client, len(piece))) == piece
        server.send(LAST_CHUNK)
        assert client.read(len(LAST_CHUNK)) == LAST_CHUNK
        assert end_of(proxy) == ("end", "origin")

    def test_passes_a_stream_that_only_the_connection_s_end_delimits(self, proxy: FaultProxy, origin: Origin) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
        client, server = origin.exchange(proxy.url, SUBSCRIBE, head)
        server.send(b"data: one\n\n")
        assert client.read(len(head) + 11) == head + b"data: one\n\n"
        server.close()
        assert client.rest() == (b"", "fin")

    def test_tells_the_origin_when_the_client_goes_away(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        client.close()
        assert server.rest() == (b"", "fin")
        proxy.history.wait_for(connection_ended, TIMEOUT_S)
        assert end_of(proxy) == ("fin", "client")


def take(client: Peer, size: int) -> list[bytes]:
    """Chunks until there are so many bytes."""
    chunks: list[bytes] = []
    while sum(map(len, chunks)) < size:
        chunks.append(client.read_chunk())
    return chunks


class TestOriginThatFails:
    def test_resets_the_client_when_nothing_listens(self, proxy: FaultProxy, origin: Origin) -> None:
        origin.close()
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert client.rest() == (b"", "rst")
        (failure,) = proxy.history.of(UpstreamFailed)
        assert "Connect call failed" in failure.error

    @pytest.mark.parametrize(
        "said",
        [
            pytest.param(b"", id="before it answers"),
            pytest.param(b"HTTP/1.1 200 O", id="within the head"),
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", id="within a body"),
            pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{", id="within a chunk"),
            pytest.param(b"ni hao\r\n\r\n", id="with what is no HTTP"),
        ],
    )
    def test_resets_the_client_when_the_origin_breaks_off(self, proxy: FaultProxy, origin: Origin, said: bytes) -> None:
        client, server = origin.exchange(proxy.url, GET, said)
        server.close()
        assert client.rest() == (b"", "rst")
        assert len(proxy.history.of(UpstreamFailed)) == 1

    def test_ends_a_stream_without_its_last_chunk(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b"data: one\n\n") + b"9\r\ndata:")
        server.close()
        assert client.read_chunk() == b"data: one\n\n"
        assert client.rest() == (chunk(b"data:"), "fin")
        assert end_of(proxy) == ("fin", "origin")


class TestRules:
    def test_holds_an_event_until_a_rule_can_decide_on_it(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(AbortEventSource(after_events=1))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b"data: passes\n\ndata: is "))
        server.send(chunk(b"cut\n\n"))
        assert client.rest() == (chunk(b"data: passes\n\n"), "fin")

    def test_acts_on_the_next_event_when_the_rule_comes_in_the_middle_of_one(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b"data: half and "))
        assert client.read_chunk() == b"data: half and "
        proxy.add(SHOUT)
        server.send(chunk(b"half\n\ndata: next\n\n"))
        assert b"".join(take(client, 18)) == b"half\n\ndata: NEXT\n\n"

    def test_passes_the_event_when_a_rule_wants_what_a_stream_does_not_have(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        proxy.add(rule_that(SsePassing, lambda _: Close(1000)))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b"data: one\n\n"))
        assert client.read_chunk() == b"data: one\n\n"
        (crash,) = proxy.history.of(FaultCrashed)
        assert "cannot close on SsePassing" in crash.error
        assert proxy.history.receipts == []

    def test_hangs_up_on_the_origin_when_a_rule_ends_the_body(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        proxy.inject(EndEventSource())
        assert client.read(len(LAST_CHUNK)) == LAST_CHUNK
        assert server.rest() == (b"", "fin")


class TestStalls:
    @pytest.mark.parametrize(
        ("last_words", "how"),
        [pytest.param(LAST_CHUNK, "end", id="ended"), pytest.param(b"", "fin", id="died")],
    )
    def test_shows_the_client_the_stream_s_end_only_when_healed(
        self, proxy: FaultProxy, origin: Origin, last_words: bytes, how: str
    ) -> None:
        client, server = origin.open_stream(proxy.url)
        stall = proxy.inject(StallEventSource())
        server.send(chunk(b"data: held\n\n") + last_words)
        server.close()
        proxy.history.wait_for(event_seen, TIMEOUT_S)
        assert not client.has_news()
        proxy.heal(stall)
        held = chunk(b"data: held\n\n") + last_words
        assert client.read(len(held)) == held
        proxy.history.wait_for(stream_ended, TIMEOUT_S)
        assert end_of(proxy) == (how, "origin")

    def test_tells_the_origin_when_the_client_of_a_stalled_stream_goes_away(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_stream(proxy.url)
        proxy.inject(StallEventSource())
        client.close()
        assert server.rest() == (b"", "fin")
