"""Event streams, as a client and an origin see them with the proxy between, byte for byte."""

import zlib
from collections.abc import Callable

import pytest

from proxy_addons.actions import (
    Abort,
    Action,
    Buffer,
    Close,
    Delay,
    Drop,
    Duplicate,
    End,
    Forward,
    Insert,
    Limit,
    Reorder,
    Replace,
    Reset,
    Respond,
    Stall,
)
from proxy_addons.events import Answer, Event, ResponseStarting, SsePassing, SseRestPassing, StreamOpened
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultCrashed, MessageSeen, Released, StreamEnded
from proxy_addons.tests.exchanges import add, connection_ended, event_seen, fault_fired, stream_began, stream_ended
from proxy_addons.tests.origin import LAST_CHUNK, STREAMING, SUBSCRIBE, TIMEOUT_S, Origin, Peer, chunk
from proxy_addons.tests.throwaway import NO_BYTES

ONE, TWO, THREE = b"data: one\n\n", b"data: two\n\n", b"data: three\n\n"
GZIPPED = STREAMING.replace(b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type")


def end_of(proxy: FaultProxy) -> tuple[str, str]:
    """How the only stream ended, and by whom."""
    proxy.history.wait_for(stream_ended, TIMEOUT_S)
    (end,) = proxy.history.of(StreamEnded)
    return end.how, end.by


def on_event(wanted: int, action: Action) -> Callable[[SsePassing], Action | None]:
    """Acts on the nth event of a stream only."""
    return lambda event: action if event.index == wanted else None


def take(client: Peer, size: int) -> list[bytes]:
    """Chunks until there are so many bytes."""
    chunks: list[bytes] = []
    while sum(map(len, chunks)) < size:
        chunks.append(client.read_chunk())
    return chunks


def seen(proxy: FaultProxy, count: int) -> list[tuple[int, str, bool]]:
    """The first so many events in the record."""
    proxy.history.wait_for(lambda record: isinstance(record, MessageSeen) and record.index == count, TIMEOUT_S)
    return [(message.index, message.data, message.delivered) for message in proxy.history.of(MessageSeen)]


class TestWithoutRules:
    @pytest.mark.parametrize(
        "pieces",
        [
            pytest.param([b"id: 1\ndata: one\n\n", TWO], id="an event in each chunk"),
            pytest.param([ONE + TWO + THREE], id="three events in a chunk"),
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

    def test_keeps_the_chunks_of_the_origin(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        body = chunk(ONE) + b"b;x=y\r\n" + TWO + b"\r\n" + chunk(THREE)
        server.send(chunk(b":\n\n"))
        assert client.read_chunk() == b":\n\n"
        server.send(body)
        assert client.read(len(body)) == body

    def test_records_the_events(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b": hi\n\nid: 7\ndata: o") + chunk(b"ne\n\n" + TWO))
        take(client, 25)
        assert seen(proxy, 2) == [(1, "one", True), (2, "two", True)]
        assert proxy.history.of(MessageSeen)[0].id == "7"

    def test_passes_a_stream_that_only_the_connection_s_end_delimits(self, proxy: FaultProxy, origin: Origin) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
        client, server = origin.exchange(proxy.url, SUBSCRIBE, head)
        server.send(ONE)
        assert client.read(len(head) + 11) == head + ONE
        server.close()
        assert client.rest() == (b"", "fin")

    def test_tells_the_origin_when_the_client_goes_away(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        client.close()
        assert server.rest() == (b"", "fin")
        proxy.history.wait_for(connection_ended, TIMEOUT_S)
        assert end_of(proxy) == ("fin", "client")

    @pytest.mark.parametrize("how", ["fin", "rst"])
    def test_breaks_off_as_the_origin_does(self, proxy: FaultProxy, origin: Origin, how: str) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + b"9\r\ndata:")
        assert take(client, 16) == [ONE, b"data:"]
        (server.close if how == "fin" else server.reset)()
        assert client.rest() == (b"", how)
        assert end_of(proxy) == (how, "origin")

    def test_goes_on_with_the_connection_behind_a_stream(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + LAST_CHUNK)
        assert client.read(len(chunk(ONE) + LAST_CHUNK)) == chunk(ONE) + LAST_CHUNK
        client.send(SUBSCRIBE)
        assert server.read_head() == SUBSCRIBE


class TestMessageActions:
    """What is sent for the events one, two, three, of which the rule acts on the first."""

    @pytest.mark.parametrize(
        ("action", "sent"),
        [
            pytest.param(Forward(), ONE + TWO + THREE, id="forward"),
            pytest.param(Drop(), TWO + THREE, id="drop"),
            pytest.param(Replace(b"data: x\n\n"), b"data: x\n\n" + TWO + THREE, id="replace"),
            pytest.param(Duplicate(), ONE + ONE + TWO + THREE, id="duplicate"),
            pytest.param(Reorder(), TWO + ONE + THREE, id="reorder"),
            pytest.param(Reorder(2), TWO + THREE + ONE, id="reorder by two"),
            pytest.param(Insert(b"<html>"), ONE + b"<html>" + TWO + THREE, id="insert behind"),
            pytest.param(Insert(b"<html>", before=True), b"<html>" + ONE + TWO + THREE, id="insert before"),
        ],
    )
    @pytest.mark.parametrize("together", [True, False])
    def test_is_performed(self, proxy: FaultProxy, origin: Origin, action: Action, sent: bytes, together: bool) -> None:
        add(proxy, SsePassing, on_event(1, action))
        client, server = origin.open_stream(proxy.url)
        if together:
            server.send(chunk(ONE + TWO + THREE) + LAST_CHUNK)
            assert take(client, len(sent)) == [sent]  # in one chunk
        else:
            server.send(chunk(ONE) + chunk(TWO) + chunk(THREE) + LAST_CHUNK)
            assert b"".join(take(client, len(sent))) == sent
        assert client.read(len(LAST_CHUNK)) == LAST_CHUNK
        assert seen(proxy, 3)[0] == (1, "one", isinstance(action, Forward | Insert | Duplicate))
        assert [message.delivered for message in proxy.history.of(MessageSeen)][1:] == [True, True]

    def test_delays_one_event_and_no_other(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(1, Delay(30)))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert take(client, 22) == [TWO, ONE]
        (released,) = proxy.history.of(Released)
        assert (released.rule, released.messages) == ("throwaway", 1)

    def test_ends_the_stream_only_when_what_is_delayed_has_gone_out(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(1, Delay(30)))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + LAST_CHUNK)
        assert client.read(21) == chunk(ONE) + LAST_CHUNK

    def test_does_not_wait_for_events_that_will_never_come(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(1, Reorder()))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + LAST_CHUNK)
        assert client.read(21) == chunk(ONE) + LAST_CHUNK

    @pytest.mark.parametrize("action", [Delay(1e9), Reorder(99)])
    def test_releases_an_event_when_healed(self, proxy: FaultProxy, origin: Origin, action: Action) -> None:
        rule = add(proxy, SsePassing, on_event(1, action))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert client.read_chunk() == TWO
        proxy.heal(rule)
        assert client.read_chunk() == ONE
        server.send(chunk(THREE))
        assert client.read_chunk() == THREE

    def test_sends_copies_apart(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(1, Duplicate(copies=2, apart_ms=10)))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert take(client, 33) == [ONE, ONE, ONE]

    def test_is_told_with_what_is_sent(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(2, Replace(b"data: x\n\n")))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        take(client, 20)
        (receipt,) = proxy.history.receipts
        assert (receipt.effect, receipt.index, receipt.bytes_sent) == ("replace", 2, 9)
        assert receipt.sent == "data: x\n\n"

    def test_acts_on_comments(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SseRestPassing, lambda event: Drop() if event.block.raw.startswith(b":") else None)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b": ping\n\n" + ONE + b"retry: 5\n\n"))
        assert take(client, 21) == [ONE + b"retry: 5\n\n"]
        assert proxy.history.receipts[0].index is None

    def test_inserts_at_the_beginning(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Insert(b"\xef\xbb\xbf"))
        client, server = origin.open_stream(proxy.url)
        assert client.read_chunk() == b"\xef\xbb\xbf"
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE

    def test_inserts_into_a_stream_that_stands(self, proxy: FaultProxy, origin: Origin) -> None:
        client, _ = origin.open_stream(proxy.url)
        proxy.history.wait_for(stream_began, TIMEOUT_S)
        add(proxy, StreamOpened, Insert(b": hello\n\n"))
        assert client.read_chunk() == b": hello\n\n"


