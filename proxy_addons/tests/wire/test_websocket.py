"""What the two ends of a WebSocket see of the proxy between them, at the level of bytes."""

import pytest
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection

from proxy_addons.actions import (
    Drop,
    End,
    Replace,
)
from proxy_addons.events import ControlPassing, MessagePassing
from proxy_addons.faults.websocket_abort import AbortWebSocket
from proxy_addons.faults.websocket_close import CloseWebSocket
from proxy_addons.framing.websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, encode_close, encode_frame
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ControlSeen, FaultCrashed, MessageSeen, StreamEnded
from proxy_addons.tests.origin import SWITCHED, Origin, websocket_server
from proxy_addons.tests.throwaway import NO_BYTES, rule_that

MASK = b"\x37\xfa\x21\x3d"
FIRST_HALF = encode_frame(TEXT, b"one ", fin=False)
SECOND_HALF = encode_frame(CONTINUATION, b"message")
WHOLE = encode_frame(TEXT, b"whole")
SHOUT = rule_that(MessagePassing, lambda message: Replace(message.data.upper()))
CLOSES = [(1000, ""), (1001, "going away"), (4000, "à bientôt")]


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


def ws(proxy: FaultProxy) -> str:
    return proxy.url.replace("http", "ws", 1)


def end_of(proxy: FaultProxy) -> tuple[str, str, int | None, str]:
    """How the only WebSocket ended, by whom, and with which code and reason."""
    (end,) = proxy.history.of(StreamEnded)
    return end.how, end.by, end.code, end.reason


