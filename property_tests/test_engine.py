"""The engine under any plan and any traffic: same plan and traffic, same decisions; limits hold; order matters only
where it must."""

from collections import Counter
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from property_tests.plans import WITHOUT_TIME, plans
from proxy_addons.engine import Decision, Engine
from proxy_addons.events import ConnectionOpened, Direction, Event, ListenerReady, StreamOpened, Transport
from proxy_addons.matching import mismatches
from proxy_addons.plan import Plan
from proxy_addons.tests.play import messages, opened, received, sse_events

Life = list[Event]


@st.composite
def lives(draw: st.DrawFn, exchange: int) -> Life:
    """What there is to see of one request, from its connection to the last message of its stream."""
    texts = draw(st.lists(st.sampled_from(["1", '"a"', '{"a":"3"}', "[1]", "no JSON"]), max_size=6))
    transport: Transport = draw(st.sampled_from(get_args(Transport)))
    head: Life = [ConnectionOpened(exchange), received(transport, exchange=exchange)]
    if transport == "websocket":
        direction: Direction = draw(st.sampled_from(get_args(Direction)))
        return [*head, opened(exchange=exchange), *messages(*texts, exchange=exchange, direction=direction)]
    if transport == "eventsource":
        return [*head, opened("eventsource", exchange=exchange), *sse_events(*texts, exchange=exchange)]
    return head


crowds = st.integers(0, 5).flatmap(lambda size: st.tuples(*(lives(exchange) for exchange in range(1, size + 1))))


def heads_first(crowd: tuple[Life, ...], turns: list[int]) -> list[tuple[int, Event]]:
    """All streams open in their order, then their messages come mixed: in each turn, one of a stream that has some."""
    mixed = [(number, event) for number, life in enumerate(crowd) for event in life[:3]]
    rest = {number: life[3:] for number, life in enumerate(crowd) if life[3:]}
    for turn in (*turns, *range(sum(map(len, rest.values())))):
        if rest:
            number = sorted(rest)[turn % len(rest)]
            mixed.append((number, rest[number].pop(0)))
            rest = {stream: events for stream, events in rest.items() if events}
    return mixed


def decide_all(plan: Plan, events: list[tuple[int, Event]]) -> dict[int, list[Decision | None]]:
    """The decisions by stream."""
    engine = Engine(plan)
    decisions: dict[int, list[Decision | None]] = {number: [] for number, _ in events}
    for number, event in events:
        decisions[number].append(engine.decide(event))
    return decisions


def one_by_one(crowd: tuple[Life, ...]) -> list[tuple[int, Event]]:
    return [(number, event) for number, life in enumerate(crowd) for event in life]


def without_limits(plan: Plan) -> Plan:
    unlimited = {"times": None, "times_per_connection": None}
    return Plan(seed=plan.seed, rules=tuple(rule.model_copy(update=unlimited) for rule in plan.rules))


@given(plans(WITHOUT_TIME), crowds)
def test_same_plan_and_traffic_give_the_same_decisions(plan: Plan, crowd: tuple[Life, ...]) -> None:
    assert decide_all(plan, one_by_one(crowd)) == decide_all(plan, one_by_one(crowd))


@given(plans(WITHOUT_TIME), crowds, st.lists(st.integers(0, 4), max_size=40))
def test_a_stream_does_not_care_when_others_speak(plan: Plan, crowd: tuple[Life, ...], turns: list[int]) -> None:
    """Only limits are shared by the streams of a rule; all else depends on a stream's place in the order of opening."""
    unlimited = without_limits(plan)
    assert decide_all(unlimited, heads_first(crowd, turns)) == decide_all(unlimited, one_by_one(crowd))


@given(plans(), crowds)
def test_no_rule_fires_where_it_does_not_apply_or_more_often_than_it_may(plan: Plan, crowd: tuple[Life, ...]) -> None:
    engine = Engine(plan)
    by_id = {rule.id: rule for rule in plan.rules}
    fired = Counter[str]()
    for now_s, event in in_time(crowd):
        engine.advance(now_s)
        if decision := engine.decide(event, now_s):
            fired[decision.rule] += 1
            assert mismatches(by_id[decision.rule], event, passed_bytes=1000) == []
    assert dict(engine.fired) == {rule_id: fired[rule_id] for rule_id in by_id}
    assert all(rule.times is None or fired[rule.id] <= rule.times for rule in plan.rules)


@given(plans(), crowds)
def test_same_times_give_the_same_decisions(plan: Plan, crowd: tuple[Life, ...]) -> None:
    def told() -> list[object]:
        engine = Engine(plan)
        events = in_time(crowd)
        return [(engine.next_change_s, engine.advance(now_s), engine.decide(event, now_s)) for now_s, event in events]

    assert told() == told()


@given(plans(), crowds)
def test_what_no_rule_watches_is_forwarded(plan: Plan, crowd: tuple[Life, ...]) -> None:
    engine = Engine(plan)
    for now_s, event in in_time(crowd):
        engine.advance(now_s)
        watched = isinstance(event, ListenerReady | ConnectionOpened) or engine.watches(event.request, type(event))
        assert engine.decide(event, now_s) is None or watched


@given(plans(), crowds)
def test_what_is_watched_changes_only_with_the_version(plan: Plan, crowd: tuple[Life, ...]) -> None:
    engine = Engine(plan)
    streams = [life[2].request for life in crowd if len(life) > 2 and isinstance(life[2], StreamOpened)]
    known: dict[int, list[bool]] = {}
    for now_s, event in in_time(crowd):
        engine.advance(now_s)
        engine.decide(event, now_s)
        assert known.setdefault(engine.version, watched := [*map(engine.watches, streams)]) == watched


def in_time(crowd: tuple[Life, ...]) -> list[tuple[float, Event]]:
    """All events, 100 ms apart."""
    events = [ListenerReady(), *(event for _, event in one_by_one(crowd))]
    return [(number / 10, event) for number, event in enumerate(events)]