class TestEndings:
    @pytest.mark.parametrize("scope", ["eventsource", "connection"])
    @pytest.mark.parametrize(("action", "how"), [(Abort(), "fin"), (Reset(), "rst")])
    def test_ends_the_connection(self, proxy: FaultProxy, origin: Origin, action: Action, how: str, scope: str) -> None:
        add(proxy, SsePassing, on_event(2, action), scope)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE + TWO + THREE))
        assert client.rest() == (chunk(ONE), how)
        assert end_of(proxy) == (how, "rule")
        assert server.rest()[1] in ("fin", "rst")

    @pytest.mark.parametrize(
        ("action", "rest", "how"),
        [
            pytest.param(Abort(b"data: t"), chunk(b"data: t"), "fin", id="abort"),
            pytest.param(Reset(b"data: t"), chunk(b"data: t"), "rst", id="reset"),
        ],
    )
    def test_sends_a_part_before(
        self, proxy: FaultProxy, origin: Origin, action: Action, rest: bytes, how: str
    ) -> None:
        add(proxy, SsePassing, on_event(2, action))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert client.rest() == (chunk(ONE) + rest, how)
        assert proxy.history.receipts[0].sent == "data: t"

    def test_ends_the_body_and_hangs_up_on_the_origin(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(2, End(b"data: t")))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        expected = chunk(ONE) + chunk(b"data: t") + LAST_CHUNK
        assert client.read(len(expected)) == expected
        assert server.rest() == (b"", "fin")
        assert end_of(proxy) == ("end", "rule")
        # and the client's connection goes on
        client.send(SUBSCRIBE)
        assert origin.accept().read_head() == SUBSCRIBE

    @pytest.mark.parametrize(("action", "how"), [(Abort(), "fin"), (Reset(), "rst")])
    def test_ends_a_stream_that_stands(self, proxy: FaultProxy, origin: Origin, action: Action, how: str) -> None:
        client, _ = origin.open_stream(proxy.url)
        proxy.history.wait_for(stream_began, TIMEOUT_S)
        add(proxy, StreamOpened, action)
        assert client.rest() == (b"", how)

    def test_limits_the_connection(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Limit(8, "to_client", "abort"), "connection")
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert client.rest() == (chunk(ONE)[:8], "fin")