class TestWithoutRules:
    @pytest.mark.parametrize(
        "frames",
        [
            pytest.param([(TEXT, "à bientôt".encode())], id="text"),
            pytest.param([(BINARY, bytes(range(256)))], id="binary"),
            pytest.param([(TEXT, b"")], id="empty"),
            pytest.param([(PING, b"are you there")], id="ping"),
            pytest.param([(PONG, b"unasked")], id="pong"),
            pytest.param([(BINARY, b"\x00" * 70_000)], id="long"),
            pytest.param([(TEXT, b"\xff\xfe")], id="text that is no UTF-8"),
            pytest.param([(0x3, b"reserved"), (TEXT, b"goes on")], id="reserved opcode"),
        ],
    )
    def test_passes_frames_byte_for_byte(
        self, proxy: FaultProxy, origin: Origin, frames: list[tuple[int, bytes]]
    ) -> None:
        client, server = origin.open_websocket(proxy.url)
        down = b"".join(encode_frame(opcode, payload) for opcode, payload in frames)
        up = b"".join(encode_frame(opcode, payload, mask=MASK) for opcode, payload in frames)
        server.send(down)
        client.send(up)
        assert client.read(len(down)) == down
        assert server.read(len(up)) == up

    def test_passes_a_ping_between_fragments(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        sent = FIRST_HALF + encode_frame(PING, b"?") + SECOND_HALF
        server.send(sent)
        assert client.read(len(sent)) == sent
        (message,) = proxy.history.of(MessageSeen)
        assert (message.data, message.delivered) == ("one message", True)

    def test_passes_a_fragment_without_waiting_for_the_end_of_its_message(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_websocket(proxy.url)
        server.send(FIRST_HALF)
        assert client.read(len(FIRST_HALF)) == FIRST_HALF

    def test_passes_a_frame_that_comes_in_one_segment_with_the_101(self, proxy: FaultProxy, origin: Origin) -> None:
        client, _ = origin.open_websocket(proxy.url, SWITCHED + WHOLE)
        assert client.read(len(WHOLE)) == WHOLE

    @pytest.mark.parametrize(("code", "reason"), CLOSES)
    def test_passes_the_origin_s_close(self, proxy: FaultProxy, origin: Origin, code: int, reason: str) -> None:
        client, server = origin.open_websocket(proxy.url)
        farewell = encode_frame(CLOSE, encode_close(code, reason))
        server.send(farewell)
        server.finish()
        assert client.rest() == (farewell, "fin")
        assert end_of(proxy) == ("close", "origin", code, reason)

    @pytest.mark.parametrize(("code", "reason"), CLOSES)
    def test_passes_the_client_s_close(self, proxy: FaultProxy, origin: Origin, code: int, reason: str) -> None:
        client, server = origin.open_websocket(proxy.url)
        farewell = encode_frame(CLOSE, encode_close(code, reason), mask=MASK)
        client.send(farewell)
        assert server.read(len(farewell)) == farewell
        assert end_of(proxy) == ("close", "client", code, reason)

    def test_passes_compressed_messages_and_records_what_they_say(self) -> None:
        # the second message is compressed with what the first one taught
        messages = ["the same words " * 20, "the same words " * 30]
        with websocket_server(echo) as url, FaultProxy(url) as proxy, connect(ws(proxy)) as client:
            assert [extension.name for extension in client.protocol.extensions] == ["permessage-deflate"]
            for text in messages:
                client.send(text)
                assert client.recv() == text
            recorded = [message.data for message in proxy.history.of(MessageSeen) if message.direction == "to_client"]
        assert recorded == messages

    def test_passes_a_megabyte_each_way(self) -> None:
        megabyte = bytes(range(256)) * 4096
        with (
            websocket_server(echo, max_size=None) as url,
            FaultProxy(url) as proxy,
            connect(ws(proxy), compression=None, max_size=None) as client,
        ):
            client.send(megabyte)
            assert client.recv() == megabyte


class TestEnds:
    def test_ends_without_a_close_frame_when_the_origin_dies(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        server.close()
        assert client.rest() == (b"", "fin")
        assert end_of(proxy) == ("fin", "origin", None, "")

    def test_ends_without_a_close_frame_when_the_origin_resets(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        server.reset()
        assert client.rest() == (b"", "rst")
        assert end_of(proxy) == ("rst", "origin", None, "")

    def test_tells_the_origin_when_the_client_goes_away(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        client.close()
        assert server.rest() == (b"", "fin")
        assert end_of(proxy) == ("fin", "client", None, "")


class TestRules:
    def test_holds_fragments_until_a_rule_can_decide_on_their_message(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(AbortWebSocket(after_messages=1))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE + FIRST_HALF)
        server.send(SECOND_HALF)
        assert client.rest() == (WHOLE, "fin")

    def test_acts_on_the_next_message_when_the_rule_comes_in_the_middle_of_one(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_websocket(proxy.url)
        server.send(FIRST_HALF)
        assert client.read(len(FIRST_HALF)) == FIRST_HALF
        proxy.add(SHOUT)
        server.send(SECOND_HALF + encode_frame(TEXT, b"next"))
        both = SECOND_HALF + encode_frame(TEXT, b"NEXT")
        assert client.read(len(both)) == both

    def test_sends_later_messages_plain_when_a_rule_replaced_a_compressed_one(self) -> None:
        # a decompressor that missed a message could not read those that refer to it
        with websocket_server(echo) as url, FaultProxy(url) as proxy, connect(ws(proxy)) as client:
            proxy.add(SHOUT)
            client.send("words " * 20)
            assert client.recv() == "WORDS " * 20
            proxy.heal(SHOUT)
            client.send("words " * 20)
            assert client.recv() == "words " * 20

    def test_passes_the_message_when_a_rule_wants_what_a_websocket_does_not_have(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        proxy.add(rule_that(MessagePassing, lambda _: End()))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE)
        assert client.read(len(WHOLE)) == WHOLE
        (crash,) = proxy.history.of(FaultCrashed)
        assert "cannot end on MessagePassing" in crash.error
        assert proxy.history.receipts == []

    def test_passes_the_message_when_an_effect_fails(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(MessagePassing, lambda _: Replace(NO_BYTES)))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE)
        assert client.read(len(WHOLE)) == WHOLE
        (crash,) = proxy.history.of(FaultCrashed)
        assert "replace failed" in crash.error

    def test_hangs_up_on_the_origin_when_a_rule_closes(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        proxy.inject(CloseWebSocket(code=1012))
        assert server.rest() == (b"", "fin")
        # the client's answer to the close frame ends its side
        client.send(encode_frame(CLOSE, encode_close(1012), mask=MASK))
        assert client.rest() == (encode_frame(CLOSE, encode_close(1012)), "fin")


class TestControls:
    @pytest.mark.parametrize("opcode", [PING, PONG])
    def test_a_muted_control_frame_does_not_arrive(self, proxy: FaultProxy, origin: Origin, opcode: int) -> None:
        proxy.add(rule_that(ControlPassing, lambda _: Drop()))
        client, server = origin.open_websocket(proxy.url)
        server.send(encode_frame(opcode, b"?") + WHOLE)
        assert client.read(len(WHOLE)) == WHOLE
        (seen,) = proxy.history.of(ControlSeen)
        assert not seen.delivered
