"""What each fault really does, seen from the client's side of the socket."""

import json

import pytest

from e2e.raw_client import RawClient, RawEventStream, RawWebSocket
from proxy_addons.faults import FAULTS
from proxy_addons.faults.connection_refuse import RefuseConnection
from proxy_addons.faults.connection_reset import ResetConnection
from proxy_addons.faults.eventsource_abort import AbortEventSource
from proxy_addons.faults.eventsource_corrupt import CorruptEventSource
from proxy_addons.faults.eventsource_end import EndEventSource
from proxy_addons.faults.eventsource_stall import StallEventSource
from proxy_addons.faults.request_respond import RespondToRequest
from proxy_addons.faults.websocket_abort import AbortWebSocket
from proxy_addons.faults.websocket_close import CloseWebSocket
from proxy_addons.faults.websocket_stall import StallWebSocket
from proxy_addons.framing.websocket import CLOSE, PING, PONG, TEXT
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultFired

SILENT_S = 0.35
"""Three ticks of the app at its test scale: long enough to tell a stalled stream from a living one."""
WEBSOCKET = When(transport="websocket")


def only_receipt(proxy: FaultProxy) -> FaultFired:
    (receipt,) = proxy.history.receipts
    return receipt


def kind_of(frame_payload: bytes) -> str:
    return str(json.loads(frame_payload)["kind"])


class TestWebSocketAbort:
    def test_sends_fin_without_a_close_frame_when_the_socket_opens(self, proxy: FaultProxy) -> None:
        proxy.inject(AbortWebSocket())
        with RawWebSocket(proxy.url) as client:
            assert client.head.startswith("HTTP/1.1 101")
            assert client.frames_to_end() == []
            assert client.ending == "fin"

    def test_lets_the_first_messages_pass(self, proxy: FaultProxy) -> None:
        proxy.inject(AbortWebSocket(after_messages=2))
        with RawWebSocket(proxy.url) as client:
            frames = client.frames_to_end()
        assert [frame.opcode for frame in frames] == [TEXT, TEXT]
        assert client.ending == "fin"
        assert only_receipt(proxy).index == 3

    def test_cuts_a_standing_socket_at_once(self, proxy: FaultProxy) -> None:
        with RawWebSocket(proxy.url) as client:
            assert client.next_frame() is not None
            proxy.inject(AbortWebSocket())
            assert all(frame.opcode != CLOSE for frame in client.frames_to_end())
            assert client.ending == "fin"


class TestWebSocketClose:
    @pytest.mark.parametrize(("code", "reason"), [(1001, ""), (1011, "oops"), (1012, "restart"), (4001, "à bientôt")])
    def test_sends_the_code_and_the_reason(self, proxy: FaultProxy, code: int, reason: str) -> None:
        with RawWebSocket(proxy.url) as client:
            proxy.inject(CloseWebSocket(code=code, reason=reason))
            assert client.read_close() == (code, reason)

    def test_hangs_up_when_the_client_has_answered(self, proxy: FaultProxy) -> None:
        proxy.inject(CloseWebSocket(code=1012))
        with RawWebSocket(proxy.url) as client:
            assert client.read_close() == (1012, "")
            client.send_frame(CLOSE, (1012).to_bytes(2, "big"))
            assert client.frames_to_end() == []
            assert client.ending == "fin"


class TestWebSocketStall:
    def test_leaves_the_socket_open_and_silent(self, proxy: FaultProxy) -> None:
        with RawWebSocket(proxy.url) as client:
            assert client.next_frame() is not None
            proxy.inject(StallWebSocket())
            client.frames_to_end(SILENT_S)
            client.send_frame(PING, b"anyone there?")
            assert client.next_frame(SILENT_S) is None
            assert client.ending == "silence"

    def test_passes_the_other_direction_when_only_the_client_is_deaf(self, proxy: FaultProxy) -> None:
        with RawWebSocket(proxy.url) as client:
            assert client.next_frame() is not None
            rule = proxy.inject(StallWebSocket(direction="to_client"))
            client.frames_to_end(SILENT_S)
            client.send_frame(PING, b"heard")
            proxy.heal(rule)
            assert client.payload_of_next(PONG) == b"heard"

    def test_keeps_the_client_s_words_back_when_the_server_is_deaf(self, proxy: FaultProxy) -> None:
        with RawWebSocket(proxy.url) as client:
            proxy.inject(StallWebSocket(direction="to_server"))
            client.send_frame(PING, b"unheard")
            heard = [client.next_frame() for _ in range(4)]
            assert all(frame is not None and frame.opcode == TEXT for frame in heard)

    def test_delivers_what_it_held_in_order_when_healed(self, proxy: FaultProxy) -> None:
        with RawWebSocket(proxy.url) as client:
            assert client.next_frame() is not None
            rule = proxy.inject(StallWebSocket())
            client.frames_to_end(SILENT_S)
            proxy.heal(rule)
            times = [json.loads(frame.payload)["server_ms"] for _ in range(4) if (frame := client.next_frame())]
            assert len(times) == 4
            assert times == sorted(times)


class TestEventSourceAbort:
    def test_sends_fin_without_the_last_chunk(self, proxy: FaultProxy) -> None:
        proxy.inject(AbortEventSource(after_events=2))
        with RawEventStream(proxy.url) as client:
            assert len(client.events_to_end()) == 2
            assert (client.ending, client.last_chunk_seen) == ("fin", False)

    def test_cuts_inside_an_event(self, proxy: FaultProxy) -> None:
        proxy.inject(AbortEventSource(after_events=1, partial_bytes=9))
        with RawEventStream(proxy.url) as client:
            assert len(client.events_to_end()) == 1
            assert len(client.incomplete) == 9
            assert (client.ending, client.last_chunk_seen) == ("fin", False)

    def test_cuts_a_standing_stream_at_once(self, proxy: FaultProxy) -> None:
        with RawEventStream(proxy.url) as client:
            assert client.next_event() is not None
            proxy.inject(AbortEventSource())
            client.events_to_end()
            assert (client.ending, client.last_chunk_seen) == ("fin", False)


