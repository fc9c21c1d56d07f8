"""What each fault on what is behind the proxy really does, at both ends of the wire."""

import sys
from collections.abc import Iterator
from typing import Literal

import pytest

from e2e.wire_effects.reading import GET, HttpAnswer, read_answer, receipts, with_body
from e2e.wire_effects.way import answers
from proxy_addons.actions import Restart
from proxy_addons.faults.upstream_down import DownUpstream
from proxy_addons.faults.upstream_restart import RestartUpstream
from proxy_addons.faults.upstream_route import RouteUpstream
from proxy_addons.framing.websocket import CLOSE, encode_close, encode_frame
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultFired, OriginRestarted
from proxy_addons.tests.origin import (
    LAST_CHUNK,
    SUBSCRIBE,
    SWITCHED,
    TIMEOUT_S,
    UPGRADE,
    Origin,
    Peer,
    chunk,
)
from proxy_addons.when import Glob

OURS, THEIRS = with_body(b'{"epoch": "ours"}'), with_body(b'{"epoch": "theirs"}')
PINNED = b"GET /timer HTTP/1.1\r\nHost: app.test\r\nCookie: theme=dark; affinity=b\r\n\r\n"
POST = b'POST /timer/commands HTTP/1.1\r\nHost: app.test\r\nContent-Length: 9\r\n\r\n{"id": 1}'
RESTARTING = encode_frame(CLOSE, encode_close(1012))


@pytest.fixture
def other() -> Iterator[Origin]:
    """Another instance of the app."""
    other = Origin()
    yield other
    other.close()


class TestUpstreamRoute:
    def test_sends_each_request_to_the_other_origin_as_it_is(
        self, proxy: FaultProxy, origin: Origin, other: Origin
    ) -> None:
        rule = proxy.inject(RouteUpstream(target=other.url), times=None)
        with Peer.connect(proxy.url) as client:
            client.send(POST)
            answers(other.accept(), POST, THEIRS)
            assert client.read(len(THEIRS)) == THEIRS
        assert not origin.is_called()
        assert receipts(proxy) == [(rule.id, "upstream.route", None, "")]

    def test_sends_only_the_second_connection_there(self, proxy: FaultProxy, origin: Origin, other: Origin) -> None:
        proxy.inject(RouteUpstream(target=other.url), when=When(connection=2), times=None)
        first, _ = origin.exchange(proxy.url, GET, OURS)
        second, theirs = other.exchange(proxy.url, GET, THEIRS)
        third, _ = origin.exchange(proxy.url, GET, OURS)
        assert [read_answer(client).body for client in (first, second, third)] == [
            b'{"epoch": "ours"}',
            b'{"epoch": "theirs"}',
            b'{"epoch": "ours"}',
        ]
        # and so each request of it
        second.send(GET)
        answers(theirs, GET, THEIRS)
        assert read_answer(second).body == b'{"epoch": "theirs"}'

    @pytest.mark.parametrize(
        ("cookie", "theirs", "ours"),
        [
            pytest.param({"affinity": "b"}, PINNED, GET, id="with"),
            pytest.param({"affinity": False}, GET, PINNED, id="without"),
        ],
    )
    def test_tells_requests_of_one_connection_apart_by_a_cookie(
        self, proxy: FaultProxy, origin: Origin, other: Origin, cookie: dict[str, Glob], theirs: bytes, ours: bytes
    ) -> None:
        proxy.inject(RouteUpstream(target=other.url), when=When(cookie=cookie), times=None)
        client, at_ours = origin.exchange(proxy.url, ours, OURS)
        assert client.read(len(OURS)) == OURS
        client.send(theirs)
        answers(other.accept(), theirs, THEIRS)
        assert client.read(len(THEIRS)) == THEIRS
        client.send(ours)
        answers(at_ours, ours, OURS)
        assert client.read(len(OURS)) == OURS

    def test_swaps_the_origin_under_a_connection_that_stands(
        self, proxy: FaultProxy, origin: Origin, other: Origin
    ) -> None:
        client, at_ours = origin.exchange(proxy.url, GET, OURS)
        assert client.read(len(OURS)) == OURS
        rule = proxy.inject(RouteUpstream(target=other.url), times=None)
        client.send(GET)
        answers(other.accept(), GET, THEIRS)
        assert client.read(len(THEIRS)) == THEIRS
        proxy.heal(rule)
        client.send(GET)
        answers(at_ours, GET, OURS)
        assert client.read(len(OURS)) == OURS

    def test_sends_a_websocket_there(self, proxy: FaultProxy, other: Origin) -> None:
        proxy.inject(RouteUpstream(target=other.url))
        client, server = other.open_websocket(proxy.url)
        server.send(RESTARTING)
        assert client.read(len(RESTARTING)) == RESTARTING

    def test_sends_an_event_stream_there(self, proxy: FaultProxy, other: Origin) -> None:
        proxy.inject(RouteUpstream(target=other.url))
        client, server = other.open_stream(proxy.url)
        server.send(chunk(b"data: theirs\n\n"))
        assert client.read_chunk() == b"data: theirs\n\n"


