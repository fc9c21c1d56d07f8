"""The lane of the faults."""

from proxy_addons.faults import FAULTS
from proxy_addons.harness.report.timeline import draw
from proxy_addons.records import (
    FaultCrashed,
    FaultFired,
    RuleChanged,
)
from proxy_addons.tests.harness.judge.stories import Story
from proxy_addons.tests.harness.report.pictures import lane, seen


def fired(t: float, rule: str, kind: str) -> FaultFired:
    return FaultFired(t, rule, kind, "abort", 1, 1, None, 0, "")


def test_draws_each_effect_in_the_colour_of_its_kind_and_each_rule_in_a_row() -> None:
    story = Story().add(fired(0, "a", "websocket.abort"), fired(1, "b", "eventsource.drop"), fired(2, "a", "unknown"))
    marks = lane(draw(story.run()), "faults")
    colours = [FAULTS["websocket.abort"].colour, FAULTS["eventsource.drop"].colour, "bad"]
    assert [(mark.style, mark.row) for mark in marks] == list(zip(colours, [0, 1, 0], strict=True))


def test_draws_how_long_a_rule_was_in_force() -> None:
    colour, kind = FAULTS["connection.stall"].colour, "connection.stall"
    story = Story().add(RuleChanged(1, "a", kind, "armed"), RuleChanged(3, "a", kind, "disarmed"))
    story.add(RuleChanged(4, "b", kind, "added")).step(6, "over")
    assert seen(lane(draw(story.run()), "faults")) == [(0, 2, colour), (3, 5, colour)]


def test_draws_a_fault_that_crashed_as_bad() -> None:
    assert seen(lane(draw(Story().add(FaultCrashed(0, "a", "oh")).run()), "faults")) == [(0, None, "bad")]