class TestStalls:
    @pytest.mark.parametrize(
        ("last_words", "how"), [pytest.param(LAST_CHUNK, "end", id="ended"), pytest.param(b"", "fin", id="died")]
    )
    def test_shows_the_client_the_stream_s_end_only_when_healed(
        self, proxy: FaultProxy, origin: Origin, last_words: bytes, how: str
    ) -> None:
        stall = add(proxy, StreamOpened, Stall())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + last_words)
        server.close()
        proxy.history.wait_for(event_seen, TIMEOUT_S)
        assert not client.has_news()
        proxy.heal(stall)
        held = chunk(ONE) + last_words
        assert client.read(len(held)) == held
        assert end_of(proxy) == (how, "origin")
        assert seen(proxy, 1) == [(1, "one", False)]

    def test_flows_again_after_a_time(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(1, Stall(for_ms=20)))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        assert take(client, 22) == [ONE, TWO]
        (released,) = proxy.history.of(Released)
        assert released.messages >= 1
        server.send(chunk(THREE))
        assert client.read_chunk() == THREE

    def test_falls_silent_in_the_middle_of_an_event(self, proxy: FaultProxy, origin: Origin) -> None:
        stall = add(proxy, SsePassing, on_event(1, Stall(parting=b"data: o")))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == b"data: o"
        assert not client.has_news()
        proxy.heal(stall)
        assert client.read_chunk() == b"ne\n\n"

    def test_tells_the_origin_when_the_client_of_a_stalled_stream_goes_away(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        add(proxy, StreamOpened, Stall())
        client, server = origin.open_stream(proxy.url)
        client.close()
        assert server.rest() == (b"", "fin")

    def test_lets_the_origin_feel_it_when_much_is_held(self, proxy: FaultProxy, origin: Origin) -> None:
        stall = add(proxy, StreamOpened, Stall())
        client, server = origin.open_stream(proxy.url)
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        block = b":" + b"x" * 65_533 + b"\n\n"
        sent = server.send_until_full(chunk(block), most=1 << 26)
        assert sent < 1 << 26  # it can send no more
        proxy.heal(stall)
        received = b"".join(take(client, sent - 2 * len(chunk(block))))
        assert received == (block * (len(received) // len(block) + 1))[: len(received)]


class TestBuffers:
    @pytest.mark.parametrize("on", [StreamOpened, ResponseStarting])
    def test_holds_the_stream_to_its_end(self, proxy: FaultProxy, origin: Origin, on: type[Event]) -> None:
        add(proxy, on, Buffer())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO))
        seen(proxy, 2)
        assert not client.has_news()
        server.send(LAST_CHUNK)
        expected = chunk(ONE + TWO) + LAST_CHUNK
        assert client.read(len(expected)) == expected
        assert [delivered for *_, delivered in seen(proxy, 2)] == [False, False]

    def test_lets_go_when_there_is_enough(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Buffer(until_bytes=20))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(TWO) + chunk(THREE))
        assert client.read_chunk() == ONE + TWO
        server.send(chunk(THREE))
        assert client.read_chunk() == THREE + THREE

    def test_lets_go_after_a_time(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Buffer(until_ms=20))
        client, server = origin.open_stream(proxy.url)
        for event in (ONE, TWO):
            server.send(chunk(event))
            assert client.read_chunk() == event

    def test_stays_an_event_behind(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Buffer(behind=1))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE + b"data: t"))
        server.send(chunk(b"wo\n\n"))
        assert client.read_chunk() == ONE
        server.send(LAST_CHUNK)
        assert client.read(21) == chunk(TWO) + LAST_CHUNK

    def test_lets_go_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = add(proxy, StreamOpened, Buffer())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(b"data: t"))
        seen(proxy, 1)
        proxy.heal(rule)
        assert b"".join(take(client, 18)) == ONE + b"data: t"
        server.send(chunk(b"wo\n\n"))
        assert client.read_chunk() == b"wo\n\n"

    def test_sends_what_is_held_before_an_origin_s_death(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Buffer())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        server.close()
        assert client.rest() == (chunk(ONE), "fin")


