"""A listener's rules, record and gate, without any network."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mitmproxy.proxy.events import Event as MitmproxyEvent

from proxy_addons.actions import (
    Action,
    Close,
    ConnectionAction,
    Forward,
    Limit,
    Pace,
    Refuse,
    Reset,
    Restart,
    Stall,
)
from proxy_addons.engine import Decision
from proxy_addons.events import Answer, ConnectionOpened, Event, ListenerReady, Request, RequestReceived, StreamOpened
from proxy_addons.faults.connection_refuse import RefuseConnection
from proxy_addons.history import History
from proxy_addons.plan import Plan, Rule
from proxy_addons.records import (
    ConnectionEnded,
    FaultCrashed,
    FaultFired,
    ListenerChanged,
    OriginRestarted,
    PageShown,
    Record,
    RuleChanged,
    StreamEnded,
)
from proxy_addons.tests.loops import on_a_loop
from proxy_addons.tests.throwaway import rule_that
from proxy_addons.when import When
from proxy_addons.wire.link import ClientLink, Watcher
from proxy_addons.wire.listener import Listener, LiveStream
from proxy_addons.wire.signals import Due, RuleAdded, RuleRemoved


class Door:
    """A gate that opens and closes nothing, and remembers what it was told."""

    port = 8000

    def __init__(self) -> None:
        self.told: list[str] = []

    async def open(self) -> None:
        self.told.append("open")

    async def close(self) -> None:
        self.told.append("close")


class Stuck(Door):
    """A gate that cannot be closed."""

    async def close(self) -> None:
        raise OSError("stuck")


class Wire(ClientLink):
    """A link without a socket, which remembers what was done to it."""

    def __init__(self, number: int = 1) -> None:
        super().__init__(number, None)  # type: ignore[arg-type]  # nothing here reaches mitmproxy
        self.applied: list[tuple[str, ConnectionAction, tuple[str, ...]]] = []
        self.released: list[str] = []
        self.delivered: list[MitmproxyEvent] = []
        self.news = asyncio.Event()

    def attach(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def apply(self, rule: str, action: ConnectionAction, order: Sequence[str] = ()) -> None:
        self.applied.append((rule, action, tuple(order)))
        if isinstance(action, Reset):
            self.ends("rst", "rule")

    def release(self, rule: str) -> None:
        self.released.append(rule)

    async def deliver(self, event: MitmproxyEvent) -> None:
        self.delivered.append(event)
        self.news.set()


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
        portal.call(listening.connected, "client", Wire())
        portal.call(listening.add, rule)
        (crash,) = listening.history.of(FaultCrashed)
        assert crash.error == f"connection.throwaway: {error}"
        assert listening.history.receipts == []

    def test_have_no_opinion_when_they_crash(self, listening: Listener, portal: BlockingPortal) -> None:
        portal.call(listening.add, rule_that(ConnectionOpened, lambda _: Close(1 // 0)))
        portal.call(listening.connected, "client", Wire())
        (crash,) = listening.history.of(FaultCrashed)
        assert (crash.rule, "ZeroDivisionError" in crash.error) == ("throwaway", True)

    def test_write_the_receipt_before_the_effect(
        self, listening: Listener, gate: Door, portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told_before: list[str] = []
        append = listening.history.append

        def note(record: Record) -> None:
            told_before.extend(gate.told if isinstance(record, FaultFired) else [])
            append(record)

        monkeypatch.setattr(listening.history, "append", note)
        portal.call(listening.add, refuse("down"))
        assert told_before == ["open"]


class TestConnections:
    @pytest.mark.parametrize(
        ("action", "detail"),
        [
            pytest.param(Stall(), "to_client and to_server, until healed", id="stall"),
            pytest.param(Stall(frozenset({"to_client"}), for_ms=50), "to_client, for 50 ms", id="stall for a time"),
            pytest.param(Pace(latency_ms=20), "to_client and to_server, latency_ms=20", id="pace"),
            pytest.param(Limit(9, "to_client", "reset"), "to_client, reset after 9 bytes", id="limit"),
        ],
    )
    def test_say_which_way_and_how_much(
        self, listening: Listener, portal: BlockingPortal, action: ConnectionAction, detail: str
    ) -> None:
        portal.call(listening.add, rule_that(ConnectionOpened, always(action)))
        portal.call(listening.connected, "client", Wire())
        (receipt,) = listening.history.receipts
        assert receipt.detail == detail

    def test_can_be_slowed_by_several_rules_together(self, listening: Listener, portal: BlockingPortal) -> None:
        paces = {"late": Pace(latency_ms=1), "slow": Pace(bytes_per_second=1)}
        for name, pace in paces.items():
            portal.call(listening.add, rule_that(ConnectionOpened, always(pace), id=name))
        wire = Wire()
        portal.call(listening.connected, "client", wire)
        assert wire.applied == [(name, pace, ("late", "slow")) for name, pace in paces.items()]

    @pytest.mark.parametrize("when", [When(), When(nth=2)])
    def test_that_a_rule_ends_are_counted_by_the_others_and_no_more(
        self, listening: Listener, portal: BlockingPortal, when: When
    ) -> None:
        first = rule_that(ConnectionOpened, lambda event: Reset() if event.connection == 1 else None, id="first")
        second = rule_that(ConnectionOpened, always(Reset()), id="second")
        portal.call(listening.add, first)
        portal.call(listening.add, second.model_copy(update={"when": when, "times": 1}))
        wires = [Wire(1), Wire(2)]
        for wire in wires:
            portal.call(listening.connected, str(wire.number), wire)
        assert [[rule for rule, *_ in wire.applied] for wire in wires] == [["first"], ["second"]]
        assert [receipt.connection for receipt in listening.history.receipts] == [1, 2]

    def test_are_released_when_a_rule_is_removed(self, listening: Listener, portal: BlockingPortal) -> None:
        wire = Wire()
        portal.call(listening.connected, "client", wire)
        portal.call(listening.add, rule_that(ConnectionOpened, always(Stall())))
        portal.call(listening.remove, "throwaway")
        assert wire.released == ["throwaway"]

    def test_are_over_when_mitmproxy_is_done_and_the_last_byte_has_gone(
        self, listening: Listener, portal: BlockingPortal
    ) -> None:
        wire = Wire()
        portal.call(listening.connected, "client", wire)
        portal.call(listening.disconnected, "client")
        assert listening.history.of(ConnectionEnded) == []
        portal.call(wire.finished)
        assert [str(end) for end in listening.history.of(ConnectionEnded)] == ["connection 1 over: fin by the proxy"]
        assert listening.links == {}

    def test_that_an_effect_fails_on_go_on(
        self, listening: Listener, portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Wire, "apply", lambda *_: 1 // 0)
        portal.call(listening.add, rule_that(ConnectionOpened, always(Stall())))
        portal.call(listening.connected, "client", Wire())
        (crash,) = listening.history.of(FaultCrashed)
        assert crash.rule == "throwaway"
        assert "stall failed: ZeroDivisionError" in crash.error


@on_a_loop
async def test_waits_for_the_last_socket_at_the_end() -> None:
    listener, wires = timed(), [Wire(1), Wire(2)]
    for wire in wires:
        listener.connected(str(wire.number), wire)
    wires[0].closed()
    await listener.close()
    end = asyncio.create_task(listener.wait_closed())
    await asyncio.sleep(0)
    assert not end.done()
    wires[1].closed()
    await end


class TestApply:
    def test_writes_a_receipt_and_acts(self, listening: Listener) -> None:
        wire = Wire()
        assert listening.apply(Decision("r", "k", Reset(parting=b"bye")), wire, REQUEST, 3)
        (receipt,) = listening.history.receipts
        assert (receipt.effect, receipt.connection, receipt.exchange, receipt.index) == ("reset", 1, 7, 3)
        assert (receipt.bytes_sent, receipt.sent) == (3, "bye")
        assert [action for _, action, _ in wire.applied] == [Reset(parting=b"bye")]

    @pytest.mark.parametrize("action", [Forward(), Close(1000), Refuse()])
    def test_leaves_to_others_what_is_no_matter_of_a_connection(self, listening: Listener, action: Action) -> None:
        wire = Wire()
        assert not listening.apply(Decision("r", "k", action), wire, REQUEST)
        assert (wire.applied, listening.history.receipts) == ([], [])


class TestStreams:
    def test_end_once(self, listener: Listener) -> None:
        listener.stream_began(LiveStream(REQUEST, Wire(), stream_id=1))
        listener.stream_ended(REQUEST, "close", "origin", 1001, "restart")
        listener.stream_ended(REQUEST, "fin", "client")
        (end,) = listener.history.of(StreamEnded)
        assert str(end) == "stream 7 over: close by the origin 1001 restart"

    def test_end_as_their_connection_did_where_the_layers_saw_no_more_than_an_end(self, listener: Listener) -> None:
        wire = Wire()
        listener.stream_began(LiveStream(REQUEST, wire, stream_id=1))
        wire.ends("rst", "rule")
        listener.stream_ended(REQUEST, "fin", "client")
        (end,) = listener.history.of(StreamEnded)
        assert str(end) == "stream 7 over: rst by the rule"

    def test_are_told_of_rules_that_come_and_go(self, listening: Listener, portal: BlockingPortal) -> None:
        wire = Wire()
        listening.stream_began(LiveStream(REQUEST, wire, stream_id=5))
        portal.call(listening.add, refuse("down"))
        portal.call(listening.remove, "down")
        assert wire.delivered == [RuleAdded(5, "down"), RuleRemoved(5, "down")]


class TestTime:
    @on_a_loop
    async def test_brings_a_rule_into_force_and_shows_it_what_stands(self) -> None:
        listener = timed(rule_that(ConnectionOpened, always(Stall())), When(after_ms=20))
        wire = Wire()
        listener.connected("client", wire)
        listener.stream_began(LiveStream(REQUEST, wire, stream_id=5))
        assert wire.applied == []
        await wire.news.wait()
        assert [rule for rule, *_ in wire.applied] == ["throwaway"]
        assert wire.delivered == [RuleAdded(5, "throwaway")]
        assert [change.change for change in listener.history.of(RuleChanged)] == ["armed"]
        await listener.close()

    @on_a_loop
    async def test_takes_a_rule_out_of_force_and_releases_what_it_holds(self) -> None:
        listener = timed(rule_that(ConnectionOpened, always(Stall())), When(after_ms=10, for_ms=10))
        wire = Wire()
        listener.connected("client", wire)
        listener.stream_began(LiveStream(REQUEST, wire, stream_id=5))
        while len(wire.delivered) < 2:
            wire.news.clear()
            await wire.news.wait()
        assert wire.delivered == [RuleAdded(5, "throwaway"), RuleRemoved(5, "throwaway")]
        assert wire.released == ["throwaway"]
        assert [change.change for change in listener.history.of(RuleChanged)] == ["armed", "disarmed"]
        await listener.close()

    @on_a_loop
    async def test_counts_from_another_rule_s_effect(self) -> None:
        first = rule_that(RequestReceived, always(Forward()), id="first")
        listener = timed(rule_that(ConnectionOpened, always(Stall())), When(after="first", after_ms=10), before=first)
        wire = Wire()
        listener.connected("client", wire)
        listener.stream_began(LiveStream(REQUEST, wire, stream_id=5))
        listener.consult(RequestReceived(REQUEST))
        await wire.news.wait()
        assert wire.delivered == [RuleAdded(5, "throwaway")]
        await listener.close()

    @on_a_loop
    async def test_that_brings_an_effect_that_fails_is_recorded_and_goes_on(self) -> None:
        broken = refuse("broken").model_copy(update={"when": When(after_ms=1)})
        listener = timed(rule_that(ConnectionOpened, always(Stall())), When(after_ms=10), before=broken)
        await listener.open(Stuck())
        wire = Wire()
        listener.connected("client", wire)
        listener.stream_began(LiveStream(REQUEST, wire, stream_id=5))
        while not wire.applied:
            wire.news.clear()
            await wire.news.wait()
        assert [crash.rule for crash in listener.history.of(FaultCrashed)] == ["broken"]
        await listener.close()

    @on_a_loop
    async def test_of_a_connection_concerns_that_connection_alone(self) -> None:
        listener = timed(rule_that(StreamOpened, always(Stall())), When(connection_ms=20))
        old, young = Wire(1), Wire(2)
        listener.connected("old", old)
        listener.stream_began(LiveStream(REQUEST, old, stream_id=5))
        await old.news.wait()
        listener.connected("young", young)
        listener.stream_began(LiveStream(Request(2, 8, "websocket", "GET", "/", "", ()), young, stream_id=5))
        assert (old.delivered, young.delivered) == ([RuleAdded(5, "throwaway")], [])
        await young.news.wait()
        assert (old.delivered, young.delivered) == ([RuleAdded(5, "throwaway")], [RuleAdded(5, "throwaway")])
        await listener.close()

    @on_a_loop
    async def test_is_told_by_the_page_as_well(self) -> None:
        rule = rule_that(ConnectionOpened, always(Stall()))
        listener = timed(rule, When.model_validate({"page": {"transport": "websocket", "state": "live"}}))
        wire = Wire()
        listener.connected("client", wire)
        await listener.page_shows("websocket", "live")
        assert [rule for rule, *_ in wire.applied] == ["throwaway"]
        await listener.page_shows("polling", "live")
        assert wire.released == ["throwaway"]
        assert [str(shown) for shown in listener.history.of(PageShown)] == [
            "the page shows live over websocket",
            "the page shows live over polling",
        ]
        await listener.close()


class TestWaiting:
    @on_a_loop
    async def test_ends_with_a_signal_to_the_stream(self) -> None:
        listener, wire = timed(), Wire()
        listener.connected("client", wire)
        listener.wake(wire, 5, 10, "token")
        await wire.news.wait()
        assert wire.delivered == [Due(5, "token")]
        await listener.close()

    @on_a_loop
    async def test_is_forgotten_with_its_connection(self) -> None:
        listener, gone, stays = timed(), Wire(1), Wire(2)
        listener.connected("gone", gone)
        listener.connected("stays", stays)
        listener.wake(gone, 5, 1, "token")
        listener.wake(stays, 5, 10, "token")
        listener.disconnected("gone")
        await stays.news.wait()
        assert gone.delivered == []
        await listener.close()

    @pytest.mark.parametrize(
        "release",
        [
            pytest.param(lambda listener, _: listener.remove("down"), id="the rule is healed"),
            pytest.param(lambda listener, _: listener.close(), id="the proxy stops"),
            pytest.param(lambda _, wire: run(lambda: wire.client_left("fin")), id="the client is gone"),
        ],
    )
    @on_a_loop
    async def test_for_a_rule_ends_when(self, release: Callable[[Listener, Wire], object]) -> None:
        listener, wire = timed(), Wire()
        listener.connected("client", wire)
        await listener.add(refuse("down"))
        held = asyncio.create_task(listener.hold("down", None, wire))
        await asyncio.sleep(0)
        assert not held.done()
        await release(listener, wire)  # type: ignore[misc]  # each of them is awaitable
        await held
        await listener.close()

    @on_a_loop
    async def test_for_a_rule_ends_with_its_time(self) -> None:
        listener, wire = timed(), Wire()
        await listener.hold("down", 5, wire)
        await listener.close()

    @on_a_loop
    async def test_does_not_begin_when_the_client_is_gone(self) -> None:
        listener, wire = timed(), Wire()
        wire.client_left("rst")
        await listener.hold("down", None, wire)
        await listener.close()


class TestRestart:
    RESTART = Restart("kill", 0, 5)

    def rule(self) -> Rule:
        return rule_that(ListenerReady, always(self.RESTART), scope="upstream")

    @on_a_loop
    async def test_calls_the_hook_in_a_thread_and_records_its_end(self) -> None:
        called = list[tuple[Restart, int]]()
        listener = Listener(
            Plan(), History(), lambda: 0.0, lambda restart: called.append((restart, threading.get_ident()))
        )
        await listener.open(Door())
        await listener.add(self.rule())
        await listener.close()
        ((restart, thread),) = called
        assert restart == self.RESTART
        assert thread != threading.get_ident()
        assert [str(each) for each in listener.history.receipts] == [
            "rule throwaway: restart on the listener (kill, down for 5 ms), 0 bytes sent [upstream.throwaway]"
        ]
        assert [str(end) for end in listener.history.of(OriginRestarted)] == ["rule throwaway: the origin runs again"]

    @on_a_loop
    async def test_that_fails_is_recorded(self) -> None:
        def fail(restart: Restart) -> None:
            raise OSError(f"cannot {restart.how}")

        listener = Listener(Plan(), History(), lambda: 0.0, fail)
        await listener.open(Door())
        await listener.add(self.rule())
        await listener.close()
        assert [end.error for end in listener.history.of(OriginRestarted)] == ["cannot kill"]

    @on_a_loop
    async def test_without_a_hook_is_a_crash_and_no_receipt(self) -> None:
        listener = Listener(Plan(), History(), lambda: 0.0)
        await listener.open(Door())
        await listener.add(self.rule())
        assert listener.history.receipts == []
        assert len(listener.history.of(FaultCrashed)) == 1
        await listener.close()


class TestEarlierAnswers:
    ANSWER = Answer(200, (), b"one")

    def test_are_kept_while_a_rule_looks_back(self, listening: Listener, portal: BlockingPortal) -> None:
        rule = rule_that(RequestReceived, lambda _: None)
        type(rule.fault).looks_back = True
        portal.call(listening.add, rule)
        listening.remember(REQUEST, self.ANSWER)
        assert listening.earlier(REQUEST) == (self.ANSWER,)

    def test_are_not_kept_otherwise(self, listening: Listener) -> None:
        listening.remember(REQUEST, self.ANSWER)
        assert listening.earlier(REQUEST) == ()


REQUEST = Request(1, 7, "websocket", "GET", "/ws", "", ())


def always(action: Action) -> Callable[[Event], Action]:
    return lambda _: action


def timed(rule: Rule | None = None, when: When | None = None, *, before: Rule | None = None) -> Listener:
    """A listener on the loop's clock, whose rule applies only then."""
    later = rule.model_copy(update={"when": when}) if rule else None
    rules = tuple(each for each in (before, later) if each is not None)
    return Listener(Plan.model_construct(rules=rules), History(), asyncio.get_running_loop().time)


async def run(work: Callable[[], object]) -> None:
    work()
