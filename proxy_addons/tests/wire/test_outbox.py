"""What goes out when, told message by message."""

from proxy_addons.actions import Delay, Drop, Duplicate, Forward, Insert, MessageAction, Reorder, Replace, parcels
from proxy_addons.wire.outbox import Outbox, Sent


class Stream:
    """One direction of a stream, whose messages are named by one letter each."""

    def __init__(self) -> None:
        self.outbox = Outbox[str]()
        self.sent: list[str] = []
        self.wake_ups: list[tuple[float, object]] = []

    def message(self, name: str, action: MessageAction = Forward(), rule: str = "rule") -> None:  # noqa: B008  # frozen
        out = [(name if parcel.data is None else parcel.data.decode(), parcel) for parcel in parcels(action)]
        now, wake_ups = self.outbox.put(out, rule)
        self.sent += [item for item, _ in now]
        self.wake_ups += wake_ups

    def wake(self) -> None:
        """The first of the times that were asked for comes."""
        _, token = self.wake_ups.pop(0)
        self.sent += [item for item, _ in self.outbox.due(token)]


def test_sends_a_message_that_no_rule_touches_at_once() -> None:
    stream = Stream()
    stream.message("a")
    assert stream.sent == ["a"]
    assert stream.outbox.empty


def test_sends_nothing_in_the_place_of_a_dropped_message() -> None:
    stream = Stream()
    stream.message("a", Drop())
    stream.message("b", Replace(b"x"))
    assert stream.sent == ["x"]


def test_sends_what_is_inserted_beside_the_message() -> None:
    stream = Stream()
    stream.message("a", Insert(b"x", before=True))
    stream.message("b", Insert(b"y"))
    assert stream.sent == ["x", "a", "b", "y"]


def test_delays_one_message_and_no_other() -> None:
    stream = Stream()
    stream.message("a", Delay(500))
    stream.message("b")
    assert [after_ms for after_ms, _ in stream.wake_ups] == [500]
    assert not stream.outbox.empty
    stream.wake()
    assert stream.sent == ["b", "a"]
    assert stream.outbox.empty


def test_does_not_hold_what_is_delayed_by_no_time() -> None:
    stream = Stream()
    stream.message("a", Delay(0))
    assert (stream.sent, stream.wake_ups) == (["a"], [])


def test_sends_copies_at_once_or_apart() -> None:
    stream = Stream()
    stream.message("a", Duplicate(copies=2))
    stream.message("b", Duplicate(copies=2, apart_ms=10))
    assert stream.sent == ["a", "a", "a", "b"]
    assert [after_ms for after_ms, _ in stream.wake_ups] == [10, 20]
    stream.wake()
    stream.message("c")
    stream.wake()
    assert stream.sent[4:] == ["b", "c", "b"]


def test_sends_a_reordered_message_right_behind_the_ones_it_waits_for() -> None:
    stream = Stream()
    stream.message("a", Reorder(behind=2))
    stream.message("b")
    assert stream.sent == ["b"]
    stream.message("c")
    assert stream.sent == ["b", "c", "a"]
    assert stream.wake_ups == []


def test_counts_a_message_that_is_dropped_for_those_that_wait() -> None:
    stream = Stream()
    stream.message("a", Reorder())
    stream.message("b", Drop())
    assert stream.sent == ["a"]


def test_does_not_count_what_is_no_message() -> None:
    outbox = Outbox[str]()
    outbox.put([("a", parcels(Reorder())[0])], "rule")
    assert outbox.put([(":", parcels(Forward())[0])], counts=False) == ([Sent(":")], [])
    assert outbox.put([("b", parcels(Forward())[0])])[0] == [Sent("b"), Sent("a", "rule")]


def test_can_reorder_each_of_many() -> None:
    stream = Stream()
    for name in "abcd":
        stream.message(name, Reorder())
    assert stream.sent == ["a", "b", "c"]
    assert list(stream.outbox) == ["d"]


def test_says_which_rule_held_what_comes_late() -> None:
    outbox = Outbox[str]()
    (delayed,) = parcels(Delay(5))
    _, [(_, token)] = outbox.put([("a", delayed)], "slow")
    assert outbox.put([("b", parcels(Forward())[0])])[0] == [Sent("b", None)]
    assert outbox.due(token) == [Sent("a", "slow")]


def test_knows_a_token_only_once_and_no_strange_one() -> None:
    stream = Stream()
    stream.message("a", Delay(5))
    ((_, token),) = stream.wake_ups
    assert stream.outbox.due("another") == []
    assert len(stream.outbox.due(token)) == 1
    assert stream.outbox.due(token) == []


def test_releases_what_a_healed_rule_holds_in_its_order() -> None:
    stream = Stream()
    stream.message("a", Delay(900), rule="healed")
    stream.message("b", Reorder(9), rule="healed")
    stream.message("c", Delay(5), rule="stays")
    assert [item for item, _ in stream.outbox.release("healed")] == ["a", "b"]
    assert list(stream.outbox) == ["c"]


def test_does_not_wait_for_messages_after_the_end() -> None:
    stream = Stream()
    stream.message("a", Reorder())
    stream.message("b", Delay(5))
    stream.message("c", Reorder(5))
    assert [item for item, _ in stream.outbox.no_more()] == ["c"]
    assert not stream.outbox.empty  # the delay goes on
    stream.wake()
    assert stream.outbox.empty