class TestEventSourceEnd:
    def test_ends_the_body_and_keeps_the_connection(self, proxy: FaultProxy) -> None:
        proxy.inject(EndEventSource(after_events=2))
        with RawEventStream(proxy.url) as client:
            assert len(client.events_to_end()) == 2
            assert client.last_chunk_seen
            assert client.request("/healthz").startswith("HTTP/1.1 200")

    def test_ends_a_standing_stream_at_once(self, proxy: FaultProxy) -> None:
        with RawEventStream(proxy.url) as client:
            assert client.next_event() is not None
            proxy.inject(EndEventSource())
            client.events_to_end()
            assert client.last_chunk_seen


class TestEventSourceStall:
    def test_leaves_the_stream_open_and_silent(self, proxy: FaultProxy) -> None:
        with RawEventStream(proxy.url) as client:
            assert client.next_event() is not None
            proxy.inject(StallEventSource())
            client.events_to_end(SILENT_S)
            assert client.next_event(SILENT_S) is None
            assert client.ending == "silence"

    def test_delivers_what_it_held_when_healed(self, proxy: FaultProxy) -> None:
        with RawEventStream(proxy.url) as client:
            assert client.next_event() is not None
            rule = proxy.inject(StallEventSource())
            client.events_to_end(SILENT_S)
            proxy.heal(rule)
            assert client.next_event() is not None


class TestEventSourceCorrupt:
    def test_replaces_the_data_of_one_event_and_of_no_other(self, proxy: FaultProxy) -> None:
        proxy.inject(CorruptEventSource(nth_event=2, data="{oops"))
        with RawEventStream(proxy.url) as client:
            events = [client.next_event() for _ in range(3)]
        data = [event.data for event in events if event and event.data]
        assert data[1] == b"{oops"
        assert [kind_of(data[0]), kind_of(data[2])] == ["snapshot", "tick"]

    def test_cuts_the_json_in_half_when_no_replacement_is_given(self, proxy: FaultProxy) -> None:
        proxy.inject(CorruptEventSource())
        with RawEventStream(proxy.url) as client:
            event = client.next_event()
        assert event is not None
        with pytest.raises(json.JSONDecodeError):
            json.loads(event.data or b"")


class TestRequestRespond:
    def test_answers_a_poll_in_the_origin_s_place(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=429, headers={"Retry-After": "7"}, body="later"))
        with RawClient(proxy.url) as client:
            head = client.request("/timer")
            assert head.startswith("HTTP/1.1 429")
            assert "Retry-After: 7" in head
            assert only_receipt(proxy).bytes_sent == 5

    def test_answers_a_websocket_handshake(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=503, body="<h1>down</h1>"), when=WEBSOCKET)
        with RawClient(proxy.url) as client:
            head = client.upgrade()
            assert head.startswith("HTTP/1.1 503")
            assert "content-type: text/html" in head.lower()

    def test_answers_an_event_stream(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=200, body="<h1>sign in</h1>"), when=When(path="/timer/stream"))
        with RawClient(proxy.url) as client:
            head = client.request("/timer/stream", "Accept: text/event-stream")
            assert "text/html" in head

    def test_leaves_other_requests_alone(self, proxy: FaultProxy) -> None:
        proxy.inject(RespondToRequest(status=503), when=WEBSOCKET, must_fire=False)
        with RawClient(proxy.url) as client:
            assert client.request("/healthz").startswith("HTTP/1.1 200")
        assert proxy.history.receipts == []


class TestConnectionReset:
    def test_resets_a_connection_as_it_is_accepted(self, proxy: FaultProxy) -> None:
        proxy.inject(ResetConnection(on="accept"))
        with RawClient(proxy.url) as client:
            assert client.read_to_end() == b""
            assert client.ending == "rst"

    def test_resets_when_the_request_has_been_read(self, proxy: FaultProxy) -> None:
        proxy.inject(ResetConnection(on="request"), when=When(path="/timer"))
        with RawClient(proxy.url) as client:
            assert client.request("/timer") == ""
            assert client.ending == "rst"

    @pytest.mark.parametrize("kind", [RawWebSocket, RawEventStream])
    def test_resets_a_standing_stream(self, proxy: FaultProxy, kind: type[RawWebSocket | RawEventStream]) -> None:
        with kind(proxy.url) as client:
            proxy.inject(ResetConnection(on="stream"))
            client.read_to_end()
            assert client.ending == "rst"


class TestConnectionRefuse:
    def test_answers_the_syn_with_rst_until_healed(self, proxy: FaultProxy) -> None:
        rule = proxy.inject(RefuseConnection())
        with pytest.raises(ConnectionRefusedError):
            RawClient(proxy.url)
        proxy.heal(rule)
        with RawClient(proxy.url) as client:
            assert client.request("/healthz").startswith("HTTP/1.1 200")

    def test_leaves_standing_streams_alone(self, proxy: FaultProxy) -> None:
        with RawEventStream(proxy.url) as client:
            proxy.inject(RefuseConnection())
            assert client.next_event() is not None


def test_every_kind_is_seen_on_the_wire() -> None:
    tested = {name.removeprefix("Test").lower() for name in globals() if name.startswith("Test")}
    assert {kind.replace(".", "") for kind in FAULTS} <= tested
