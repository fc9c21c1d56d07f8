"""The client's cursor against a model: whatever order messages come in, what is applied is the log, once, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from property_tests.node import NodeModule

Message = dict[str, object]

messages = st.fixed_dictionaries(
    {
        "epoch": st.sampled_from(["a", "b"]),
        "seq": st.integers(0, 6),
        "kind": st.sampled_from(["snapshot", "event", "event", "event", "tick"]),
    }
)


@dataclass
class Model:
    """What the page may show: an epoch, the events up to a number, and nothing that was left behind."""

    epoch: object = None
    left: object = None
    shown: list[int] = field(default_factory=list)

    def take(self, message: Message) -> bool:
        """Whether the message changes what is shown."""
        epoch, seq, kind = message["epoch"], int(str(message["seq"])), message["kind"]
        if kind == "snapshot" and epoch not in (self.epoch, self.left):
            self.epoch, self.left, self.shown = epoch, self.epoch, list(range(1, seq + 1))
        elif kind == "snapshot" and epoch == self.epoch and seq >= len(self.shown):
            self.shown = list(range(1, seq + 1))
        elif kind == "event" and epoch == self.epoch and seq == len(self.shown) + 1:
            self.shown.append(seq)
        else:
            return False
        return True


@pytest.fixture(scope="module")
def cursor() -> Iterator[NodeModule]:
    with NodeModule("core/cursor.js") as module:
        yield module


@given(arrivals=st.lists(messages, max_size=30))
def test_applies_just_what_the_model_applies(cursor: NodeModule, arrivals: list[Message]) -> None:
    model, position = Model(), cursor.call("NOWHERE")
    for message in arrivals:
        verdict = cursor.call("judge", position, message)
        assert (verdict in ("apply", "new-epoch")) == model.take(message)
        if verdict in ("apply", "new-epoch"):
            position = cursor.call("advance", position, message)
        assert (position["epoch"], position["seq"]) == (model.epoch, len(model.shown))


@given(arrivals=st.lists(messages, max_size=30))
def test_says_gap_just_when_something_is_missing(cursor: NodeModule, arrivals: list[Message]) -> None:
    position = cursor.call("NOWHERE")
    for message in arrivals:
        verdict = cursor.call("judge", position, message)
        here = message["epoch"] == position["epoch"]
        behind = int(str(message["seq"])) - position["seq"]
        beyond = behind > (1 if message["kind"] == "event" else 0)
        foreign = not here and message["epoch"] != position["left"]
        assert (verdict == "gap") == (message["kind"] != "snapshot" and (foreign or (here and beyond)))
        if verdict in ("apply", "new-epoch"):
            position = cursor.call("advance", position, message)
