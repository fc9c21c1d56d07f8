"""The engine: precedence, counts, limits, draws, and rules that come and go."""

from collections.abc import Iterable
from types import NoneType

import pytest

from proxy_addons.actions import Abort, Action, Close, Drop, Refuse, Reset, Respond, Restart, Truncate
from proxy_addons.engine import Armed, Decision, Disarmed, Engine
from proxy_addons.errors import ProxyError
from proxy_addons.events import (
    Answer,
    ConnectionOpened,
    ControlPassing,
    Event,
    ListenerReady,
    MessagePassing,
    RequestReceived,
    ResponseReceived,
    SsePassing,
    StreamOpened,
)
from proxy_addons.faults import (
    AbortEventSource,
    AbortWebSocket,
    CloseWebSocket,
    DropWebSocket,
    MutePingWebSocket,
    RefuseConnection,
    ReplayRequest,
    ResetConnection,
    RespondToRequest,
    RestartUpstream,
    TruncateRequest,
)
from proxy_addons.faults.base import Tally
from proxy_addons.plan import Plan, Rule
from proxy_addons.tests.play import control, messages, opened, received, request, sse_events
from proxy_addons.when import Page, Payload, When


def engine_of(*rules: Rule, seed: int = 0, now_s: float = 0.0) -> Engine:
    return Engine(Plan(seed=seed, rules=rules), now_s)


def actions_of(engine: Engine, events: Iterable[Event]) -> list[Action | None]:
    return [decision.action if (decision := engine.decide(event)) else None for event in events]


def exchanges_hit(engine: Engine, exchanges: Iterable[int]) -> list[int]:
    return [exchange for exchange in exchanges if engine.decide(opened(exchange=exchange))]


class Crashing(AbortWebSocket):
    """Fails on every event."""

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - always the same
        raise RuntimeError("boom")


class Telling(AbortWebSocket):
    """Tells its key."""

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - always the same
        return Close(1000, tally.key)


def test_forwards_everything_without_rules() -> None:
    assert actions_of(engine_of(), [ListenerReady(), ConnectionOpened(1), received(), opened()]) == [None] * 4


def test_a_decision_names_its_rule_and_kind() -> None:
    assert engine_of(Rule(id="cut", fault=AbortWebSocket())).decide(opened()) == Decision(
        "cut", "websocket.abort", Abort()
    )


def test_acts_after_so_many_messages_of_each_stream() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket(after_messages=1)))
    first, second = messages("a", "b", exchange=1), messages("a", "b", exchange=2)
    assert actions_of(engine, [first[0], second[0], second[1], first[1]]) == [None, None, Abort(), Abort()]


def test_counts_only_messages_of_the_rules_direction() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket(after_messages=1), when=When(direction="to_server")))
    up, down = messages("a", "b", direction="to_server"), messages("a", "b")
    assert actions_of(engine, [down[0], up[0], down[1], up[1]]) == [None, None, None, Abort()]


def test_streams_are_numbered_as_they_open_whoever_speaks_first() -> None:
    engine = engine_of(Rule(fault=DropWebSocket(), when=When(nth=2)))
    first, second = messages("a", exchange=1), messages("b", exchange=2)
    events: list[Event] = [opened(exchange=1), opened(exchange=2), *second, *first]
    assert actions_of(engine, events) == [None, None, Drop(), None]


def test_requests_are_numbered_as_they_come_whichever_is_answered_first() -> None:
    engine = engine_of(Rule(fault=TruncateRequest(body_bytes=1), when=When(nth=2)))
    heads = [RequestReceived(request("http", exchange=number)) for number in (1, 2)]
    second, first = (ResponseReceived(request("http", exchange=number), Answer(200, (), b"ab"), 2) for number in (2, 1))
    assert actions_of(engine, heads) == [None, None]
    assert actions_of(engine, [second, first]) == [Truncate(1, "abort"), None]


def test_answers_with_another_payload_do_not_count() -> None:
    when = When(nth=2, payload=Payload(pointer="/ok", op="==", value=True))
    engine = engine_of(Rule(fault=TruncateRequest(body_bytes=1), when=when))
    heads = [request("http", exchange=number) for number in (1, 2, 3)]
    bodies = [b'{"ok":true}', b'{"ok":false}', b'{"ok":true}']
    actions: list[Action | None] = []
    for head, body in zip(heads, bodies, strict=True):
        actions += actions_of(
            engine, [RequestReceived(head, b'{"ok":true}'), ResponseReceived(head, Answer(200, (), body), len(body))]
        )
    assert actions == [None] * 5 + [Truncate(1, "abort")]