class TestUpstreamDown:
    @pytest.mark.parametrize(
        ("answer", "title"),
        [("502", "502 Bad Gateway"), ("503", "503 Service Unavailable"), ("504", "504 Gateway Timeout")],
    )
    def test_answers_with_an_error_page_of_a_gateway(
        self, proxy: FaultProxy, origin: Origin, answer: Literal["502", "503", "504"], title: str
    ) -> None:
        rule = proxy.inject(DownUpstream(answer=answer))
        page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        answered = answer_of(proxy, GET)
        assert answered.head.startswith(f"HTTP/1.1 {title}\r\n".encode())
        assert answered.values("content-type") == ["text/html"]
        assert answered.body == page.encode()
        assert receipts(proxy) == [(rule.id, "upstream.down", None, page)]
        assert not origin.is_called()

    @pytest.mark.parametrize("request_of", [UPGRADE, SUBSCRIBE, POST], ids=["websocket", "eventsource", "command"])
    def test_answers_so_whatever_is_asked(self, proxy: FaultProxy, origin: Origin, request_of: bytes) -> None:
        proxy.inject(DownUpstream())
        assert answer_of(proxy, request_of).status == 502
        assert not origin.is_called()

    def test_can_reset_instead(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.inject(DownUpstream(answer="reset"))
        with Peer.connect(proxy.url) as client:
            client.send(GET)
            assert client.rest() == (b"", "rst")
        assert not origin.is_called()

    def test_ends_the_streams_that_stand(self, proxy: FaultProxy, origin: Origin) -> None:
        socket, _ = origin.open_websocket(proxy.url)
        stream, _ = origin.open_stream(proxy.url)
        proxy.inject(DownUpstream(), times=None)
        assert socket.rest() == (b"", "fin")
        assert stream.rest() == (b"", "fin")
        assert answer_of(proxy, UPGRADE).status == 502

    def test_can_leave_the_streams_that_stand(self, proxy: FaultProxy, origin: Origin) -> None:
        socket, at_socket = origin.open_websocket(proxy.url)
        stream, at_stream = origin.open_stream(proxy.url)
        proxy.inject(DownUpstream(streams="leave"), times=None)
        assert answer_of(proxy, GET).status == 502
        at_socket.send(RESTARTING)
        at_stream.send(LAST_CHUNK)
        assert socket.read(len(RESTARTING)) == RESTARTING
        assert stream.read(len(LAST_CHUNK)) == LAST_CHUNK

    def test_is_up_again_when_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        rule = proxy.inject(DownUpstream(), times=None)
        assert answer_of(proxy, GET).status == 502
        proxy.heal(rule)
        client, _ = origin.exchange(proxy.url, GET, OURS)
        assert client.read(len(OURS)) == OURS


def answer_of(proxy: FaultProxy, request: bytes) -> HttpAnswer:
    with Peer.connect(proxy.url) as client:
        client.send(request)
        return read_answer(client)


SERVER = f"""
import os, signal, socket, sys
standing = []
def leave(*_):
    if sys.argv[2] != "deaf":
        for peer in standing:
            peer.sendall({RESTARTING!r})
        os._exit(0)
signal.signal(signal.SIGTERM, leave)
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    peer, _ = listening.accept()
    if b"Upgrade: websocket" in peer.recv(65536):
        standing.append(peer)  # before it is let in, so that nobody is let in who would get no farewell
        peer.sendall({SWITCHED!r})
    else:
        peer.sendall(b"HTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n")
        peer.close()
"""
"""Says 1012 on each WebSocket when it is asked to leave, if it listens at all."""


class TestUpstreamRestart:
    @pytest.fixture(params=["polite"])
    def subject(self, request: pytest.FixtureRequest) -> Iterator[SubjectProcess]:
        """A server in a process of its own."""
        port = free_port()
        command = [sys.executable, "-I", "-S", "-c", SERVER, str(port), request.param]
        subject = SubjectProcess(command, f"http://127.0.0.1:{port}").start()
        yield subject
        subject.kill()

    @pytest.fixture
    def proxy(self, subject: SubjectProcess, _carrier: None) -> Iterator[FaultProxy]:
        with FaultProxy(subject.url, restart=subject.restarted) as proxy:
            yield proxy

    def test_lets_the_server_say_goodbye(self, proxy: FaultProxy) -> None:
        with upgraded(proxy) as client:
            rule = proxy.inject(RestartUpstream())
            assert client.rest() == (RESTARTING, "fin")
        assert receipts(proxy) == [(rule.id, "upstream.restart", None, "")]
        wait_until_restarted(proxy)
        upgraded(proxy).close()

    def test_can_kill_it_without_a_farewell(self, proxy: FaultProxy) -> None:
        with upgraded(proxy) as client:
            proxy.inject(RestartUpstream(how="kill"))
            assert client.rest() == (b"", "fin")
        wait_until_restarted(proxy)
        upgraded(proxy).close()

    @pytest.mark.parametrize("subject", ["deaf"], indirect=True)
    def test_kills_a_server_that_does_not_leave_within_its_grace(self, proxy: FaultProxy) -> None:
        with upgraded(proxy) as client:
            proxy.inject(RestartUpstream(grace_ms=50))
            assert client.rest() == (b"", "fin")
        (fired,), restarted = proxy.history.of(FaultFired), wait_until_restarted(proxy)
        assert restarted.t - fired.t >= 0.05

    def test_keeps_it_down_for_as_long_as_it_says(self, proxy: FaultProxy) -> None:
        proxy.inject(RestartUpstream(how="kill", down_ms=150))
        (fired,), restarted = proxy.history.of(FaultFired), wait_until_restarted(proxy)
        assert restarted.t - fired.t >= 0.15

    @pytest.mark.usefixtures("_carrier")
    def test_tells_the_subject_what_is_wanted(self, origin: Origin) -> None:
        wanted: list[Restart] = []
        with FaultProxy(origin.url, restart=wanted.append) as proxy:
            proxy.inject(RestartUpstream(how="kill", grace_ms=10, down_ms=20))
            wait_until_restarted(proxy)
        assert wanted == [Restart("kill", grace_ms=10, down_ms=20)]

    @pytest.mark.usefixtures("_carrier")
    def test_records_that_the_subject_could_not_do_it(self, origin: Origin) -> None:
        def fail(_: Restart) -> None:
            raise OSError("no such process")

        with FaultProxy(origin.url, restart=fail) as proxy:
            rule = proxy.inject(RestartUpstream())
            restarted = proxy.history.wait_for(lambda record: isinstance(record, OriginRestarted), TIMEOUT_S)
            assert str(restarted) == f"rule {rule.id}: the origin did not restart: no such process"
            client, _ = origin.exchange(proxy.url, GET, OURS)
            assert client.read(len(OURS)) == OURS


def upgraded(proxy: FaultProxy) -> Peer:
    """A client with an open WebSocket."""
    client = Peer.connect(proxy.url)
    client.send(UPGRADE)
    assert client.read_head() == SWITCHED
    return client


def wait_until_restarted(proxy: FaultProxy) -> OriginRestarted:
    restarted = proxy.history.wait_for(lambda record: isinstance(record, OriginRestarted), TIMEOUT_S)
    assert isinstance(restarted, OriginRestarted)
    assert restarted.error == ""
    return restarted
