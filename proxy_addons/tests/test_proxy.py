"""A proxy's life, its neighbours and its rules."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from proxy_addons.actions import Delay, Hold, Limit, Pace, Respond, Restart, Stall
from proxy_addons.carrier import Carrier
from proxy_addons.errors import PlanError, ProxyError
from proxy_addons.events import Answer, ConnectionOpened, ListenerReady, RequestReceived, SsePassing, StreamOpened
from proxy_addons.faults.connection_refuse import RefuseConnection
from proxy_addons.faults.connection_reset import ResetConnection
from proxy_addons.faults.request_respond import RespondToRequest
from proxy_addons.faults.upstream_restart import RestartUpstream
from proxy_addons.faults.websocket_abort import AbortWebSocket
from proxy_addons.history import History
from proxy_addons.plan import Plan, Rule, When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import (
    FaultCrashed,
    FaultFired,
    ListenerChanged,
    MessageSeen,
    OriginRestarted,
    PageShown,
    RequestSeen,
)
from proxy_addons.tests.origin import TIMEOUT_S, Origin, Peer, chunk, open_files
from proxy_addons.tests.throwaway import rule_that

GET = b"GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def left_open() -> tuple[list[threading.Thread], list[str]]:
    return threading.enumerate(), open_files()


def sockets() -> list[str]:
    return [name for name in open_files() if name.startswith("socket:")]


def answer_of(proxy: FaultProxy) -> bytes:
    """The first line that a client of the proxy reads; nothing if it is cut off."""
    with Peer.connect(proxy.url) as client:
        client.send(GET)
        return client.read_until(b"\r\n").strip()


def refuses(url: str) -> bool:
    try:
        Peer.connect(url).close()
    except ConnectionRefusedError:
        return True
    return False


class TestStart:
    def test_listens_on_a_free_port_in_front_of_the_target(self, proxy: FaultProxy, origin: Origin) -> None:
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK

    def test_says_in_one_line_that_a_port_is_taken(self, origin: Origin) -> None:
        taken = int(origin.url.rpartition(":")[2])
        with pytest.raises(ProxyError) as caught:
            FaultProxy(origin.url, port=taken).start()
        assert str(caught.value).splitlines() == [
            f"cannot listen on 127.0.0.1:{taken}: Address already in use; choose another port, or 0"
        ]

    @pytest.mark.parametrize("port", [-1, 65_536])
    def test_says_in_one_line_that_there_is_no_such_port(self, port: int) -> None:
        with pytest.raises(ProxyError, match=r"^cannot listen on 127.0.0.1:.*choose another port, or 0$"):
            FaultProxy("http://127.0.0.1:8000", port=port).start()

    def test_leaves_nothing_behind_when_the_port_is_taken(self, origin: Origin) -> None:
        before = left_open()
        proxy = FaultProxy(origin.url, port=int(origin.url.rpartition(":")[2]))
        with pytest.raises(ProxyError):
            proxy.start()
        proxy.stop()
        assert left_open() == before

    @pytest.mark.parametrize(
        "target",
        [
            "",
            "127.0.0.1:8000",
            "ftp://127.0.0.1",
            "http://",
            "http://127.0.0.1:port",
            "http://127.0.0.1:70000",
            "http://127.0.0.1/app",
            "http://127.0.0.1?x=1",
            "http://127.0.0.1#top",
            "http://user:secret@127.0.0.1",
            "http://[::1",
        ],
    )
    def test_says_how_to_write_a_target_that_is_wrong(self, target: str) -> None:
        with pytest.raises(ValueError, match=r"is not an origin; write it as http://host:port$"):
            FaultProxy(target)

    @pytest.mark.parametrize("target", ["http://127.0.0.1:8000/", "HTTP://127.0.0.1:8000"])
    def test_reads_a_target_as_a_browser_does(self, target: str) -> None:
        assert FaultProxy(target).target == "http://127.0.0.1:8000"

    def test_is_refused_twice(self, proxy: FaultProxy) -> None:
        with pytest.raises(ProxyError, match="runs already"):
            proxy.start()
        assert not refuses(proxy.url)

    def test_is_needed_before_rules_can_be_added(self, origin: Origin) -> None:
        with pytest.raises(ProxyError, match=r"not running; call start\(\)"):
            FaultProxy(origin.url).inject(RefuseConnection())


class TestStop:
    def test_closes_the_port_and_all_that_is_open(self, origin: Origin) -> None:
        before = left_open()
        proxy = FaultProxy(origin.url).start()
        streams = [origin.open_websocket(proxy.url), origin.open_stream(proxy.url)]
        proxy.stop()
        assert [end.rest() for pair in streams for end in pair] == [(b"", "fin")] * 4
        assert refuses(proxy.url)
        origin.close()
        assert threading.enumerate() == before[0]

    def test_leaves_no_socket(self) -> None:
        before = open_files()
        other = Origin()
        proxy = FaultProxy(other.url).start()
        other.open_websocket(proxy.url)
        other.open_stream(proxy.url)
        proxy.stop()
        other.close()
        assert open_files() == before

    def test_leaves_no_task(self, proxy: FaultProxy, origin: Origin) -> None:
        # `proxy` keeps the event loop alive, so that its tasks can be counted
        before = tasks()
        with FaultProxy(origin.url) as another:
            origin.open_websocket(another.url)
            origin.open_stream(another.url)
        assert tasks() == before
        assert not refuses(proxy.url)

    def test_closes_connections_that_have_only_just_been_made(self, proxy: FaultProxy, origin: Origin) -> None:
        before = tasks()
        for _ in range(20):
            with FaultProxy(origin.url) as another:
                clients = [Peer.connect(another.url) for _ in range(8)]
            assert tasks() == before
            for client in clients:
                client.rest()
                client.close()
        assert not refuses(proxy.url)

    def test_does_nothing_the_second_time(self, origin: Origin) -> None:
        proxy = FaultProxy(origin.url).start()
        proxy.stop()
        proxy.stop()
        assert refuses(proxy.url)

    def test_lets_it_start_again_at_the_same_address(self, origin: Origin) -> None:
        proxy = FaultProxy(origin.url)
        with proxy:
            before = proxy.url
        with proxy:
            assert proxy.url == before
            assert not refuses(proxy.url)

    @pytest.mark.parametrize(
        "rule",
        [
            pytest.param(rule_that(ConnectionOpened, lambda _: Stall()), id="stalled"),
            pytest.param(rule_that(ConnectionOpened, lambda _: Pace(latency_ms=600_000)), id="paced"),
            pytest.param(rule_that(ConnectionOpened, lambda _: Limit(0, "to_client", "stall")), id="limited"),
            pytest.param(rule_that(StreamOpened, lambda _: Stall(for_ms=600_000), scope="websocket"), id="websocket"),
            pytest.param(rule_that(SsePassing, lambda _: Delay(600_000), scope="eventsource"), id="eventsource"),
        ],
    )
    def test_leaves_nothing_of_streams_that_a_rule_has_in_its_hands(self, proxy: FaultProxy, rule: Rule) -> None:
        before = threading.enumerate(), sockets(), tasks()
        other = Origin()
        with FaultProxy(other.url) as another:
            pairs = [other.open_websocket(another.url), other.open_stream(another.url)]
            another.add(rule)
            for client, server in pairs:
                server.send(chunk(b"data: on\n\n"))
                client.send(b"on")
        other.close()
        assert (threading.enumerate(), sockets(), tasks()) == before
        assert not refuses(proxy.url)

    def test_leaves_nothing_of_a_request_that_is_held(self, proxy: FaultProxy) -> None:
        before = threading.enumerate(), sockets(), tasks()
        other = Origin()
        with FaultProxy(other.url) as another, Peer.connect(another.url) as client:
            another.add(rule_that(RequestReceived, lambda _: Hold("request")))
            client.send(GET)
            another.history.wait_for(lambda record: isinstance(record, FaultFired), TIMEOUT_S)
        other.close()
        assert (threading.enumerate(), sockets(), tasks()) == before
        assert not refuses(proxy.url)

    def test_leaves_nothing_after_a_hundred_proxies(self, proxy: FaultProxy, origin: Origin) -> None:
        before = left_open(), tasks()
        for _ in range(100):
            with FaultProxy(origin.url):
                pass
        assert (left_open(), tasks()) == before
        assert not refuses(proxy.url)


def tasks() -> set[str]:
    """The tasks of the proxies' event loop."""

    async def count() -> set[str]:
        return {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    return Carrier.current().call(count())


class TestDeath:
    """mitmproxy ends in the middle."""

    @pytest.fixture
    def dead(self, origin: Origin) -> Iterator[FaultProxy]:
        never = Rule(id="never", fault=AbortWebSocket())
        with FaultProxy(origin.url, Plan(rules=(never,))) as proxy:
            with pytest.raises(ProxyError, match="the proxy is gone"):
                proxy.add(rule_that(ListenerReady, lambda _: sys.exit("no more")))
            yield proxy

    def test_is_the_one_doubt(self, dead: FaultProxy) -> None:
        assert dead.unfired()
        assert dead.doubts() == ["the proxy is gone: mitmproxy ended with SystemExit('no more')"]

    def test_is_known_when_it_is_stopped(self, dead: FaultProxy) -> None:
        dead.stop()
        assert dead.death is not None
        assert "SystemExit" in dead.death

    def test_is_not_that_of_the_next(self, dead: FaultProxy, origin: Origin) -> None:
        with FaultProxy(origin.url) as another:
            assert another.death is None
            assert another.doubts() == []
            assert dead.death is not None

    def test_lets_nobody_wait_for_an_answer(self, origin: Origin) -> None:
        # given
        with FaultProxy(origin.url) as proxy, Peer.connect(proxy.url) as client:
            proxy.add(rule_that(RequestReceived, lambda _: sys.exit("no more"), scope="request"))

            # when
            client.send(GET)

            # then
            assert client.rest() == (b"", "fin")
            assert proxy.death is not None

    def test_gives_its_port_back(self, dead: FaultProxy, origin: Origin) -> None:
        dead.stop()
        with FaultProxy(origin.url, port=urlsplit(dead.url).port or 0) as another:
            assert another.url == dead.url

    def test_leaves_no_socket(self) -> None:
        # given
        before = sockets()
        other = Origin()
        with FaultProxy(other.url) as proxy:
            streams = [other.open_websocket(proxy.url), other.open_stream(proxy.url)]

            # when
            with pytest.raises(ProxyError):
                proxy.add(rule_that(ListenerReady, lambda _: sys.exit("no more")))

        # then
        assert [end.rest() for pair in streams for end in pair] == [(b"", "fin")] * 4
        assert refuses(proxy.url)
        other.close()
        assert len(sockets()) <= len(before)  # mitmproxy's own, of which there may have been some before, are gone

    def test_is_none_where_it_was_stopped(self, origin: Origin) -> None:
        with FaultProxy(origin.url) as proxy:
            pass
        assert proxy.death is None


class TestNeighbours:
    @pytest.fixture
    def neighbour(self, origin: Origin) -> Iterator[FaultProxy]:
        with FaultProxy(origin.url, Plan(rules=(Rule(fault=RespondToRequest(status=418)),))) as neighbour:
            yield neighbour

    def test_rules_act_on_their_own_proxy_only(self, proxy: FaultProxy, neighbour: FaultProxy, origin: Origin) -> None:
        assert answer_of(neighbour).startswith(b"HTTP/1.1 418")
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK

    def test_each_has_a_history_of_its_own(self, proxy: FaultProxy, neighbour: FaultProxy) -> None:
        answer_of(neighbour)
        assert len(neighbour.history.of(RequestSeen)) == 1
        assert proxy.history.of(RequestSeen) == []

    def test_one_that_stops_leaves_the_other_s_streams_alone(
        self, proxy: FaultProxy, neighbour: FaultProxy, origin: Origin
    ) -> None:
        client, server = origin.open_stream(proxy.url)
        neighbour.stop()
        server.send(chunk(b"data: on\n\n"))
        assert client.read_chunk() == b"data: on\n\n"

    def test_one_that_refuses_leaves_the_other_s_port_alone(self, proxy: FaultProxy, neighbour: FaultProxy) -> None:
        neighbour.inject(RefuseConnection())
        assert refuses(neighbour.url)
        assert not refuses(proxy.url)


class TestRules:
    def test_fire_once_unless_told_otherwise(self, proxy: FaultProxy) -> None:
        proxy.inject(ResetConnection(on="request"))
        proxy.inject(RespondToRequest(status=503), times=None)
        assert [answer_of(proxy) for _ in range(3)] == [b"", *[b"HTTP/1.1 503 Service Unavailable"] * 2]

    def test_of_the_plan_are_in_force_from_the_start(self, origin: Origin) -> None:
        plan = Plan(rules=(Rule(fault=RefuseConnection()),))
        with FaultProxy(origin.url, plan) as proxy:
            assert refuses(proxy.url)
            assert [rule.id for rule in proxy.rules] == ["connection.refuse-1"]

    def test_are_numbered_by_kind(self, proxy: FaultProxy) -> None:
        first = proxy.inject(AbortWebSocket())
        proxy.heal(first)
        assert proxy.inject(AbortWebSocket(), id="mine").id == "mine"
        assert proxy.inject(RefuseConnection()).id == "connection.refuse-1"

    def test_with_a_name_that_is_taken_are_refused(self, proxy: FaultProxy) -> None:
        proxy.inject(RefuseConnection(), id="mine", must_fire=False)
        with pytest.raises(ValueError, match="two rules have the id 'mine'"):
            proxy.inject(AbortWebSocket(), id="mine")
        assert proxy.unfired() == []

    def test_are_healed_all_at_once(self, proxy: FaultProxy) -> None:
        proxy.inject(RefuseConnection())
        proxy.inject(AbortWebSocket())
        proxy.heal()
        assert proxy.rules == ()
        assert not refuses(proxy.url)

    def test_are_cleared(self, proxy: FaultProxy) -> None:
        proxy.inject(RefuseConnection())
        proxy.clear()
        assert proxy.rules == ()
        assert not refuses(proxy.url)

    def test_are_healed_by_name(self, proxy: FaultProxy) -> None:
        proxy.inject(RefuseConnection(), id="down")
        proxy.heal("down")
        assert not refuses(proxy.url)

    def test_that_do_not_exist_cannot_be_healed(self, proxy: FaultProxy) -> None:
        proxy.inject(RefuseConnection(), id="down")
        with pytest.raises(KeyError, match="did you mean 'down'"):
            proxy.heal("dawn")

    def test_that_did_not_fire_are_named(self, proxy: FaultProxy) -> None:
        fires = proxy.inject(RespondToRequest(status=503))
        waits = proxy.inject(AbortWebSocket())
        proxy.inject(AbortWebSocket(), id="optional", must_fire=False)
        assert proxy.unfired() == [fires.id, waits.id]
        answer_of(proxy)
        assert proxy.unfired() == [waits.id]

    def test_of_the_plan_that_did_not_fire_are_named(self, origin: Origin) -> None:
        plan = Plan(rules=(Rule(fault=AbortWebSocket()),))
        with FaultProxy(origin.url, plan) as proxy:
            assert proxy.unfired() == ["websocket.abort-1"]
            assert proxy.doubts() == ["websocket.abort-1 never fired"]

    def test_apply_where_they_say(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(RespondToRequest(status=503), when=When(path="/elsewhere"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK

    def test_that_crash_are_recorded_and_the_stream_goes_on(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(SsePassing, lambda _: Respond(Answer(1 // 0, (), b""))), must_fire=False)
        client, server = origin.open_stream(proxy.url)
        server.send(chunk(b"data: on\n\n"))
        assert client.read_chunk() == b"data: on\n\n"
        (crash,) = proxy.history.of(FaultCrashed)
        assert "rule 'throwaway' (connection.throwaway) failed: ZeroDivisionError" in crash.error
        assert proxy.doubts() == [f"rule throwaway crashed: {crash.error}"]
        assert [message.delivered for message in proxy.history.of(MessageSeen)] == [True]

    def test_that_crash_let_a_request_pass(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(RequestReceived, lambda _: Respond(Answer(1 // 0, (), b""))))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        assert len(proxy.history.of(FaultCrashed)) == 1


class TestTime:
    def test_brings_rules_into_force_one_after_the_other(self, proxy: FaultProxy, origin: Origin) -> None:
        origin.open_stream(proxy.url)
        proxy.inject(RespondToRequest(status=503), id="first")
        proxy.inject(RefuseConnection(), when=When(after="first", after_ms=30), id="second")
        assert not refuses(proxy.url)
        begun = time.monotonic()
        assert answer_of(proxy) == b"HTTP/1.1 503 Service Unavailable"
        proxy.history.wait_for(lambda record: record == ListenerChanged(record.t, up=False, port=port_of(proxy)), 20)
        assert refuses(proxy.url)
        assert [receipt.rule for receipt in proxy.history.receipts] == ["first", "second"]
        assert proxy.history.receipts[1].t - begun >= 0.03

    def test_can_be_the_page_s(self, proxy: FaultProxy) -> None:
        shown = When.model_validate({"page": {"transport": "polling", "state": "live"}})
        proxy.inject(RefuseConnection(), when=shown, times=None)
        proxy.page_shows("websocket", "live")
        assert not refuses(proxy.url)
        proxy.page_shows("polling", "live")
        assert refuses(proxy.url)
        proxy.page_shows("polling", "stale")
        assert not refuses(proxy.url)
        assert len(proxy.history.of(PageShown)) == 3


class TestRestart:
    def test_calls_what_the_subject_offers(self, origin: Origin) -> None:
        wanted = list[Restart]()
        plan = Plan(rules=(Rule(fault=RestartUpstream(how="kill", down_ms=5)),))
        with FaultProxy(origin.url, plan, restart=wanted.append) as proxy:
            proxy.history.wait_for(lambda record: isinstance(record, OriginRestarted), TIMEOUT_S)
        assert [(restart.how, restart.down_ms) for restart in wanted] == [("kill", 5)]

    def test_is_waited_for_at_the_end(self, origin: Origin) -> None:
        over = list[str]()
        stopping = threading.Event()

        def restart(_: Restart) -> None:
            stopping.wait(TIMEOUT_S)
            over.append("restarted")

        with FaultProxy(origin.url, restart=restart) as proxy:
            proxy.inject(RestartUpstream())
            threading.Timer(0.02, stopping.set).start()
        assert over == ["restarted"]

    def test_that_nobody_offers_is_an_error_of_the_plan(self, origin: Origin) -> None:
        plan = Plan(rules=(Rule(fault=RefuseConnection()), Rule(fault=RestartUpstream())))
        with pytest.raises(
            PlanError, match=r"^plan: rules\[1\].fault: upstream.restart needs a way to restart the app"
        ):
            FaultProxy(origin.url, plan).start()

    def test_that_nobody_offers_cannot_be_injected(self, proxy: FaultProxy) -> None:
        with pytest.raises(PlanError, match=r"^rule 'upstream.restart-1'.fault: upstream.restart needs a way"):
            proxy.inject(RestartUpstream())
        assert proxy.rules == ()
        assert proxy.unfired() == []


def test_keeps_its_record_in_the_history_that_it_is_given(origin: Origin) -> None:
    history = History(body_limit=4)
    with FaultProxy(origin.url, history=history) as proxy:
        assert proxy.history is history
    assert len(history) > 0


def port_of(proxy: FaultProxy) -> int:
    return int(proxy.url.rpartition(":")[2])


def test_reserved_port_is_given_back(origin: Origin) -> None:
    with FaultProxy(origin.url) as proxy:
        port = int(proxy.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        pass
