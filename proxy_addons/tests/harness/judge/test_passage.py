"""What of a stream's messages reached its client, and when."""

import pytest

from proxy_addons.harness.judge.passage import Passage, Slowness
from proxy_addons.records import FaultFired, MessageSeen, Released, RuleChanged

A, B, C = '{"n":1}', '{"n":2}', '{"n":3}'


def message(t: float, data: str, index: int, *, delivered: bool = False, to_client: bool = True) -> MessageSeen:
    return MessageSeen(t, 1, "to_client" if to_client else "to_server", index, data, len(data), delivered)


def fired(
    effect: str, index: int | None, sent: str = "", kind: str = "websocket.x", rule: str = "r", detail: str = ""
) -> FaultFired:
    return FaultFired(1.0, rule, kind, effect, 1, 1, index, len(sent), detail, sent)


def websocket(*messages: MessageSeen) -> Passage:
    passage = Passage(is_websocket=True)
    for each in messages:
        passage.came(each)
    return passage


@pytest.mark.parametrize(
    ("effect", "sent", "out"),
    [
        ("replace", "{broken", ["{broken"]),
        ("replace", "", [""]),
        ("duplicate", A + A + A, [A, A, A]),
        ("fragment", "frames", [A]),
        ("insert", B + A, [B, A]),
        ("insert", A + B, [A, B]),
        ("drop", "", []),
        ("delay", "", []),
        ("close", "a close frame", []),
        ("abort", "", []),
    ],
)
def test_knows_what_went_out_in_the_place_of_a_message(effect: str, sent: str, out: list[str]) -> None:
    assert websocket(message(1.0, A, 1)).acted(fired(effect, 1, sent)) == out


def test_reads_what_went_out_on_an_event_stream() -> None:
    passage = Passage()
    passage.came(message(1.0, A, 1))
    assert passage.acted(fired("duplicate", 1, f"data: {A}\n\ndata: {A}\n\ndata: half")) == [A, A]


def test_an_event_of_a_type_that_a_rule_made_up_is_heard_by_nobody() -> None:
    passage = Passage()
    passage.came(message(1.0, A, 1))
    assert passage.acted(fired("replace", 1, f"event: weather\ndata: {A}\n\n")) == []
    assert passage.acted(fired("insert", None, f"event: weather\ndata: {B}\n\ndata: {C}\n\n")) == [C]


def test_knows_what_was_inserted_as_a_stream_opened() -> None:
    assert websocket().acted(fired("insert", None, A)) == [A]


def test_takes_nothing_that_went_to_the_server_for_something_that_came_from_it() -> None:
    assert websocket(message(1.0, A, 1, to_client=False)).acted(fired("replace", 1, B)) == []


def test_lets_what_was_delayed_go_out_when_it_is_released() -> None:
    passage = websocket(message(1.0, A, 1))
    passage.acted(fired("delay", 1))
    passage.came(message(2.0, B, 2, delivered=True))
    assert passage.released(Released(4.0, "r", 1, 1)) == [(A, 3.0)]


def test_lets_what_was_stalled_go_out_in_its_order() -> None:
    passage = websocket(message(1.0, A, 1))
    passage.acted(fired("stall", 1))
    passage.came(message(2.0, B, 2))
    assert passage.released(Released(4.0, "r", 1, 2)) == [(A, 3.0), (B, 2.0)]


def test_keeps_what_another_rule_holds() -> None:
    passage = websocket(message(1.0, A, 1))
    passage.acted(fired("delay", 1, rule="one"))
    passage.came(message(2.0, B, 2))
    passage.acted(fired("delay", 2, rule="two"))
    assert passage.released(Released(4.0, "two", 1, 1)) == [(B, 2.0)]


def test_takes_a_release_of_what_nobody_held_for_a_late_copy() -> None:
    passage = websocket(message(1.0, A, 1))
    passage.acted(fired("duplicate", 1, A))
    passage.came(message(1.5, B, 2, delivered=True))
    assert passage.released(Released(2.0, "r", 1, 1)) == [(A, 0.0)]


def test_does_not_release_what_was_dropped() -> None:
    passage = websocket(message(1.0, A, 1))
    passage.acted(fired("drop", 1))
    passage.came(message(2.0, B, 2))
    passage.acted(fired("stall", 2))
    passage.came(message(3.0, C, 3))
    assert [data for data, _ in passage.released(Released(4.0, "r", 1, 5))] == [B, C]


def test_passes_on_a_message_on_which_a_rule_slows_the_connection() -> None:
    assert websocket(message(1.0, A, 1)).acted(fired("stall", 1, kind="connection.stall")) == [A]


def test_lets_what_a_buffer_holds_go_out_in_its_order() -> None:
    passage = Passage()
    assert passage.acted(fired("buffer", None)) == []
    passage.came(message(1.0, A, 1))
    passage.came(message(2.0, B, 2))
    assert passage.released(Released(2.0, "r", 1, 1)) == [(A, 1.0)]
    assert not passage.is_unsure


def test_does_not_know_what_comes_out_of_a_compressor() -> None:
    passage = Passage()
    passage.acted(fired("buffer", None, detail="not flushed"))
    assert passage.is_unsure


def test_does_not_know_what_comes_out_of_a_buffer_into_which_a_rule_puts_something_else() -> None:
    passage = Passage()
    passage.acted(fired("buffer", None))
    passage.came(message(1.0, A, 1))
    passage.acted(fired("drop", 1, rule="other"))
    assert not passage.is_unsure
    passage.came(message(2.0, B, 2))
    passage.acted(fired("replace", 2, C, rule="other"))
    assert passage.is_unsure


def test_knows_which_connections_are_slow_until_the_rule_goes() -> None:
    slowness = Slowness()
    slowness.learn(fired("pace", None, kind="connection.latency"))
    slowness.learn(fired("stall", None, kind="websocket.stall", rule="other"))
    assert slowness.holds(1)
    assert not slowness.holds(2)
    slowness.learn(RuleChanged(2.0, "r", "connection.latency", "removed"))
    assert not slowness.holds(1)


def test_knows_which_connections_stand_still_and_until_when() -> None:
    slowness = Slowness()
    slowness.learn(fired("stall", None, kind="connection.stall", detail="to_client, for 500 ms"))
    slowness.learn(fired("stall", None, kind="connection.stall", rule="other", detail="to_client, until healed"))
    assert slowness.stalls(1)
    assert not slowness.holds(1)
    # when the time of the one is over and the other is healed
    assert slowness.learn(message(3.0, A, 1)) == []
    assert slowness.learn(RuleChanged(4.0, "other", "connection.stall", "removed")) == [(4.0, 1)]
    assert not slowness.stalls(1)


def test_a_stall_that_runs_out_ends_when_it_was_to() -> None:
    slowness = Slowness()
    slowness.learn(fired("stall", None, kind="connection.stall", detail="to_client and to_server, for 500 ms"))
    assert slowness.learn(message(3.0, A, 1)) == [(1.5, 1)]


@pytest.mark.parametrize("effect", ["stall", "pace", "limit"])
def test_what_holds_for_the_way_to_the_server_does_not_for_the_client(effect: str) -> None:
    slowness = Slowness()
    slowness.learn(fired(effect, None, kind="connection.x", detail="to_server, until healed"))
    assert not slowness.stalls(1)
    assert not slowness.holds(1)