class TestMessagesThatARuleLooksFor:
    def test_it_acts_on_that_message(self) -> None:
        engine = engine_of(Rule(fault=AbortWebSocket(), when=When(message=2)))
        assert actions_of(engine, [opened(), *messages("a", "b", "c")]) == [None, None, Abort(), None]

    def test_it_acts_on_every_nth(self) -> None:
        engine = engine_of(Rule(fault=DropWebSocket(), when=When(every=2)))
        assert actions_of(engine, messages("a", "b", "c", "d")) == [None, Drop(), None, Drop()]

    def test_it_acts_when_so_many_bytes_have_passed(self) -> None:
        engine = engine_of(Rule(fault=AbortWebSocket(), when=When(after_bytes=5)))
        assert actions_of(engine, messages("aaa", "bb", "c")) == [None, None, Abort()]

    def test_bytes_of_the_other_direction_do_not_count(self) -> None:
        engine = engine_of(Rule(fault=AbortWebSocket(), when=When(after_bytes=5)))
        assert actions_of(engine, messages("aaaaaa", "b", direction="to_server") + messages("c")) == [None] * 3

    def test_it_acts_on_a_payload(self) -> None:
        expired = When(payload=Payload(pointer="/name", op="==", value="expired"))
        engine = engine_of(Rule(fault=AbortWebSocket(), when=expired))
        texts = ['{"name":"started"}', "no JSON", '{"name":"expired"}']
        assert actions_of(engine, [opened(), *messages(*texts)]) == [None, None, None, Abort()]

    def test_it_counts_only_those(self) -> None:
        ticks = When(payload=Payload(pointer="/tick"))
        engine = engine_of(Rule(fault=AbortWebSocket(after_messages=2), when=ticks))
        texts = ['{"tick":1}', "{}", '{"tick":2}', "{}", '{"tick":3}']
        assert actions_of(engine, messages(*texts)) == [None, None, None, None, Abort()]

    def test_a_request_with_another_payload_does_not_count(self) -> None:
        starts = When(nth=2, payload=Payload(pointer="/name", op="==", value="start"))
        engine = engine_of(Rule(fault=RespondToRequest(), when=starts))
        bodies = [b'{"name":"start"}', b'{"name":"stop"}', b'{"name":"start"}']
        events = [received(exchange=number, body=body) for number, body in enumerate(bodies, 1)]
        assert [engine.decide(event) is not None for event in events] == [False, False, True]


def test_the_first_rule_that_acts_wins() -> None:
    engine = engine_of(Rule(id="a", fault=CloseWebSocket(code=1012)), Rule(id="b", fault=AbortWebSocket()))
    assert actions_of(engine, [opened()]) == [Close(1012)]
    assert engine.fired == {"a": 1, "b": 0}


def test_a_rule_counts_what_an_earlier_rule_acted_on() -> None:
    engine = engine_of(
        Rule(fault=AbortWebSocket(after_messages=1)), Rule(fault=CloseWebSocket(code=1012, after_messages=2))
    )
    assert actions_of(engine, messages("a", "b", "c")) == [None, Abort(), Close(1012)]


def test_fires_at_most_so_often_over_all_streams() -> None:
    engine = engine_of(Rule(id="cut", fault=AbortWebSocket(), times=2))
    assert exchanges_hit(engine, [1, 2, 3]) == [1, 2]
    assert engine.fired == {"cut": 2}


def test_fires_at_most_so_often_on_each_connection() -> None:
    engine = engine_of(Rule(id="cut", fault=AbortWebSocket(), times_per_connection=1))
    events = [StreamOpened(request(connection=number, exchange=n)) for n, number in enumerate([1, 1, 2, 2], 1)]
    assert actions_of(engine, events) == [Abort(), None, Abort(), None]


def test_acts_only_on_the_nth_stream_that_matches() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket(), when=When(nth=2)))
    engine.decide(opened("eventsource", exchange=1))
    assert exchanges_hit(engine, [5, 7, 9]) == [7]


def test_counts_requests_of_each_rule_by_themselves() -> None:
    engine = engine_of(Rule(fault=RespondToRequest(), when=When(nth=2, path="/a")))
    events = [received(exchange=n, path=path) for n, path in enumerate(["/a", "/b", "/a", "/a"], 1)]
    assert [type(action) for action in actions_of(engine, events)] == [NoneType, NoneType, Respond, NoneType]


