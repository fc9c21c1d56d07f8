"""A listener's rules, record and gate, without any network."""

from collections.abc import Iterator
from itertools import count

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from proxy_addons.actions import Close, Stall
from proxy_addons.events import ConnectionOpened, ListenerReady, Request
from proxy_addons.faults.connection_refuse import RefuseConnection
from proxy_addons.history import History
from proxy_addons.plan import Plan, Rule
from proxy_addons.records import FaultCrashed, FaultFired, ListenerChanged, RuleChanged, StreamEnded
from proxy_addons.tests.throwaway import rule_that
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener, LiveStream


class Door:
    """A gate that opens and closes nothing, and remembers what it was told."""

    port = 8000

    def __init__(self) -> None:
        self.told: list[str] = []

    async def open(self) -> None:
        self.told.append("open")

    async def close(self) -> None:
        self.told.append("close")


@pytest.fixture
def gate() -> Door:
    return Door()


@pytest.fixture
def listener() -> Listener:
    ticks = count()
    return Listener(Plan(), History(), lambda: float(next(ticks)))


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def listening(listener: Listener, gate: Door, portal: BlockingPortal) -> Listener:
    portal.call(listener.open, gate)
    return listener


def link(number: int = 1) -> ClientLink:
    return ClientLink(number, None)  # type: ignore[arg-type]  # nothing here reaches the socket


def refuse(name: str) -> Rule:
    return Rule(id=name, fault=RefuseConnection())


class TestGate:
    def test_opens_when_no_rule_refuses(self, listening: Listener, gate: Door) -> None:
        assert gate.told == ["open"]
        assert [str(record) for record in listening.history] == ["port 8000 listens"]

    def test_closes_at_once_when_the_plan_refuses(self, gate: Door, portal: BlockingPortal) -> None:
        listener = Listener(Plan(rules=(refuse("down"),)), History(), lambda: 0.0)
        portal.call(listener.open, gate)
        assert gate.told == ["open", "close"]

    def test_closes_while_a_rule_refuses(self, listening: Listener, gate: Door, portal: BlockingPortal) -> None:
        portal.call(listening.add, refuse("down"))
        assert gate.told == ["open", "close"]
        portal.call(listening.remove, "down")
        assert gate.told == ["open", "close", "open"]
        assert [change.up for change in listening.history.of(ListenerChanged)] == [True, False, True]

    def test_stays_closed_until_the_last_rule_that_refuses_is_removed(
        self, listening: Listener, gate: Door, portal: BlockingPortal
    ) -> None:
        for name in ("one", "two"):
            portal.call(listening.add, refuse(name))
        portal.call(listening.remove, "one")
        assert gate.told == ["open", "close"]
        portal.call(listening.remove, "two")
        assert gate.told == ["open", "close", "open"]


class TestRules:
    def test_come_and_go_in_the_record(self, listening: Listener, portal: BlockingPortal) -> None:
        portal.call(listening.add, refuse("down"))
        portal.call(listening.remove, "down")
        changes = [(change.rule, change.change) for change in listening.history.of(RuleChanged)]
        assert changes == [("down", "added"), ("down", "removed")]

    def test_removing_an_unknown_rule_names_the_nearest(self, listening: Listener, portal: BlockingPortal) -> None:
        portal.call(listening.add, refuse("down"))
        with pytest.raises(KeyError, match="unknown rule 'dawn'; did you mean 'down'"):
            portal.call(listening.remove, "dawn")

    @pytest.mark.parametrize(
        ("rule", "error"),
        [
            pytest.param(rule_that(ListenerReady, lambda _: Stall()), "cannot stall on ListenerReady", id="listener"),
            pytest.param(
                rule_that(ConnectionOpened, lambda _: Close(1000)), "cannot close on ConnectionOpened", id="link"
            ),
        ],
    )
    def test_leave_no_receipt_when_they_want_the_impossible(
        self, listening: Listener, portal: BlockingPortal, rule: Rule, error: str
    ) -> None:
        listening.connected("client", link())
        portal.call(listening.add, rule)
        (crash,) = listening.history.of(FaultCrashed)
        assert crash.error == f"connection.throwaway: {error}"
        assert listening.history.receipts == []

    def test_have_no_opinion_when_they_crash(self, listening: Listener, portal: BlockingPortal) -> None:
        portal.call(listening.add, rule_that(ConnectionOpened, lambda _: Close(1 // 0)))
        listening.connected("client", link())
        (crash,) = listening.history.of(FaultCrashed)
        assert (crash.rule, "ZeroDivisionError" in crash.error) == ("throwaway", True)

    def test_write_the_receipt_before_the_effect(self, listening: Listener, gate: Door, portal: BlockingPortal) -> None:
        told_before: list[str] = []
        listening.history.subscribe(
            lambda record: told_before.extend(gate.told) if isinstance(record, FaultFired) else None
        )
        portal.call(listening.add, refuse("down"))
        assert told_before == ["open"]


def test_records_only_the_first_end_of_a_stream(listener: Listener) -> None:
    request = Request(1, 1, "websocket", "GET", "/", "", ())
    listener.stream_began(LiveStream(request, link(), stream_id=1))
    listener.stream_ended(request, "close", "origin", 1001, "restart")
    listener.stream_ended(request, "fin", "client")
    (end,) = listener.history.of(StreamEnded)
    assert str(end) == "stream 1 over: close by the origin 1001 restart"
