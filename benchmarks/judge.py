"""`python -m benchmarks.judge`: how long all checks take over a long record, in processor time.

What costs differs with what a record is full of, so several kinds are judged, each made by hand: all is as it should
be in them, and each check looks at everything.
"""

import statistics
import time
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks.outcome import Bar
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.judging import judge
from proxy_addons.harness.judge.run import Run
from proxy_addons.tests.harness.judge.stories import Story, StoryContract, event, snapshot, tick

BAR = Bar("≤", 1000, "ms")
RECORDS = 10_000
_ROUNDS = 5
_TEXTS = 40
"""How many events a page lists."""
_BEAT_S = 0.25


def looks() -> Story:
    """One page that is looked at again and again while a WebSocket ticks now and then."""
    return _watched(Story(), ticks_every=8)


def messages() -> Story:
    """One page, and four messages of a WebSocket for each look at it."""
    return _watched(Story(), ticks_every=1, ticks=4)


def polls() -> Story:
    """One page that polls: each answer is a request, a head and a body."""
    story, t = Story(), 0.0
    story.truth(0.0, 1, phase="paused", remaining_ms=60_000)
    while len(story.records) < RECORDS:
        story.poll(t, snapshot(1) if t == 0 else tick(1), client="a", attempt=len(story.records))
        t += 1.0
        shown: dict[str, Any] = {"epoch": "e", "seq": 1, "state": "paused", "remaining_ms": 60_000}
        story.looks(t, items=["12:00:00 paused"], stale="fresh", connection="live", **shown)
    return story


def clients() -> Story:
    """A crowd of clients without pages: each event of the server goes to all of them."""
    story = Story()
    sockets = [story.websocket(0.0, client=f"c{number}").says(0.1, snapshot(0)) for number in range(200)]
    seq = 0
    while len(story.records) < RECORDS:
        seq += 1
        for socket in sockets:
            socket.says(seq * 1.0, event(seq))
    return story


def _watched(story: Story, *, ticks_every: int, ticks: int = 1) -> Story:
    socket = story.websocket(0.0, client="a").says(0.1, snapshot(0))
    for seq in range(1, _TEXTS + 1):
        story.truth(seq * 0.01, seq, text=f"event {seq}", phase="running", ends_t=1e6, duration_ms=1e9)
        socket.says(0.1 + seq * 0.01, event(seq))
    items = [f"12:00:00 event {seq}" for seq in range(_TEXTS, 0, -1)]
    t, beats = 1.0, 0
    while len(story.records) < RECORDS:
        t, beats = t + _BEAT_S, beats + 1
        if beats % ticks_every == 0:
            socket.says(t - 0.1, *[tick(_TEXTS)] * ticks)
        shown: dict[str, Any] = {"epoch": "e", "seq": _TEXTS, "state": "running", "connection": "live"}
        story.looks(t, items=items, stale="fresh", remaining_ms=round((1e6 - t) * 1000), **shown)
    return story


SHAPES: tuple[Callable[[], Story], ...] = (looks, messages, polls, clients)


def cost_ms(story: Story) -> float:
    """Of judging it afresh.

    Raises:
        ValueError: a check found a difference, which would be another record than was meant.
    """
    run = Run(story.records, StoryContract())
    began = time.process_time()
    findings = judge(run, Limits())
    took_ms = (time.process_time() - began) * 1000
    if wrong := [finding.check for finding in findings if finding.outcome in ("broken", "crashed")]:
        raise ValueError(f"nothing should be wrong in this record, but {', '.join(wrong)} found something")
    return took_ms


def main(quick: Annotated[bool, typer.Option("--quick", help="Once: whether it works")] = False) -> None:
    """Measure the judge on records of ten thousand lines."""
    console = Console(highlight=False)
    for shape in SHAPES:
        story = shape()
        value = statistics.median(cost_ms(story) for _ in range(1 if quick else _ROUNDS))
        verdict = "met" if BAR.is_met_by(value) else "not met"
        console.print(f"{shape.__name__}: {len(story.records)} records in {value:.0f} ms; the bar is {BAR}: {verdict}")


if __name__ == "__main__":
    typer.run(main)