SUBSCRIBE_GZIP = SUBSCRIBE.replace(b"Accept:", b"Accept-Encoding: gzip\r\nAccept:")


def gunzip(chunks: list[bytes]) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(b"".join(chunks))


class TestGzip:
    def start(self, proxy: FaultProxy, origin: Origin, buffer: Buffer) -> tuple[Peer, Peer]:
        add(proxy, ResponseStarting, buffer)
        client, server = origin.exchange(proxy.url, SUBSCRIBE_GZIP, STREAMING)
        assert client.read_head() == STREAMING[:-2] + b"Content-Encoding: gzip\r\n\r\n"
        return client, server

    def test_hides_events_until_the_end(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = self.start(proxy, origin, Buffer(gzip=True))
        server.send(chunk(ONE))
        header = client.read_chunk()
        assert gunzip([header]) == b""
        server.send(LAST_CHUNK)
        body = [header]
        while piece := client.read_chunk():
            body.append(piece)
        assert gunzip(body) == ONE

    def test_shows_events_when_there_is_enough(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = self.start(proxy, origin, Buffer(gzip=True, until_bytes=20))
        server.send(chunk(ONE))
        server.send(chunk(TWO))
        assert gunzip([client.read_chunk()]) == ONE + TWO

    def test_shows_events_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = self.start(proxy, origin, Buffer(gzip=True))
        server.send(chunk(ONE))
        header = client.read_chunk()
        proxy.heal("throwaway")
        body = [header, client.read_chunk()]
        assert gunzip(body) == ONE
        server.send(chunk(TWO))
        assert gunzip([*body, client.read_chunk()]) == ONE + TWO

    def test_needs_a_client_that_can_read_it(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, ResponseStarting, Buffer(gzip=True))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        assert len(proxy.history.of(FaultCrashed)) == 1

    def test_needs_a_head_that_has_not_gone_out(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Buffer(gzip=True))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        assert len(proxy.history.of(FaultCrashed)) == 1


class TestRulesThatComeAndGo:
    def test_holds_an_event_until_a_rule_can_decide_on_it(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, on_event(2, Abort()))
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b"data: passes\n\ndata: is "))
        server.send(chunk(b"cut\n\n"))
        assert client.rest() == (chunk(b"data: passes\n\n"), "fin")

    def test_acts_on_the_next_event_when_the_rule_comes_in_the_middle_of_one(
        self, proxy: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE + b"data: half and "))
        take(client, 26)
        add(proxy, SsePassing, Replace(b"data: NEXT\n\n"))
        server.send(chunk(b"half\n\ndata: next\n\n"))
        assert take(client, 18) == [b"half\n\ndata: NEXT\n\n"]
        assert [receipt.index for receipt in proxy.history.receipts] == [3]

    def test_holds_nothing_when_the_last_rule_has_gone(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = add(proxy, SsePassing, Forward())
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE) + chunk(b"data: t"))
        assert client.read_chunk() == ONE
        proxy.heal(rule)
        assert client.read_chunk() == b"data: t"
        server.send(chunk(b"w"))
        assert client.read_chunk() == b"w"
        server.send(chunk(b"o\n\n"))
        assert seen(proxy, 2) == [(1, "one", True), (2, "two", True)]

    @pytest.mark.parametrize("action", [Close(1000), Respond(Answer(200, (), b""))])
    @pytest.mark.parametrize("on", [SsePassing, StreamOpened])
    def test_passes_the_event_when_a_rule_wants_what_a_stream_does_not_have(
        self, proxy: FaultProxy, origin: Origin, on: type[Event], action: Action
    ) -> None:
        add(proxy, on, action)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        (crash,) = proxy.history.of(FaultCrashed)
        assert f"on {on.__name__}" in crash.error
        assert proxy.history.receipts == []

    @pytest.mark.parametrize("action", [Drop(), Delay(5), Replace(b""), Stall(frozenset({"to_server"}))])
    def test_does_not_do_to_an_opening_what_needs_an_event(
        self, proxy: FaultProxy, origin: Origin, action: Action
    ) -> None:
        add(proxy, StreamOpened, action)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        assert len(proxy.history.of(FaultCrashed)) == 1

    def test_passes_the_event_when_a_fault_crashes(self, proxy: FaultProxy, origin: Origin) -> None:
        def crash(_: SsePassing) -> Action:
            raise RuntimeError("broken kind")

        add(proxy, SsePassing, crash)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        assert "broken kind" in proxy.history.of(FaultCrashed)[0].error

    def test_passes_the_event_when_the_effect_fails(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, Replace(NO_BYTES), scope="eventsource")
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        assert "replace failed" in proxy.history.of(FaultCrashed)[0].error


