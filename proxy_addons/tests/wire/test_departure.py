"""What goes out of a WebSocket relay when a rule acts: at once, late, after others, in pieces, or not at all."""

import pytest
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection

from proxy_addons.actions import (
    Abort,
    Action,
    Delay,
    Drop,
    Duplicate,
    Fragment,
    Insert,
    Reorder,
    Replace,
    Reset,
    Stall,
)
from proxy_addons.events import MessagePassing, StreamOpened
from proxy_addons.faults.websocket_stall import StallWebSocket
from proxy_addons.framing.websocket import CLOSE, CONTINUATION, PING, TEXT, encode_close, encode_frame
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import MessageSeen, Record, Released, StreamEnded
from proxy_addons.tests.origin import TIMEOUT_S, Origin, websocket_server
from proxy_addons.tests.throwaway import rule_that

MASK = b"\x37\xfa\x21\x3d"
WHOLE = encode_frame(TEXT, b"whole")
SHORT = encode_frame(TEXT, b"!")


def say_all(connection: ServerConnection, texts: list[bytes]) -> None:
    for text in texts:
        connection.send(text, text=True)


def ws(proxy: FaultProxy) -> str:
    return proxy.url.replace("http", "ws", 1)


def message_seen(record: Record) -> bool:
    """a message in the record"""
    return isinstance(record, MessageSeen)


def end_of(proxy: FaultProxy) -> tuple[str, str, int | None, str]:
    """How the only WebSocket ended, by whom, and with which code and reason."""
    (end,) = proxy.history.of(StreamEnded)
    return end.how, end.by, end.code, end.reason


class TestMessages:
    """What each action on messages does to those that pass; the second of three is acted on."""

    @pytest.mark.parametrize(
        ("action", "expected"),
        [
            pytest.param(Drop(), [b"one", b"three"], id="drop"),
            pytest.param(Replace(b"2"), [b"one", b"2", b"three"], id="replace"),
            pytest.param(Duplicate(), [b"one", b"two", b"two", b"three"], id="duplicate"),
            pytest.param(Insert(b"1.5", before=True), [b"one", b"1.5", b"two", b"three"], id="insert before"),
            pytest.param(Insert(b"2.5"), [b"one", b"two", b"2.5", b"three"], id="insert behind"),
            pytest.param(Reorder(), [b"one", b"three", b"two"], id="reorder"),
        ],
    )
    @pytest.mark.parametrize("compressed", [False, True], ids=["plain", "compressed"])
    def test_an_action_changes_what_comes_out(self, action: Action, expected: list[bytes], *, compressed: bool) -> None:
        # given a server that says three things, each much like the others
        say = [b"one", b"two", b"three"]
        with (
            websocket_server(lambda end: say_all(end, say), compression="deflate" if compressed else None) as url,
            FaultProxy(url) as proxy,
        ):
            # when a rule acts on the second
            proxy.add(rule_that(MessagePassing, lambda message: action if message.index == 2 else None))
            # then the client reads what the action makes of them
            with connect(ws(proxy)) as client:
                assert list(client) == [text.decode() for text in expected]

    def test_a_delayed_message_holds_no_other_back(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(MessagePassing, lambda message: Delay(50) if message.index == 1 else None))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE + SHORT)
        assert client.read(len(SHORT + WHOLE)) == SHORT + WHOLE
        (released,) = proxy.history.of(Released)
        assert released.messages == 1

    def test_a_healed_rule_lets_go_of_what_it_delayed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = rule_that(MessagePassing, lambda message: Delay(3_600_000) if message.index == 1 else None)
        proxy.add(rule)
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE + SHORT)
        assert client.read(len(SHORT)) == SHORT
        proxy.heal(rule)
        assert client.read(len(WHOLE)) == WHOLE

    def test_what_waits_for_others_goes_out_before_the_close_frame(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(MessagePassing, lambda _: Reorder(behind=2)))
        client, server = origin.open_websocket(proxy.url)
        farewell = encode_frame(CLOSE, encode_close(1000))
        server.send(WHOLE + farewell)
        server.finish()
        assert client.rest() == (WHOLE + farewell, "fin")

    def test_what_waits_for_others_goes_out_before_a_bare_fin(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(MessagePassing, lambda _: Reorder(behind=2)))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE)
        server.close()
        assert client.rest() == (WHOLE, "fin")

    def test_a_message_goes_out_in_fragments(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(MessagePassing, lambda _: Fragment(2, pings=True)))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE)
        ping = encode_frame(PING, b"")
        pieces = [
            encode_frame(TEXT, b"wh", fin=False),
            encode_frame(CONTINUATION, b"ol", fin=False),
            encode_frame(CONTINUATION, b"e"),
        ]
        assert client.read(len(ping.join(pieces))) == ping.join(pieces)

    def test_an_empty_message_is_one_fragment(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(MessagePassing, lambda _: Fragment(2)))
        client, server = origin.open_websocket(proxy.url)
        server.send(encode_frame(TEXT, b""))
        assert client.read(2) == encode_frame(TEXT, b"")

    def test_what_a_rule_says_at_the_opening_comes_first(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(StreamOpened, lambda _: Insert(b"welcome")))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE)
        both = encode_frame(TEXT, b"welcome") + WHOLE
        assert client.read(len(both)) == both

    def test_a_replaced_message_to_the_server_is_masked(self, proxy: FaultProxy, origin: Origin) -> None:
        shout = rule_that(MessagePassing, lambda message: Replace(message.data.upper()))
        proxy.add(shout.model_copy(update={"when": When(direction="to_server")}))
        client, server = origin.open_websocket(proxy.url)
        client.send(encode_frame(TEXT, b"whole", mask=MASK))
        expected = encode_frame(TEXT, b"WHOLE", mask=bytes(4))
        assert server.read(len(expected)) == expected