def test_counts_connections() -> None:
    engine = engine_of(Rule(fault=ResetConnection(on="accept"), when=When(nth=2)))
    assert actions_of(engine, [ConnectionOpened(1), ConnectionOpened(2), ConnectionOpened(3)]) == [None, Reset(), None]


def test_refuses_each_time_the_proxy_listens() -> None:
    assert actions_of(engine_of(Rule(fault=RefuseConnection())), [ListenerReady()] * 2) == [Refuse()] * 2


def test_draws_with_the_given_probability() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket(), when=When(probability=0.25)))
    assert 200 < len(exchanges_hit(engine, range(1000))) < 300


def test_draws_differ_by_seed_and_by_rule() -> None:
    def hits(seed: int, rule: str) -> list[int]:
        return exchanges_hit(
            engine_of(Rule(id=rule, fault=AbortWebSocket(), when=When(probability=0.5)), seed=seed), range(64)
        )

    assert hits(1, "a") == hits(1, "a")
    assert hits(1, "a") != hits(2, "a")
    assert hits(1, "a") != hits(1, "b")


def test_asks_only_the_rule_it_is_told() -> None:
    engine = engine_of(Rule(id="a", fault=CloseWebSocket(code=1012)), Rule(id="b", fault=AbortWebSocket()))
    assert engine.decide_for("b", opened()) == Decision("b", "websocket.abort", Abort())
    assert engine.fired == {"a": 0, "b": 1}


def test_a_rule_that_is_added_acts_behind_the_others_and_gets_a_name() -> None:
    engine = engine_of(Rule(id="cut", fault=AbortWebSocket()))
    added = engine.add(Rule(fault=CloseWebSocket(code=1012)))
    assert added.id == "websocket.close-1"
    assert engine.rules[-1] == added
    assert actions_of(engine, [opened()]) == [Abort()]


def test_a_rule_needs_an_id_of_its_own() -> None:
    with pytest.raises(ValueError, match="two rules have the id 'cut'"):
        engine_of(Rule(id="cut", fault=AbortWebSocket())).add(Rule(id="cut", fault=AbortWebSocket()))


def test_a_removed_rule_acts_no_more_and_its_count_stays() -> None:
    engine = engine_of(Rule(id="cut", fault=AbortWebSocket()))
    engine.decide(opened())
    engine.remove("cut")
    assert engine.decide(opened(exchange=2)) is None
    assert engine.fired == {"cut": 1}


def test_clear_removes_all_rules() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket()), Rule(fault=RefuseConnection()))
    engine.clear()
    assert engine.rules == ()


def test_names_the_nearest_rule_when_there_is_no_such_one() -> None:
    engine = engine_of(Rule(id="cut", fault=AbortWebSocket()))
    with pytest.raises(KeyError, match="unknown rule 'cutt'; did you mean 'cut'"):
        engine.remove("cutt")
    with pytest.raises(KeyError, match="unknown rule 'cutt'; did you mean 'cut'"):
        engine.decide_for("cutt", opened())


def test_names_the_rule_whose_fault_crashed_and_lets_the_others_count() -> None:
    engine = engine_of(Rule(id="bad", fault=Crashing()), Rule(id="good", fault=AbortWebSocket(after_messages=1)))
    first, second = messages("a", "b")
    with pytest.raises(ProxyError, match=r"rule 'bad' \(websocket.abort\) failed: RuntimeError\('boom'\)") as caught:
        engine.decide(first)
    assert caught.value.rule == "bad"
    engine.remove("bad")
    assert engine.decide(second) == Decision("good", "websocket.abort", Abort())


@pytest.mark.parametrize(
    ("rule", "websocket", "eventsource"),
    [
        pytest.param(Rule(fault=AbortWebSocket()), True, False, id="WebSocket"),
        pytest.param(Rule(fault=AbortWebSocket(), when=When(direction="to_server")), True, False, id="upwards"),
        pytest.param(Rule(fault=AbortEventSource()), False, True, id="EventSource"),
        pytest.param(Rule(fault=ResetConnection()), True, True, id="either"),
        pytest.param(Rule(fault=ResetConnection(), when=When(path="/other")), False, False, id="another path"),
        pytest.param(Rule(fault=RespondToRequest()), False, False, id="requests only"),
    ],
)
def test_watches_only_streams_that_a_rule_could_act_on(rule: Rule, websocket: bool, eventsource: bool) -> None:
    engine = engine_of(rule)
    assert engine.watches(request("websocket")) is websocket
    assert engine.watches(request("eventsource")) is eventsource