class TestCompressedByTheOrigin:
    def open(self, proxy: FaultProxy, origin: Origin) -> tuple[Peer, Peer]:
        client, server = origin.exchange(proxy.url, SUBSCRIBE, GZIPPED)
        assert client.read_head() == GZIPPED
        return client, server

    def test_passes_bytes_and_records_none_as_events(self, proxy: FaultProxy, origin: Origin) -> None:
        client, server = self.open(proxy, origin)
        server.send(chunk(ONE) + LAST_CHUNK)
        assert client.read(21) == chunk(ONE) + LAST_CHUNK
        end_of(proxy)
        assert proxy.history.of(MessageSeen) == []

    def test_says_that_a_rule_cannot_act_on_events(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, SsePassing, Drop())
        client, server = self.open(proxy, origin)
        for event in (ONE, TWO):
            server.send(chunk(event))
            assert client.read_chunk() == event
        (crash,) = proxy.history.of(FaultCrashed)
        assert "compressed" in crash.error
        assert crash.rule == "throwaway"

    @pytest.mark.parametrize("action", [Insert(b":\n\n"), Buffer(behind=1)])
    def test_does_not_get_what_needs_events(self, proxy: FaultProxy, origin: Origin, action: Action) -> None:
        add(proxy, StreamOpened, action, "eventsource")
        client, server = self.open(proxy, origin)
        server.send(chunk(ONE))
        assert client.read_chunk() == ONE
        assert len(proxy.history.of(FaultCrashed)) == 1

    def test_can_still_be_cut(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, StreamOpened, Stall())
        client, server = self.open(proxy, origin)
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        server.send(chunk(ONE))
        assert not client.has_news()
        proxy.heal("throwaway")
        assert client.read_chunk() == ONE
