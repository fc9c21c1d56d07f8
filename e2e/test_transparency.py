"""Without rules the proxy is not there: each story is told twice, straight to the origin and through the proxy, and
the same bytes arrive, as soon, with the same end.

What a client or an origin could tell nevertheless:

* a head is passed on when it is whole; blanks around the values of its fields are not kept (RFC 9110, 5.5);
* a chunk that does not come at once goes out as several, and the extensions of a body's first chunk are lost;
* of requests that come at once, the origin gets the second one when it has answered the first;
* a client's connection is accepted before the origin's is made, so that an origin that refuses looks like one that
  resets, and one that closes between two requests is called anew, and the client does not see it;
* a client that has sent FIN is gone, and so is an origin: nobody talks on over a connection that is half closed.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import closing

import pytest

from e2e.wire_effects.reading import unchunked
from proxy_addons.framing.websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, encode_close, encode_frame
from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import LAST_CHUNK, STREAMING, SUBSCRIBE, SWITCHED, UPGRADE, Origin, Peer, chunk

MASK = b"\x37\xfa\x21\x3d"
MIB = 1 << 20


class Line:
    """From a client to an origin, both in the hands of the test."""

    client: Peer
    server: Peer

    def __init__(self, origin: Origin, url: str) -> None:
        self.origin = origin
        self.url = url

    def begin(self, request: bytes) -> None:
        """A client connects and sends this; the origin has got exactly that."""
        self.client = Peer.connect(self.url)
        self.client.send(request)
        self.server = self.origin.accept()
        self.must_pass(self.server, request)

    def ask(self, data: bytes) -> None:
        """The client sends this; the origin has got exactly that."""
        self.client.send(data)
        self.must_pass(self.server, data)

    def answer(self, data: bytes) -> None:
        """The origin sends this; the client has got exactly that."""
        self.server.send(data)
        self.must_pass(self.client, data)

    def close(self) -> None:
        self.client.close()

    def open_websocket(self) -> None:
        self.begin(UPGRADE)
        self.answer(SWITCHED)

    def open_stream(self) -> None:
        self.begin(SUBSCRIBE)
        self.answer(STREAMING)

    @staticmethod
    def must_pass(listener: Peer, data: bytes) -> None:
        got = listener.read(len(data))
        assert got == data, f"{got[:2000]!r} is not {data[:2000]!r}"


@pytest.fixture
def origin() -> Iterator[Origin]:
    origin = Origin()
    yield origin
    origin.close()


@pytest.fixture(params=["directly", "through the proxy"])
def line(request: pytest.FixtureRequest, origin: Origin, _carrier: None) -> Iterator[Line]:
    if request.param == "directly":
        with closing(Line(origin, origin.url)) as line:
            yield line
    else:
        with FaultProxy(origin.url) as proxy, closing(Line(origin, proxy.url)) as line:
            yield line


def get(path: str = "/timer", *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: app.test", *fields, "", ""]).encode()


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode()


OK = head("200 OK", "Content-Length: 2") + b"ok"


class TestHeads:
    def test_order_case_and_duplicates_of_fields_stay(self, line: Line) -> None:
        line.begin(get("/timer?a=%20b&c", "x-B: 1", "X-a: 2", "x-b: 3", "cOOkie: a=1; b=2", "Cookie: c=3", "Empty: "))
        line.answer(head("200 OK", "x-z: 1", "X-y: 2", "set-cookie: a=1", "Set-Cookie: b=2", "Content-Length: 0"))

    def test_bytes_beyond_ascii_stay(self, line: Line) -> None:
        line.begin(get("/", "X-Name: ").replace(b"X-Name: ", b"X-Name: \xc3\xa4 \xe4"))
        line.answer(head("200 OK", "Content-Length: 0").replace(b"OK", b"\xc3\xa4 \xe4"))

    @pytest.mark.parametrize("status", ["200 As You Like It", "200 ", "299 Odd", "503 ok"])
    def test_the_reason_phrase_stays(self, line: Line, status: str) -> None:
        line.begin(get())
        line.answer(head(status, "Content-Length: 2") + b"ok")

    def test_a_head_of_100_fields_and_60_kb_stays(self, line: Line) -> None:
        line.begin(get("/", *(f"X-{n}: {'x' * 600}" for n in range(100))))
        line.answer(head("200 OK", *(f"X-{n}: {'x' * 600}" for n in range(100)), "Content-Length: 0"))

    @pytest.mark.parametrize("method", ["OPTIONS", "DELETE", "PATCH", "SPLENDID"])
    def test_any_method_passes(self, line: Line, method: str) -> None:
        line.begin(get(method=method))
        line.answer(OK)


class TestBodies:
    def test_head_has_none(self, line: Line) -> None:
        line.begin(get(method="HEAD"))
        line.answer(head("200 OK", "Content-Length: 1000", "Content-Type: text/plain"))
        line.ask(get())
        line.answer(OK)

    @pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
    def test_nor_have_some_answers(self, line: Line, status: str) -> None:
        line.begin(get())
        line.answer(head(status))
        line.ask(get())
        line.answer(OK)

    def test_half_of_an_answer_is_there_before_the_other_half(self, line: Line) -> None:
        line.begin(get())
        line.answer(head("200 OK", "Content-Length: 8"))
        line.answer(b"half")
        line.answer(b"more")

    def test_chunks_stay_as_they_are(self, line: Line) -> None:
        line.begin(get())
        line.answer(head("200 OK", "Transfer-Encoding: chunked"))
        line.answer(chunk(b"one"))
        line.answer(chunk(b"two") + chunk(b"three"))
        line.answer(LAST_CHUNK)

    def test_trailers_stay(self, line: Line) -> None:
        line.begin(get("/", "TE: trailers"))
        line.answer(head("200 OK", "Trailer: X-Sum", "Transfer-Encoding: chunked"))
        line.answer(chunk(b"one") + b"0\r\nX-Sum: 1\r\n\r\n")

    def test_chunk_extensions_stay(self, line: Line) -> None:
        line.begin(get())
        line.answer(head("200 OK", "Transfer-Encoding: chunked"))
        line.answer(chunk(b"one"))
        line.answer(b"3;a=b\r\ntwo\r\n" + LAST_CHUNK)

    def test_a_compressed_answer_stays_as_it_is(self, line: Line) -> None:
        body = gzip.compress(b"x" * 10_000)
        line.begin(get("/", "Accept-Encoding: gzip, br"))
        line.answer(head("200 OK", "Content-Encoding: gzip", f"Content-Length: {len(body)}") + body)

    def test_1_mb_passes_both_ways(self, line: Line) -> None:
        line.begin(get("/", f"Content-Length: {MIB}", method="POST"))
        line.client.send(b"u" * MIB)
        line.must_pass(line.server, b"u" * MIB)
        line.server.send(head("200 OK", f"Content-Length: {MIB}") + b"d" * MIB)
        line.must_pass(line.client, head("200 OK", f"Content-Length: {MIB}") + b"d" * MIB)

    def test_half_of_a_request_is_there_before_the_other_half(self, line: Line) -> None:
        line.begin(get("/", "Content-Length: 8", method="POST"))
        line.ask(b"half")
        line.ask(b"more")
        line.answer(OK)

    def test_a_request_in_chunks_stays_as_it_is(self, line: Line) -> None:
        line.begin(get("/", "Transfer-Encoding: chunked", method="POST"))
        line.ask(chunk(b"one"))
        line.ask(chunk(b"two") + LAST_CHUNK)
        line.answer(OK)

    def test_an_answer_may_end_with_the_connection(self, line: Line) -> None:
        line.begin(get("/", "Connection: close"))
        line.answer(head("200 OK", "Connection: close"))
        line.answer(b"until the end")
        line.server.close()
        assert line.client.rest() == (b"", "fin")

    def test_http_1_0_passes(self, line: Line) -> None:
        line.begin(get(version="1.0"))
        line.answer(head("200 OK").replace(b"1.1", b"1.0") + b"ok")
        line.server.close()
        assert line.client.rest() == (b"", "fin")


class TestTurns:
    def test_a_connection_serves_many_requests(self, line: Line) -> None:
        line.begin(get("/1"))
        line.answer(OK)
        for n in range(2, 6):
            line.ask(get(f"/{n}"))
            line.answer(OK)
        assert not line.origin.is_called()

    def test_requests_that_come_at_once_have_their_turn(self, line: Line) -> None:
        line.client = Peer.connect(line.url)
        line.client.send(get("/1") + get("/2"))
        line.server = line.origin.accept()
        for n in (1, 2):
            line.must_pass(line.server, get(f"/{n}"))
            line.answer(OK)

    def test_the_origin_is_asked_to_continue_and_says_so(self, line: Line) -> None:
        line.begin(get("/", "Content-Length: 4", "Expect: 100-continue", method="POST"))
        line.answer(head("100 Continue"))
        line.ask(b"body")
        line.answer(OK)

    def test_the_origin_may_refuse_instead(self, line: Line) -> None:
        line.begin(get("/", "Content-Length: 4", "Expect: 100-continue", method="POST"))
        line.answer(head("417 Expectation Failed", "Content-Length: 0"))

    def test_early_hints_pass(self, line: Line) -> None:
        line.begin(get())
        line.answer(head("103 Early Hints", "Link: </main.js>; rel=preload"))
        line.answer(OK)

    def test_an_origin_that_closes_is_seen_at_once(self, line: Line) -> None:
        line.begin(get("/", "Connection: close"))
        line.answer(head("200 OK", "Connection: close", "Content-Length: 2") + b"ok")
        line.server.close()
        assert line.client.rest() == (b"", "fin")


class TestDeaths:
    """How an origin goes, the client sees; how a client goes, the origin sees."""

    @pytest.mark.parametrize("so_far", [b"", head("200 OK", "Content-Length: 8") + b"half"])
    def test_an_answer_that_breaks_off(self, line: Line, so_far: bytes) -> None:
        line.begin(get())
        line.answer(so_far)
        line.server.close()
        assert line.client.rest() == (b"", "fin")

    def test_a_head_that_breaks_off(self, line: Line) -> None:
        line.begin(get())
        line.server.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
        line.server.close()
        assert line.client.rest() == (b"HTTP/1.1 200 OK\r\nContent-Ty", "fin")

    @pytest.mark.parametrize("so_far", [b"", head("200 OK", "Content-Length: 8") + b"half"])
    def test_an_answer_that_is_reset(self, line: Line, so_far: bytes) -> None:
        line.begin(get())
        line.answer(so_far)
        line.server.reset()
        assert line.client.rest() == (b"", "rst")

    def test_a_client_that_gives_up_waiting(self, line: Line) -> None:
        line.begin(get())
        line.client.close()
        assert line.server.rest() == (b"", "fin")

    def test_a_client_that_gives_up_uploading(self, line: Line) -> None:
        line.begin(get("/", "Content-Length: 8", method="POST"))
        line.ask(b"half")
        line.client.close()
        assert line.server.rest() == (b"", "fin")


class TestEventStreams:
    def test_no_event_is_held_back_and_no_half_of_one(self, line: Line) -> None:
        line.open_stream()
        line.answer(chunk(b": hello\n\n"))
        line.answer(chunk(b"id: 1\ndata: ha"))
        line.answer(chunk(b"lf\n"))
        line.answer(chunk(b"\nda") + chunk(b"ta: \xc3"))
        line.answer(chunk(b"\xa4\r") + chunk(b"\n\r"))
        line.answer(chunk(b"\n"))
        line.answer(LAST_CHUNK)

    def test_half_a_chunk_is_not_held_back(self, line: Line) -> None:
        line.open_stream()
        line.server.send(b"c\r\ndata: ")
        assert line.client.read_until(b"data: ").endswith(b"\r\ndata: ")
        line.server.send(b"half\n\n\r\n")
        assert line.client.read_until(b"half\n\n").endswith(b"half\n\n")

    @pytest.mark.parametrize(
        "text",
        [b"\xef\xbb\xbf\xef\xbb\xbfdata: a\r\rdata: b\r\n\r\n", b"\xff\0\n\n", b"event: x\n\nretry: 5x\n\n", b"\n\n\n"],
    )
    def test_any_text_passes(self, line: Line, text: bytes) -> None:
        line.open_stream()
        line.answer(chunk(text))

    def test_1_mb_passes(self, line: Line) -> None:
        event = b"data: " + b"x" * MIB + b"\n\n"
        line.open_stream()
        line.server.send(chunk(event) + LAST_CHUNK)
        assert unchunked(line.client.read_until(LAST_CHUNK)) == (event, True)

    def test_one_without_chunks_passes(self, line: Line) -> None:
        line.begin(SUBSCRIBE)
        line.answer(head("200 OK", "Content-Type: text/event-stream", "Connection: close"))
        line.answer(b"data: ha")
        line.answer(b"lf\n\n")
        line.server.close()
        assert line.client.rest() == (b"", "fin")

    def test_a_compressed_one_stays_as_it_is(self, line: Line) -> None:
        squeeze = zlib.compressobj(wbits=31)
        line.begin(SUBSCRIBE)
        line.answer(STREAMING.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"))
        for event in (b"data: one\n\n", b"data: two\n\n"):
            line.answer(chunk(squeeze.compress(event) + squeeze.flush(zlib.Z_SYNC_FLUSH)))

    def test_the_connection_goes_on_after_its_end(self, line: Line) -> None:
        line.open_stream()
        line.answer(chunk(b"data: one\n\n") + LAST_CHUNK)
        line.ask(get())
        line.answer(OK)

    def test_an_origin_that_dies_sends_no_last_chunk(self, line: Line) -> None:
        line.open_stream()
        line.answer(chunk(b"data: ha"))
        line.server.close()
        assert line.client.rest() == (b"", "fin")

    def test_an_origin_that_resets_is_seen_as_such(self, line: Line) -> None:
        line.open_stream()
        line.answer(chunk(b"data: ha"))
        line.server.reset()
        assert line.client.rest() == (b"", "rst")

    def test_a_client_that_goes_away_is_noticed(self, line: Line) -> None:
        line.open_stream()
        line.answer(chunk(b"data: one\n\n"))
        line.client.close()
        assert line.server.rest() == (b"", "fin")

    def test_a_client_that_resets_is_noticed(self, line: Line) -> None:
        line.open_stream()
        line.client.reset()
        assert line.server.rest() == (b"", "rst")


FRAMES = [
    pytest.param(encode_frame(TEXT, b"hello"), id="text"),
    pytest.param(encode_frame(TEXT, b""), id="empty"),
    pytest.param(encode_frame(BINARY, bytes(range(256))), id="binary"),
    pytest.param(encode_frame(TEXT, b"x" * 126) + encode_frame(TEXT, b"y" * 70_000), id="longer lengths"),
    pytest.param(encode_frame(PING, b"are you there") + encode_frame(PONG, b"unasked"), id="ping and pong"),
    pytest.param(
        encode_frame(TEXT, b"\xc3", fin=False) + encode_frame(PING, b"") + encode_frame(CONTINUATION, b"\xa4"),
        id="fragments, a ping between",
    ),
    pytest.param(encode_frame(BINARY, b"b" * MIB), id="1 MB"),
]


class TestWebSockets:
    @pytest.mark.parametrize("frames", FRAMES)
    def test_frames_stay_as_they_are(self, line: Line, frames: bytes) -> None:
        line.open_websocket()
        line.answer(frames)

    def test_frames_of_the_client_stay_as_they_are(self, line: Line) -> None:
        line.open_websocket()
        line.ask(encode_frame(TEXT, b"hello", mask=MASK))
        line.ask(encode_frame(PING, b"are you there", mask=MASK) + encode_frame(PONG, b"", mask=MASK))
        line.ask(encode_frame(TEXT, b"he", mask=MASK, fin=False) + encode_frame(PING, b"", mask=MASK))
        line.ask(encode_frame(CONTINUATION, b"llo", mask=bytes(4)))
        line.ask(encode_frame(BINARY, b"b" * MIB, mask=MASK))

    def test_half_a_frame_is_not_held_back(self, line: Line) -> None:
        frame = encode_frame(TEXT, b"x" * 1000)
        line.open_websocket()
        line.answer(frame[:500])
        line.answer(frame[500:])

    def test_compression_is_negotiated_and_stays_as_it_is(self, line: Line) -> None:
        squeeze = zlib.compressobj(wbits=-15)
        squeezed = squeeze.compress(b"hello " * 100) + squeeze.flush(zlib.Z_SYNC_FLUSH)[:-4]
        offer = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
        line.begin(UPGRADE.replace(b"\r\n\r\n", b"\r\n" + offer))
        line.answer(SWITCHED.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"))
        line.answer(encode_frame(TEXT, squeezed, rsv1=True))
        line.ask(encode_frame(TEXT, squeezed, rsv1=True, mask=MASK))

    def test_a_protocol_is_negotiated(self, line: Line) -> None:
        line.begin(UPGRADE.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: a, b\r\n\r\n"))
        line.answer(SWITCHED.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: b\r\n\r\n"))

    def test_frames_in_one_packet_with_the_handshake_pass(self, line: Line) -> None:
        line.begin(UPGRADE)
        line.answer(SWITCHED + encode_frame(TEXT, b"early"))

    @pytest.mark.parametrize(
        "payload", [b"", encode_close(1000), encode_close(1012, "restart"), encode_close(4999, "x")]
    )
    def test_the_origin_closes(self, line: Line, payload: bytes) -> None:
        line.open_websocket()
        line.answer(encode_frame(CLOSE, payload))
        line.ask(encode_frame(CLOSE, payload, mask=MASK))
        line.server.close()
        assert line.client.rest() == (b"", "fin")

    @pytest.mark.parametrize("payload", [b"", encode_close(1000), encode_close(1001), encode_close(4000, "why")])
    def test_the_client_closes(self, line: Line, payload: bytes) -> None:
        line.open_websocket()
        line.ask(encode_frame(CLOSE, payload, mask=MASK))
        line.answer(encode_frame(TEXT, b"not yet") + encode_frame(CLOSE, payload))
        line.server.close()
        assert line.client.rest() == (b"", "fin")

    @pytest.mark.parametrize(
        "last", [b"", encode_frame(TEXT, b"hello")[:4]], ids=["between frames", "inside of a frame"]
    )
    def test_an_origin_that_dies_sends_no_close_frame(self, line: Line, last: bytes) -> None:
        line.open_websocket()
        line.answer(last)
        line.server.close()
        assert line.client.rest() == (b"", "fin")

    def test_an_origin_that_resets_is_seen_as_such(self, line: Line) -> None:
        line.open_websocket()
        line.server.reset()
        assert line.client.rest() == (b"", "rst")

    def test_a_client_that_goes_away_is_noticed(self, line: Line) -> None:
        line.open_websocket()
        line.client.close()
        assert line.server.rest() == (b"", "fin")

    def test_a_client_that_resets_is_noticed(self, line: Line) -> None:
        line.open_websocket()
        line.client.reset()
        assert line.server.rest() == (b"", "rst")

    def test_a_handshake_that_is_refused_leaves_the_connection(self, line: Line) -> None:
        line.begin(UPGRADE)
        line.answer(head("403 Forbidden", "Content-Length: 2") + b"no")
        line.ask(get())
        line.answer(OK)
