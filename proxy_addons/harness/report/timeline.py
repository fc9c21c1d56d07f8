"""A run as a picture that a person reads at a glance: one lane for each thing that can be at odds with another."""

from collections.abc import Sequence
from dataclasses import replace

from proxy_addons.harness.judge.facts import Finding
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.report.lanes.faults import faults
from proxy_addons.harness.report.lanes.marks import since
from proxy_addons.harness.report.lanes.page import showed, stale
from proxy_addons.harness.report.lanes.server import server
from proxy_addons.harness.report.lanes.wire import channel, commands
from proxy_addons.harness.report.picture import Lane, Mark, Picture, short, thin
from proxy_addons.records import StepTaken

MOST_MARKS = 180
"""So that a hundred pictures of the worst kind fit on one page of 5 MB."""


def draw(run: Run, findings: Sequence[Finding] = (), limit: int = MOST_MARKS) -> Picture:
    """The picture of a run, of up to `limit` marks."""
    unseen = "nothing" if run.looks else "the page was not observed"
    lanes = [
        Lane("server", list(server(run)), "nothing" if run.truth else "no log of the server's"),
        Lane("faults", list(faults(run))),
        Lane("WebSocket", list(channel(run, "websocket"))),
        Lane("EventSource", list(channel(run, "eventsource"))),
        Lane("polls", list(channel(run, "polling"))),
        Lane("page", list(showed(run)), unseen),
        Lane("stale", list(stale(run)), unseen),
        Lane("commands", list(commands(run))),
    ]
    # A server's log may tell of times before the run.
    lanes = [replace(lane, marks=[mark for mark in lane.marks if mark.t >= 0]) for lane in lanes]
    kept, left_out = thin(lanes, limit)
    broken = [
        Mark(since(run, each.t), None, "broken", short(f"{finding.check}: {each.text}", 200), each.first)
        for finding in findings
        for each in finding.differences
    ]
    steps = [Mark(since(run, step.t), None, "step", step.step, number) for number, step in run.of(StepTaken)]
    return Picture(since(run, run.end), kept, broken[:20], steps, left_out)