@pytest.mark.parametrize(
    ("rule", "kind", "watched"),
    [
        pytest.param(Rule(fault=RespondToRequest()), RequestReceived, True, id="requests"),
        pytest.param(Rule(fault=RespondToRequest()), ResponseReceived, False, id="not their answers"),
        pytest.param(Rule(fault=TruncateRequest(body_bytes=1)), ResponseReceived, True, id="answers"),
        pytest.param(Rule(fault=MutePingWebSocket()), ControlPassing, True, id="pings"),
        pytest.param(Rule(fault=MutePingWebSocket()), MessagePassing, False, id="not messages"),
        pytest.param(Rule(fault=ResetConnection()), SsePassing, False, id="a WebSocket has no SSE"),
    ],
)
def test_watches_only_the_events_that_it_is_asked_for(rule: Rule, kind: type[Event], watched: bool) -> None:
    assert engine_of(rule).watches(request("websocket"), kind) is watched


def test_watches_for_what_goes_to_the_server_no_event_stream() -> None:
    engine = engine_of(Rule(fault=ResetConnection(after_messages=1), when=When(direction="to_server")))
    assert not engine.watches(request("eventsource"))
    assert engine.watches(request("websocket"))


def test_watches_no_more_when_a_rule_has_fired_often_enough_and_says_that_something_changed() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket(), times=1))
    before = engine.version
    assert engine.watches(request())
    engine.decide(opened())
    assert not engine.watches(request(exchange=2))
    assert engine.version > before


def test_watches_no_more_on_a_connection_where_a_rule_has_fired_often_enough() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket(), times_per_connection=1))
    before = engine.version
    engine.decide(opened())
    assert not engine.watches(request(exchange=2))
    assert engine.watches(request(connection=2, exchange=2))
    assert engine.version > before


def test_watches_only_the_stream_whose_turn_it_is() -> None:
    engine = engine_of(Rule(fault=DropWebSocket(), when=When(nth=2)))
    before = engine.version
    engine.decide(opened(exchange=1))
    engine.decide(opened(exchange=2))
    assert [engine.watches(request(exchange=number)) for number in (1, 2)] == [False, True]
    assert engine.version > before


class TestTime:
    CUT = Rule(id="cut", fault=AbortWebSocket(), times=1)
    RESTART = Rule(id="restart", fault=RestartUpstream(), when=When(after="cut", after_ms=500))

    def test_a_rule_comes_into_force_by_itself_after_another_has_fired(self) -> None:
        # given a rule that waits for another one
        engine = engine_of(self.CUT, self.RESTART, now_s=5.0)
        assert (engine.decide(ListenerReady(), 5.0), engine.next_change_s) == (None, None)
        # when that one fires
        engine.decide(opened(), 7.0)
        # then it is told in time, and may act on what stands
        assert engine.next_change_s == 7.5
        assert engine.advance(7.5) == [Armed("restart")]
        decision = engine.decide_for("restart", ListenerReady(), 7.5)
        assert decision is not None
        assert isinstance(decision.action, Restart)

    def test_a_rule_that_is_not_in_force_counts_nothing(self) -> None:
        engine = engine_of(Rule(fault=AbortWebSocket(), when=When(after_ms=1000, nth=1)))
        assert exchanges_hit(engine, [1, 2]) == []
        engine.advance(1.0)
        assert exchanges_hit(engine, [3, 4]) == [3]

    def test_a_rule_that_is_not_in_force_watches_nothing(self) -> None:
        engine = engine_of(Rule(id="a", fault=DropWebSocket(), when=When(after_ms=1000, for_ms=1000)))
        seen = [(engine.watches(request()), engine.version)]
        for now_s, change in ((1.0, Armed("a")), (2.0, Disarmed("a"))):
            assert engine.advance(now_s) == [change]
            seen.append((engine.watches(request()), engine.version))
        assert [watched for watched, _ in seen] == [False, True, False]
        assert len({version for _, version in seen}) == 3

    def test_nothing_changes_while_nothing_is_due(self) -> None:
        engine = engine_of(Rule(fault=DropWebSocket(), when=When(after_ms=1000)))
        before = engine.version
        assert engine.advance(0.5) == []
        assert engine.version == before

    def test_a_rule_is_in_force_while_the_page_shows_it(self) -> None:
        engine = engine_of(Rule(id="a", fault=RespondToRequest(), when=When(page=Page(state="climbing"))))
        assert engine.decide(received(exchange=1)) is None
        engine.page_shows("polling", "climbing", 1.0)
        assert engine.advance(1.0) == [Armed("a")]
        assert engine.decide(received(exchange=2)) is not None
        engine.page_shows("websocket", "live", 2.0)
        assert engine.advance(2.0) == [Disarmed("a")]
        assert engine.decide(received(exchange=3)) is None

    def test_a_rule_may_wait_for_the_age_of_a_connection(self) -> None:
        engine = engine_of(Rule(id="a", fault=AbortWebSocket(), when=When(connection_ms=1000)))
        engine.connection_began(1, 0.0)
        engine.connection_began(2, 0.5)
        assert engine.advance(1.0) == [Armed("a", connection=1)]
        streams = [StreamOpened(request(connection=number, exchange=number)) for number in (1, 2)]
        assert actions_of(engine, streams) == [Abort(), None]

    def test_a_rule_that_is_added_waits_from_then_on(self) -> None:
        engine = engine_of()
        engine.add(Rule(id="late", fault=AbortWebSocket(), when=When(after_ms=500)), 10.0)
        assert engine.next_change_s == 10.5

    def test_a_rule_that_is_removed_comes_no_more(self) -> None:
        engine = engine_of(self.CUT, self.RESTART)
        engine.decide(opened())
        engine.remove("restart")
        assert (engine.next_change_s, engine.advance(9.0)) == (None, [])

    def test_a_rule_that_is_added_can_wait_for_one_that_was_removed_but_for_no_unknown_one(self) -> None:
        engine = engine_of(self.CUT)
        engine.clear()
        assert engine.add(self.RESTART).id == "restart"
        with pytest.raises(ValueError, match="unknown rule 'cutt'; did you mean 'cut'"):
            engine.add(Rule(fault=AbortWebSocket(), when=When(after="cutt")))


