"""The engine: precedence, counts, limits, draws, and rules that come and go."""

from collections.abc import Iterable, Sequence

import pytest

from proxy_addons.actions import Abort, Action, Close, Refuse, Reset, Respond
from proxy_addons.engine import Decision, Engine
from proxy_addons.errors import ProxyError
from proxy_addons.events import ConnectionOpened, Event, ListenerReady
from proxy_addons.faults import (
    AbortEventSource,
    AbortWebSocket,
    CloseWebSocket,
    RefuseConnection,
    ResetConnection,
    RespondToRequest,
)
from proxy_addons.faults.base import Tally
from proxy_addons.plan import Plan, Rule, When
from proxy_addons.tests.play import messages, opened, received, request, sse_events


def engine_of(*rules: Rule, seed: int = 0) -> Engine:
    return Engine(Plan(seed=seed, rules=rules))


def actions_of(engine: Engine, events: Iterable[Event]) -> list[Action | None]:
    return [decision.action if (decision := engine.decide(event)) else None for event in events]


def exchanges_hit(engine: Engine, exchanges: Iterable[int]) -> list[int]:
    return [exchange for exchange in exchanges if engine.decide(opened(exchange=exchange))]


class Crashing(AbortWebSocket):
    """Fails on every event."""

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:  # noqa: ARG002 - always the same
        raise RuntimeError("boom")


class Greedy(AbortWebSocket):
    """Wants two things at once."""

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:  # noqa: ARG002 - always the same
        return [Abort(), Reset()]


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


def test_acts_only_on_the_nth_stream_that_matches() -> None:
    engine = engine_of(Rule(fault=AbortWebSocket(), when=When(nth=2)))
    engine.decide(opened("eventsource", exchange=1))
    assert exchanges_hit(engine, [5, 7, 9]) == [7]


def test_counts_requests_of_each_rule_by_themselves() -> None:
    engine = engine_of(Rule(fault=RespondToRequest(), when=When(nth=2, path="/a")))
    events = [received(exchange=n, path=path) for n, path in enumerate(["/a", "/b", "/a", "/a"], 1)]
    assert actions_of(engine, events) == [None, None, Respond(503), None]


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


def test_a_fault_that_wants_two_things_at_once_has_crashed() -> None:
    with pytest.raises(ProxyError, match="2 actions for one event"):
        engine_of(Rule(id="greedy", fault=Greedy())).decide(opened())


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


def test_counts_events_of_an_event_stream() -> None:
    engine = engine_of(Rule(fault=AbortEventSource(after_events=1)))
    assert actions_of(engine, [opened("eventsource"), *sse_events("a", "b")]) == [None, None, Abort()]