class TestPartings:
    @pytest.mark.parametrize("scope", ["websocket", "connection"])
    @pytest.mark.parametrize(("action", "ending"), [(Abort(WHOLE[:3]), "fin"), (Reset(WHOLE[:3]), "rst")])
    def test_half_a_frame_goes_out_before_the_end(
        self, proxy: FaultProxy, origin: Origin, action: Action, ending: str, scope: str
    ) -> None:
        proxy.add(rule_that(MessagePassing, lambda _: action, scope=scope))
        client, server = origin.open_websocket(proxy.url)
        server.send(WHOLE)
        assert client.rest() == (WHOLE[:3], ending)


class TestStalls:
    def test_two_rules_that_stall_must_both_be_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        first, second = proxy.inject(StallWebSocket()), proxy.inject(StallWebSocket())
        server.send(WHOLE)
        proxy.history.wait_for(message_seen, TIMEOUT_S)
        proxy.heal(first)
        assert not client.has_news()
        proxy.heal(second)
        assert client.read(len(WHOLE)) == WHOLE

    def test_a_healed_stall_lets_go_of_half_a_frame_too(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        stall = proxy.inject(StallWebSocket())
        server.send(WHOLE + SHORT[:-1])
        proxy.history.wait_for(message_seen, TIMEOUT_S)
        proxy.heal(stall)
        assert client.read(len(WHOLE + SHORT) - 1) == WHOLE + SHORT[:-1]

    def test_a_stall_ends_by_itself_after_its_time(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        proxy.add(
            rule_that(
                MessagePassing, lambda message: Stall(for_ms=50) if message.index == 1 else None, scope="websocket"
            )
        )
        server.send(WHOLE + SHORT)
        assert client.read(len(WHOLE + SHORT)) == WHOLE + SHORT
        (released,) = proxy.history.of(Released)
        assert released.messages == 2

    def test_shows_the_client_the_origin_s_death_only_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        stall = proxy.inject(StallWebSocket())
        server.send(WHOLE)
        server.close()
        proxy.history.wait_for(message_seen, TIMEOUT_S)
        assert not client.has_news()
        proxy.heal(stall)
        assert client.rest() == (WHOLE, "fin")

    def test_holds_a_close_frame_back_until_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        stall = proxy.inject(StallWebSocket(direction="to_client"))
        farewell = encode_frame(CLOSE, encode_close(1001, "restart"))
        server.send(WHOLE + farewell)
        server.finish()
        proxy.history.wait_for(message_seen, TIMEOUT_S)
        proxy.heal(stall)
        assert client.rest() == (WHOLE + farewell, "fin")
        assert end_of(proxy) == ("close", "origin", 1001, "restart")

    def test_tells_the_origin_that_the_client_is_gone_when_only_the_client_is_deaf(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_websocket(proxy.url)
        proxy.inject(StallWebSocket(direction="to_client"))
        client.close()
        assert server.rest() == (b"", "fin")

    def test_says_how_many_frames_were_released(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_websocket(proxy.url)
        stall = proxy.inject(StallWebSocket(direction="to_client"))
        server.send(WHOLE + encode_frame(PING, b"?") + WHOLE)
        proxy.history.wait_for(lambda record: message_seen(record) and getattr(record, "index", 0) == 2, TIMEOUT_S)
        proxy.heal(stall)
        client.read(2 * len(WHOLE))
        (released,) = proxy.history.of(Released)
        assert released.messages == 2