class TestConnectionsThatEnd:
    def test_their_streams_are_forgotten(self) -> None:
        engine = engine_of(Rule(id="a", fault=AbortWebSocket(after_messages=9)))
        for number in range(1, 1000):
            engine.connection_began(number, 0.0)
            engine.decide(StreamOpened(request(connection=number, exchange=number)))
            engine.connection_ended(number)
        assert engine._counts["a"]._seen == {}

    def test_what_still_comes_of_them_is_neither_counted_nor_acted_on(self) -> None:
        engine = engine_of(Rule(id="a", fault=AbortWebSocket()))
        engine.connection_began(1, 0.0)
        engine.connection_ended(1)
        assert engine.decide(opened()) is None
        assert not engine.watches(request())
        assert engine._counts["a"]._seen == {}

    def test_numbers_go_on(self) -> None:
        engine = engine_of(Rule(fault=ResetConnection(on="accept"), when=When(nth=2)))
        decided = []
        for number in (1, 2, 3):
            engine.connection_began(number, 0.0)
            decided.append(engine.decide(ConnectionOpened(number)) is not None)
            engine.connection_ended(number)
        assert decided == [False, True, False]


def test_looks_back_if_a_fault_does() -> None:
    assert not engine_of(Rule(fault=RespondToRequest())).looks_back
    assert engine_of(Rule(fault=RespondToRequest()), Rule(fault=ReplayRequest())).looks_back


def test_tells_a_fault_what_its_draws_are_made_of() -> None:
    def keys(seed: int, rule: str) -> list[str]:
        engine = engine_of(Rule(id=rule, fault=Telling()), seed=seed)
        events: list[Event] = [opened(), *messages("a", "b"), opened(exchange=2)]
        return [action.reason for action in actions_of(engine, events) if isinstance(action, Close)]

    everything = keys(1, "a") + keys(2, "a") + keys(1, "b")
    assert len(everything) == len(set(everything)) == 12
    assert keys(1, "a") == keys(1, "a")


def test_pings_have_draws_of_their_own() -> None:
    engine = engine_of(Rule(fault=MutePingWebSocket(), when=When(probability=0.5)))
    swallowed = [engine.decide(control("ping")) is not None for _ in range(200)]
    assert 60 < sum(swallowed) < 140


def test_counts_events_of_an_event_stream() -> None:
    engine = engine_of(Rule(fault=AbortEventSource(after_events=1)))
    assert actions_of(engine, [opened("eventsource"), *sse_events("a", "b")]) == [None, None, Abort()]
