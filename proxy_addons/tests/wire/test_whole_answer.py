"""What rules do to an answer of which all has come, as the client sees it."""

import gzip

import pytest

from proxy_addons.actions import Abort, Action, Close, Forward, Pace, Parting, Replace, Reset, Truncate
from proxy_addons.events import Answer, RequestReceived, ResponseReceived
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import BodySeen, FaultCrashed, ResponseSeen
from proxy_addons.tests.exchanges import CHUNKED, GET, OK, POST, add, bodies, receipt
from proxy_addons.tests.origin import LAST_CHUNK, Origin, chunk
from proxy_addons.tests.throwaway import rule_that


class TestRules:
    def test_sees_the_whole_answer(self, proxy: FaultProxy, origin: Origin) -> None:
        seen: list[ResponseReceived] = []
        proxy.add(rule_that(ResponseReceived, lambda event: seen.append(event), scope="request"))
        zipped = gzip.compress(b"{}")
        answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(zipped), zipped)
        client, _ = origin.exchange(proxy.url, GET, answer)
        assert client.read(len(answer)) == answer
        (event,) = seen
        assert event.answer == Answer(200, (("Content-Length", str(len(zipped))),), b"{}")

    @pytest.mark.parametrize("action", [None, Forward(), Truncate(1, "end"), Truncate(1, "abort")])
    def test_stands_in_the_record_behind_its_head(
        self, proxy: FaultProxy, origin: Origin, action: Action | None
    ) -> None:
        """As an answer does that passes on as it comes: who reads the record knows by then what it is the body of."""
        proxy.add(rule_that(ResponseReceived, lambda _: action, scope="request"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        client.read(len(OK) - 1)
        told = [type(each) for each in proxy.history.records if isinstance(each, ResponseSeen | BodySeen)]
        assert told == [ResponseSeen, BodySeen]

    def test_is_told_once_where_its_connection_is_slowed_down(self, proxy: FaultProxy, origin: Origin) -> None:
        proxy.add(rule_that(ResponseReceived, lambda _: Pace(latency_ms=1), scope="connection"))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        assert bodies(proxy) == [("to_client", "{}", 2, True)]

    def test_keeps_the_chunks_of_an_answer_that_passes(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, ResponseReceived, Forward())
        answer = CHUNKED + chunk(b"one") + chunk(b"two") + LAST_CHUNK
        client, _ = origin.exchange(proxy.url, GET, answer)
        assert client.read(len(answer)) == answer
        assert bodies(proxy) == [("to_client", "onetwo", 6, True)]

    @pytest.mark.parametrize(
        ("answer", "changed"),
        [
            pytest.param(
                OK, OK.replace(b"Content-Length: 2", b"content-length: 4").replace(b"{}", b"null"), id="length"
            ),
            pytest.param(
                CHUNKED + chunk(b"{") + chunk(b"}") + LAST_CHUNK, CHUNKED + chunk(b"null") + LAST_CHUNK, id="chunks"
            ),
            pytest.param(
                b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\n;",
                b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
                id="compressed",
            ),
        ],
    )
    def test_replaces_a_body(self, proxy: FaultProxy, origin: Origin, answer: bytes, changed: bytes) -> None:
        add(proxy, ResponseReceived, Replace(b"null"))
        client, _ = origin.exchange(proxy.url, GET, answer)
        assert client.read(len(changed)).lower() == changed.lower()
        assert receipt(proxy) == ("replace", 4, "null")
        assert [body.delivered for body in proxy.history.of(BodySeen)] == [False]

    @pytest.mark.parametrize(
        ("answer", "start"),
        [
            pytest.param(OK, OK[:-1], id="length"),
            pytest.param(CHUNKED + chunk(b"{}") + LAST_CHUNK, CHUNKED + chunk(b"{"), id="chunks"),
        ],
    )
    @pytest.mark.parametrize(("then", "how"), [("abort", "fin"), ("reset", "rst")])
    def test_breaks_off_within_a_body(
        self, proxy: FaultProxy, origin: Origin, answer: bytes, start: bytes, then: Parting, how: str
    ) -> None:
        add(proxy, ResponseReceived, Truncate(1, then))
        client, _ = origin.exchange(proxy.url, GET, answer)
        assert client.rest() == (start, how)
        assert receipt(proxy) == ("truncate", 1, "{")

    @pytest.mark.parametrize(
        ("answer", "all_of_it"),
        [
            pytest.param(OK, OK[:-1].replace(b"Content-Length: 2", b"Content-Length: 1"), id="length"),
            pytest.param(CHUNKED + chunk(b"{}") + LAST_CHUNK, CHUNKED + chunk(b"{") + LAST_CHUNK, id="chunks"),
        ],
    )
    def test_pretends_that_a_start_was_all(
        self, proxy: FaultProxy, origin: Origin, answer: bytes, all_of_it: bytes
    ) -> None:
        add(proxy, ResponseReceived, Truncate(1, "end"))
        client, server = origin.exchange(proxy.url, GET, answer)
        assert client.read(len(all_of_it)).lower() == all_of_it.lower()
        client.send(GET)  # and the connection goes on
        assert server.read_head() == GET

    def test_falls_silent_within_a_body_until_healed(self, proxy: FaultProxy, origin: Origin) -> None:
        stall = add(proxy, ResponseReceived, Truncate(1, "stall"))
        client, server = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK) - 1).lower() == OK[:-1].lower()
        assert not client.has_news()
        proxy.heal(stall)
        assert client.read(1) == OK[-1:]
        client.send(POST)
        assert server.read(len(POST)) == POST

    @pytest.mark.parametrize(("action", "how"), [(Abort(), "fin"), (Reset(), "rst")])
    def test_swallows_an_answer(self, proxy: FaultProxy, origin: Origin, action: Action, how: str) -> None:
        add(proxy, ResponseReceived, action)
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.rest() == (b"", how)

    @pytest.mark.parametrize("action", [Replace(b"x"), Truncate(0, "abort")])
    def test_does_not_give_a_body_to_an_answer_that_has_none(
        self, proxy: FaultProxy, origin: Origin, action: Action
    ) -> None:
        add(proxy, ResponseReceived, action)
        client, _ = origin.exchange(proxy.url, GET.replace(b"GET", b"HEAD"), OK[:-2])
        assert client.read(len(OK) - 2) == OK[:-2]
        assert len(proxy.history.of(FaultCrashed)) == 1

    def test_passes_an_answer_when_a_rule_wants_what_cannot_be(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, ResponseReceived, Close(1000))
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        (crash,) = proxy.history.of(FaultCrashed)
        assert "cannot close on ResponseReceived" in crash.error

    def test_shows_earlier_answers_to_a_rule_that_looks_back(self, proxy: FaultProxy, origin: Origin) -> None:
        seen: list[tuple[Answer, ...]] = []
        rule = rule_that(RequestReceived, lambda event: seen.append(event.earlier), scope="request")
        type(rule.fault).looks_back = True
        proxy.add(rule)
        client, server = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        client.send(GET)
        server.read_head()
        assert seen[0] == ()
        assert [(answer.status, answer.body) for answer in seen[1]] == [(200, b"{}")]
